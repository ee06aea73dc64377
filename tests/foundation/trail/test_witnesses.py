"""Rows and events vouch for one another, in both directions; here a chain stands for a signed or received thing."""

from dataclasses import replace
from operator import attrgetter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation.trail.actions import record
from foundation.trail.guards import drop_sql
from foundation.trail.models import Chain, Event
from foundation.trail.verification import verify
from foundation.trail.witnesses import Witness

pytestmark = pytest.mark.django_db

THINGS = Chain.objects.filter(key__startswith="thing")
SEEN = Witness(THINGS, ("thing.seen",), told={"facts.key": attrgetter("key"), "reason": attrgetter("seq")})


DIFFERS = "it says something else than its event thing.seen"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def found(*witnesses: Witness) -> list[str]:
    return [str(problem) for problem in verify(witnesses).problems]


def thing(number: int = 1) -> Chain:
    return Chain.objects.create(key=f"thing {number}")


def see(about: Chain, name: str = "thing.seen", *, key: str = "", reason: str = "0") -> Event:
    return record(name, chain="c", by=None, about=about, facts={"key": key or about.key}, reason=reason)


def delete(about: Chain) -> None:
    """As somebody does who owns the database."""
    with connection.cursor() as cursor:
        for statement in drop_sql("trail_chain", connection.vendor):
            cursor.execute(statement)
    Chain.objects.filter(pk=about.pk).delete()


def test_a_row_and_its_event_that_agree_are_no_problem():
    see(thing())
    assert found(SEEN) == []
    assert verify([SEEN]).rows == 1


def test_a_row_without_its_event_is_found():
    seen, unseen = thing(1), thing(2)
    see(seen)
    see(unseen, "thing.forgotten")

    either = Witness(THINGS, {"thing.seen", "thing.heard"})
    assert found(either) == [f"trail.Chain {unseen.pk}: the trail has no event thing.heard / thing.seen about it"]


def test_a_row_that_says_something_else_than_its_event_is_found():
    changed = thing()
    see(changed, reason="1")
    assert found(SEEN) == [f"trail.Chain {changed.pk}: {DIFFERS}: reason"]


def test_a_row_that_was_saved_often_agrees_with_its_last_event():
    saved = thing()
    for key in ("first", "second", "thing 1"):
        see(saved, key=key)
    assert found(SEEN) == []


def test_a_row_that_was_put_back_to_what_it_said_before_is_found():
    saved = thing()
    for key in ("thing 1", "what was saved later"):
        see(saved, key=key)
    assert found(SEEN) == [f"trail.Chain {saved.pk}: {DIFFERS}: key"]


def test_a_row_that_is_saved_meanwhile_is_no_problem(monkeypatch):
    """Its last event is younger than the row that was read."""
    saved = thing()
    see(saved)
    named = Witness.named_events

    def and_somebody_saves(witness):
        record("thing.touched", chain=saved.key, by=None, about=None)  # counts the row's seq
        see(saved, reason=str(Chain.objects.get(pk=saved.pk).seq))
        return named(witness)

    monkeypatch.setattr(Witness, "named_events", and_somebody_saves)
    assert found(SEEN) == []


def test_a_row_that_an_event_names_and_that_is_not_there_is_found_once():
    lost = thing()
    see(lost)
    see(lost)
    delete(lost)
    see(thing(2))

    assert found(SEEN) == [f"Chain c, event 1 (thing.seen): trail.Chain {lost.pk}, of which it tells, is missing"]


def test_a_row_that_is_not_what_its_event_made_of_it_is_found():
    opened = thing()
    see(opened)
    never = Witness(THINGS.filter(seq__gt=0), ("thing.seen",))
    assert found(never) == [f"Chain c, event 1 (thing.seen): trail.Chain {opened.pk}, of which it tells, is missing"]


ENDING = Witness(THINGS, ("thing.seen",), ended=("thing.ended",))


def test_a_row_that_was_taken_away_with_an_event_is_no_problem():
    gone = thing()
    see(gone)
    see(gone, "thing.ended")
    delete(gone)
    assert found(ENDING) == []


def test_a_row_that_was_made_again_and_then_taken_away_past_the_trail_is_found():
    lost = thing()
    for name in ("thing.seen", "thing.ended", "thing.seen"):
        see(lost, name)
    assert found(ENDING) == []
    delete(lost)
    assert found(ENDING) == [f"Chain c, event 1 (thing.seen): trail.Chain {lost.pk}, of which it tells, is missing"]


def test_a_row_that_is_there_though_it_was_taken_away_is_found():
    back = thing()
    see(back)
    see(back, "thing.ended")
    assert found(ENDING) == [f"trail.Chain {back.pk}: the trail has no event thing.seen about it"]


