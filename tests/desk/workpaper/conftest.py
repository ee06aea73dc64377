"""A paper's page as somebody sees it, papers filled in and signed, and what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procedures.actions import save_result
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.workflow import sign_off
from tests.desk.workpaper.reading import DONE
from tests.uploads import attach, pdf


@pytest.fixture
def page(sign_in, paper):
    """Fetch a paper's page as somebody; `part` is what htmx is about to replace."""

    def page(user, *, of=None, part="", status=200, language="zh-hant", **query):
        headers = {"Accept-Language": language} | ({"HX-Request": "true", "HX-Target": part} if part else {})
        answer = sign_in(user).get((of or paper).get_absolute_url(), query, headers=headers)
        assert answer.status_code == status
        return answer.content.decode()

    return page


@pytest.fixture
def fill(preparer):
    """Fill in every procedure of a paper, each with a piece of evidence, and the conclusion."""

    def fill(paper, entry=DONE):
        for result in ProcedureResult.objects.filter(workpaper=paper):
            save_result(result, entry, version=result.version, by=preparer)
            attach(result, pdf(f"{paper.code}-{result.position}.pdf", str(result.pk).encode()), by=preparer)
        Workpaper.objects.filter(pk=paper.pk).update(conclusion="符合。")
        paper.refresh_from_db()
        return paper

    return fill


@pytest.fixture
def sign():
    def sign(paper, role, by):
        paper.refresh_from_db()
        return sign_off(paper, SignOff.Role(role), content_version=paper.content_version, by=by)

    return sign


@pytest.fixture
def statements(sign_in, preparer):
    """How many queries a page or a part of it takes."""
    client = sign_in(preparer)

    def statements(paper, *, part="", **query):
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(paper.get_absolute_url(), query, headers=headers)
            count = len(captured)
        assert answer.status_code == 200
        return count

    return statements
