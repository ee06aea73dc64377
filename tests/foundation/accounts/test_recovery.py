"""New second factors for somebody who lost theirs: asked for by one, confirmed by another, neither the person."""

from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation
from knox.models import AuthToken

from foundation.accounts.actions import LINK_TASK, ask_recovery, change_role, confirm_recovery, decline_recovery
from foundation.accounts.models import Recovery, User
from foundation.accounts.tasks import send_link
from foundation.jobs.models import Job
from foundation.web.refusals import Refused
from tests.doors import app_of, events, names, passkey_of, recovery_codes_of
from tests.tampering import DIFFERS, found, tamper

SURE = "打公司總機確認本人"


@pytest.fixture
def asked(preparer, admin):
    """The administrator has asked for it."""
    return ask_recovery(preparer, reason=SURE, by=admin)


def url(person, tail=""):
    return f"/people/{person.pk}/recovery/{tail}"


# Asking -----------------------------------------------------------------------------------------


def test_asking_changes_nothing_yet(sign_in, preparer, admin, firm):
    app_of(preparer)
    sign_in(admin).post(url(preparer), {"reason": SURE})
    assert Recovery.objects.get().confirmed_at is None
    assert Authenticator.objects.filter(user=preparer).exists()
    [asked] = events(firm.chain, "recovery.requested")
    assert (asked.object_id, asked.actor, asked.content["reason"]) == (str(preparer.pk), str(admin.pk), SURE)


def test_it_is_seen_on_the_organizations_page(sign_in, asked, second_admin, preparer, firm):
    page = sign_in(second_admin).get(f"/organizations/{firm.pk}/").content.decode()
    assert f'href="/people/{preparer.pk}/"' in page.split("<table")[0]


def test_nobody_asks_for_themselves(admin):
    with pytest.raises(Refused):
        ask_recovery(admin, reason=SURE, by=admin)


def test_one_is_open_at_a_time(asked, preparer, partner):
    with pytest.raises(Refused):
        ask_recovery(preparer, reason="再一次", by=partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.create(person=preparer, reason="x", requested_by=partner)


@pytest.mark.parametrize("reason", ["", " ", "字" * 501, "\0"])
def test_how_one_made_sure_must_be_said(sign_in, admin, preparer, reason):
    assert sign_in(admin).post(url(preparer), {"reason": reason}).status_code == 422
    assert not Recovery.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("reviewer", 403), ("quality_reviewer", 302), ("other_firm", 404), ("broker", 404)]
)
def test_partners_and_keepers_of_the_organization_ask(sign_in, request, preparer, who, status):
    assert sign_in(request.getfixturevalue(who)).post(url(preparer), {"reason": SURE}).status_code == status
    assert Recovery.objects.exists() == (status == 302)


# Confirming -------------------------------------------------------------------------------------


def test_whoever_asked_cannot_confirm(sign_in, asked, preparer, admin):
    app_of(preparer)
    with pytest.raises(Refused):
        confirm_recovery(asked, by=admin)
    page = sign_in(admin).post(url(preparer, "confirmation/"), follow=True).content.decode()
    assert "須由第二人為之" in page
    assert Authenticator.objects.filter(user=preparer).exists()


def test_the_person_cannot_confirm(quality_reviewer, admin, sign_in):
    recovery = ask_recovery(quality_reviewer, reason=SURE, by=admin)
    with pytest.raises(Refused):
        confirm_recovery(recovery, by=quality_reviewer)
    sign_in(quality_reviewer).post(url(quality_reviewer, "confirmation/"))
    assert Recovery.objects.get().confirmed_at is None


@pytest.mark.parametrize("who", ["reviewer", "other_firm", "broker"])
def test_nor_can_anybody_who_may_not_ask(sign_in, request, asked, preparer, who):
    assert sign_in(request.getfixturevalue(who)).post(url(preparer, "confirmation/")).status_code in {403, 404}
    assert Recovery.objects.get().confirmed_at is None


def test_a_second_person_takes_away_whatever_opened_the_door(sign_in, asked, preparer, second_admin):
    app_of(preparer)
    passkey_of(preparer)
    recovery_codes_of(preparer)
    AuthToken.objects.create(preparer)
    theirs = Client()
    theirs.force_login(preparer)
    assert sign_in(second_admin).post(url(preparer, "confirmation/")).url == f"/people/{preparer.pk}/"
    preparer.refresh_from_db()
    assert not preparer.has_usable_password()
    assert not Authenticator.objects.filter(user=preparer).exists()
    assert not AuthToken.objects.filter(user=preparer).exists()
    assert theirs.get("/account/").status_code == 302