def test_a_row_that_is_taken_away_meanwhile_is_no_problem(monkeypatch):
    """Its last event is younger than the row that was read."""
    row = thing()
    see(row)
    named = Witness.named_events

    def and_somebody_takes_it_away(witness, *more):
        if Chain.objects.filter(pk=row.pk).exists():
            see(row, "thing.ended")
            delete(row)
        return named(witness, *more)

    monkeypatch.setattr(Witness, "named_events", and_somebody_takes_it_away)
    assert found(ENDING) == []


@pytest.fixture
def parts(trail) -> Witness:
    """Events, as rows that belong to a chain and are told of in facts of events about that chain."""
    about = Chain.objects.get(key="engagement:1")
    for row in trail:
        facts = {"row": row.pk, "hash": bytes(row.hash).hex()}
        record("part.signed", chain="c", by=None, about=about, facts=facts)
    rows = Event.objects.filter(chain=about)
    told = {"facts.hash": lambda row: bytes(row.hash).hex()}
    return Witness(rows, ("part.signed",), about="chain_id", fact="row", told=told)


def test_a_row_is_told_of_by_a_fact_of_an_event_about_something_else(parts):
    assert found(parts) == []


def test_such_a_row_s_event_is_not_any_other_row_s(parts):
    about = Chain.objects.get(key="engagement:1")
    untold = record("paper.signed", chain="engagement:1", by=None, about=None)
    assert found(parts) == [f"trail.Event {untold.pk}: the trail has no event part.signed about it"]
    for strange in ("nothing", "", 9):
        record("part.signed", chain="d", by=None, about=about, facts={"row": strange})
    assert [problem for problem in found(parts) if "missing" in problem] == [
        f"Chain d, event {seq} (part.signed): trail.Event {row}, of which it tells, is missing"
        for seq, row in ((1, "nothing"), (2, ""), (3, "9"))
    ]


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("body", [b"not even JSON", b"[]", b'{"facts": 3}'])
def test_a_forged_body_does_not_stop_the_verification(parts, body):
    forged = Event.objects.get(name="part.signed", chain__key="c", seq=1)
    Event.objects.filter(pk=forged.pk).update(body=body)
    assert any("no event part.signed about it" in problem for problem in found(parts))


@pytest.mark.parametrize(("rows", "queries"), [(1, 1), (500, 1), (501, 2)])
def test_witnesses_are_heard_in_batches(rows, queries):
    Chain.objects.bulk_create(Chain(key=f"thing {number}") for number in range(rows))
    with CaptureQueriesContext(connection) as none:
        verify()
    with CaptureQueriesContext(connection) as some:
        verification = verify([SEEN])

    chains_one_by_one, rows_and_lost_ones = rows, 2
    assert len(none) >= chains_one_by_one
    assert len(some) - len(none) == queries + rows_and_lost_ones
    assert verification.rows == len(verification.problems) == rows


def test_a_row_and_its_event_made_meanwhile_are_no_problem(monkeypatch):
    """Whoever works while the trail is verified: their row is written with its event."""
    see(thing(1))
    named = Witness.named_events

    def and_somebody_works(witness):
        see(thing(Chain.objects.count() + 1))
        return named(witness)

    monkeypatch.setattr(Witness, "named_events", and_somebody_works)
    assert found(SEEN) == []


# Events older than the fact that names their row -----------------------------------------------

EVENTS = Event.objects.filter(name="note.kept")
KEPT = Witness(EVENTS, ("note.told",), about="chain_id", fact="note", told={"reason": attrgetter("seq")}, lone=True)


def kept(about: Chain) -> Event:
    return record("note.kept", chain=about.key, by=None, about=about)


def tell(about: Chain, note: Event, **facts: object) -> Event:
    return record("note.told", chain="c", by=None, about=about, facts=facts, reason=str(note.seq))


def test_an_event_that_does_not_name_its_row_vouches_for_the_one_row_of_its_object():
    about = thing()
    tell(about, kept(about))
    assert found(KEPT) == []


def test_where_it_may_not_do_so_the_row_is_missed_and_so_is_the_event_s():
    about = thing()
    tell(about, kept(about))
    assert len(found(replace(KEPT, lone=False))) == 2


def test_an_event_that_does_not_name_its_row_and_whose_object_has_none_is_found():
    about = thing()
    tell(about, record("note.other", chain="c", by=None, about=about))
    assert len(found(KEPT)) == 1


def test_a_row_that_says_something_else_than_the_event_that_does_not_name_it_is_found():
    about = thing()
    kept(about)
    record("note.told", chain="c", by=None, about=about, reason="99")
    assert len(found(KEPT)) == 1
