"""A firm withdraws from an engagement: by its partner, with the reason, for good; the file is read, not worked on."""

import pytest

from engagements.accepting import accept, declare
from engagements.actions import answer_condition
from engagements.models import Engagement, ProfileAnswer, Stage
from engagements.noting import reply_to_note, resolve_note, write_note
from engagements.reviews import start_review
from engagements.risks import area_row, assess
from evidence.models import Request
from evidence.requests import answer_request
from findings.actions import raise_finding
from foundation.jobs.execution import perform
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_conclusion, save_result
from procedures.general import add_paper
from reports.actions import save_letter_entries
from reports.tasks import render
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.lifecycle import advance, open_fieldwork, send_back, withdraw_engagement
from signoff.planning import Plan, approve_plan
from signoff.reporting import request_report
from tests.findings.conftest import WORDING
from tests.uploads import deposit, text

ENGLISH = {"headers": {"Accept-Language": "en"}}


def stage_of(engagement) -> str:
    return Engagement.objects.get(pk=engagement.pk).stage


@pytest.fixture
def withdrawn(fieldwork, partner) -> Engagement:
    return withdraw_engagement(fieldwork, reason="管理階層限制查核範圍", by=partner)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage.value in {"acceptance", "planning", "review"}])
def test_the_firm_withdraws_at_any_stage_with_the_reason(engagement, partner, stage):
    Engagement.objects.filter(pk=engagement.pk).update(stage=stage)
    withdraw_engagement(engagement, reason=" 範圍受限 ", by=partner)
    event = Event.objects.get(chain__key=engagement.chain, name="engagement.withdrawn")
    assert (stage_of(engagement), event.content["reason"], event.content["facts"]["from"]) == (
        "withdrawn",
        "範圍受限",
        stage,
    )


def test_without_a_reason_nobody_withdraws(fieldwork, partner):
    with pytest.raises(Refused):
        withdraw_engagement(fieldwork, reason=" ", by=partner)
    assert stage_of(fieldwork) == "fieldwork"


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ASSEMBLY, Stage.ARCHIVED])
def test_from_an_issued_report_nobody_withdraws_so(engagement, partner, stage):
    Engagement.objects.filter(pk=engagement.pk).update(stage=stage)
    with pytest.raises(Refused):
        withdraw_engagement(engagement, reason="範圍受限", by=partner)


def test_it_cannot_be_taken_back(withdrawn, partner):
    acts = (
        lambda: withdraw_engagement(withdrawn, reason="再次", by=partner),
        lambda: send_back(withdrawn, reason="誤", by=partner),
        lambda: advance(withdrawn, expected="withdrawn", by=partner),
        lambda: open_fieldwork(withdrawn, by=partner),
    )
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert stage_of(withdrawn) == "withdrawn"


def test_no_work_is_taken_any_more(withdrawn, partner, preparer, reviewer, paper):
    result, current = paper.results.get(position=1), Engagement.objects.get(pk=withdrawn.pk)
    condition = ProfileAnswer.objects.filter(engagement=current).first().condition
    acts = {
        "result": lambda: save_result(result, Entry(work="補"), version=1, by=preparer),
        "conclusion": lambda: save_conclusion(paper, "補", version=paper.version, by=preparer),
        "paper": lambda: add_paper(current, section="B", title="補", by=preparer),
        "finding": lambda: raise_finding(result, WORDING, by=preparer),
        "evidence": lambda: deposit(current, [text()], by=preparer),
        "review": lambda: start_review(current, by=reviewer),
        "note": lambda: write_note(current, anchor=paper, text="補", by=reviewer),
        "answer": lambda: answer_condition(current, condition, applies=True, reason="", by=partner),
        "declaration": lambda: declare(current, threats="", safeguards="", competence="CISA", by=preparer),
        "acceptance": lambda: accept(current, form="direct", criteria="補", rationale="補", by=partner),
        "risk": lambda: assess(current, area_row(current, "1"), level="moderate", why="補", by=partner),
        "plan": lambda: approve_plan(current, seen=Plan(current).fingerprint, by=partner),
        "letter": lambda: save_letter_entries(current, values={"場所": "總公司"}, options=[], by=partner),
        "decision": lambda: conclude(current, kind="unmodified", rationale="補", by=partner),
        "signature": lambda: sign_file(current, "final", seen=fingerprint(current), by=partner),
        "report": lambda: request_report(current, by=partner),
    }
    events = Event.objects.count()
    for act in acts.values():
        with pytest.raises(Refused):
            act()
    assert Event.objects.count() == events


