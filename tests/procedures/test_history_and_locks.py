"""What was signed stays readable; verbs that meet wait for each other in one order."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.citing import cite
from procedures.actions import save_conclusion, save_result
from procedures.models import Revision, Support
from procedures.validators import unfinished
from tests.uploads import deposit, pdf

from .conftest import DONE


def test_words_that_were_signed_stay_in_the_history(finished, sign, preparer, reviewer):
    first, second = finished.results.order_by("position")[:2]
    save_result(first, replace(DONE, work="簽章時之文字"), version=first.version, by=preparer)
    sign(finished, "prepared", by=preparer)
    save_result(second, replace(DONE, work="另一程序"), version=second.version, by=reviewer)
    save_result(first, replace(DONE, work="簽章後之文字"), version=first.version + 1, by=preparer)
    words = [revision.content.get("work") for revision in Revision.objects.filter(result=first)]
    assert {"簽章時之文字", "簽章後之文字"} <= set(words)


def test_a_finding_on_what_is_no_exception_holds_up_the_signature(finished):
    result = finished.results.first()
    Support.objects.create(result=result, kind="finding", source=uuid4(), digest="0" * 64, label="F-01")
    assert [blocker.kind for blocker in unfinished(finished)] == ["finding.stray"]


@pytest.mark.only_on("postgresql")
def test_every_verb_locks_the_engagement_before_the_paper(result, paper, preparer, partner):
    def lock_of(act):
        with CaptureQueriesContext(connection) as queries:
            act()
        return next(query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]).split("OF ")[-1]

    piece = deposit(paper.engagement, [pdf()], by=preparer)[0]
    acts = [
        lambda: save_result(result, DONE, version=1, by=preparer),
        lambda: save_conclusion(paper, "符合。", version=1, by=preparer),
        lambda: cite(result, piece, by=preparer),
    ]
    assert {lock_of(act).split(",")[0] for act in acts} == {'"engagements_engagement"'}
