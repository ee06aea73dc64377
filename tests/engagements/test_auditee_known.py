"""Whom a firm brought into a broker works for that firm only, until another firm says that it knows them too."""

import pytest

from engagements.actions import invite_auditee
from engagements.models import Engagement
from foundation.accounts.actions import invite
from foundation.accounts.models import User
from foundation.trail.models import Event
from tests import stages
from tests.conftest import person


@pytest.fixture
def theirs(other_firm, broker_company, exchange_company):
    """Another firm's engagement at the same broker, in fieldwork."""
    manager = person("方經理", "manager@other-firm.example", other_firm.organization, "manager")
    eqr = person("康品質", "eqr@other-firm.example", other_firm.organization, "partner")
    engagement = stages.annual(broker_company, exchange_company, by=other_firm)
    return stages.in_fieldwork(engagement, partner=other_firm, manager=manager, eqr=eqr)


@pytest.fixture
def accomplice(theirs, other_firm):
    """The broker's first person, by the other firm's word."""
    return invite_auditee(theirs, email="first@broker.example", name="首位", by=other_firm)


def seen_by(user: User) -> set[Engagement]:
    return set(Engagement.objects.visible_to(User.objects.get(pk=user.pk)))


def test_they_see_nothing_of_our_engagement(fieldwork, theirs, accomplice, sign_in):
    assert seen_by(accomplice) == {theirs}
    assert sign_in(accomplice).get(f"/engagements/{fieldwork.pk}/requests/").status_code == 404
    assert fieldwork.roles_of(accomplice) == frozenset()


def test_nor_do_the_colleagues_whom_they_bring_in(fieldwork, theirs, accomplice, broker_company):
    colleague = invite(broker_company, email="second@broker.example", name="次位", role="broker", by=accomplice)
    assert seen_by(colleague) == {theirs}


def test_once_we_say_that_we_know_them_they_answer_us_too(fieldwork, theirs, accomplice, sign_in, reviewer):
    address = f"/engagements/{fieldwork.pk}/auditee/people/{accomplice.pk}/acknowledgement/"
    assert sign_in(reviewer).post(address).status_code == 302
    assert seen_by(accomplice) == {theirs, fieldwork}
    event = Event.objects.get(name="person.acknowledged")
    assert (event.actor, event.content["facts"]) == (str(reviewer.pk), {"firm": reviewer.organization.tax_id})


def test_whom_the_operator_brought_in_answers_everybody(fieldwork, theirs, broker):
    assert seen_by(broker) == {theirs, fieldwork}


def test_somebody_who_is_no_partner_any_more_decides_nothing(fieldwork, partner, sign_in):
    User.objects.filter(pk=partner.pk).update(role="staff")
    demoted = User.objects.get(pk=partner.pk)
    assert fieldwork.roles_of(demoted) == frozenset()
    form = {"kind": "unmodified", "rationale": "無重大缺失。"}
    assert sign_in(demoted).post(f"/engagements/{fieldwork.pk}/conclusion/decision/", form).status_code == 403
