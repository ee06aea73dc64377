"""Creating an engagement, its team and its profile, through the pages."""

import pytest

from controls.models import Condition
from engagements.models import Engagement, ProfileAnswer, TeamMember
from foundation.accounts.policy import Role
from tests.conftest import person

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def typed(broker_company, exchange_company) -> dict[str, str]:
    return {
        "auditee": str(broker_company.pk),
        "filed_with": str(exchange_company.pk),
        "kind": "annual",
        "period_start": "115/01/01",
        "period_end": "115/12/31",
    }


def url(engagement, page: str) -> str:
    return f"/engagements/{engagement.pk}/{page}"


# New engagement ------------------------------------------------------------------------------


def test_a_created_engagement_leads_to_its_team(sign_in, partner, typed):
    answer = sign_in(partner).post("/engagements/new/", typed)
    assert answer["Location"] == url(Engagement.objects.get(), "team/")


@pytest.mark.parametrize(
    "change",
    [{"period_end": "114/12/31"}, {"period_end": "115/02/29"}, {"period_end": "115/11/30"}, {"kind": "establishment"}],
)
def test_bad_dates_create_nothing_and_keep_what_was_typed(sign_in, partner, typed, change):
    answer = sign_in(partner).post("/engagements/new/", typed | change)
    assert answer.status_code == 422
    assert (typed | change)["period_end"] in answer.content.decode()
    assert not Engagement.objects.exists()


def test_the_same_engagement_twice_is_refused_and_said_so(sign_in, engagement, partner, typed):
    answer = sign_in(partner).post("/engagements/new/", typed)
    assert (answer.status_code, "同一受查者" in answer.content.decode()) == (422, True)
    assert Engagement.objects.get() == engagement


def test_staff_cannot_create_an_engagement(sign_in, preparer, typed):
    assert sign_in(preparer).post("/engagements/new/", typed).status_code == 403


def test_the_exchange_cannot_create_an_engagement(sign_in, exchange, typed):
    assert sign_in(exchange).get("/engagements/new/").status_code == 403


def test_a_visitor_is_sent_to_the_login(client, db):
    assert client.get("/engagements/new/")["Location"] == "/login/?next=/engagements/new/"


# Team ----------------------------------------------------------------------------------------


def test_the_team_page_names_everybody_with_their_role(sign_in, engagement, preparer):
    page = sign_in(preparer).get(url(engagement, "team/")).content.decode()
    assert all(name in page for name in ("王怡君", "李佳穎", "陳柏翰", "周文彬"))


def test_only_partner_and_administrator_can_add_people(sign_in, engagement, reviewer, firm):
    newcomer = person("洪芷若", "new@firm.example", firm, Role.STAFF)
    posted = {"user": str(newcomer.pk), "role": "staff"}
    assert sign_in(reviewer).post(url(engagement, "team/members/"), posted).status_code == 403
    assert engagement.roles_of(newcomer) == frozenset()


@pytest.mark.parametrize("who", ["partner", "admin"])
def test_they_add_a_person(sign_in, engagement, firm, who, request):
    newcomer = person("洪芷若", "new@firm.example", firm, Role.STAFF)
    posted = {"user": str(newcomer.pk), "role": "staff"}
    sign_in(request.getfixturevalue(who)).post(url(engagement, "team/members/"), posted)
    assert engagement.roles_of(newcomer) == {Role.STAFF}


def test_a_person_of_another_firm_is_no_valid_choice(sign_in, engagement, partner, other_firm):
    posted = {"user": str(other_firm.pk), "role": "staff"}
    assert sign_in(partner).post(url(engagement, "team/members/"), posted).status_code == 422
    assert not TeamMember.objects.filter(user=other_firm).exists()


def test_a_refused_member_is_explained_on_the_page(sign_in, engagement, partner, firm):
    second = person("蔡志明", "second@firm.example", firm, Role.PARTNER)
    answer = sign_in(partner).post(url(engagement, "team/members/"), {"user": str(second.pk), "role": "partner"})
    assert (answer.status_code, "本案件已有主辦會計師" in answer.content.decode()) == (422, True)


def test_rolled_off_members_find_nothing_on_their_next_click(sign_in, engagement, partner, preparer, client):
    member = TeamMember.objects.get(engagement=engagement, user=preparer)
    sign_in(partner).post(url(engagement, f"team/members/{member.pk}/departure/"))
    assert sign_in(preparer).get(url(engagement, "team/")).status_code == 404


def test_a_member_of_another_engagement_cannot_be_rolled_off_here(sign_in, engagement, partner, preparer, other_firm):
    member = TeamMember.objects.get(engagement=engagement, user=preparer)
    answer = sign_in(other_firm).post(url(engagement, f"team/members/{member.pk}/departure/"))
    assert (answer.status_code, member.is_current) == (404, True)


