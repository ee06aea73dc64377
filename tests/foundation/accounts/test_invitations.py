"""Invitations: one link by mail, good once and for three days; after it one is in and sets up a second factor."""

import re
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from foundation.accounts.actions import LINK_TASK, disable, invite, invite_again, roles_to_give
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.accounts.tasks import send_link
from foundation.jobs.models import Job
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from tests.conftest import organization
from tests.doors import last, names, send

CHOSEN = "今天的天氣真的很好，適合查核底稿"
NEWCOMER = {"email": "new@firm.example", "name": "新同事", "role": Role.STAFF}


@pytest.fixture
def newcomer(firm, admin):
    return invite(firm, **NEWCOMER, by=admin)


def work_off():
    """Do what a worker does with the newest job: mail the link; return the mail."""
    job = Job.objects.filter(task=LINK_TASK).latest("pk")
    send_link(SimpleNamespace(), **job.ids)
    return mail.outbox[-1]


def link_in(message):
    return re.search(r"https?://\S+", message.body).group(0)


def open_link(client, link):
    """Follow the link to the page with the form."""
    return client.get(urlsplit(link).path, follow=True)


def choose(client, link, password=CHOSEN, again=None):
    page = open_link(client, link)
    return send(client, page.wsgi_request.path, {"password1": password, "password2": again or password})


def is_void(client, link):
    return "連結已失效" in open_link(client, link).content.decode()


# The job and the mail ---------------------------------------------------------------------------


def test_inviting_writes_a_job_and_mails_nothing_itself(newcomer, admin):
    job = Job.objects.get(task=LINK_TASK)
    assert (job.ids, job.requested_by) == ({"person": str(newcomer.pk)}, str(admin.pk))
    assert mail.outbox == []


def test_job_person_and_event_stand_or_fall_together(firm, admin):
    with transaction.atomic():
        invite(firm, **NEWCOMER, by=admin)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not User.objects.filter(email=NEWCOMER["email"]).exists()
    assert not Event.objects.filter(name="person.invited", object_type="accounts.User", actor=str(admin.pk)).exists()


def test_a_worker_mails_one_link_to_the_person_alone(newcomer):
    message = work_off()
    assert (len(mail.outbox), message.to, message.cc, message.bcc) == (1, ["new@firm.example"], [], [])
    assert message.body.count("http") == 1


def test_the_mail_is_in_chinese_and_says_for_whom_and_for_how_long(newcomer, firm):
    message = work_off()
    assert firm.short_name in message.subject
    assert "\n" not in message.subject
    assert [word in message.body for word in ("新同事", firm.name, "3 日", "通行密鑰")] == [True] * 4
    assert "Dear" not in message.body


def test_names_stand_in_the_mail_as_they_are(firm, admin):
    invite(firm, email="o@firm.example", name="O'Neil & Søn <b>", role=Role.STAFF, by=admin)
    assert "O'Neil & Søn <b>" in work_off().body


def test_the_link_leads_to_this_installations_address(newcomer, settings):
    settings.PUBLIC_URL = "https://digao.example/"
    assert link_in(work_off()).startswith("https://digao.example/password/")


def test_nobody_who_was_disabled_meanwhile_gets_a_mail(newcomer, admin):
    disable(newcomer, reason="不來了", by=admin)
    send_link(SimpleNamespace(), person=str(newcomer.pk))
    assert mail.outbox == []


# The link ---------------------------------------------------------------------------------------


def test_whoever_chose_a_password_is_in(client, newcomer):
    assert choose(client, link_in(work_off())).url == "/"
    assert client.get("/acts/").status_code == 200


def test_and_is_led_to_the_second_factor(client, newcomer, settings):
    settings.MFA_EASED = False
    choose(client, link_in(work_off()))
    assert client.get("/").url == "/account/factors/?next=/"


def test_it_is_recorded(client, newcomer, firm):
    choose(client, link_in(work_off()))
    assert names(firm.chain)[-2:] == ["person.password-chosen", "person.signed-in"]


def test_a_link_works_once(client, newcomer, type_password):
    link = link_in(work_off())
    choose(client, link)
    send(client, "/logout/")
    assert is_void(client, link)
    assert type_password(newcomer.email, CHOSEN).status_code == 302


def test_looking_at_it_does_not_use_it_up(client, newcomer):
    link = link_in(work_off())
    open_link(client, link)
    assert choose(client, link).url == "/"


def test_the_page_shows_no_key_in_its_address(client, newcomer):
    assert open_link(client, link_in(work_off())).redirect_chain[-1][0].endswith("set-password/")


def test_a_link_is_void_after_inviting_again(client, newcomer, admin):
    old = link_in(work_off())
    invite_again(newcomer, by=admin)
    new = link_in(work_off())
    assert (is_void(client, old), is_void(client, new)) == (True, False)


@pytest.mark.parametrize(("hours", "void"), [(71, False), (73, True)])
def test_a_link_is_void_after_three_days(client, newcomer, hours, void):
    link = link_in(work_off())
    with time_machine.travel(time.time() + hours * 3600):
        assert is_void(client, link) == void


