"""Recording: what an event says, where it stands, and that it lives and dies with its act."""

import hashlib
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.trail.actions import record
from foundation.trail.models import Chain, Event


class Person(SimpleNamespace):
    def __str__(self) -> str:
        return self.name


PREPARER = Person(pk="7", name="林查核", roles=frozenset({"preparer"}))


def told(event: Event) -> dict:
    return json.loads(bytes(event.body))


@pytest.mark.django_db
def test_the_hash_can_be_recomputed_from_the_stored_bytes_alone():
    event = record("paper.signed", chain="engagement:1", by=PREPARER, about=None)

    chain = Chain.objects.get(key="engagement:1")
    expected = hashlib.sha256(
        b"digao/1\x00" + chain.pk.bytes + (1).to_bytes(8, "big") + bytes(32) + hashlib.sha256(event.body).digest()
    ).digest()
    assert bytes(event.hash) == expected
    assert bytes(chain.head) == expected


@pytest.mark.django_db
def test_an_event_carries_the_hash_of_the_one_before_it():
    first = record("paper.signed", chain="c", by=None, about=None)
    second = record("paper.returned", chain="c", by=None, about=None)

    assert (first.seq, second.seq) == (1, 2)
    assert bytes(second.previous) == bytes(first.hash)
    assert Chain.objects.get(key="c").seq == 2


@pytest.mark.django_db
def test_the_body_says_who_did_what_to_what_when_and_why():
    about = ContentType.objects.get_for_model(Chain)
    event = record("paper.signed", chain="c", by=PREPARER, about=about, facts={"version": 3}, reason="補正")

    assert told(event) == {
        "event": "paper.signed",
        "time": event.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": {"id": "7", "label": "林查核", "role": "preparer"},
        "object": {"type": "contenttypes.ContentType", "id": str(about.pk), "label": str(about)},
        "facts": {"version": 3},
        "reason": "補正",
        "version": settings.VERSION,
    }


@pytest.mark.django_db
def test_the_body_is_canonical_json_kept_as_bytes():
    event = record("paper.signed", chain="c", by=None, about=None, facts={"z": 1, "a": "底稿\n"})

    assert b'"facts":{"a":"\xe5\xba\x95\xe7\xa8\xbf\\n","z":1}' in bytes(event.body)
    assert bytes(event.body).startswith(b'{"actor":{"id":"","label":"system","role":""},"event":')


@pytest.mark.django_db
def test_the_object_says_what_role_the_actor_has():
    about = ContentType.objects.get_for_model(Chain)
    about.roles_of = lambda user: frozenset({"reviewer", "partner"})

    assert told(record("a.b", chain="c", by=PREPARER, about=about))["actor"]["role"] == "partner,reviewer"
    assert told(record("a.b", chain="c", by=PREPARER, about=about, role="partner"))["actor"]["role"] == "partner"


@pytest.mark.django_db
def test_appending_takes_three_queries():
    record("a.b", chain="c", by=None, about=None)

    with CaptureQueriesContext(connection) as queries:
        record("a.b", chain="c", by=None, about=None)

    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "INSERT", "UPDATE"]


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"a": 1.5}, {"a": [{"b": 0.0}]}, {"a": (1, 2.0)}])
def test_a_float_is_refused_wherever_it_hides(facts):
    with pytest.raises(TypeError, match="no floats"):
        record("a.b", chain="c", by=None, about=None, facts=facts)

    assert not Event.objects.filter(chain__key="c").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "words"),
    [({"a": 2**53}, "exceeds"), ({"a": "\ud800"}, "non-UTF-8"), ({"a": object()}, "unsupported"), ({1: "a"}, "keys")],
)
def test_what_json_cannot_say_is_refused(facts, words):
    with pytest.raises(ValueError, match=words):
        record("a.b", chain="c", by=None, about=None, facts=facts)

    assert not Event.objects.filter(chain__key="c").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["signed", "Paper.Signed", "paper.signed.twice", "", "paper. signed"])
def test_an_event_is_named_noun_dot_verb(name):
    with pytest.raises(ValueError, match="not a noun"):
        record(name, chain="c", by=None, about=None)


@pytest.mark.django_db
def test_an_event_goes_when_its_act_is_rolled_back():
    record("a.b", chain="c", by=None, about=None)

    with transaction.atomic():
        record("a.b", chain="c", by=None, about=None)
        transaction.set_rollback(True)

    assert Event.objects.filter(chain__key="c").count() == Chain.objects.get(key="c").seq == 1


@pytest.mark.usefixtures("own_database")
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        record("a.b", chain="c", by=None, about=None)


@pytest.mark.usefixtures("own_database")
def test_writers_at_the_same_moment_leave_no_gap_and_create_a_chain_once(together: Callable[..., None]):
    def append(number: int) -> None:
        for _ in range(10):
            with transaction.atomic():
                record("a.b", chain=f"c{number % 2}", by=None, about=None)

    together(append, 6)

    for key in ("c0", "c1"):
        events = Event.objects.filter(chain__key=key).order_by("seq")
        assert [event.seq for event in events] == list(range(1, 31))
        assert [bytes(e.previous) for e in events] == [bytes(32), *[bytes(e.hash) for e in events][:-1]]
    assert Chain.objects.count() == 2
