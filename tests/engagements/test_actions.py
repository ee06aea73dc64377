"""Creating an engagement, naming its team, answering its profile."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from controls.models import Condition
from engagements.actions import answer_condition, join_team, leave_team
from engagements.models import Engagement, ProfileAnswer, Stage, TeamMember
from foundation.accounts.policy import Role
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from tests.conftest import person
from tests.stages import annual


@pytest.fixture
def created(partner, broker_company, exchange_company) -> Engagement:
    return annual(broker_company, exchange_company, by=partner)


def on_team(engagement, *roles) -> set[str]:
    return {m.user.name for m in TeamMember.objects.current().filter(engagement=engagement, role__in=roles)}


def events(engagement) -> list[str]:
    return list(Event.objects.filter(chain__key=engagement.chain).order_by("seq").values_list("name", flat=True))


# Creating ------------------------------------------------------------------------------------


def test_an_engagement_belongs_to_its_creators_firm(created, firm):
    assert created.firm == firm


def test_a_partner_who_creates_an_engagement_leads_it(created, partner):
    assert on_team(created, Role.PARTNER) == {partner.name}


def test_an_administrator_creates_a_shell_without_a_team(admin, broker_company, exchange_company):
    assert on_team(annual(broker_company, exchange_company, by=admin), *Role.values) == set()


def test_creating_is_the_first_event_of_the_engagements_chain(created):
    assert events(created) == ["engagement.created", "member.joined"]


def test_a_firm_cannot_be_assessed(partner, firm, exchange_company):
    with pytest.raises(Refused):
        annual(firm, exchange_company, by=partner)


def test_the_same_engagement_is_not_created_twice(created, partner, other_firm, broker_company, exchange_company):
    with pytest.raises(Refused, match="同一受查者"):
        annual(broker_company, exchange_company, by=partner)
    annual(broker_company, exchange_company, by=partner, year=2027)
    annual(broker_company, exchange_company, by=other_firm)
    assert Engagement.objects.count() == 3


def test_an_engagement_follows_the_firms_last_one_at_the_same_broker(
    created, partner, broker_company, exchange_company
):
    for year in (2024, 2025):
        before = annual(broker_company, exchange_company, by=partner, year=year)
    assert created.predecessor is None
    assert before.predecessor.last_day == date(2024, 12, 31)


def test_an_engagement_that_was_withdrawn_is_followed_by_none(partner, broker_company, exchange_company):
    annual(broker_company, exchange_company, by=partner, year=2024)
    Engagement.objects.update(stage=Stage.WITHDRAWN)
    assert annual(broker_company, exchange_company, by=partner, year=2025).predecessor is None


def test_the_database_refuses_an_annual_engagement_without_its_period(created):
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.filter(pk=created.pk).update(period_start=None)


def test_the_database_refuses_a_period_that_ends_before_it_starts(created):
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.filter(pk=created.pk).update(period_end=date(2025, 1, 1))


def test_nothing_is_left_of_an_engagement_that_was_refused(partner, firm, exchange_company):
    with pytest.raises(Refused):
        annual(firm, exchange_company, by=partner)
    assert Engagement.objects.count() == Event.objects.filter(name="engagement.created").count() == 0


# Team ----------------------------------------------------------------------------------------


def test_somebody_joins_the_team_in_a_role(created, preparer, partner):
    join_team(created, user=preparer, role=Role.STAFF, by=partner)
    assert created.roles_of(preparer) == {Role.STAFF}


def test_a_person_of_another_firm_cannot_join(created, other_firm, partner):
    with pytest.raises(Refused, match="本事務所"):
        join_team(created, user=other_firm, role=Role.STAFF, by=partner)


def test_nobody_is_on_the_team_twice(created, preparer, partner):
    join_team(created, user=preparer, role=Role.STAFF, by=partner)
    with pytest.raises(Refused):
        join_team(created, user=preparer, role=Role.INCHARGE, by=partner)


def test_a_second_partner_is_refused(created, quality_reviewer, partner):
    with pytest.raises(Refused):
        join_team(created, user=quality_reviewer, role=Role.PARTNER, by=partner)


def test_only_a_partner_of_the_firm_leads_an_engagement(admin, preparer, broker_company, exchange_company):
    shell = annual(broker_company, exchange_company, by=admin)
    with pytest.raises(Refused):
        join_team(shell, user=preparer, role=Role.PARTNER, by=admin)


@pytest.mark.only_on("postgresql")
def test_naming_a_member_locks_the_engagement_so_that_two_partners_cannot_come_in_at_once(created, preparer, partner):
    with CaptureQueriesContext(connection) as queries:
        join_team(created, user=preparer, role=Role.STAFF, by=partner)
    assert "FOR NO KEY UPDATE" in queries[1]["sql"]


def test_whoever_worked_on_the_engagement_never_reviews_its_quality(created, quality_reviewer, partner):
    leave_team(join_team(created, user=quality_reviewer, role=Role.STAFF, by=partner), by=partner)
    with pytest.raises(Refused):
        join_team(created, user=quality_reviewer, role=Role.EQR, by=partner)


def test_rolling_off_takes_effect_at_once(created, preparer, partner):
    member = join_team(created, user=preparer, role=Role.STAFF, by=partner)
    leave_team(member, by=partner)
    assert not Engagement.objects.visible_to(preparer).exists()
    assert Engagement.objects.get(pk=created.pk).roles_of(preparer) == frozenset()


def test_who_rolled_off_can_come_back(created, preparer, partner):
    leave_team(join_team(created, user=preparer, role=Role.STAFF, by=partner), by=partner)
    join_team(created, user=preparer, role=Role.INCHARGE, by=partner)
    assert Engagement.objects.get(pk=created.pk).roles_of(preparer) == {Role.INCHARGE}


def test_nobody_takes_themselves_off_the_team(created, partner):
    with pytest.raises(Refused):
        leave_team(TeamMember.objects.get(engagement=created, user=partner), by=partner)


def test_coming_and_going_are_events(created, preparer, partner):
    leave_team(join_team(created, user=preparer, role=Role.STAFF, by=partner), by=partner)
    assert events(created)[2:] == ["member.joined", "member.left"]


def test_a_membership_that_begins_tomorrow_gives_no_right_today(created, preparer):
    tomorrow = timezone.localdate() + timedelta(days=1)
    TeamMember.objects.create(engagement=created, user=preparer, role=Role.STAFF, started_on=tomorrow)
    assert created.roles_of(preparer) == frozenset()
    assert not Engagement.objects.visible_to(preparer).exists()


# Who sees what -------------------------------------------------------------------------------


def test_the_team_sees_the_engagement(engagement, preparer, reviewer, partner, quality_reviewer):
    for member in (preparer, reviewer, partner, quality_reviewer):
        assert Engagement.objects.visible_to(member).get() == engagement


def test_a_colleague_who_is_not_on_the_team_does_not(engagement, firm):
    assert not Engagement.objects.visible_to(person("洪芷若", "else@firm.example", firm, Role.MANAGER)).exists()


def test_another_firm_the_exchange_and_the_administrator_do_not(engagement, other_firm, exchange, admin):
    for somebody in (other_firm, exchange, admin):
        assert not Engagement.objects.visible_to(somebody).exists()


def test_a_broker_sees_its_own_engagements_alone(fieldwork, broker, other_broker):
    assert Engagement.objects.visible_to(broker).get() == fieldwork
    assert not Engagement.objects.visible_to(other_broker).exists()


def test_a_broker_sees_nothing_of_an_engagement_before_fieldwork(planned, broker):
    assert not Engagement.objects.visible_to(broker).exists()


def test_the_administrator_staffs_the_firms_engagements_and_no_others(engagement, admin, other_firm, firm):
    elsewhere = person("賴管理", "admin@other.example", other_firm.organization, Role.ADMIN)
    assert Engagement.objects.staffable_by(admin).get() == engagement
    assert not Engagement.objects.staffable_by(elsewhere).exists()
    assert engagement.roles_of(elsewhere) == frozenset()


def test_a_disabled_person_has_no_role(engagement, partner):
    partner.is_active = False
    assert Engagement.objects.get(pk=engagement.pk).roles_of(partner) == frozenset()


# Profile -------------------------------------------------------------------------------------


@pytest.fixture
def cloud(created) -> Condition:
    return Condition.objects.get(version=created.catalogue, key="cloud")


def test_an_answer_is_kept_with_its_reason_and_person(created, cloud, partner):
    answer = answer_condition(created, cloud, applies=False, reason=" 全數自建機房 ", by=partner)
    assert (answer.applies, answer.reason, answer.answered_by) == (False, "全數自建機房", partner)


def test_no_needs_its_reason(created, cloud, partner):
    with pytest.raises(Refused, match="使用雲端服務"):
        answer_condition(created, cloud, applies=False, reason="  ", by=partner)
    assert not ProfileAnswer.objects.exists()


def test_the_database_refuses_a_no_without_reason(created, cloud, partner):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileAnswer.objects.create(engagement=created, condition=cloud, applies=False, answered_by=partner)


def test_a_second_answer_replaces_the_first_and_both_are_events(created, cloud, partner):
    answer_condition(created, cloud, applies=True, reason="", by=partner)
    answer_condition(created, cloud, applies=False, reason="已終止", by=partner)
    assert ProfileAnswer.objects.get(engagement=created).applies is False
    assert events(created)[2:] == ["profile.answered", "profile.answered"]


def test_once_fieldwork_is_open_facts_are_fixed(fieldwork, partner):
    cloud = Condition.objects.get(version=fieldwork.catalogue, key="cloud")
    with pytest.raises(Refused):
        answer_condition(fieldwork, cloud, applies=False, reason="其實沒有", by=partner)


def test_events_of_the_period_are_answered_during_fieldwork(fieldwork, partner):
    incident = Condition.objects.get(version=fieldwork.catalogue, key="major_incident")
    answer_condition(fieldwork, incident, applies=False, reason="經查無重大事件", by=partner)
    assert ProfileAnswer.objects.get(condition=incident).applies is False
