"""A prescribed procedure done otherwise than it is printed: recorded, shown, and signed by the partner."""

from dataclasses import replace

import pytest

from foundation.web.refusals import Conflict, Refused
from procedures.actions import save_result
from procedures.additions import add_procedure
from procedures.content import content_hash
from procedures.models import Revision, Workpaper
from procedures.workflow import needs_partner
from tests.procedures.conftest import DONE

DEPARTED = replace(DONE, departure="改以系統重新執行取代抽核，因母體僅 3 筆。")


def test_a_departure_asks_for_the_partner(finished, preparer):
    assert not needs_partner(finished)
    result = finished.results.get(position=1)
    save_result(result, DEPARTED, version=result.version, by=preparer)
    assert needs_partner(finished)


def test_a_departure_is_part_of_what_is_signed(finished, preparer):
    before = content_hash(finished)
    result = finished.results.get(position=1)
    save_result(result, DEPARTED, version=result.version, by=preparer)
    assert content_hash(finished) != before


@pytest.mark.parametrize("kind", ["added", "memo"])
def test_nobody_departs_from_what_nobody_prescribed(paper, fieldwork, preparer, kind):
    memo = Workpaper.objects.get(engagement=fieldwork, code="B-1").results.get()
    result = add_procedure(paper, "另訂之程序。", by=preparer) if kind == "added" else memo
    entry = DEPARTED if kind == "added" else replace(DEPARTED, outcome="")
    with pytest.raises(Refused):
        save_result(result, entry, version=1, by=preparer)


def test_a_departure_that_is_taken_back_is_told_in_the_history(result, preparer):
    saved = save_result(result, DEPARTED, version=1, by=preparer)
    save_result(result, DONE, version=saved.version, by=preparer)
    assert Revision.objects.latest("pk").content["departure"] == ""


def test_whoever_comes_second_sees_that_there_is_no_departure(result, preparer, reviewer):
    save_result(result, DONE, version=1, by=preparer)
    with pytest.raises(Conflict) as caught:
        save_result(result, DEPARTED, version=1, by=reviewer)
    assert caught.value.theirs["departure"] == ""
