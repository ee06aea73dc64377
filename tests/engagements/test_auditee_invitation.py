"""The auditee's first person is invited by the seniors of the team; from then on the auditee's people see to theirs."""

import pytest

from engagements.actions import invite_auditee
from engagements.models import TeamMember
from foundation.accounts.actions import disable
from foundation.accounts.models import User
from foundation.jobs.models import Job
from foundation.web.refusals import Refused
from tests.doors import last

THERE = {"email": "first@broker.example", "name": "林資安"}


def send(client, engagement, **changes):
    return client.post(f"/engagements/{engagement.pk}/auditee/people/", THERE | changes)


def invited():
    return User.objects.filter(email=THERE["email"]).first()


@pytest.mark.parametrize("who", ["reviewer", "partner"])
def test_manager_and_partner_of_the_team_invite(sign_in, request, engagement, who):
    answer = send(sign_in(request.getfixturevalue(who)), engagement)
    assert answer.url == f"/engagements/{engagement.pk}/team/"
    assert (invited().role, invited().organization, Job.objects.count()) == ("broker", engagement.auditee, 1)


def test_so_does_the_in_charge(sign_in, engagement, preparer):
    TeamMember.objects.filter(user=preparer).update(role="incharge")
    assert send(sign_in(preparer), engagement).status_code == 302
    assert invited()


@pytest.mark.parametrize(
    ("who", "status"),
    [("preparer", 403), ("quality_reviewer", 403), ("admin", 404), ("other_firm", 404), ("exchange", 404)],
)
def test_nobody_else_does(sign_in, request, engagement, who, status):
    assert send(sign_in(request.getfixturevalue(who)), engagement).status_code == status
    assert invited() is None


def test_it_is_recorded_in_the_auditees_chain(sign_in, engagement, partner):
    send(sign_in(partner), engagement)
    said = last(engagement.auditee.chain)
    assert (said["event"], said["actor"]["id"], said["facts"]) == (
        "person.invited",
        str(partner.pk),
        {"email": THERE["email"], "role": "broker"},
    )


def test_once_somebody_is_there_no_firm_adds_another(sign_in, engagement, broker, partner):
    answer = send(sign_in(partner), engagement)
    assert (answer.status_code, invited()) == (422, None)
    with pytest.raises(Refused):
        invite_auditee(engagement, **THERE, by=partner)


def test_the_page_then_offers_no_form_and_says_who_is_there(sign_in, engagement, partner, broker):
    page = sign_in(partner).get(f"/engagements/{engagement.pk}/team/").content.decode()
    assert broker.email in page
    assert f"/engagements/{engagement.pk}/auditee/people/" not in page


def test_before_that_it_does(sign_in, engagement, partner, preparer):
    address = f'action="/engagements/{engagement.pk}/auditee/people/"'
    pages = [sign_in(who).get(f"/engagements/{engagement.pk}/team/").content.decode() for who in (partner, preparer)]
    assert [address in page for page in pages] == [True, False]


def test_when_everybody_there_was_disabled_somebody_can_be_invited(sign_in, engagement, broker, partner, admin):
    disable(broker, reason="離職", by=admin)
    assert send(sign_in(partner), engagement).status_code == 302
    assert invited()


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"name": ""}, {"name": "字" * 81}, {"email": "a\0@b.c"}])
def test_what_is_wrong_is_said_and_what_was_typed_stays(sign_in, engagement, partner, wrong):
    answer = send(sign_in(partner), engagement, **wrong)
    assert (answer.status_code, list(answer.context["invitation"].errors)) == (422, list(wrong))
    assert ("first@broker.example" if "name" in wrong else "林資安") in answer.content.decode()
    assert invited() is None


def test_an_address_that_somebody_has_is_refused(sign_in, engagement, partner, preparer):
    answer = send(sign_in(partner), engagement, email=preparer.email)
    assert answer.status_code == 422
    preparer.refresh_from_db()
    assert preparer.role == "staff"


def test_extra_fields_give_no_other_role_or_organization(sign_in, engagement, partner):
    send(sign_in(partner), engagement, role="admin", organization=str(engagement.firm_id))
    assert (invited().role, invited().organization) == ("broker", engagement.auditee)
