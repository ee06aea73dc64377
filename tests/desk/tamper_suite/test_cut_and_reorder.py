"""Cut the trail's tail, with its head or without, or reorder it: refused, and found."""

import pytest
from django.db import IntegrityError, transaction

from desk.checkpoints import checkpoint_now
from foundation.trail.models import Chain, Event
from tests.tampering import day_of, found, place_of, unguarded

# Cut the tail ------------------------------------------------------------------------------


def test_moving_a_head_back_is_refused(file, last):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Chain.objects.filter(key=file.chain).update(seq=last.seq - 1, head=last.previous)


def test_a_cut_tail_is_found_against_the_head(file, last):
    with unguarded("trail_event"):
        Event.objects.filter(chain__key=file.chain, seq__gte=last.seq - 1)._raw_delete(using="default")
    assert found() == [f"Chain {file.chain}: events {last.seq - 1} to {last.seq} are missing at the end"]


def test_a_tail_cut_off_with_its_head_is_found_against_a_checkpoint_only(file, last):
    checkpoint = checkpoint_now()
    with unguarded("trail_event"), unguarded("trail_chain"):
        Event.objects.filter(pk=last.pk)._raw_delete(using="default")
        Chain.objects.filter(key=file.chain).update(seq=last.seq - 1, head=last.previous)
    assert found() == []
    assert found(checkpoint) == [
        f"Chain {file.chain}: event {last.seq}, which the checkpoint of {day_of(checkpoint)} names, is missing"
    ]


# Reorder -----------------------------------------------------------------------------------


def swap(last: Event) -> None:
    """Exchange the places of the last event and the one before it."""
    for before, after in ((last.seq, 9999), (last.seq - 1, last.seq), (9999, last.seq - 1)):
        Event.objects.filter(chain=last.chain, seq=before).update(seq=after)


def test_reordering_is_refused(file, last):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        swap(last)


def test_reordered_events_are_found(file, last):
    with unguarded("trail_event"):
        swap(last)
    text = "its hash does not fit its content and its place in the chain"
    events = Event.objects.filter(chain=last.chain, seq__gte=last.seq - 1).order_by("seq")
    assert found()[:2] == [f"{place_of(event)}: {text}" for event in events]
