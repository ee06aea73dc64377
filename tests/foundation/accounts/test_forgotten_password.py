"""A forgotten password: the same answer for everybody, a mail for those who are here, the second factor as before."""

import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from foundation.accounts.actions import LINK_TASK
from foundation.accounts.tasks import send_link
from foundation.jobs.models import Job
from tests.conftest import PASSWORD
from tests.doors import app_of, code_of, names, send

CHOSEN = "a sentence that nobody guesses"


def ask(client, email):
    return send(client, "/password/", {"email": email})


def asked_for():
    return [job.ids["person"] for job in Job.objects.filter(task=LINK_TASK)]


def use_link(client):
    """Do the worker's part, follow the link, choose a new password."""
    send_link(SimpleNamespace(), **Job.objects.latest("pk").ids)
    link = re.search(r"https?://\S+", mail.outbox[-1].body).group(0)
    page = client.get(urlsplit(link).path, follow=True)
    return send(client, page.wsgi_request.path, {"password1": CHOSEN, "password2": CHOSEN})


@pytest.fixture
def cast(preparer, reviewer):
    """Somebody who is here, and somebody who was disabled."""
    reviewer.is_active = False
    reviewer.save()
    return preparer, reviewer


@pytest.mark.parametrize("email", ["preparer@firm.example", "reviewer@firm.example", "nobody@firm.example"])
def test_everybody_gets_the_same_answer(client, cast, email):
    answer = ask(client, email)
    assert (answer.status_code, answer.url) == (302, "/password/sent/")
    assert email not in client.get(answer.url).content.decode()


@pytest.mark.parametrize("email", ["preparer@firm.example", " PREPARER@firm.example"])
def test_a_mail_is_on_its_way_to_somebody_who_is_here(client, cast, email):
    ask(client, email)
    assert asked_for() == [str(cast[0].pk)]
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["reviewer@firm.example", "nobody@firm.example"])
def test_none_is_for_others(client, cast, email):
    ask(client, email)
    assert asked_for() == []


@pytest.mark.parametrize(
    "email", ["", "no address", "a\0@b.example", "a" * 5000 + "@b.example", "a@b.example\r\nBcc: c@d.e"]
)
def test_what_is_no_address_is_said(client, db, email):
    answer = ask(client, email)
    assert (answer.status_code, "email" in answer.context["form"].errors) == (200, True)


def test_the_mail_speaks_of_a_new_password_to_whoever_was_in_before(client, type_password, preparer):
    type_password(preparer.email)
    send(client, "/logout/")
    ask(client, preparer.email)
    use_link(client)
    assert "重新設定密碼" in mail.outbox[-1].subject
    assert "開立" not in mail.outbox[-1].body


def test_the_new_password_replaces_the_old_one_and_ends_the_sessions(client, preparer, type_password):
    elsewhere = Client()
    elsewhere.force_login(preparer)
    ask(client, preparer.email)
    use_link(client)
    assert elsewhere.get("/acts/").status_code == 302
    send(client, "/logout/")
    assert type_password(preparer.email, PASSWORD).status_code == 200
    assert type_password(preparer.email, CHOSEN).status_code == 302


def test_asking_alone_changes_nothing(client, preparer, type_password):
    ask(client, preparer.email)
    assert type_password(preparer.email).status_code == 302


def test_the_second_factor_is_asked_for_all_the_same(client, preparer, settings):
    settings.MFA_EASED = False
    secret = app_of(preparer)
    ask(client, preparer.email)
    assert use_link(client).url.startswith("/login/second-factor/")
    assert client.get("/acts/").status_code == 302
    send(client, "/login/second-factor/", {"code": code_of(secret)})
    assert client.get("/acts/").status_code == 200


def test_it_is_recorded(client, preparer, firm):
    ask(client, preparer.email)
    use_link(client)
    assert "person.password-chosen" in names(firm.chain)


def test_a_mailbox_is_not_flooded(client, preparer):
    answers = [ask(client, preparer.email).status_code for _ in range(8)]
    assert (answers[-1], len(asked_for())) == (429, 5)
