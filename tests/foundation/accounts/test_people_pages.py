"""The pages of an organization and of a person: what each role sees and may do there."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.actions import ask_recovery
from tests.doors import app_of, passkey_of
from tests.foundation.accounts.conftest import colleague

OWN = {
    "admin": {"people", "particulars", "trail"},
    "partner": set(),
    "broker": {"people", "particulars"},
    "exchange": set(),
    "operator": {"people", "particulars", "trail"},
}
ON_PERSON = {
    "admin": {"name", "role", "disabling", "recovery"},
    "partner": {"recovery"},
    "operator": {"name", "disabling", "recovery"},
}


def page_of(client, organization, status=200):
    answer = client.get(f"/organizations/{organization.pk}/")
    assert answer.status_code == status
    return answer.content.decode()


def offered(page, prefix):
    """What the page links or sends to below `prefix`."""
    return set(re.findall(rf'(?:action|href)="{prefix}([\w-]+)/"', page))


# An organization --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", OWN)
def test_each_role_is_offered_what_it_may_do_at_home(sign_in, request, who):
    user = request.getfixturevalue(who)
    home = user.organization
    assert offered(page_of(sign_in(user), home), f"/organizations/{home.pk}/") == OWN[who]


@pytest.mark.parametrize("who", ["preparer", "reviewer"])
def test_staff_and_managers_do_not_read_about_their_colleagues(sign_in, request, who):
    user = request.getfixturevalue(who)
    page_of(sign_in(user), user.organization, 403)
    assert sign_in(user).get(f"/people/{user.pk}/").status_code == 403


@pytest.mark.parametrize("who", ["admin", "partner", "broker", "exchange", "other_firm"])
def test_another_organization_is_not_there(sign_in, request, other_broker, who):
    client = sign_in(request.getfixturevalue(who))
    page_of(client, other_broker.organization, 404)
    assert client.get(f"/people/{other_broker.pk}/").status_code == 404
    for act in ("role", "disabling", "enabling", "sign-out", "invitation", "recovery", "recovery/confirmation"):
        assert client.post(f"/people/{other_broker.pk}/{act}/", {"reason": "x"}).status_code == 404


def test_the_operator_sees_every_organization_and_person(sign_in, operator, admin, other_broker):
    client = sign_in(operator)
    page = client.get("/organizations/").content.decode()
    for user in (admin, other_broker, operator):
        assert user.organization.name in page
        assert user.name in page_of(client, user.organization)
        assert client.get(f"/people/{user.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["admin", "partner", "broker", "exchange"])
def test_nobody_else_reads_the_list_of_organizations(sign_in, request, who):
    assert sign_in(request.getfixturevalue(who)).get("/organizations/").status_code == 403


def test_the_list_shows_what_each_person_has_to_get_in_with(sign_in, admin, preparer, partner, reviewer):
    passkey_of(partner)
    app_of(preparer)
    reviewer.is_active = False
    reviewer.save()
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page_of(sign_in(admin), admin.organization), re.DOTALL)
    of = {name: next(row for row in rows if name in row) for name in (admin.name, preparer.name, partner.name)}
    assert "通行密鑰" in of[partner.name]
    assert "驗證器" in of[preparer.name]
    assert "–" in of[admin.name]
    assert "停用" in rows[-1]  # those who left stand last


def test_ten_times_the_people_cost_the_same_queries(sign_in, admin, firm):
    client = sign_in(admin)
    page_of(client, firm)
    with CaptureQueriesContext(connection) as few:
        page_of(client, firm)
    for number in range(10):
        passkey_of(colleague(f"c{number}@firm.example", firm, "staff"))
    with CaptureQueriesContext(connection) as many:
        page_of(client, firm)
    assert len(many) == len(few)


def test_names_with_markup_are_text(sign_in, admin, firm):
    colleague("x@firm.example", firm, "staff", name="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(sign_in(admin), firm)


# A person ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ON_PERSON)
def test_each_role_is_offered_what_it_may_do_about_a_person(sign_in, request, preparer, who):
    page = sign_in(request.getfixturevalue(who)).get(f"/people/{preparer.pk}/").content.decode()
    assert offered(page, f"/people/{preparer.pk}/") == ON_PERSON[who]


@pytest.mark.parametrize("who", ["admin", "broker", "operator"])
def test_nobody_is_offered_anything_about_themselves(sign_in, request, who):
    user = request.getfixturevalue(who)
    page = sign_in(user).get(f"/people/{user.pk}/").content.decode()
    assert offered(page, f"/people/{user.pk}/") <= {"sign-out"}


def test_somebody_invited_is_offered_a_new_invitation_and_no_recovery(sign_in, admin, preparer):
    preparer.set_unusable_password()
    preparer.save()
    page = sign_in(admin).get(f"/people/{preparer.pk}/").content.decode()
    assert offered(page, f"/people/{preparer.pk}/") == {"name", "role", "disabling", "invitation"}


def test_somebody_disabled_is_offered_to_be_let_in_again(sign_in, admin, preparer):
    preparer.is_active = False
    preparer.save()
    page = sign_in(admin).get(f"/people/{preparer.pk}/").content.decode()
    assert offered(page, f"/people/{preparer.pk}/") == {"name", "role", "enabling"}


def test_whoever_asked_for_a_recovery_is_not_offered_to_confirm_it(sign_in, admin, second_admin, preparer):
    ask_recovery(preparer, reason="電話確認", by=admin)
    first = sign_in(admin).get(f"/people/{preparer.pk}/").content.decode()
    second = sign_in(second_admin).get(f"/people/{preparer.pk}/").content.decode()
    assert [f"/people/{preparer.pk}/recovery/confirmation/" in page for page in (first, second)] == [False, True]
    assert "電話確認" in second


# One's own particulars --------------------------------------------------------------------------


def test_everybody_keeps_what_reports_print_of_them(sign_in, preparer):
    form = {"name": "陳柏翰", "certificate": "CISA", "experience": "五年"}
    assert sign_in(preparer).post("/account/particulars/", form).url == "/account/"
    preparer.refresh_from_db()
    assert (preparer.certificate, preparer.experience) == ("CISA", "五年")


def test_extra_fields_change_nothing(sign_in, preparer, other_broker_company):
    form = {"name": "陳柏翰", "role": "partner", "email": "x@y.example", "is_active": "", "organization": "x"}
    sign_in(preparer).post("/account/particulars/", form | {"organization": str(other_broker_company.pk)})
    before = (preparer.role, preparer.email, preparer.organization_id)
    preparer.refresh_from_db()
    assert (preparer.role, preparer.email, preparer.organization_id) == before


@pytest.mark.parametrize("wrong", [{"certificate": "x" * 201}, {"certificate": "\0"}])
def test_a_bad_value_is_said_and_kept(sign_in, preparer, wrong):
    form = {"name": "陳柏翰", "certificate": "CISA", "experience": "五年整"} | wrong
    answer = sign_in(preparer).post("/account/particulars/", form)
    assert (answer.status_code, "五年整" in answer.content.decode()) == (422, True)
    preparer.refresh_from_db()
    assert preparer.certificate == ""
