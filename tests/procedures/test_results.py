"""Entering results: optimistic versions, revisions, and entries that can never be right."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext

from engagements.actions import join_team
from engagements.models import Engagement, Stage
from foundation.trail.models import Event
from foundation.web.refusals import Conflict, Refused
from procedures.actions import Entry, save_conclusion, save_result
from procedures.content import result_hash
from procedures.models import Outcome, ProcedureResult, Revision, Workpaper
from procedures.revisions import revised
from procedures.validators import outcomes_for

ENTRY = Entry(outcome="no_exception", work="已核對。", performed_on=date(2026, 11, 10))


def content_version(paper: Workpaper) -> int:
    return Workpaper.objects.get(pk=paper.pk).content_version


def events(name: str) -> int:
    return Event.objects.filter(name=name).count()


def test_a_saved_result_counts_its_version_and_its_paper_s_content(paper, result, preparer):
    saved = save_result(result, ENTRY, version=1, by=preparer)

    stored = ProcedureResult.objects.get(pk=result.pk)
    assert (stored.outcome, stored.work, stored.performed_on) == ("no_exception", "已核對。", date(2026, 11, 10))
    assert (saved.version, stored.version, stored.performed_by) == (2, 2, preparer)
    assert content_version(paper) == 2


def test_the_time_of_entry_comes_from_the_server(result, preparer):
    with time_machine.travel(datetime(2026, 11, 20, 4, tzinfo=UTC), tick=False):
        save_result(result, ENTRY, version=1, by=preparer)
        now = timezone.now()
    assert ProcedureResult.objects.get(pk=result.pk).saved_at == now


def test_saving_is_an_event_about_the_paper(paper, result, preparer):
    save_result(result, ENTRY, version=1, by=preparer)

    event = Event.objects.get(name="result.saved")
    saved = ProcedureResult.objects.get(pk=result.pk)
    facts = {"result": str(result.pk), "outcome": "no_exception", "hash": result_hash(saved)}
    assert event.content["facts"] == facts | revised(Revision.objects.get())
    assert event.content["facts"]["content"] == 2
    assert (event.object_id, event.actor) == (str(paper.pk), str(preparer.pk))


def test_saving_what_stands_already_writes_nothing(paper, result, preparer, reviewer):
    save_result(result, ENTRY, version=1, by=preparer)
    save_result(result, ENTRY, version=1, by=reviewer)

    assert ProcedureResult.objects.get(pk=result.pk).performed_by == preparer
    assert (content_version(paper), events("result.saved"), Revision.objects.count()) == (2, 1, 1)


def test_whoever_saves_second_learns_what_the_first_wrote_and_overwrites_nothing(result, preparer, reviewer):
    save_result(result, ENTRY, version=1, by=preparer)

    with pytest.raises(Conflict) as conflict:
        save_result(result, replace(ENTRY, work="另一種說法。"), version=1, by=reviewer)

    assert conflict.value.version == 2
    assert conflict.value.theirs["work"] == "已核對。"
    assert ProcedureResult.objects.get(pk=result.pk).work == "已核對。"


def test_whoever_has_seen_the_other_s_text_may_save_over_it(result, preparer, reviewer):
    save_result(result, ENTRY, version=1, by=preparer)
    save_result(result, replace(ENTRY, work="另一種說法。"), version=2, by=reviewer)

    stored = ProcedureResult.objects.get(pk=result.pk)
    assert (stored.work, stored.version, stored.performed_by) == ("另一種說法。", 3, reviewer)


def test_a_day_long_before_the_period_is_refused(result, preparer):
    with pytest.raises(Refused, match="過久"):
        save_result(result, replace(ENTRY, performed_on=date(2011, 1, 1)), version=1, by=preparer)
    assert save_result(result, replace(ENTRY, performed_on=date(2025, 12, 1)), version=1, by=preparer).version == 2


def test_a_day_that_has_not_come_is_refused(result, preparer):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match=str(gettext("The date performed lies in the future."))):
        save_result(result, replace(ENTRY, performed_on=tomorrow), version=1, by=preparer)
    assert ProcedureResult.objects.get(pk=result.pk).outcome == ""


def test_today_is_no_future(result, preparer):
    today = timezone.localdate()
    assert save_result(result, replace(ENTRY, performed_on=today), version=1, by=preparer).performed_on == today


def test_an_invented_kind_of_result_is_refused(result, preparer):
    with pytest.raises(Refused, match="passed"):
        save_result(result, replace(ENTRY, outcome="passed"), version=1, by=preparer)


def test_in_an_annual_engagement_nothing_is_not_yet_operating(fieldwork, preparer):
    kinds = {
        outcome
        for result in ProcedureResult.objects.filter(workpaper__engagement=fieldwork).select_related(
            "procedure", "workpaper"
        )
        for outcome in outcomes_for(result, fieldwork)
    }
    assert kinds == set(Outcome) - {Outcome.NOT_YET_OPERATING}


def test_what_has_not_run_yet_is_refused_in_an_annual_engagement(result, preparer):
    with pytest.raises(Refused):
        save_result(result, Entry(outcome="not_yet_operating", reason="尚未開業"), version=1, by=preparer)


def test_as_of_a_date_only_what_is_tested_by_operation_may_not_operate_yet(fieldwork):
    fieldwork.kind = Engagement.Kind.ESTABLISHMENT
    results = list(
        ProcedureResult.objects.filter(workpaper__engagement=fieldwork).select_related("procedure", "workpaper")
    )
    allowed = [result for result in results if Outcome.NOT_YET_OPERATING in outcomes_for(result, fieldwork)]

    assert 0 < len(allowed) < len(results)
    assert {tuple(result.procedure.nature) for result in allowed} == {("operating",)}
    assert not {"3.8.2", "3.11", "3.15"} & {result.workpaper.code for result in allowed}


FIRST_DAY_OF_BUSINESS = date(2026, 8, 10)


def test_in_a_short_first_year_what_never_comes_due_may_not_operate_yet(fieldwork, preparer):
    Engagement.objects.filter(pk=fieldwork.pk).update(period_start=FIRST_DAY_OF_BUSINESS)
    half_yearly = ProcedureResult.objects.get(workpaper__engagement=fieldwork, workpaper__code="3.8.5", position=4)
    entry = Entry(outcome="not_yet_operating", reason="115/08/10 開業，首次半年期審查於次年。")
    assert save_result(half_yearly, entry, version=1, by=preparer).outcome == Outcome.NOT_YET_OPERATING


@pytest.mark.parametrize(
    ("code", "position", "began"),
    [
        ("3.8.5", 4, date(2026, 6, 30)),  # half a year is over in time
        ("3.8.5", 4, date(2026, 1, 1)),  # a whole year
        ("3.8.5", 2, FIRST_DAY_OF_BUSINESS),  # what is in place can be seen, too
        ("3.8.2", 3, FIRST_DAY_OF_BUSINESS),  # expected before launch
        ("3.8.1", 2, FIRST_DAY_OF_BUSINESS),  # as often as the broker says
    ],
)
def test_what_comes_due_or_can_be_seen_before_may_not(fieldwork, preparer, code, position, began):
    Engagement.objects.filter(pk=fieldwork.pk).update(period_start=began)
    result = ProcedureResult.objects.get(workpaper__engagement=fieldwork, workpaper__code=code, position=position)
    with pytest.raises(Refused):
        save_result(result, Entry(outcome="not_yet_operating", reason="開業未久。"), version=1, by=preparer)


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ASSEMBLY, Stage.ARCHIVED])
def test_outside_the_working_stages_nothing_is_saved(fieldwork, result, preparer, stage):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=stage)
    with pytest.raises(Refused):
        save_result(result, ENTRY, version=1, by=preparer)
    assert ProcedureResult.objects.get(pk=result.pk).version == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "file:///etc/passwd",
        '=HYPERLINK("http://x")',
        "字" * 5000,
        "第一行\r\n第二行",
        "𫠟缺字",
    ],
)
def test_a_text_is_kept_as_it_was_typed(result, preparer, text):
    save_result(result, replace(ENTRY, work=text), version=1, by=preparer)
    assert ProcedureResult.objects.get(pk=result.pk).work == text


def test_an_author_s_typing_is_one_revision(result, preparer):
    for version, work in enumerate(("一", "一二", "一二三"), start=1):
        save_result(result, replace(ENTRY, work=work), version=version, by=preparer)

    revision = Revision.objects.get()
    assert (revision.author, revision.content["work"], revision.content_version) == (preparer, "一二三", 4)


def test_after_five_minutes_or_another_author_a_new_revision_starts(result, preparer, reviewer):
    with time_machine.travel(datetime(2026, 11, 20, 4, tzinfo=UTC), tick=False) as clock:
        save_result(result, replace(ENTRY, work="一"), version=1, by=preparer)
        clock.shift(timedelta(minutes=6))
        save_result(result, replace(ENTRY, work="二"), version=2, by=preparer)
        save_result(result, replace(ENTRY, work="三"), version=3, by=reviewer)
        save_result(result, replace(ENTRY, work="四"), version=4, by=preparer)
    assert list(Revision.objects.order_by("id").values_list("content__work", flat=True)) == ["一", "二", "三", "四"]


@pytest.mark.parametrize("reopened_at", [1, 2])
def test_what_was_signed_stays_a_revision_of_its_own(finished, preparer, sign, reopened_at):
    """Wherever the paper is opened again: a text that somebody signed isn't extended by typing on."""
    first, second = ProcedureResult.objects.filter(workpaper=finished).order_by("position")[:2]
    first = save_result(first, replace(ENTRY, work="簽章時之文字。"), version=first.version, by=preparer)
    sign(finished, "prepared", by=preparer)
    if reopened_at == 2:
        save_result(second, replace(ENTRY, work="先改另一項。"), version=second.version, by=preparer)
    typed = replace(ENTRY, work="簽章後之文字。")
    save_result(first, typed, version=first.version, by=preparer, reopening=reopened_at == 1)
    texts = Revision.objects.filter(result=first).order_by("id").values_list("content__work", flat=True)
    assert list(texts)[-2:] == ["簽章時之文字。", "簽章後之文字。"]