def test_the_administrator_staffs_but_does_not_open_the_engagement(sign_in, engagement, admin):
    assert sign_in(admin).get(url(engagement, "team/")).status_code == 200
    assert sign_in(admin).get(url(engagement, "")).status_code == 404


def test_the_broker_is_told_nothing_about_the_team(sign_in, fieldwork, broker, other_broker):
    assert sign_in(broker).get(url(fieldwork, "team/")).status_code == 404
    assert sign_in(other_broker).get(url(fieldwork, "team/")).status_code == 404


@pytest.mark.parametrize("who", ["partner", "quality_reviewer", "reviewer"])
def test_the_broker_cannot_count_the_team_by_trying_members(sign_in, fieldwork, broker, request, who):
    member = fieldwork.team.get(user=request.getfixturevalue(who))
    assert sign_in(broker).post(url(fieldwork, f"team/members/{member.pk}/departure/")).status_code == 404


def test_nobody_is_added_where_nobody_is_left(sign_in, engagement, partner, firm):
    assert 'name="user"' not in sign_in(partner).get(url(engagement, "team/")).content.decode()
    person("洪芷若", "new@firm.example", firm, Role.STAFF)
    assert 'name="user"' in sign_in(partner).get(url(engagement, "team/")).content.decode()


# Profile -------------------------------------------------------------------------------------


def test_the_profile_asks_all_37_conditions(sign_in, engagement, preparer):
    page = sign_in(preparer).get(url(engagement, "profile/")).content.decode()
    assert page.count('name="reason"') == Condition.objects.filter(version=engagement.catalogue).count() == 37


def test_an_answer_is_saved_without_leaving_the_page(sign_in, engagement, preparer):
    answer = sign_in(preparer).post(url(engagement, "profile/cloud/"), {"applies": "yes"}, **HTMX)
    assert "已儲存" in answer.content.decode()
    assert 'id="answered"' in answer.content.decode()
    assert ProfileAnswer.objects.get().applies is True


def test_a_no_without_reason_is_not_saved_and_says_so(sign_in, engagement, preparer):
    answer = sign_in(preparer).post(url(engagement, "profile/cloud/"), {"applies": "no", "reason": ""}, **HTMX)
    assert (answer.status_code, "請說明不適用之理由" in answer.content.decode()) == (422, True)
    assert not ProfileAnswer.objects.exists()


def test_without_script_the_answer_comes_back_to_the_page(sign_in, engagement, preparer):
    answer = sign_in(preparer).post(url(engagement, "profile/cloud/"), {"applies": "no", "reason": "自建機房"})
    assert answer["Location"] == url(engagement, "profile/")


def test_without_script_a_refusal_is_told_on_the_page(sign_in, engagement, preparer):
    answer = sign_in(preparer).post(url(engagement, "profile/cloud/"), {"applies": "no"}, follow=True)
    assert "請說明不適用之理由" in answer.content.decode()


def test_the_quality_reviewer_reads_the_profile_only(sign_in, engagement, quality_reviewer):
    signed_in = sign_in(quality_reviewer)
    assert 'name="applies"' not in signed_in.get(url(engagement, "profile/")).content.decode()
    assert signed_in.post(url(engagement, "profile/cloud/"), {"applies": "yes"}).status_code == 403


def test_an_unknown_condition_is_not_found(sign_in, engagement, preparer):
    assert sign_in(preparer).post(url(engagement, "profile/nothing/"), {"applies": "yes"}).status_code == 404


def test_after_fieldwork_only_events_can_be_answered(sign_in, fieldwork, preparer):
    page = sign_in(preparer).get(url(fieldwork, "profile/")).content.decode()
    events = Condition.objects.filter(version=fieldwork.catalogue, kind="event").count()
    assert page.count('name="reason"') == events == 5


def test_markup_in_a_reason_is_shown_as_text(sign_in, engagement, preparer):
    signed_in = sign_in(preparer)
    signed_in.post(url(engagement, "profile/cloud/"), {"applies": "no", "reason": "<b>無</b>"})
    assert "&lt;b&gt;無&lt;/b&gt;" in signed_in.get(url(engagement, "profile/")).content.decode()


@pytest.mark.parametrize("page", ["team/", "profile/"])
def test_another_firm_finds_nothing(sign_in, engagement, other_firm, page):
    assert sign_in(other_firm).get(url(engagement, page)).status_code == 404


@pytest.mark.parametrize("page", ["team/members/", "profile/cloud/"])
def test_an_act_is_not_a_page_to_visit(sign_in, engagement, partner, page):
    assert sign_in(partner).get(url(engagement, page)).status_code == 405
