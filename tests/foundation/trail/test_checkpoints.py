"""A checkpoint says where every chain stood, for a place out of reach; what happened since is found against it."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from foundation.trail import merkle
from foundation.trail.actions import record
from foundation.trail.checkpoints import Checkpoint, Malformed, make_checkpoint, write_checkpoint
from foundation.trail.hashing import canonical
from foundation.trail.models import Chain, Event
from foundation.trail.verification import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trail")]
CUT = "this database has not made it: an older copy was put back, or the trail's end was cut off"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "checkpoint.json"
    write_checkpoint(make_checkpoint(), path)
    return path


def day_of(file: Path) -> str:
    return Checkpoint.from_bytes(file.read_bytes()).day.isoformat()


def found(*files: Path) -> list[str]:
    return [str(problem) for problem in verify(checkpoints=files).problems]


# Making ------------------------------------------------------------------------------------


def test_it_holds_the_head_of_every_chain_and_the_root_over_them(file):
    told = json.loads(file.read_bytes())
    heads = [
        {"chain": chain.key, "seq": chain.seq, "hash": bytes(chain.head).hex()}
        for chain in Chain.objects.exclude(key="checkpoints").order_by("key")
    ]
    assert told["heads"] == heads
    assert told["root"] == merkle.root([canonical(head) for head in heads]).hex()


def test_that_it_was_made_is_an_event_which_tells_its_root(file):
    told = json.loads(file.read_bytes())
    event = Event.objects.get(chain__key="checkpoints")
    assert event.content["event"] == "checkpoint.made"
    assert event.content["facts"] == {"chains": len(told["heads"]), "root": told["root"]}
    assert told["event"] == {"chain": "checkpoints", "seq": 1, "hash": bytes(event.hash).hex()}
    assert told["made"] == event.content["time"]


def test_the_next_one_holds_the_one_before_it(file):
    assert [head.chain for head in make_checkpoint().heads if head.chain == "checkpoints"] == ["checkpoints"]


def test_a_chain_without_events_has_no_head_yet(file):
    Chain.objects.create(key="empty")
    assert "empty" not in {head.chain for head in make_checkpoint().heads}


def test_the_file_is_canonical_and_can_be_read_only(file):
    content = file.read_bytes()
    assert content == canonical(json.loads(content))
    assert stat.S_IMODE(file.stat().st_mode) == 0o444


def test_nothing_half_written_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _descriptor: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_checkpoint(make_checkpoint(), tmp_path / "kept" / "checkpoint.json")
    assert list((tmp_path / "kept").iterdir()) == []


# Comparing ---------------------------------------------------------------------------------


def test_a_trail_that_only_grew_agrees_with_all_its_checkpoints(file, tmp_path):
    record("paper.signed", chain="engagement:1", by=None, about=None)
    record("paper.signed", chain="engagement:2", by=None, about=None)
    later = tmp_path / "later.json"
    write_checkpoint(make_checkpoint(), later)

    assert found(file, later) == []
    assert verify(checkpoints=[file, later]).checkpoints == 2


@pytest.mark.usefixtures("unguarded")
def test_a_tail_cut_off_with_its_head_is_found(file):
    Event.objects.filter(chain__key="engagement:1", seq__gte=4).delete()
    last = Event.objects.get(chain__key="engagement:1", seq=3)
    Chain.objects.filter(key="engagement:1").update(seq=3, head=last.hash)

    assert found() == []
    assert found(file) == [
        f"Chain engagement:1: event 5, which the checkpoint of {day_of(file)} names, is missing",
    ]


@pytest.mark.usefixtures("unguarded")
def test_a_chain_that_is_gone_is_found(file):
    Event.objects.filter(chain__key="security").delete()
    Chain.objects.filter(key="security").delete()

    assert found() == []
    assert found(file) == [
        f"Chain security: the whole chain is missing; the checkpoint of {day_of(file)} names its event 1"
    ]


@pytest.mark.usefixtures("unguarded")
def test_another_history_is_found(file):
    Event.objects.filter(chain__key="security").delete()
    Chain.objects.filter(key="security").update(seq=0, head=bytes(32))
    record("login.succeeded", chain="security", by=None, about=None)

    assert found() == []
    assert found(file) == [
        f"Chain security: event 1 is not the one that the checkpoint of {day_of(file)} names",
    ]


@pytest.mark.usefixtures("unguarded")
def test_a_database_that_does_not_know_the_checkpoint_is_found(file):
    Event.objects.filter(chain__key="checkpoints").delete()
    Chain.objects.filter(key="checkpoints").delete()

    assert found(file) == [f"Checkpoint of {day_of(file)}: {CUT}"]


@pytest.mark.usefixtures("unguarded")
def test_of_many_unknown_checkpoints_the_first_is_named(file, tmp_path):
    later = tmp_path / "later.json"
    made = Checkpoint(datetime(2100, 1, 1, tzinfo=UTC), (), make_checkpoint().event)
    write_checkpoint(made, later)
    Event.objects.filter(chain__key="checkpoints").delete()
    Chain.objects.filter(key="checkpoints").delete()

    assert found(later, file) == [f"Checkpoint of {day_of(file)}: {CUT}"]


def test_of_what_many_checkpoints_name_the_first_is_told(file, tmp_path):
    """An idle chain has one head in all of them; a forged one is one problem, not as many as there are days."""
    told = Checkpoint.from_bytes(file.read_bytes())
    forged = tuple(
        type(head)(head.chain, head.seq, b"x" * 32) if head.chain == "security" else head for head in told.heads
    )
    copies = [tmp_path / f"{number}.json" for number in range(3)]
    for copy in copies:
        write_checkpoint(Checkpoint(told.made, forged, told.event), copy)

    assert [problem for problem in found(*copies) if problem.startswith("Chain")] == [
        f"Chain security: event 1 is not the one that the checkpoint of {day_of(file)} names"
    ]


def test_heads_other_than_those_that_the_event_tells_of_are_found(file, tmp_path):
    told = Checkpoint.from_bytes(file.read_bytes())
    write_checkpoint(Checkpoint(told.made, told.heads[:1], told.event), tmp_path / "shortened.json")

    assert found(tmp_path / "shortened.json") == [
        f"Checkpoint of {day_of(file)}: its heads are not those of which the trail tells"
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'{"format": "digao/checkpoint/1"}',
        b'{"heads": 3}',
        b"\xff\xfe",
        b"[" * 10_000,
    ],
)
def test_what_is_no_checkpoint_is_said_to_be_none(content, tmp_path):
    path = tmp_path / "no.json"
    path.write_bytes(content)
    verification = verify(checkpoints=[path])

    assert [str(problem) for problem in verification.unread] == [f"{path}: it is no checkpoint, or not a whole one"]
    assert verification.exit_status == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"root": "ab" * 32}, "its root does not fit its heads"),
        ({"heads": []}, "its root does not fit its heads"),
        ({"format": "digao/checkpoint/2"}, "it is not in the format digao/checkpoint/1"),
        ({"made": "yesterday"}, "it is no checkpoint, or not a whole one"),
        ({"event": {"chain": "checkpoints"}}, "it is no checkpoint, or not a whole one"),
        ({"heads": [{"chain": "security", "seq": "x", "hash": ""}]}, "it is no checkpoint, or not a whole one"),
    ],
)
def test_a_checkpoint_that_was_changed_is_refused(file, change, said):
    with pytest.raises(Malformed, match=said):
        Checkpoint.from_bytes(canonical(json.loads(file.read_bytes()) | change))


def test_a_file_that_is_not_there_could_not_be_looked_at(tmp_path):
    verification = verify(checkpoints=[tmp_path / "lost.json"])
    assert verification.exit_status == 2
    assert "can't be read" in str(verification.unread[0])
