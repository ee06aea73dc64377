"""Clauses that a procedure lists, tested on several items: what may be marked, and what holds the paper."""

from dataclasses import replace

import pytest
from django.urls import reverse

from foundation.web.refusals import Conflict, Refused
from procedures.actions import save_result
from procedures.clauses import lists_clauses
from procedures.content import content_hash
from procedures.gates import Standing, blockers
from procedures.matrices import MOST, Column, save_matrix
from procedures.matrix_tables import table_of
from procedures.models import Matrix, ProcedureResult, Revision, SignOff, Workpaper
from tests.papers import sign
from tests.procedures.conftest import DONE

CLAUSES = 7
ALL = ("yes",) * CLAUSES


@pytest.fixture
def paper(fieldwork) -> Workpaper:
    """The paper on outsourcing contracts: one procedure, seven clauses."""
    return Workpaper.objects.get(engagement=fieldwork, code="3.14.3")


def marked(*marks: tuple[str, ...]) -> list[Column]:
    names = ("合約甲", "合約乙", "合約丙")
    return [Column(name, column) for name, column in zip(names, marks, strict=False)]


def gate(paper: Workpaper, *, by) -> dict[str, str]:
    return {each.kind: str(each.text) for each in blockers(Standing(paper), SignOff.Role.PREPARED, by=by)}


# What it holds ------------------------------------------------------------------------------


def test_a_mark_stands_for_each_clause_and_item(result, preparer):
    save_matrix(result, marked(ALL, ("no", *ALL[1:])), version=1, by=preparer)
    kept = Matrix.objects.get()
    assert (kept.items, kept.version) == (["合約甲", "合約乙"], 2)
    assert kept.marks == [["yes", "no"], *[["yes", "yes"]] * (CLAUSES - 1)]


def test_blank_columns_are_left_out(result, preparer):
    blank = Column(" ", ("",) * CLAUSES)
    save_matrix(result, [blank, *marked(ALL), blank], version=1, by=preparer)
    assert Matrix.objects.get().items == ["合約甲"]


def test_saving_what_stands_writes_nothing(result, paper, preparer):
    save_matrix(result, marked(ALL), version=1, by=preparer)
    version = Workpaper.objects.get(pk=paper.pk).content_version
    assert save_matrix(result, marked(ALL), version=1, by=preparer).version == 2
    assert Workpaper.objects.get(pk=paper.pk).content_version == version


def test_whoever_comes_second_is_shown_the_other_s_cells(result, preparer, reviewer):
    save_matrix(result, marked(ALL), version=1, by=preparer)
    with pytest.raises(Conflict) as caught:
        save_matrix(result, marked(("no", *ALL[1:])), version=1, by=reviewer)
    theirs = caught.value.theirs
    assert (caught.value.version, theirs["item-0"], theirs["mark-0-0"]) == (2, "合約甲", "yes")


def test_a_form_too_small_for_the_other_s_items_overwrites_none(result, preparer, reviewer):
    save_matrix(result, marked(ALL, ALL, ALL), version=1, by=preparer)
    with pytest.raises(Refused) as caught:
        save_matrix(result, marked(ALL), version=1, by=reviewer)
    assert not isinstance(caught.value, Conflict)
    assert len(Matrix.objects.get().items) == 3


@pytest.mark.parametrize(
    "columns",
    [
        [Column("", ALL)],
        [Column("合約甲", ALL), Column("合約甲 ", ALL)],
        [Column("合約甲", ("maybe", *ALL[1:]))],
        [Column("合約甲", ALL[1:])],
        [Column("長" * 41, ALL)],
        [Column(f"合約 {number}", ALL) for number in range(MOST + 1)],
    ],
    ids=["no name", "the same name", "no such mark", "too few marks", "a long name", "too many"],
)
def test_what_makes_no_matrix_is_refused(result, preparer, columns):
    with pytest.raises(Refused):
        save_matrix(result, columns, version=1, by=preparer)
    assert not Matrix.objects.exists()


def test_a_procedure_without_clauses_has_none(fieldwork, preparer):
    plain = Workpaper.objects.get(engagement=fieldwork, code="3.8.2").results.get(position=1)
    assert table_of(plain, is_open=True) is None
    with pytest.raises(Refused):
        save_matrix(plain, [Column("甲", ())], version=1, by=preparer)


def test_where_the_clauses_are_the_point_the_table_is_the_view(result, fieldwork):
    steps = Workpaper.objects.get(engagement=fieldwork, code="3.19").results.exclude(procedure__steps=[]).first()
    table, other = table_of(result, is_open=True), table_of(steps, is_open=True)
    assert table is not None
    assert other is not None
    assert (table.is_the_point, other.is_the_point) == (True, False)


# What it means for signing ------------------------------------------------------------------


def test_an_empty_cell_holds_the_paper_and_is_named(paper, finish, preparer):
    result = finish(paper).results.get()
    save_matrix(result, marked(ALL, (*ALL[:2], "", *ALL[3:])), version=1, by=preparer)
    said = gate(paper, by=preparer)
    assert list(said) == ["matrix.unfilled"]
    assert "(3) 合約乙" in said["matrix.unfilled"]


