"""Procedures that the team adds, and what it decides about control text that no printed procedure tests."""

import json
from collections.abc import Callable

import pytest
from django.urls import reverse

from controls.models import CoverageGap
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_result
from procedures.additions import add_procedure, decline_gap, drop_added, reconsider_gap, reword_added
from procedures.gates import Standing, blockers
from procedures.models import DeclinedGap, ProcedureResult, Revision, SignOff, Workpaper
from procedures.queries import paper_lines
from procedures.suggestions import Suggestion
from tests.procedures.conftest import DONE
from tests.uploads import attach, pdf

TEXT = "檢查存取權限是否至少每半年定期更新。"


@pytest.fixture
def gapped(fieldwork) -> Workpaper:
    """A paper whose control text says something that no procedure tests."""
    return Workpaper.objects.get(engagement=fieldwork, code="3.3")


@pytest.fixture
def gap(gapped) -> CoverageGap:
    return CoverageGap.objects.get(point=gapped.control_point)


def kinds(paper: Workpaper, *, by) -> list[str]:
    """What holds the signature, but for what the paper's recurring duties ask."""
    found = [each.kind for each in blockers(Standing(paper), SignOff.Role.PREPARED, by=by)]
    return [kind for kind in found if not kind.startswith("coverage.")]


def numbers(paper: Workpaper) -> list[str]:
    return [result.label for result in paper.results.order_by("position")]


# Added procedures ---------------------------------------------------------------------------


def test_an_added_procedure_stands_after_the_prescribed_ones(paper, preparer):
    before = numbers(paper)
    added = add_procedure(paper, f" {TEXT}\n", by=preparer)
    assert (added.wording, added.kind) == (TEXT, ProcedureResult.Kind.ADDED)
    assert numbers(paper) == [*before, f"+{len(before) + 1}."]


def test_adding_ends_the_signatures_and_is_told_in_the_history(finished, preparer, sign):
    signed = sign(finished, "prepared", by=preparer)
    add_procedure(finished, TEXT, by=preparer)
    finished.refresh_from_db()
    assert finished.content_version == signed.content_version + 1
    assert TEXT in Revision.objects.latest("pk").content["amendment"]


def test_an_added_procedure_counts_as_any_other(paper, fieldwork, preparer):
    def line():
        return next(line for line in paper_lines(fieldwork) if line.id == paper.pk)

    before = line()
    added = add_procedure(paper, TEXT, by=preparer)
    assert (line().total, line().concluded) == (before.total + 1, before.concluded)
    save_result(added, DONE, version=1, by=preparer)
    attach(added, pdf(), by=preparer)
    assert (line().concluded, line().evidence) == (before.concluded + 1, before.evidence + 1)


def test_without_a_result_it_holds_the_paper(finished, preparer):
    add_procedure(finished, TEXT, by=preparer)
    assert kinds(finished, by=preparer) == ["result.missing"]


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_procedure_says_what_is_to_be_done(paper, preparer, text):
    with pytest.raises(Refused):
        add_procedure(paper, text, by=preparer)


def test_general_papers_have_no_procedures(fieldwork, preparer):
    memo = Workpaper.objects.get(engagement=fieldwork, code="B-1")
    with pytest.raises(Refused):
        add_procedure(memo, TEXT, by=preparer)
    assert memo.results.count() == 1


def test_its_wording_may_be_changed(paper, preparer):
    added = add_procedure(paper, TEXT, by=preparer)
    assert reword_added(added, "另訂之程序。", by=preparer).text == "另訂之程序。"
    version = Workpaper.objects.get(pk=paper.pk).content_version
    reword_added(added, "另訂之程序。", by=preparer)
    assert Workpaper.objects.get(pk=paper.pk).content_version == version


def test_the_printed_wording_may_not(result, preparer):
    with pytest.raises(Refused):
        reword_added(result, TEXT, by=preparer)


def test_it_goes_again_while_nothing_was_entered(paper, preparer):
    before = numbers(paper)
    drop_added(add_procedure(paper, TEXT, by=preparer), by=preparer)
    assert numbers(paper) == before
    assert Revision.objects.latest("pk").content["amendment"].startswith("- ")


def entered(result, by):
    save_result(result, Entry(work="已執行。"), version=1, by=by)


def cited(result, by):
    attach(result, pdf(), by=by)


@pytest.mark.parametrize("begin", [entered, cited])
def test_it_stays_once_something_was_entered(paper, preparer, begin: Callable):
    added = add_procedure(paper, TEXT, by=preparer)
    begin(added, preparer)
    with pytest.raises(Refused):
        drop_added(added, by=preparer)
    assert ProcedureResult.objects.filter(pk=added.pk).exists()


def test_a_prescribed_procedure_never_goes(result, preparer):
    with pytest.raises(Refused):
        drop_added(result, by=preparer)


# Suggestions --------------------------------------------------------------------------------


def test_a_gap_holds_the_paper_until_it_is_decided(gapped, gap, finish, preparer):
    finish(gapped)
    assert kinds(gapped, by=preparer) == ["gap.undecided"]
    decline_gap(gapped, gap, reason="容量評估於 C-3.8.1 查核。", by=preparer)
    assert kinds(gapped, by=preparer) == []


