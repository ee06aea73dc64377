"""Roles given and taken, people disabled and let in again: by others only, and recorded."""

import pytest

from foundation.accounts.actions import change_role, disable, enable
from foundation.web.refusals import Refused
from tests.doors import last, names


def post(client, person, act, **form):
    return client.post(f"/people/{person.pk}/{act}/", form)


def test_the_administrator_gives_another_role(sign_in, admin, preparer, firm):
    assert post(sign_in(admin), preparer, "role", role="incharge").url == f"/people/{preparer.pk}/"
    preparer.refresh_from_db()
    assert preparer.role == "incharge"
    said = last(firm.chain)
    assert (said["event"], said["facts"]) == ("person.role-changed", {"from": "staff", "role": "incharge"})


def test_nobody_changes_their_own(admin, sign_in):
    with pytest.raises(Refused):
        change_role(admin, "partner", by=admin)
    answer = sign_in(admin).post(f"/people/{admin.pk}/role/", {"role": "partner"}, follow=True)
    assert "須由他人" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.role == "admin"


@pytest.mark.parametrize("role", ["eqr", "operator", "exchange", "broker", "emperor", "", "\0"])
def test_a_role_that_does_not_belong_there_is_refused(sign_in, admin, preparer, role):
    assert post(sign_in(admin), preparer, "role", role=role).status_code == 422
    preparer.refresh_from_db()
    assert preparer.role == "staff"


def test_the_verb_refuses_it_too(admin, preparer):
    with pytest.raises(Refused):
        change_role(preparer, "eqr", by=admin)


def test_the_operator_makes_no_partners_of_a_firm(operator, preparer):
    with pytest.raises(Refused):
        change_role(preparer, "partner", by=operator)


@pytest.mark.parametrize("act", ["role", "disabling", "enabling", "sign-out"])
@pytest.mark.parametrize("who", ["partner", "preparer", "reviewer"])
def test_nobody_but_the_administrator_decides_about_colleagues(sign_in, request, quality_reviewer, who, act):
    answer = post(sign_in(request.getfixturevalue(who)), quality_reviewer, act, role="staff", reason="x")
    assert answer.status_code == 403
    quality_reviewer.refresh_from_db()
    assert (quality_reviewer.role, quality_reviewer.is_active) == ("partner", True)


# Disabling --------------------------------------------------------------------------------------


def test_disabling_takes_a_reason_and_records_it(sign_in, admin, preparer, firm):
    post(sign_in(admin), preparer, "disabling", reason="離職")
    preparer.refresh_from_db()
    assert not preparer.is_active
    said = last(firm.chain)
    assert (said["event"], said["reason"], said["actor"]["role"]) == ("person.disabled", "離職", "admin")


@pytest.mark.parametrize("reason", ["", "   ", "字" * 501, "\0"])
def test_without_a_reason_that_can_be_kept_nobody_is_disabled(sign_in, admin, preparer, reason):
    answer = post(sign_in(admin), preparer, "disabling", reason=reason)
    assert (answer.status_code, "理由：" in answer.content.decode()) == (422, True)
    preparer.refresh_from_db()
    assert preparer.is_active


def test_nobody_disables_themselves(admin, operator):
    for user in (admin, operator):
        with pytest.raises(Refused):
            disable(user, reason="x", by=user)


def test_somebody_let_in_again_signs_in_as_before(sign_in, client, type_password, admin, preparer, firm):
    disable(preparer, reason="留職停薪", by=admin)
    post(sign_in(admin), preparer, "enabling")
    assert names(firm.chain)[-1] == "person.enabled"
    client.cookies.clear()
    assert type_password(preparer.email).status_code == 302


def test_nobody_lets_themselves_in_again(admin):
    with pytest.raises(Refused):
        enable(admin, by=admin)


def test_what_a_disabled_person_is_to_others_is_nothing(preparer, admin, engagement):
    disable(preparer, reason="離職", by=admin)
    preparer.refresh_from_db()
    assert (preparer.roles, preparer.can("engagement.view", engagement)) == (frozenset(), False)


@pytest.mark.parametrize("who", ["broker", "operator"])
def test_brokers_and_the_operator_keep_their_own_people(sign_in, request, who):
    user = request.getfixturevalue(who)
    other = type(user).objects.create_user(
        "c@else.example", password=None, name="同事", organization=user.organization, role=user.role
    )
    post(sign_in(user), other, "disabling", reason="調職")
    other.refresh_from_db()
    assert not other.is_active
