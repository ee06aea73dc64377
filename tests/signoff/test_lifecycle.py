"""From acceptance to the issued report and back: who moves an engagement where, and what opening fieldwork creates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from controls.models import Condition, ExpectedDocument
from engagements.actions import answer_condition
from engagements.models import Engagement, Stage
from evidence.models import Request
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import Outcome, ProcedureResult, Section, Workpaper
from signoff.lifecycle import advance, open_fieldwork, send_back
from tests import beginnings
from tests.stages import annual, answer_profile, in_reporting, in_review, opened


def moves(engagement) -> list[tuple[str, str]]:
    events = Event.objects.filter(chain__key=engagement.chain, name="engagement.moved").order_by("seq")
    return [(event.content["facts"]["from"], event.content["facts"]["to"]) for event in events]


def stage_of(engagement) -> str:
    return Engagement.objects.get(pk=engagement.pk).stage


# Opening fieldwork ---------------------------------------------------------------------------


def test_opening_fieldwork_creates_a_paper_per_control_point_and_a_result_per_procedure(fieldwork):
    assert Workpaper.objects.filter(engagement=fieldwork, section=Section.CONTROLS).count() == 69
    prescribed = ProcedureResult.objects.filter(kind=ProcedureResult.Kind.PRESCRIBED)
    assert prescribed.filter(workpaper__engagement=fieldwork).count() == 230


def test_documents_that_serve_several_procedures_are_requested_once(fieldwork):
    wanted = ExpectedDocument.objects.of(fieldwork.catalogue).requested()
    groups = wanted.exclude(group=None).values("group").distinct().order_by().count()
    alone = wanted.filter(group=None).count()
    assert Request.objects.filter(engagement=fieldwork).count() == groups + alone == 306


def test_every_wanted_document_stands_in_exactly_one_request(fieldwork):
    wanted = set(ExpectedDocument.objects.of(fieldwork.catalogue).requested().values_list("pk", flat=True))
    links = Request.documents.through.objects.filter(request__engagement=fieldwork)
    asked = list(links.values_list("expecteddocument", flat=True))
    assert sorted(asked) == sorted(wanted)


def test_requests_are_due_in_two_weeks(fieldwork):
    due = set(Request.objects.filter(engagement=fieldwork).values_list("due_on", flat=True))
    assert due == {timezone.localdate(fieldwork.fieldwork_opened_at) + timedelta(days=14)}


def test_what_the_profile_switches_off_starts_as_not_applicable_with_its_reason(planned, partner):
    qr = Condition.objects.get(version=planned.catalogue, key="qr_code")
    answer_condition(planned, qr, applies=False, reason="無 QR Code", by=partner)
    open_fieldwork(planned, by=partner)
    results = ProcedureResult.objects.filter(workpaper__engagement=planned, outcome=Outcome.NOT_APPLICABLE)
    assert set(results.values_list("reason", flat=True)) == {"無 QR Code"}
    assert {result.workpaper.code for result in results.select_related("workpaper")} == {"3.7.4.3", "3.7.4.4"}


def test_nothing_is_asked_for_what_does_not_apply(planned, partner):
    qr = Condition.objects.get(version=planned.catalogue, key="qr_code")
    answer_condition(planned, qr, applies=False, reason="無 QR Code", by=partner)
    open_fieldwork(planned, by=partner)
    asked = Request.objects.filter(engagement=planned, documents__procedure__point__code="3.7.4.3")
    assert not asked.exists()


def test_events_switch_nothing_off_before_the_period_is_over(planned, partner):
    incident = Condition.objects.get(version=planned.catalogue, key="infosec_incident_occurred")
    answer_condition(planned, incident, applies=False, reason="至今無", by=partner)
    open_fieldwork(planned, by=partner)
    assert not ProcedureResult.objects.exclude(outcome="").exists()


def test_fieldwork_is_all_or_nothing(planned, partner, monkeypatch):
    monkeypatch.setattr("signoff.lifecycle.open_requests", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        open_fieldwork(planned, by=partner)
    papers = Workpaper.objects.filter(section=Section.CONTROLS)
    assert (papers.count(), stage_of(planned), moves(planned)) == (
        0,
        "planning",
        [("acceptance", "planning")],
    )


def test_fieldwork_opens_once(fieldwork, partner):
    with pytest.raises(Refused):
        open_fieldwork(fieldwork, by=partner)
    assert Workpaper.objects.filter(engagement=fieldwork, section=Section.CONTROLS).count() == 69


def test_fieldwork_waits_for_the_profile_and_the_quality_reviewer(partner, broker_company, exchange_company):
    created = annual(broker_company, exchange_company, by=partner)
    beginnings.accepted(created, partner=partner)
    beginnings.planned(created, partner=partner)
    advance(created, expected="acceptance", by=partner)
    with pytest.raises(Refused) as refused:
        open_fieldwork(created, by=partner)
    assert refused.value.reasons == ["尚未指定案件品質複核人員。", "尚有 32 項條件未回答。"]


def test_an_establishment_gets_the_same_69_papers(partner, quality_reviewer, engagement):
    Engagement.objects.filter(pk=engagement.pk).update(
        kind="establishment", period_start=None, period_end=None, as_of=timezone.localdate()
    )
    answer_profile(engagement, by=partner)
    opened(engagement, partner=partner)
    assert Workpaper.objects.filter(engagement=engagement, section=Section.CONTROLS).count() == 69


# Advancing -----------------------------------------------------------------------------------


def test_acceptance_waits_for_a_partner(admin, broker_company, exchange_company):
    shell = annual(broker_company, exchange_company, by=admin)
    with pytest.raises(Refused, match="尚未指定會計師"):
        advance(shell, expected="acceptance", by=admin)


def test_each_move_is_an_event_with_both_stages(planned):
    assert moves(planned) == [("acceptance", "planning")]


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.QUALITY_REVIEW])
def test_fieldwork_and_issue_have_verbs_of_their_own(engagement, partner, stage):
    Engagement.objects.filter(pk=engagement.pk).update(stage=stage)
    with pytest.raises(Refused):
        advance(engagement, expected=stage, by=partner)
    assert stage_of(engagement) == stage


def test_who_looks_at_an_old_page_moves_nothing(planned, partner):
    with pytest.raises(Refused):
        advance(planned, expected="acceptance", by=partner)
    assert stage_of(planned) == "planning"


def test_an_unfinished_fieldwork_is_not_reviewed(fieldwork, partner):
    with pytest.raises(Refused) as refused:
        advance(fieldwork, expected="fieldwork", by=partner)
    assert len(refused.value.reasons) == 3


def test_an_archived_engagement_moves_nowhere(engagement, partner):
    Engagement.objects.filter(pk=engagement.pk).update(stage=Stage.ARCHIVED)
    with pytest.raises(Refused):
        advance(engagement, expected=Stage.ARCHIVED, by=partner)


# Back ----------------------------------------------------------------------------------------


def test_an_engagement_goes_back_one_stage_with_the_reason(fieldwork, preparer, partner):
    in_review(fieldwork, preparer=preparer, partner=partner)
    send_back(fieldwork, reason="3.8.2 須補查", by=partner)
    event = Event.objects.filter(chain__key=fieldwork.chain).order_by("-seq").first()
    assert (stage_of(fieldwork), event.content["reason"]) == ("fieldwork", "3.8.2 須補查")


def test_going_back_needs_a_reason(fieldwork, preparer, partner):
    in_review(fieldwork, preparer=preparer, partner=partner)
    with pytest.raises(Refused):
        send_back(fieldwork, reason=" ", by=partner)
    assert stage_of(fieldwork) == "review"


def test_reporting_goes_back_to_review(fieldwork, preparer, reviewer, partner):
    in_reporting(in_review(fieldwork, preparer=preparer, partner=partner), reviewer=reviewer, partner=partner)
    assert send_back(fieldwork, reason="補充", by=partner).stage == "review"


@pytest.mark.parametrize("stage", [Stage.ACCEPTANCE, Stage.ISSUED, Stage.ASSEMBLY, Stage.WITHDRAWN])
def test_from_other_stages_nothing_goes_back(engagement, partner, stage):
    Engagement.objects.filter(pk=engagement.pk).update(stage=stage)
    with pytest.raises(Refused):
        send_back(engagement, reason="退回", by=partner)
