"""The coverage of recurring duties on the sheet: drawn, named, explained, at the same cost for little and for much."""

import re
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from controls.models import FrequencyRule
from engagements.models import Engagement, TeamMember
from evidence.times import Covered
from procedures.actions import Entry, save_result
from procedures.duties import Telling, tell_occurrence
from procedures.models import Occurrence, StatedFrequency, Workpaper
from procedures.queries import paper_lines
from tests.desk.workpaper.reading import words
from tests.uploads import attach, pdf

H1, H2 = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _late_november(fieldwork: Engagement) -> Any:
    """The first half of 2026 is over, the second isn't. The team was there by then."""
    TeamMember.objects.filter(engagement=fieldwork).update(started_on=date(2026, 1, 1))
    with time_machine.travel(datetime(2026, 11, 28, 2, tzinfo=timezone.get_current_timezone()), tick=False):
        yield


@pytest.fixture
def bound(paper):
    """The procedure that the half-yearly scan binds."""
    return paper.results.get(position=3)


@pytest.fixture
def scan(paper) -> FrequencyRule:
    found: FrequencyRule = FrequencyRule.objects.get(point=paper.control_point)
    return found


def duties(html: str, bound) -> str:
    """The part of the sheet that shows a procedure's duties."""
    return html.split(f'id="duties-{bound.pk}"')[1].split('id="follows-', maxsplit=1)[0]


def once(html: str) -> str:
    """What the sheet says once of all its results."""
    return html.split('id="interim"')[1].split("</div>", maxsplit=1)[0]


def test_a_recurring_duty_stands_under_its_procedure_with_what_lacks_of_it(page, bound, preparer):
    part = duties(page(preparer), bound)
    assert "弱點掃描 應執行 1 次 · 已涵蓋 0 次" in words(part)
    assert "上半年無弱點掃描之佐證" in words(part)
    assert part.count('class="need') == 2


def test_the_side_does_not_draw_it_again(page, preparer):
    assert 'class="coverage"' not in page(preparer, part="side", side="evidence")


def test_spans_are_bars_occurrences_ticks_and_states_hollow_points(page, bound, preparer):
    attach(bound, pdf(), covered=Covered.span(date(2026, 4, 20), date(2026, 5, 18)), by=preparer)
    attach(bound, pdf("再掃.pdf", b"2"), covered=Covered.on(date(2026, 3, 1), date(2026, 9, 1)), by=preparer)
    attach(bound, pdf("設定.pdf", b"3"), covered=Covered.state(date(2026, 10, 1)), by=preparer)
    part = duties(page(preparer), bound)
    assert '<rect class="have" x="30%" width="8%"' in part
    assert (part.count('<line class="occurrence"'), part.count('<circle class="state"')) == (2, 1)
    assert '<line class="today"' in part
    assert "最長間隔 184 日" in words(part)


def test_a_gap_offers_to_explain_it_and_to_add_evidence(page, paper, scan, bound, preparer):
    part = duties(page(preparer), bound)
    kwargs = {"workpaper": paper.pk, "duty": scan.position, "starts_on": H1}
    assert reverse("duty-occurrence", kwargs=kwargs) in part
    assert reverse("citation-list", args=[bound.pk]) in part


def test_a_signed_paper_shows_its_gaps_and_offers_nothing(page, paper, bound, fieldwork, preparer):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage="issued")
    part = duties(page(preparer), bound)
    assert "上半年無弱點掃描之佐證" in words(part)
    assert "<button" not in part


def test_of_a_procedure_that_does_not_apply_only_what_was_told_is_shown(page, paper, scan, bound, preparer):
    save_result(bound, Entry("not_applicable", "", "無此業務。", None), version=1, by=preparer)
    assert 'class="duty"' not in duties(page(preparer), bound)
    tell_occurrence(paper, scan, H1, Telling("not_performed", "訪談資安主管。"), by=preparer)
    assert "上半年未執行弱點掃描" in words(duties(page(preparer), bound))


def test_what_was_told_says_who_when_and_why(page, paper, scan, bound, preparer):
    tell_occurrence(paper, scan, H1, Telling("not_performed", "訪談資安主管。"), by=preparer)
    part = words(duties(page(preparer), bound))
    assert "上半年未執行弱點掃描，結果應為有例外：訪談資安主管。 陳柏翰 115/11/28" in part
    assert "更正" in part


def test_after_a_change_the_duties_are_sent_again(page, bound, preparer):
    assert f'id="duties-{bound.pk}" hx-swap-oob="true"' in page(preparer, part="acts")


def test_a_result_of_work_before_the_period_s_end_is_interim_until_evidence_reaches_it(
    page, bound, fieldwork, preparer
):
    save_result(bound, Entry("no_exception", "核對。", "", date(2026, 11, 10)), version=1, by=preparer)
    assert "期中" in words(once(page(preparer)))
    assert "期中" not in words(duties(page(preparer), bound))
    with time_machine.travel(datetime(2027, 1, 8, 2, tzinfo=timezone.get_current_timezone()), tick=False):
        late = words(duties(page(preparer), bound))
        assert "期末補充程序：補佐證" in late
        attach(bound, pdf(), covered=Covered.span(date(2026, 7, 1), date(2026, 12, 31)), by=preparer)
        assert "期中" not in words(duties(page(preparer), bound))


def test_while_the_period_runs_the_sheet_says_once_how_many_results_are_interim(page, paper, bound, preparer):
    for result in (bound, paper.results.get(position=2)):
        save_result(result, Entry("no_exception", "核對。", "", date(2026, 11, 10)), version=1, by=preparer)
    html = page(preparer, language="en")
    assert "Interim 2 results are to be rolled forward to 115/12/31" in words(once(html))
    assert html.count(">Interim<") == 1


