"""Stages through the pages: who moves an engagement, who finds nothing, what the page says."""

import pytest

from engagements.models import Engagement
from procedures.models import Section, Workpaper
from tests import beginnings


def url(engagement, page: str) -> str:
    return f"/engagements/{engagement.pk}/{page}"


def stage_of(engagement) -> str:
    return Engagement.objects.get(pk=engagement.pk).stage


# Stages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["partner", "reviewer"])
def test_partner_and_manager_move_the_engagement_on(sign_in, engagement, who, request, partner):
    beginnings.accepted(engagement, partner=partner)
    sign_in(request.getfixturevalue(who)).post(url(engagement, "stage/next/"), {"from": "acceptance"})
    assert stage_of(engagement) == "planning"


@pytest.mark.parametrize("who", ["preparer", "quality_reviewer"])
def test_others_on_the_team_do_not(sign_in, engagement, who, request):
    answer = sign_in(request.getfixturevalue(who)).post(url(engagement, "stage/next/"), {"from": "acceptance"})
    assert (answer.status_code, stage_of(engagement)) == (403, "acceptance")


def test_a_shut_gate_says_why_on_the_page(sign_in, fieldwork, partner):
    answer = sign_in(partner).post(url(fieldwork, "stage/next/"), {"from": "fieldwork"}, follow=True)
    assert "230 項程序尚無結果" in answer.content.decode()
    assert stage_of(fieldwork) == "fieldwork"


def test_opening_fieldwork_leads_back_to_the_engagement(sign_in, planned, partner):
    answer = sign_in(partner).post(url(planned, "fieldwork/"), follow=True)
    assert "執行階段已開啟" in answer.content.decode()
    assert Workpaper.objects.filter(engagement=planned, section=Section.CONTROLS).count() == 69


def test_a_double_click_opens_fieldwork_once(sign_in, planned, partner):
    signed_in = sign_in(partner)
    signed_in.post(url(planned, "fieldwork/"))
    signed_in.post(url(planned, "fieldwork/"))
    assert Workpaper.objects.filter(engagement=planned, section=Section.CONTROLS).count() == 69


def test_staff_do_not_open_fieldwork(sign_in, planned, preparer):
    assert sign_in(preparer).post(url(planned, "fieldwork/")).status_code == 403


def test_sending_back_without_a_reason_is_refused_in_words(sign_in, review, partner):
    answer = sign_in(partner).post(url(review, "stage/previous/"), {"reason": ""}, follow=True)
    assert "退回" in answer.content.decode()
    assert stage_of(review) == "review"


def test_sending_back_with_a_reason_works(sign_in, review, partner):
    sign_in(partner).post(url(review, "stage/previous/"), {"reason": "補查"})
    assert stage_of(review) == "fieldwork"


# Who finds nothing ---------------------------------------------------------------------------

# Those of the desk's page on which the file is concluded are among them.
POSTS = ("stage/next/", "stage/previous/", "fieldwork/", "conclusion/decision/", "conclusion/final-signoff/")


@pytest.mark.parametrize("page", POSTS)
def test_another_firm_and_another_broker_find_nothing(sign_in, engagement, other_firm, other_broker, page):
    for stranger in (other_firm, other_broker):
        assert sign_in(stranger).post(url(engagement, page)).status_code == 404


@pytest.mark.parametrize("page", POSTS)
def test_the_audited_broker_may_not(sign_in, fieldwork, broker, page):
    assert sign_in(broker).post(url(fieldwork, page)).status_code == 403


@pytest.mark.parametrize("page", POSTS)
def test_acts_are_not_pages_to_visit(sign_in, engagement, partner, page):
    assert sign_in(partner).get(url(engagement, page)).status_code == 405
