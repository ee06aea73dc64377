"""A paper filled in and ready to be signed."""

from datetime import date
from typing import Any

import pytest

from procedures.actions import Entry, save_result
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.workflow import sign_off
from tests.uploads import attach, pdf

DONE = Entry(outcome="no_exception", work="取得並檢視，核對相符。", performed_on=date(2026, 11, 10))


@pytest.fixture
def finish(preparer) -> Any:
    """Fill in every procedure of a paper, each with evidence, and the conclusion."""

    def finish(paper: Workpaper, *, by: Any = preparer, entry: Entry = DONE) -> Workpaper:
        for result in ProcedureResult.objects.filter(workpaper=paper):
            save_result(result, entry, version=result.version, by=by)
            if entry.outcome == "no_exception":
                attach(result, pdf(f"{result.position}.pdf"), by=by)
        Workpaper.objects.filter(pk=paper.pk).update(conclusion="符合。")
        paper.refresh_from_db()
        return paper

    return finish


@pytest.fixture
def finished(paper, finish) -> Workpaper:
    return finish(paper)


@pytest.fixture
def sign() -> Any:
    """Sign a paper's current content."""

    def sign(paper: Workpaper, role: str, *, by: Any) -> SignOff:
        paper.refresh_from_db()
        return sign_off(paper, SignOff.Role(role), content_version=paper.content_version, by=by)

    return sign
