"""A person's mail, and whether they are let in, changed behind the application's back are found."""

import pytest

from foundation.accounts.actions import disable, enable
from foundation.accounts.models import User
from tests.tampering import DIFFERS, found, missing

pytestmark = pytest.mark.usefixtures("english")


def test_another_mail_is_found(preparer):
    User.objects.filter(pk=preparer.pk).update(email="elsewhere@example.org")
    assert found() == [f"accounts.User {preparer.pk}: {DIFFERS} person.invited: email"]


def test_a_person_who_was_shut_out_past_the_trail_is_found(preparer):
    User.objects.filter(pk=preparer.pk).update(is_active=False)
    assert found() == [f"accounts.User {preparer.pk}: the trail has no event person.disabled about it"]


def test_a_disabled_person_who_was_let_in_past_the_trail_is_found(preparer, admin):
    disable(preparer, reason="離職", by=admin)
    assert found() == []
    User.objects.filter(pk=preparer.pk).update(is_active=True)
    assert missing(f"accounts.User {preparer.pk}", "person.disabled") == found()
    assert len(found()) == 1


def test_who_was_let_in_again_and_then_shut_out_past_the_trail_is_found(preparer, admin):
    disable(preparer, reason="離職", by=admin)
    enable(preparer, by=admin)
    assert found() == []
    User.objects.filter(pk=preparer.pk).update(is_active=False)
    assert found() == [f"accounts.User {preparer.pk}: the trail has no event person.disabled about it"]