def test_and_a_link_to_begin_anew_is_mailed(asked, preparer, second_admin):
    confirm_recovery(asked, by=second_admin)
    job = Job.objects.get(task=LINK_TASK)
    send_link(SimpleNamespace(), **job.ids)
    assert (mail.outbox[0].to, job.requested_by) == ([preparer.email], str(second_admin.pk))


def test_both_are_recorded(asked, preparer, admin, second_admin, firm):
    confirm_recovery(asked, by=second_admin)
    [event] = events(firm.chain, "recovery.confirmed")
    said = event.content
    assert (said["actor"]["id"], said["object"]["id"], said["reason"], said["facts"]) == (
        str(second_admin.pk),
        str(preparer.pk),
        SURE,
        {"recovery": str(asked.pk), "requested_by": str(admin.pk)},
    )


def test_it_is_confirmed_once(asked, second_admin, partner):
    confirm_recovery(asked, by=second_admin)
    for act in (confirm_recovery, decline_recovery):
        with pytest.raises(Refused):
            act(asked, by=partner)
    assert Job.objects.count() == 1


def test_afterwards_it_can_be_asked_for_again(asked, preparer, second_admin, partner):
    confirm_recovery(asked, by=second_admin)
    confirm_recovery(ask_recovery(preparer, reason="又丟了", by=partner), by=second_admin)
    assert (Recovery.objects.count(), found()) == (2, [])


# Declining --------------------------------------------------------------------------------------


def test_declined_it_leaves_nothing_but_its_events(sign_in, asked, preparer, second_admin, firm):
    app_of(preparer)
    sign_in(second_admin).post(url(preparer, "refusal/"))
    assert not Recovery.objects.exists()
    assert Authenticator.objects.filter(user=preparer).exists()
    assert names(firm.chain, "recovery") == ["recovery.requested", "recovery.declined"]
    assert found() == []


def test_whoever_asked_may_think_again(asked, admin):
    decline_recovery(asked, by=admin)
    assert not Recovery.objects.exists()


# What the database refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asks", "confirms"),
    [("admin", "admin"), ("preparer", "admin"), ("admin", "preparer"), ("preparer", None), ("preparer", "preparer")],
)
def test_two_others_it_must_be_in_the_database_too(request, preparer, asks, confirms):
    requested_by = request.getfixturevalue(asks)
    confirmed_by = request.getfixturevalue(confirms) if confirms else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.create(
            person=preparer,
            reason="x",
            requested_by=requested_by,
            confirmed_by=confirmed_by,
            confirmed_at=timezone.now() if confirms else None,
        )


def test_a_confirmation_has_its_person_and_its_time_or_neither(preparer, admin, partner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.create(person=preparer, reason="x", requested_by=admin, confirmed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.create(person=preparer, reason="x", requested_by=admin, confirmed_by=partner)


# What the trail proves --------------------------------------------------------------------------


def test_the_trail_finds_nothing_wrong_afterwards(asked, second_admin):
    confirm_recovery(asked, by=second_admin)
    assert found() == []


@translation.override("en")
def differing(row):
    """What of a row the trail says otherwise: the names of the facts."""
    return [text.rpartition(": ")[2] for text in found() if str(row.pk) in text and DIFFERS in text]


def test_a_role_that_nobody_gave_is_found(preparer):
    User.objects.filter(pk=preparer.pk).update(role="partner")
    assert differing(preparer) == ["role"]


def test_a_role_that_was_taken_away_and_set_back_is_found(quality_reviewer, admin):
    change_role(quality_reviewer, "staff", by=admin)
    assert found() == []
    User.objects.filter(pk=quality_reviewer.pk).update(role="partner")
    assert differing(quality_reviewer) == ["role"]


@pytest.mark.parametrize(
    ("change", "fact"), [("confirmed_by", "id"), ("reason", "reason"), ("requested_by", "requested_by")]
)
def test_a_confirmation_that_was_moved_is_found(asked, second_admin, partner, change, fact):
    confirm_recovery(asked, by=second_admin)
    tamper(Recovery, **{change: "別的理由" if change == "reason" else partner})
    assert differing(asked) == [fact]


def test_a_confirmation_moved_to_somebody_else_is_found(asked, second_admin, reviewer):
    confirm_recovery(asked, by=second_admin)
    tamper(Recovery, person=reviewer)
    assert [problem for problem in found() if str(asked.pk) in problem]


def test_a_confirmation_that_vanished_is_found(asked, second_admin):
    confirm_recovery(asked, by=second_admin)
    Recovery.objects.all().delete()
    assert found() != []


def test_a_confirmation_that_nobody_recorded_is_found(preparer, admin, partner):
    Recovery.objects.create(
        person=preparer, reason="x", requested_by=admin, confirmed_by=partner, confirmed_at=timezone.now()
    )
    assert found() != []
