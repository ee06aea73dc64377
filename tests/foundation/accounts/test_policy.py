"""The one table of permissions, and what it means for each of the cast."""

import pytest
from django.utils import timezone

from engagements.actions import leave_team
from engagements.models import TeamMember
from foundation.accounts.models import User
from foundation.accounts.policy import GRANTS, RANK, Permission, Role, can

CAST = (
    "preparer",
    "reviewer",
    "partner",
    "quality_reviewer",
    "broker",
    "other_broker",
    "other_firm",
    "exchange",
    "admin",
)
TEAM = ("preparer", "reviewer", "partner", "quality_reviewer")
WORKERS = ("preparer", "reviewer", "partner")

# Who may do what on the engagement of the cast; everybody else may not.
ALLOWED = {
    "engagement.view": TEAM,
    "engagement.advance": ("reviewer", "partner"),
    "engagement.sign_final": ("partner",),
    "engagement.sign_quality": ("quality_reviewer",),
    "team.change": ("partner", "admin"),
    "profile.change": WORKERS,
    "fieldwork.open": ("reviewer", "partner"),
    "workpaper.view": TEAM,
    "workpaper.change": WORKERS,
    "workpaper.prepare": WORKERS,
    "workpaper.review": ("reviewer", "partner"),
    "workpaper.approve": ("partner",),
    "note.add": ("reviewer", "partner", "quality_reviewer"),
    "note.reply": TEAM,
    "evidence.view": TEAM,
    "evidence.add": WORKERS,
    "request.list": (*TEAM, "broker"),
    "request.view": (*TEAM, "broker"),
    "request.change": ("reviewer", "partner"),
    "request.answer": ("broker",),
    "request.judge": WORKERS,
    "finding.view": TEAM,
    "finding.change": WORKERS,
    "report.draft_view": TEAM,
    "report.render": ("reviewer", "partner"),
    "report.issue": ("partner",),
    "trail.view": ("reviewer", "partner", "quality_reviewer"),
}


def test_every_permission_is_granted_to_somebody():
    assert set(GRANTS) == set(Permission)
    assert all(GRANTS.values())


def test_only_real_roles_are_granted_anything():
    assert frozenset().union(*GRANTS.values()) <= frozenset(Role)


def test_only_auditors_have_a_rank_and_a_partner_has_the_highest():
    assert set(RANK) == {Role.STAFF, Role.SPECIALIST, Role.INCHARGE, Role.MANAGER, Role.PARTNER, Role.EQR}
    assert max(RANK.values()) == RANK[Role.PARTNER]


def test_an_unknown_permission_is_a_mistake_in_the_code(preparer):
    with pytest.raises(ValueError, match=r"workpaper\.fly"):
        can(preparer, "workpaper.fly")


@pytest.mark.parametrize("permission", sorted(ALLOWED))
def test_on_the_engagement(request, engagement, permission):
    people = {name: request.getfixturevalue(name) for name in CAST}
    assert [name for name in CAST if people[name].can(permission, engagement)] == sorted(
        ALLOWED[permission], key=CAST.index
    )


@pytest.mark.parametrize("name", ["other_firm", "other_broker", "exchange"])
def test_strangers_have_no_role_on_the_engagement(request, engagement, name):
    assert engagement.roles_of(request.getfixturevalue(name)) == frozenset()


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("home.view", CAST),
        ("catalogue.view", ("preparer", "reviewer", "partner", "quality_reviewer", "other_firm", "exchange")),
        ("engagement.create", ("partner", "quality_reviewer", "other_firm", "admin")),
        ("report.issued_list", ("exchange",)),
    ],
)
def test_without_an_object_the_person_s_own_role_counts(request, permission, allowed):
    people = {name: request.getfixturevalue(name) for name in CAST}
    assert [name for name in CAST if people[name].can(permission)] == sorted(allowed, key=CAST.index)


def test_whoever_leaves_the_team_has_lost_the_role_at_the_next_request(engagement, preparer, partner):
    assert preparer.can("workpaper.change", engagement)

    leave_team(TeamMember.objects.get(engagement=engagement, user=preparer), by=partner)

    again = type(engagement).objects.get(pk=engagement.pk)
    assert not preparer.can("workpaper.change", again)
    assert not type(engagement).objects.visible_to(preparer).exists()


def test_whoever_joins_tomorrow_has_no_role_today(engagement, preparer):
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    TeamMember.objects.filter(user=preparer).update(started_on=tomorrow)
    assert not preparer.can("workpaper.view", engagement)


def test_a_deactivated_person_may_do_nothing(engagement, partner):
    partner.is_active = False
    assert partner.roles == frozenset()
    assert not partner.can("home.view")
    assert not partner.can("workpaper.view", engagement)


def test_the_engagement_is_asked_once_per_person(engagement, reviewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [reviewer.can("workpaper.view", engagement) for _ in range(3)] == [True, True, True]


def test_children_ask_their_engagement(fieldwork, result, broker):
    request = fieldwork.requests.first()
    assert request.roles_of(broker) == fieldwork.roles_of(broker) == frozenset({Role.BROKER})
    assert result.roles_of(User.objects.get(email="preparer@firm.example")) == frozenset({Role.STAFF})


def test_whoever_went_to_another_firm_has_no_role_left(engagement, preparer, other_firm):
    preparer.organization = other_firm.organization
    preparer.save()
    assert engagement.roles_of(preparer) == frozenset()
