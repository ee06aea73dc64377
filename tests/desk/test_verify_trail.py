"""`manage.py verify_trail`: the whole trail, every row that must have its event, every file."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from engagements.models import Engagement
from foundation.files.actions import store
from foundation.files.models import StoredFile
from foundation.trail.models import Chain, Event
from procedures.models import SignOff
from tests.papers import sign
from tests.tampering import answers_told


def run(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit status and what it said."""
    said = io.StringIO()
    try:
        call_command("verify_trail", *arguments, stdout=said, stderr=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


@pytest.fixture
def signed(paper, preparer) -> SignOff:
    """A sign-off with its event, as the verb leaves them."""
    return sign(paper, by=preparer)


def test_a_whole_trail_ends_with_0(signed):
    status, said = run()
    assert status == 0
    assert "軌跡完整" in said


def test_as_json_it_counts_what_it_looked_at(signed):
    status, said = run("--json")
    told = json.loads(said)
    assert (status, told["status"], told["problems"], told["unread"]) == (0, 0, [], [])
    assert told["events"] == Event.objects.count()


def test_a_signature_without_event_ends_with_1_and_is_named(signed, paper, reviewer):
    forged = SignOff.objects.create(
        workpaper=paper, role="reviewed", user=reviewer, content_version=1, content_hash="cd" * 32
    )
    status, said = run()
    assert status == 1
    assert f"procedures.SignOff {forged.pk}" in said


def test_changed_bytes_of_a_file_are_found(db, partner):
    file = store([b"evidence"], name="a.txt", by=partner)
    path = Path(settings.EVIDENCE_ROOT) / file.key
    path.write_bytes(b"EVIDENCE")
    status, said = run()
    assert status == 1
    assert str(file.pk) in said


def test_a_missing_file_is_found(db, partner):
    file = store([b"evidence"], name="a.txt", by=partner)
    (Path(settings.EVIDENCE_ROOT) / file.key).unlink()
    assert run()[0] == 1


def test_a_file_that_cannot_be_read_ends_with_2(db, partner, monkeypatch):
    store([b"evidence"], name="a.txt", by=partner)
    monkeypatch.setattr(StoredFile, "open", lambda _self: (_ for _ in ()).throw(OSError("I/O error")))
    status, said = run()
    assert status == 2
    assert "I/O error" in said


def test_a_database_that_does_not_answer_ends_with_2(db, monkeypatch):
    monkeypatch.setattr(
        "desk.management.commands.verify_trail.verify_everything",
        lambda *_known: (_ for _ in ()).throw(DatabaseError("gone")),
    )
    status, said = run()
    assert status == 2
    assert "gone" in said


def test_an_anchor_that_holds_is_no_problem(engagement):
    chain = Chain.objects.get(key=engagement.chain)
    assert run("--anchor", f"{chain.key}@{chain.seq}={bytes(chain.head).hex()}")[0] == 0


def test_an_anchor_that_does_not_hold_ends_with_1(engagement):
    assert run("--anchor", f"{engagement.chain}@1={'00' * 32}")[0] == 1


def test_an_anchor_that_is_none_is_refused(db):
    with pytest.raises(CommandError):
        run("--anchor", "nonsense")