def test_a_link_is_void_after_disabling(client, newcomer, admin):
    link = link_in(work_off())
    disable(newcomer, reason="不來了", by=admin)
    assert is_void(client, link)
    choose(client, link)
    assert User.objects.get(pk=newcomer.pk).is_invited


def test_a_link_for_one_person_chooses_no_password_for_another(client, newcomer, preparer):
    link = link_in(work_off())
    theirs = link.replace(re.search(r"password/(\w+)-", link).group(1), preparer.pk.hex)
    assert is_void(client, theirs)


@pytest.mark.parametrize("key", ["x", "a-b", "%00", "0" * 5000, "set-password"])
def test_a_made_up_link_is_void(client, newcomer, key):
    assert "連結已失效" in client.get(f"/password/{newcomer.pk.hex}-{key}/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("password", "again"),
    [("fourteen chars", None), ("passwordpassword"[:15], "another password"), ("new@firm.example", None), ("", None)],
)
def test_a_password_that_is_too_weak_is_refused_in_words_and_the_link_stays(client, newcomer, password, again):
    link = link_in(work_off())
    answer = choose(client, link, password, again)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert choose(client, link).url == "/"


def test_somebody_else_signed_in_in_this_browser_is_signed_out(client, newcomer, preparer):
    client.force_login(preparer)
    choose(client, link_in(work_off()))
    assert newcomer.email in client.get("/account/").content.decode()


# Inviting again ---------------------------------------------------------------------------------


def test_inviting_again_is_recorded(newcomer, admin, firm):
    invite_again(newcomer, by=admin)
    assert last(firm.chain)["event"] == "person.invited"


def test_whoever_has_a_password_is_not_invited_again(preparer, admin):
    with pytest.raises(Refused):
        invite_again(preparer, by=admin)


# Who may invite whom ----------------------------------------------------------------------------

FIRM_ROLES = ["staff", "specialist", "incharge", "manager", "partner"]


@pytest.mark.parametrize(
    ("who", "where", "roles"),
    [
        ("admin", "firm", FIRM_ROLES),
        ("operator", "firm", ["admin"]),
        ("broker", "broker_company", ["broker"]),
        ("operator", "broker_company", ["broker"]),
        ("operator", "exchange_company", ["exchange", "operator"]),
        ("exchange", "exchange_company", []),
    ],
)
def test_the_roles_that_somebody_may_give(request, who, where, roles):
    by, there = request.getfixturevalue(who), request.getfixturevalue(where)
    assert sorted(roles_to_give(there, by=by)) == sorted(roles)


@pytest.mark.parametrize(
    ("who", "where", "role"),
    [("operator", "firm", "partner"), ("admin", "firm", "eqr"), ("admin", "firm", "operator"), ("admin", "firm", "x")],
)
def test_another_role_is_refused(request, who, where, role):
    by, there = request.getfixturevalue(who), request.getfixturevalue(where)
    with pytest.raises(Refused):
        invite(there, email="n@x.example", name="某人", role=role, by=by)
    assert not Job.objects.exists()


@pytest.mark.parametrize("who", ["admin", "operator", "broker"])
def test_keepers_invite_through_the_page(sign_in, request, who):
    by = request.getfixturevalue(who)
    there = request.getfixturevalue("firm") if who == "operator" else by.organization
    role = roles_to_give(there, by=by)[0].value
    form = {"email": "n@x.example", "name": "某人", "role": role}
    assert sign_in(by).post(f"/organizations/{there.pk}/people/", form).url == f"/organizations/{there.pk}/"
    assert (User.objects.get(email="n@x.example").role, Job.objects.count()) == (role, 1)


@pytest.mark.parametrize(
    ("who", "status"),
    [("preparer", 403), ("reviewer", 403), ("partner", 403), ("other_firm", 404), ("broker", 404), ("exchange", 404)],
)
def test_nobody_else_invites_into_a_firm(sign_in, request, firm, who, status):
    form = {"email": "n@x.example", "name": "某人", "role": "staff"}
    answer = sign_in(request.getfixturevalue(who)).post(f"/organizations/{firm.pk}/people/", form)
    assert (answer.status_code, Job.objects.count()) == (status, 0)


def test_an_administrator_of_another_firm_finds_no_such_firm(sign_in, firm):
    elsewhere = organization("firm", "別家", "04595252")
    theirs = invite(elsewhere, email="a@else.example", name="別家管理", role="admin", by=None)
    assert sign_in(theirs).post(f"/organizations/{firm.pk}/people/", {}).status_code == 404


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["new@firm.example", "NEW@FIRM.example"])
def test_one_address_is_invited_once(firm, admin, newcomer, email):
    with pytest.raises(Refused, match="已有人使用"):
        invite(firm, email=email, name="又一位", role="staff", by=admin)
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"email": "no address"}, {"name": ""}, {"role": "eqr"}, {"name": "字" * 81}, {"email": "a\0@b.example"}]
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(sign_in, admin, firm, wrong):
    form = {"email": "n@x.example", "name": "某某人", "role": "staff"} | wrong
    answer = sign_in(admin).post(f"/organizations/{firm.pk}/people/", form)
    assert (answer.status_code, list(answer.context["invitation"].errors)) == (422, list(wrong))
    assert ("某某人" if "name" not in wrong else "n@x.example") in answer.content.decode()
    assert not Job.objects.exists()
