"""The start page leads whoever hasn't declared their independence to where they do."""

import pytest

from engagements.accepting import declare
from engagements.actions import join_team
from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from tests.conftest import person


@pytest.fixture
def late(planned, admin, firm) -> User:
    """Somebody who joins after everybody has declared."""
    newcomer = person("郭新進", "late@firm.example", firm, Role.STAFF)
    join_team(planned, user=newcomer, role=Role.STAFF, by=admin)
    return newcomer


def is_led(client, engagement) -> bool:
    return f"/engagements/{engagement.pk}/acceptance/" in client.get("/").content.decode()


def test_who_has_not_declared_is_led_there_until_they_have(sign_in, planned, late):
    client = sign_in(late)
    assert is_led(client, planned)
    declare(planned, threats="", safeguards="", competence="CISA", by=late)
    assert not is_led(client, planned)


def test_who_has_declared_is_not(sign_in, planned, preparer):
    assert not is_led(sign_in(preparer), planned)


def test_nobody_declares_on_a_file_that_is_closed(sign_in, planned, late):
    Engagement.objects.filter(pk=planned.pk).update(stage="withdrawn")
    assert not is_led(sign_in(late), planned)
