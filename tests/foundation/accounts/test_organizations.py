"""Organizations: each once, by its tax ID number; brokers by firms, everything else by the operator."""

import pytest
from django.utils import translation

from foundation.accounts.models import Organization
from tests.doors import last
from tests.tampering import DIFFERS, found, tamper

NEW = "/organizations/new/"
BROKER = {
    "kind": "broker",
    "tax_id": "04595252",
    "name": "新光證券股份有限公司",
    "short_name": "新光證",
    "address": "臺北市",
}
FIRM = BROKER | {"kind": "firm", "name": "新會計師事務所", "short_name": "新所"}


def registered():
    return Organization.objects.filter(tax_id="04595252").first()


# Registering ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reviewer", "partner", "admin", "operator"])
def test_managers_partners_and_administrators_register_brokers(sign_in, request, who):
    user = request.getfixturevalue(who)
    assert sign_in(user).get(NEW).status_code == 200
    sign_in(user).post(NEW, BROKER)
    said = last(registered().chain)
    assert (said["event"], said["actor"]["id"], said["facts"]["tax_id"]) == (
        "organization.registered",
        str(user.pk),
        "04595252",
    )


@pytest.mark.parametrize("who", ["preparer", "broker", "exchange"])
def test_others_do_not(sign_in, request, who):
    client = sign_in(request.getfixturevalue(who))
    assert (client.get(NEW).status_code, client.post(NEW, BROKER).status_code) == (403, 403)
    assert registered() is None


@pytest.mark.parametrize(("who", "status"), [("reviewer", 422), ("partner", 422), ("admin", 422), ("operator", 302)])
@pytest.mark.parametrize("kind", ["firm", "exchange"])
def test_firms_and_exchanges_are_registered_by_the_operator_only(sign_in, request, who, status, kind):
    answer = sign_in(request.getfixturevalue(who)).post(NEW, FIRM | {"kind": kind})
    assert (answer.status_code, registered() is not None) == (status, status == 302)


def test_whoever_registers_goes_where_they_came_from(sign_in, partner):
    assert sign_in(partner).post(f"{NEW}?next=/engagements/new/", BROKER).url == "/engagements/new/"


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_and_nowhere_else(sign_in, partner, there):
    assert sign_in(partner).post(f"{NEW}?next={there}", BROKER).url == "/"


def test_the_operator_is_led_to_the_new_organization(sign_in, operator):
    assert sign_in(operator).post(NEW, FIRM).url == registered().get_absolute_url()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tax_id": "04595253"}, "統一編號"),  # a wrong check digit
        ({"tax_id": "0459525"}, "統一編號"),
        ({"tax_id": "０４５９５２５２"}, "統一編號"),
        ({"tax_id": ""}, "必需"),
        ({"tax_id": "045952520"}, "8"),
        ({"name": ""}, "必需"),
        ({"short_name": "字" * 41}, "40"),
        ({"kind": "bank"}, ""),
        ({"name": "\0"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(sign_in, operator, wrong, words):
    answer = sign_in(operator).post(NEW, BROKER | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(wrong))
    assert words in str(answer.context["form"].errors)
    assert "臺北市" in answer.content.decode()
    assert registered() is None


def test_the_same_number_again_is_refused_in_words(sign_in, partner, broker_company):
    answer = sign_in(partner).post(NEW, BROKER | {"tax_id": broker_company.tax_id})
    assert answer.status_code == 422
    assert "Organization" not in str(answer.context["form"].errors["tax_id"])  # the model's name is no word
    assert Organization.objects.filter(tax_id=broker_company.tax_id).count() == 1


# Correcting -------------------------------------------------------------------------------------


def change(client, organization, **form):
    particulars = {"name": "安信證券股份有限公司", "short_name": "安信", "address": "臺北市松仁路 1 號"} | form
    return client.post(f"/organizations/{organization.pk}/particulars/", particulars)


@pytest.mark.parametrize("who", ["admin", "broker", "operator"])
def test_keepers_correct_name_and_address(sign_in, request, who):
    user = request.getfixturevalue(who)
    assert change(sign_in(user), user.organization).url == user.organization.get_absolute_url()
    home = Organization.objects.get(pk=user.organization_id)
    said = last(home.chain)
    assert (home.short_name, said["event"], said["facts"]["short_name"]) == ("安信", "organization.changed", "安信")
    assert found() == []


@pytest.mark.parametrize(("who", "status"), [("partner", 403), ("preparer", 403), ("broker", 404), ("other_firm", 404)])
def test_others_do_not_correct_a_firm(sign_in, request, firm, who, status):
    assert change(sign_in(request.getfixturevalue(who)), firm).status_code == status
    assert Organization.objects.get(pk=firm.pk).name == firm.name


def test_number_and_kind_stay_what_they_are(sign_in, admin, firm):
    change(sign_in(admin), firm, tax_id="04595252", kind="exchange", id="x")
    now = Organization.objects.get(pk=firm.pk)
    assert (now.tax_id, now.kind) == (firm.tax_id, firm.kind)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"short_name": ""}, {"address": "x" * 201}, {"name": "\0"}])
def test_a_bad_value_is_said_and_kept_and_the_page_shows_the_old_name(sign_in, admin, firm, wrong):
    answer = change(sign_in(admin), firm, **wrong)
    page = answer.content.decode()
    assert (answer.status_code, firm.name in page) == (422, True)
    assert ("松仁路 1 號" if "address" not in wrong else "安信證券") in page
    assert Organization.objects.get(pk=firm.pk).name == firm.name


def test_particulars_that_nobody_entered_are_found(firm):
    tamper(Organization, name="冒名事務所")
    with translation.override("en"):
        [problem] = found()
    assert str(firm.pk) in problem
    assert DIFFERS in problem