def test_an_open_note_stays_as_it_is(fieldwork, paper, reviewer, partner):
    note = write_note(fieldwork, anchor=paper, text="請補充", by=reviewer)
    withdraw_engagement(fieldwork, reason="範圍受限", by=partner)
    note.refresh_from_db()
    note.engagement.refresh_from_db()
    for act in (lambda: reply_to_note(note, text="已補", by=partner), lambda: resolve_note(note, by=reviewer)):
        with pytest.raises(Refused):
            act()
    note.refresh_from_db()
    assert note.is_open


def test_nothing_more_is_asked_of_the_broker_who_is_not_told_why(withdrawn, broker, sign_in):
    requests = Request.objects.filter(engagement=withdrawn)
    assert not requests.waiting_for_broker().exists()
    with pytest.raises(Refused):
        answer_request(requests.first(), [], answer="如附件", by=broker)
    page = sign_in(broker).get(f"/engagements/{withdrawn.pk}/requests/").content.decode()
    assert "管理階層限制查核範圍" not in page


def test_a_draft_request_stays_unknown_to_the_broker(fieldwork, broker, partner):
    Request.objects.filter(engagement=fieldwork, number=2).update(state="draft")
    withdraw_engagement(fieldwork, reason="範圍受限", by=partner)
    assert not Request.objects.visible_to(broker).filter(number=2).exists()


def test_a_report_that_was_asked_for_before_is_not_rendered(fieldwork, partner):
    report = request_report(fieldwork, by=partner)
    withdraw_engagement(fieldwork, reason="範圍受限", by=partner)
    perform(report.job_id, render)
    report.refresh_from_db()
    assert (report.state, report.pdf) == ("failed", None)


# Pages ---------------------------------------------------------------------------------------


def test_the_page_says_who_withdrew_and_why_and_offers_no_act(sign_in, withdrawn, preparer):
    page = sign_in(preparer).get(withdrawn.get_absolute_url()).content.decode()
    assert "管理階層限制查核範圍" in page
    assert "stage/" not in page


@pytest.mark.parametrize("page", ["", "acceptance/", "plan/", "team/", "papers/", "papers/3.8.2/", "conclusion/"])
def test_the_team_still_reads_the_file(sign_in, withdrawn, preparer, page):
    assert sign_in(preparer).get(f"{withdrawn.get_absolute_url()}{page}").status_code == 200


def test_a_file_that_was_closed_before_fieldwork_shows_neither_steps_nor_a_map(sign_in, engagement, partner):
    withdraw_engagement(engagement, reason="不承接", by=partner)
    page = sign_in(partner).get(engagement.get_absolute_url()).content.decode()
    assert ("next-steps" in page, 'heatmap"' in page, "不承接" in page) == (False, False, True)


def test_only_the_partner_is_offered_to_withdraw(sign_in, fieldwork, partner, reviewer):
    pages = [sign_in(who).get(fieldwork.get_absolute_url()).content.decode() for who in (partner, reviewer)]
    offered = ["stage/withdrawal/" in page for page in pages]
    assert offered == [True, False]


def test_the_partner_withdraws_through_the_page(sign_in, fieldwork, partner):
    client, at = sign_in(partner), f"/engagements/{fieldwork.pk}/stage/withdrawal/"
    client.post(at, {"why": ""})
    assert stage_of(fieldwork) == "fieldwork"
    client.post(at, {"why": "範圍受限"})
    assert stage_of(fieldwork) == "withdrawn"


def test_home_lists_it_last(sign_in, withdrawn, partner):
    page = sign_in(partner).get("/", **ENGLISH).content.decode()
    assert "Withdrawn" in page
