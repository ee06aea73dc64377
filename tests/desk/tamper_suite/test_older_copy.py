"""An older copy of the database is put back. Nothing in it is wrong: only a checkpoint kept elsewhere can tell."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from desk.checkpoints import checkpoint_now
from engagements.actions import join_team, leave_team
from engagements.models import Engagement
from engagements.noting import write_note
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.models import Chain
from tests.conftest import organization, person
from tests.separate import Separate, separate_database
from tests.stages import annual
from tests.tampering import day_of, found

UNMADE = "this database has not made it: an older copy was put back, or the trail's end was cut off"


@pytest.fixture
def database(django_db_setup, django_db_blocker: DjangoDbBlocker, tmp_path) -> Iterator[Separate]:
    with django_db_blocker.unblock(), separate_database(tmp_path) as separate:
        yield separate


@pytest.fixture
def partner(database) -> User:
    firm = organization("firm", "正衡聯合會計師事務所", "12345675")
    return person("王怡君", "partner@firm.example", firm, Role.PARTNER)


@pytest.fixture
def engagement(partner) -> Engagement:
    broker, exchange = (
        organization("broker", "安信數位證券", "22099131"),
        organization("exchange", "櫃買中心", "53212545"),
    )
    return annual(broker, exchange, by=partner)


@pytest.fixture
def preparer(partner) -> User:
    return person("陳柏翰", "preparer@firm.example", partner.organization, Role.STAFF)


@pytest.fixture
def checkpoint(database, engagement, preparer, partner):
    """A copy was kept, work went on, a checkpoint was made; then the copy was put back."""
    database.keep_copy()
    member = join_team(engagement, user=preparer, role=Role.STAFF, by=partner)
    leave_team(member, by=partner)
    made = checkpoint_now()
    database.put_back()
    return made


def test_it_is_whole_by_itself_and_found_against_the_checkpoint_only(checkpoint, engagement):
    day = day_of(checkpoint)
    end = Chain.objects.get(key=engagement.chain).seq
    assert found() == []
    assert found(checkpoint) == [
        f"Checkpoint of {day}: {UNMADE}",
        f"Chain {engagement.chain}: event {end + 2}, which the checkpoint of {day} names, is missing",
    ]


def test_whoever_works_on_in_it_writes_another_history(checkpoint, engagement, partner):
    end = Chain.objects.get(key=engagement.chain).seq
    for text in ("甲", "乙", "丙"):
        write_note(engagement, anchor=engagement, text=text, by=partner)
    checkpoint_now()
    assert found() == []
    day = day_of(checkpoint)
    assert found(checkpoint) == [
        f"Checkpoint of {day}: {UNMADE}",
        f"Chain {engagement.chain}: event {end + 2} is not the one that the checkpoint of {day} names",
    ]
