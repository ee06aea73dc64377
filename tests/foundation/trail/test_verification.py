"""Whatever is done to the trail behind the guards' back is found, and the words name the place."""

import hashlib
import io

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation.trail.actions import record
from foundation.trail.anchors import Anchor
from foundation.trail.hashing import link
from foundation.trail.models import Chain, Event
from foundation.trail.verification import FileWitness, Seal, Verification, _verify_chain, verify, verify_chain


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def found(**options) -> list[str]:
    return [str(problem) for problem in verify(**options).problems]


@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
def test_an_untouched_trail_is_whole():
    verification = verify()

    assert verification.problems == []
    assert verification.exit_status == 0


@pytest.mark.usefixtures("own_database")
def test_an_empty_trail_is_whole():
    assert verify().exit_status == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_an_edited_body_is_found():
    event = Event.objects.get(chain__key="engagement:1", seq=3)
    Event.objects.filter(pk=event.pk).update(body=bytes(event.body).replace(b'"no":3', b'"no":4'))

    assert found() == ["Chain engagement:1, event 3 (paper.signed): its content was changed after it was recorded"]
    assert verify().exit_status == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_an_edited_body_with_a_fitting_digest_is_found():
    event = Event.objects.get(chain__key="engagement:1", seq=3)
    body = bytes(event.body).replace(b'"no":3', b'"no":4')
    Event.objects.filter(pk=event.pk).update(body=body, digest=hashlib.sha256(body).digest())

    assert found() == [
        "Chain engagement:1, event 3 (paper.signed): its hash does not fit its content and its place in the chain"
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_an_event_rewritten_with_its_hash_breaks_the_next_one():
    event = Event.objects.get(chain__key="engagement:1", seq=3)
    body = bytes(event.body).replace(b'"no":3', b'"no":4')
    digest = hashlib.sha256(body).digest()
    forged = link(event.chain_id, 3, bytes(event.previous), digest)
    Event.objects.filter(pk=event.pk).update(body=body, digest=digest, hash=forged)

    assert found() == ["Chain engagement:1, event 4 (paper.signed): it does not follow the event before it"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_a_forged_last_event_does_not_fit_the_head():
    event = Event.objects.get(chain__key="engagement:1", seq=5)
    digest = hashlib.sha256(b"not even JSON").digest()
    forged = link(event.chain_id, 5, bytes(event.previous), digest)
    Event.objects.filter(pk=event.pk).update(body=b"not even JSON", digest=digest, hash=forged)

    assert found() == [
        "Chain engagement:1, event 5 (paper.signed): what pages filter by differs from its content",
        "Chain engagement:1: the head is not the hash of the last event",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_a_deleted_event_is_found():
    Event.objects.filter(chain__key="engagement:1", seq__in=[2, 3]).delete()

    assert found() == ["Chain engagement:1, event 4 (paper.signed): events 2 to 3 are missing before it"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_a_cut_tail_is_found_against_the_head():
    Event.objects.filter(chain__key="engagement:1", seq__gte=4).delete()

    assert found() == ["Chain engagement:1: events 4 to 5 are missing at the end"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_a_tail_cut_with_its_head_is_found_only_against_an_anchor(trail):
    anchor = Anchor("engagement:1", 5, bytes(trail[4].hash))
    Event.objects.filter(chain__key="engagement:1", seq__gte=4).delete()
    Chain.objects.filter(key="engagement:1").update(seq=3, head=bytes(trail[2].hash))

    assert found() == []
    assert found(anchors=[anchor]) == ["Chain engagement:1: event 5, which an anchor names, is missing"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_another_history_is_found_against_an_anchor(trail):
    held = [Anchor("engagement:1", event.seq, bytes(event.hash)) for event in trail]
    foreign = Anchor("engagement:1", 5, b"x" * 32)

    assert found(anchors=held) == []
    assert found(anchors=[foreign]) == ["Chain engagement:1: event 5 is not the one that an anchor names"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_reordered_events_are_found():
    for before, after in ((2, 99), (3, 2), (99, 3)):
        Event.objects.filter(chain__key="engagement:1", seq=before).update(seq=after)

    assert found() == [
        f"Chain engagement:1, event {seq} (paper.signed): its hash does not fit its content and its place in the chain"
        for seq in (2, 3)
    ] + ["Chain engagement:1, event 4 (paper.signed): it does not follow the event before it"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    "change", [{"name": "paper.loved"}, {"actor": "7"}, {"object_id": "9"}, {"object_type": "a.B"}]
)
def test_columns_that_lie_about_the_content_are_found(change):
    Event.objects.filter(chain__key="engagement:1", seq=1).update(**change)

    name = change.get("name", "paper.signed")
    assert found() == [f"Chain engagement:1, event 1 ({name}): what pages filter by differs from its content"]


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_an_event_added_past_the_head_is_found(trail):
    last = trail[4]
    last.pk, last.seq = None, 6
    last.save(force_insert=True)

    assert found() == ["Chain engagement:1, event 6 (paper.signed): it stands after the head of its chain"]


@pytest.mark.usefixtures("own_database", "unguarded")
def test_events_whose_chain_was_deleted_are_found(sql):
    chain = Chain.objects.get(key="security")
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
    else:
        sql("SET session_replication_role = replica")
    sql("DELETE FROM trail_chain WHERE key = 'security'")

    assert found() == [f"Chain {chain.pk}: its head was deleted, its events remain"]


@pytest.mark.django_db
def test_events_recorded_during_the_verification_are_no_problem():
    record("a.b", chain="c", by=None, about=None)
    head_as_read = Chain.objects.get(key="c")
    record("a.b", chain="c", by=None, about=None)
    verification = Verification()
    _verify_chain(head_as_read, verification)

    assert (verification.problems, verification.events) == ([], 1)


@pytest.mark.django_db
def test_a_content_that_is_not_the_signed_one_is_found():
    verification = verify(seals=[Seal("C-1", "ab", "ab"), Seal("C-2", "ab", "cd")])

    assert [str(problem) for problem in verification.problems] == ["C-2: the content is not the one that was signed"]
    assert (verification.seals, verification.exit_status) == (2, 1)


@pytest.mark.django_db
def test_a_file_s_bytes_are_hashed_again(tmp_path):
    kept, changed = tmp_path / "kept", tmp_path / "changed"
    kept.write_bytes(b"a" * 3_000_000)
    changed.write_bytes(b"b")
    sha256 = hashlib.sha256(b"a" * 3_000_000).hexdigest()

    files = [
        FileWitness("kept.pdf", lambda: kept.open("rb"), sha256),
        FileWitness("changed.pdf", lambda: changed.open("rb"), sha256),
        FileWitness("lost.pdf", lambda: (tmp_path / "lost").open("rb"), sha256),
    ]
    assert found(files=files) == [
        "changed.pdf: the file's bytes are not the ones that were stored",
        "lost.pdf: the file is missing",
    ]


@pytest.mark.django_db
def test_what_cannot_be_read_is_neither_whole_nor_broken():
    def unreachable() -> io.BytesIO:
        raise PermissionError("no")

    verification = verify(files=[FileWitness("a.pdf", unreachable, "")])

    assert [str(problem) for problem in verification.unread] == ["a.pdf: the file can't be read: no"]
    assert (verification.problems, verification.exit_status) == ([], 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
def test_one_chain_is_verified_without_the_others():
    Event.objects.filter(chain__key="security").update(name="login.succeeded")

    assert verify_chain("engagement:1").problems == []
    assert verify_chain("engagement:1").events == 5
    assert len(verify_chain("security").problems) == 1
    assert verify_chain("nowhere").exit_status == 0


@pytest.mark.usefixtures("own_database")
def test_a_verification_costs_one_query_per_chain_and_three_more():
    with transaction.atomic():
        for _ in range(3):
            record("a.b", chain="c", by=None, about=None)

    with CaptureQueriesContext(connection) as queries:
        verify()
    assert len(queries) == 4