def test_the_saying_is_sent_again_after_a_change(page, preparer):
    assert '<div id="interim" hx-swap-oob="true">' in page(preparer, part="acts")


def test_evidence_of_days_to_come_makes_nothing_final(page, bound, fieldwork, preparer):
    save_result(bound, Entry("no_exception", "核對。", "", date(2026, 11, 10)), version=1, by=preparer)
    attach(bound, pdf(), covered=Covered.span(date(2026, 7, 1), date(2026, 12, 31)), by=preparer)
    assert "期中" in words(once(page(preparer)))
    assert sum(line.interim for line in paper_lines(fieldwork)) == 1


def test_the_index_counts_interim_results_as_the_sheet_tells_them(bound, paper, fieldwork, preparer):
    first = paper.results.get(position=1)
    save_result(bound, Entry("no_exception", "核對。", "", date(2026, 11, 10)), version=1, by=preparer)
    save_result(first, Entry("not_applicable", "", "無此業務。", date(2026, 11, 10)), version=1, by=preparer)
    with time_machine.travel(datetime(2027, 1, 8, 2, tzinfo=timezone.get_current_timezone()), tick=False):
        (line,) = [line for line in paper_lines(fieldwork) if line.id == paper.pk]
        assert line.interim == 1
        attach(bound, pdf(), covered=Covered.on(date(2026, 12, 31)), by=preparer)
        (line,) = [line for line in paper_lines(fieldwork) if line.id == paper.pk]
        assert line.interim == 0


# The dialogs -------------------------------------------------------------------------------------


@pytest.fixture
def dialog(sign_in, paper, scan, preparer):
    """Send something to the dialog of one occurrence."""

    def dialog(method: str, data=None, *, starts_on: date = H1, by=preparer):
        kwargs = {"workpaper": paper.pk, "duty": scan.position, "starts_on": starts_on}
        return getattr(sign_in(by), method)(reverse("duty-occurrence", kwargs=kwargs), data or {})

    return dialog


def test_the_dialog_names_the_occurrence_and_what_each_kind_means(dialog):
    text = words(dialog("get").content.decode())
    assert "C-3.8.2 上半年 弱點掃描" in text
    assert "未執行 結果應為有例外" in text


def test_what_is_told_is_kept_and_the_page_fetches_what_follows(dialog, paper):
    answer = dialog("post", {"kind": "seen", "happened_on": "115/03/05", "reason": "現場檢視報告正本。"})
    assert (answer.status_code, "digao:changed" in answer.headers["HX-Trigger"]) == (204, True)
    told = Occurrence.objects.get(workpaper=paper)
    assert (told.kind, told.happened_on, told.starts_on) == ("seen", date(2026, 3, 5), H1)


def test_the_dialog_opens_with_what_stands(dialog):
    dialog("post", {"kind": "refused", "reason": "主管拒絕提供。"})
    html = dialog("get").content.decode()
    assert "主管拒絕提供。" in html
    assert re.search(r'value="refused" checked', html)


def test_taken_back_twice_it_is_gone_once(dialog):
    dialog("post", {"kind": "refused", "reason": "主管拒絕提供。"})
    assert [dialog("delete").status_code for _ in range(2)] == [204, 204]
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "", "reason": "訪談。"}, "kind"),
        ({"kind": "invented", "reason": "訪談。"}, "kind"),
        ({"kind": "not_performed", "reason": ""}, "reason"),
        ({"kind": "seen", "reason": "訪談。"}, "happened_on"),
        ({"kind": "seen", "reason": "訪談。", "happened_on": "115/02/29"}, "happened_on"),
        ({"kind": "seen", "reason": "訪談。", "happened_on": "115/08/01"}, "__all__"),
        ({"kind": "seen", "reason": "長" * 1001, "happened_on": "115/03/01"}, "reason"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(dialog, data, field):
    answer = dialog("post", data)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not Occurrence.objects.exists()


def test_a_day_from_which_nothing_is_expected_is_refused(dialog):
    assert dialog("get", starts_on=date(2026, 2, 3)).status_code == 422


@pytest.mark.parametrize("place", ["duties/7/2026-01-01/", "duties/1/2026-02-30/", "duties/7/frequency/"])
def test_a_duty_or_a_day_that_is_none_is_no_page(sign_in, paper, preparer, place):
    assert sign_in(preparer).get(f"/papers/{paper.pk}/{place}").status_code == 404


def test_the_broker_s_own_period_is_recorded_on_its_paper(sign_in, fieldwork, preparer):
    rule = FrequencyRule.objects.filter(frequency="periodic", procedures__isnull=False).first()
    paper = Workpaper.objects.get(engagement=fieldwork, control_point=rule.point_id)
    url = reverse("duty-frequency", args=[paper.pk, rule.position])
    client = sign_in(preparer)
    assert "規定僅要求「定期」" in client.get(url).content.decode()
    assert client.post(url, {"frequency": "monthly", "source": " "}).status_code == 422
    assert client.post(url, {"frequency": "monthly", "source": "第 5 條"}).status_code == 204
    assert StatedFrequency.objects.get(workpaper=paper, rule=rule).source == "第 5 條"


# Cost ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "acts"])
def test_many_duties_told_and_shown_cost_no_further_query(statements, fieldwork, preparer, part):
    training = Workpaper.objects.get(engagement=fieldwork, code="3.11")
    bare = statements(training, part=part)
    for rule in FrequencyRule.objects.filter(point=training.control_point):
        tell_occurrence(training, rule, H1, Telling("not_provided", "已催請。"), by=preparer)
    for result in training.results.all():
        for number in range(3):
            content = f"{result.pk}{number}".encode()
            attach(result, pdf(extra=content), covered=Covered.on(H1, H2), by=preparer)
    assert statements(training, part=part) == bare