def test_an_adopted_gap_is_decided_and_its_procedure_is_due(gapped, gap, finish, preparer):
    finish(gapped)
    added = add_procedure(gapped, Suggestion(gap, None, is_adopted=False).wording, gap=gap, by=preparer)
    assert kinds(gapped, by=preparer) == ["result.missing"]
    assert "「每年至少一次評估電腦系統容量及安全措施」" in added.text


def test_dropping_an_adopted_one_asks_again(gapped, gap, finish, preparer):
    finish(gapped)
    drop_added(add_procedure(gapped, TEXT, gap=gap, by=preparer), by=preparer)
    assert kinds(gapped, by=preparer) == ["gap.undecided"]


def test_of_a_control_that_does_not_apply_nothing_is_asked(gapped, finish, preparer):
    finish(gapped, entry=Entry(outcome="not_applicable", reason="未經營此項業務。"))
    assert kinds(gapped, by=preparer) == []


def test_a_gap_is_not_declined_without_a_reason(gapped, gap, preparer):
    with pytest.raises(Refused):
        decline_gap(gapped, gap, reason=" ", by=preparer)
    assert not DeclinedGap.objects.exists()


def test_a_decision_can_be_taken_back(gapped, gap, finish, preparer):
    finish(gapped)
    decline_gap(gapped, gap, reason="於他處查核。", by=preparer)
    reconsider_gap(gapped, gap, by=preparer)
    assert kinds(gapped, by=preparer) == ["gap.undecided"]


def test_nothing_is_decided_twice(gapped, gap, preparer, reviewer):
    decline_gap(gapped, gap, reason="於他處查核。", by=preparer)
    for decide in (
        lambda: decline_gap(gapped, gap, reason="另述。", by=reviewer),
        lambda: add_procedure(gapped, TEXT, gap=gap, by=reviewer),
    ):
        with pytest.raises(Refused):
            decide()
    assert DeclinedGap.objects.get().reason == "於他處查核。"
    assert gapped.results.filter(kind="added").count() == 0


def test_a_gap_of_another_control_is_none_of_this_paper(paper, gap, preparer):
    with pytest.raises(Refused):
        add_procedure(paper, TEXT, gap=gap, by=preparer)


@pytest.mark.parametrize(
    ("note", "passages"),
    [
        ("控制重點3要求保留演練紀錄「及召開檢討會議」（一律），程序4僅檢查檢討會議", "「召開檢討會議」"),
        ("控制重點之「洗錢防制及反詐騙」訓練與「並通過評量」在執行程序中未明列", "「洗錢防制及反詐騙」、「通過評量」"),
        ("控制重點前段「停止交易應俟事件排除」程序僅檢查「兩次以上」", "「停止交易應俟事件排除」"),
    ],
)
def test_a_gap_suggests_what_it_quotes_of_the_control_text_only(note, passages):
    worded = Suggestion(CoverageGap(note=note), None, is_adopted=False).wording
    assert worded == f"取得公司就{passages}之規定及執行紀錄，檢查是否符合控制重點之要求。"


# Pages --------------------------------------------------------------------------------------


def test_the_form_comes_worded_for_its_gap(sign_in, gapped, gap, preparer):
    page = sign_in(preparer).get(reverse("procedure-add", args=[gapped.pk]), {"gap": gap.pk}).content.decode()
    assert Suggestion(gap, None, is_adopted=False).wording in page


def test_adding_from_the_page_has_the_procedures_fetched_anew(sign_in, gapped, gap, preparer):
    answer = sign_in(preparer).post(reverse("procedure-add", args=[gapped.pk]), {"gap": gap.pk, "text": TEXT})
    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Trigger"]) == {"digao:added": {"content_version": 2, "changes": 1}}
    assert gapped.results.get(gap=gap).text == TEXT


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("procedure-add", {"text": ""}, "text"),
        ("procedure-add", {"text": "長" * 2001}, "text"),
        ("procedure-add", {"text": TEXT, "gap": "?"}, "gap"),
        ("gap-declining", {"reason": "無須。"}, "gap"),
        ("gap-declining", {"gap": "gap", "reason": ""}, "reason"),
        ("gap-reconsidering", {"gap": "0"}, "gap"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_written(
    sign_in, gapped, gap, preparer, name, typed, field
):
    typed = {key: gap.pk if value == "gap" else value for key, value in typed.items()}
    answer = sign_in(preparer).post(reverse(name, args=[gapped.pk]), typed)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not DeclinedGap.objects.exists()
    assert not ProcedureResult.objects.filter(kind="added").exists()


def test_an_added_procedure_is_worded_anew_and_taken_off_from_the_page(sign_in, paper, preparer):
    added, client = add_procedure(paper, TEXT, by=preparer), sign_in(preparer)
    url = reverse("procedure-added", args=[added.pk])
    assert TEXT in client.get(url).content.decode()
    assert client.post(url, {"text": "另訂。"}).status_code == 204
    assert client.post(url, {"text": " "}).json()["errors"].keys() == {"text"}
    assert client.delete(url).status_code == 204
    assert not ProcedureResult.objects.filter(pk=added.pk).exists()