def test_no_exception_says_nothing_of_clauses_that_were_tested_on_nothing(paper, finish, preparer):
    result = finish(paper).results.get()
    assert list(gate(paper, by=preparer)) == ["matrix.missing"]
    save_matrix(result, marked(ALL), version=1, by=preparer)
    save_matrix(result, [], version=2, by=preparer)
    assert list(gate(paper, by=preparer)) == ["matrix.missing"]


@pytest.mark.parametrize("outcome", ["exception", "not_applicable", "no_occurrence", "scope_limitation"])
def test_any_other_result_needs_no_matrix(paper, finish, preparer, outcome):
    finish(paper, entry=replace(DONE, outcome=outcome, reason="本期未簽訂委外契約。"))
    assert gate(paper, by=preparer) == {}


def test_steps_that_are_not_the_point_need_none(fieldwork, finish, preparer):
    paper = Workpaper.objects.get(engagement=fieldwork, code="3.14.2")
    assert any(lists_clauses(result) for result in paper.results.all())
    assert gate(finish(paper), by=preparer) == {}


def test_a_missing_clause_forbids_no_exception_and_is_named(paper, finish, preparer):
    result = finish(paper).results.get()
    save_matrix(result, marked((*ALL[:6], "no")), version=1, by=preparer)
    said = gate(paper, by=preparer)
    assert list(said) == ["matrix.contradicts"]
    assert "(7) 合約甲" in said["matrix.contradicts"]


def test_an_exception_with_its_explanation_may_have_missing_clauses(paper, finish, preparer):
    result = finish(paper).results.get()
    save_matrix(result, marked((*ALL[:6], "no")), version=1, by=preparer)
    exception = {"outcome": "exception", "work": DONE.work, "reason": "影響輕微。", "performed_on": DONE.performed_on}
    save_result(result, type(DONE)(**exception), version=result.version, by=preparer)
    assert gate(paper, by=preparer) == {}


def test_not_applicable_is_a_mark_too(paper, finish, preparer):
    save_matrix(finish(paper).results.get(), marked(("na",) * CLAUSES), version=1, by=preparer)
    assert gate(paper, by=preparer) == {}


def test_marks_are_part_of_what_is_signed_and_end_signatures(paper, result, preparer):
    before = content_hash(paper)
    sign(paper, by=preparer)
    with pytest.raises(Refused):
        save_matrix(result, marked(ALL), version=1, by=preparer, reopening=False)
    save_matrix(result, marked(ALL), version=1, by=preparer)
    assert content_hash(paper) != before
    assert Workpaper.objects.get(pk=paper.pk).content_version == 2


def test_marks_of_five_minutes_are_one_line_of_the_history(result, preparer):
    save_matrix(result, marked(("",) * CLAUSES), version=1, by=preparer)
    save_matrix(result, marked(ALL), version=2, by=preparer)
    save_result(result, DONE, version=1, by=preparer)
    (revision,) = Revision.objects.all()
    assert revision.content["matrix"] == "合約甲 ✓ ✓ ✓ ✓ ✓ ✓ ✓"
    assert revision.content["work"] == DONE.work


# The page -----------------------------------------------------------------------------------


@pytest.fixture
def post(sign_in, result, preparer):
    def post(*columns: Column, version: int = 1, **more: str):
        typed = {f"item-{place}": column.item for place, column in enumerate(columns)}
        for place, column in enumerate(columns):
            typed |= {f"mark-{clause}-{place}": mark for clause, mark in enumerate(column.marks)}
        return sign_in(preparer).post(reverse("result-matrix", args=[result.pk]), {"version": version, **typed, **more})

    return post


def test_the_form_has_one_column_to_spare(sign_in, result, preparer):
    save_matrix(result, marked(ALL), version=1, by=preparer)
    page = sign_in(preparer).get(reverse("result-matrix", args=[result.pk])).content.decode()
    assert ('name="item-1"' in page, 'name="item-2"' in page) == (True, False)
    assert page.count("<select") == 2 * CLAUSES


def test_saving_tells_the_version_and_how_many_items_there_are(post):
    answer = post(*marked(ALL), Column("", ("",) * CLAUSES))
    said = answer.json()
    assert (answer.status_code, said["version"], said["items"], said["changes"]) == (200, 2, 1, 1)


def test_a_conflict_is_answered_with_the_other_s_cells(post, result, reviewer):
    save_matrix(result, marked(ALL), version=1, by=reviewer)
    answer = post(*marked(("no", *ALL[1:])))
    assert (answer.status_code, answer.json()["theirs"]["mark-0-0"]) == (409, "yes")


@pytest.mark.parametrize("typed", [{"version": "x"}, {"mark-0-0": "?"}, {"item-0": ""}])
def test_an_altered_form_writes_nothing(post, typed):
    answer = post(*marked(ALL), **typed)
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)
    assert not Matrix.objects.exists()


def test_a_result_without_a_matrix_says_what_it_said_before(paper, result):
    before = content_hash(paper)
    assert table_of(ProcedureResult.objects.get(pk=result.pk), is_open=True) is not None
    assert content_hash(paper) == before
