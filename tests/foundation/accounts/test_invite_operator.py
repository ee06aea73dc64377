"""manage.py invite_operator: how the first person of an installation comes to be."""

from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from foundation.accounts.models import Organization, User
from foundation.accounts.tasks import send_link
from foundation.jobs.models import Job
from tests.doors import events

ASKED = {
    "tax_id": "53212545",
    "organization": "財團法人中華民國證券櫃檯買賣中心",
    "name": "鄭平台",
    "email": "first@exchange.example",
}


def invite(**changes):
    call_command("invite_operator", **(ASKED | changes))


def test_it_registers_the_exchange_and_invites_its_operator(db):
    invite(short_name="櫃買中心")
    first = User.objects.get()
    assert (first.role, first.is_invited, first.organization.kind) == ("operator", True, Organization.Kind.EXCHANGE)
    assert first.organization.short_name == "櫃買中心"
    send_link(SimpleNamespace(), **Job.objects.get().ids)
    assert mail.outbox[0].to == ["first@exchange.example"]


def test_both_are_recorded_as_the_systems_acts(db):
    invite()
    found = events(User.objects.get().organization.chain)
    assert [(event.name, event.actor) for event in found] == [("organization.registered", ""), ("person.invited", "")]


def test_it_says_that_a_link_is_on_its_way(db, capsys):
    invite()
    assert "first@exchange.example" in capsys.readouterr().out


def test_an_exchange_that_is_registered_stays_as_it_is(exchange_company):
    invite(organization="別的名稱")
    assert Organization.objects.get().name == exchange_company.name
    assert User.objects.get().organization == exchange_company


@pytest.mark.parametrize(
    "wrong",
    [
        {"tax_id": "12345678"},
        {"tax_id": "1"},
        {"email": "no address"},
        {"name": ""},
        {"name": "字" * 81},
        {"organization": ""},
        {"email": ""},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left_behind(db, wrong):
    with pytest.raises(CommandError):
        invite(**wrong)
    assert (Organization.objects.count(), User.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_the_same_person_is_not_invited_twice(db):
    invite()
    with pytest.raises(CommandError, match="已有人"):
        invite()


def test_a_firm_has_no_operator(firm):
    with pytest.raises(CommandError):
        invite(tax_id=firm.tax_id)
    assert not User.objects.exists()