def test_a_conclusion_has_its_own_version(paper, preparer, reviewer):
    save_conclusion(paper, "整體有效。", version=1, by=preparer)
    with pytest.raises(Conflict) as conflict:
        save_conclusion(paper, "整體無效。", version=1, by=reviewer)

    stored = Workpaper.objects.get(pk=paper.pk)
    assert (stored.conclusion, stored.version, stored.content_version) == ("整體有效。", 2, 2)
    assert conflict.value.theirs == {"conclusion": "整體有效。"}


def test_the_same_conclusion_again_writes_nothing(paper, preparer):
    for _ in range(2):
        save_conclusion(paper, "整體有效。", version=1, by=preparer)
    assert (content_version(paper), events("conclusion.saved")) == (2, 1)


def test_saving_costs_the_same_whether_the_paper_is_short_or_long(fieldwork, preparer, django_assert_max_num_queries):
    results = ProcedureResult.objects.filter(workpaper__engagement=fieldwork)
    for code in ("1.1", "3.7.4.1.A", "3.12.1"):
        result = results.filter(workpaper__code=code).first()
        with django_assert_max_num_queries(17):
            save_result(result, ENTRY, version=1, by=preparer)


def test_a_new_colleague_may_write_and_is_named(fieldwork, result, admin, partner, firm):
    newcomer = type(partner).objects.create_user(
        "new@firm.example", password="correct horse battery", name="新人", organization=firm, role="staff"
    )
    join_team(fieldwork, user=newcomer, role="staff", by=partner)
    assert save_result(result, ENTRY, version=1, by=newcomer).performed_by == newcomer
