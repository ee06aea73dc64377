"""The program that opens strangers' files may hang, burst and crash: nothing else does."""

import json
import os
import select
import stat
from pathlib import Path

import pytest

from foundation.files.actions import store
from foundation.files.refusals import NoRoom
from foundation.files.rendering.outcomes import Reason
from foundation.files.sandbox import rendered, run, workshop
from tests.foundation.files.specimens import pdf_of, pixel_bomb, workbook

PROGRAM = "tests.foundation.files.misbehaving"
HOUR = 3600


@pytest.fixture
def behaving(tmp_path):
    """How it ends when the program behaves in some way."""
    return lambda behaviour, seconds=HOUR: run(behaviour, str(tmp_path), out=tmp_path, seconds=seconds, program=PROGRAM)


def ends(pid: int) -> bool:
    """Whether the process is gone, or goes: a signal takes a moment to reach it."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    return bool(select.select([process], [], [], 10)[0])


def test_a_program_that_hangs_is_ended_with_all_that_it_started(behaving, tmp_path):
    assert behaving("hang", seconds=2) == {"reason": Reason.TOO_LONG}
    assert ends(int((tmp_path / "child").read_text()))


@pytest.mark.parametrize("behaviour", ["eat", "write", "crash"])
def test_a_program_that_bursts_its_limits_or_crashes_has_drawn_nothing(behaving, behaviour):
    assert behaving(behaviour) == {"reason": Reason.BROKE}


@pytest.mark.parametrize(
    "lie",
    [
        *("", "[]", "3", "{", "[" * 9_000, '{"pages": 1}', '{"pages": true, "cut": false}', '{"pages": 1, "cut": 0}'),
        *('{"pages": 2001, "cut": false}', '{"pages": 0, "cut": false}', '{"pages": 1, "cut": false, "plain": 1}'),
        *('{"reason": "<script>"}', '{"reason": []}', '{"reason": "damaged", "pages": 1, "cut": true}'),
    ],
)
def test_an_outcome_that_the_program_never_tells_is_none(behaving, tmp_path, lie):
    (tmp_path / "lie").write_text(lie)
    assert behaving("lie") == {"reason": Reason.BROKE}


@pytest.mark.parametrize("behaviour", ["link", "link_hard"])
def test_an_outcome_that_is_another_s_file_isn_t_read(behaving, tmp_path, behaviour):
    (tmp_path / "lie").write_text('{"pages": 1, "cut": false}')
    assert behaving(behaviour) == {"reason": Reason.BROKE}


def test_what_it_writes_nobody_else_may_read(behaving, tmp_path):
    behaving("tell")
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600


def test_the_program_is_told_no_secret(behaving, monkeypatch, tmp_path):
    for name in ("DJANGO_SECRET_KEY", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "geheim")
    known = {"PATH", "LANG", "HOME", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "FONTCONFIG_FILE", "FONTCONFIG_PATH"}
    behaving("tell")
    assert set(json.loads((tmp_path / "environment").read_text())) - known <= {"LC_CTYPE"}  # Python's own


@pytest.fixture
def drawn(db, tmp_path, preparer):
    """Store content and have its first page drawn."""

    def drawn(content: bytes, kind: str):
        with workshop() as folder:
            return rendered(store([content], name="x", by=preparer), kind, folder / "out", "--last", "1")

    return drawn


def test_a_file_is_drawn_by_the_real_program(drawn):
    assert drawn(pdf_of("Alpha", "Beta"), "pdf") == {"pages": 2, "cut": False}


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (pdf_of("Alpha", password="geheim"), "pdf", Reason.ENCRYPTED),
        (pixel_bomb(), "picture", Reason.TOO_LARGE),
        (b"PK\x03\x04", "xlsx", Reason.DAMAGED),
        (workbook(("帳號", [[1]]))[:-40], "xlsx", Reason.DAMAGED),
    ],
    ids=["encrypted", "bomb", "no archive", "truncated"],
)
def test_a_bad_file_has_its_reason(drawn, content, kind, reason):
    assert drawn(content, kind) == {"reason": reason}


def test_where_the_reserve_would_be_needed_nothing_is_drawn(drawn, settings):
    settings.DISK_RESERVE = 100
    with pytest.raises(NoRoom):
        drawn(pdf_of("Alpha"), "pdf")


def test_nothing_of_the_work_stays(drawn, settings):
    drawn(pdf_of("Alpha"), "pdf")
    assert list(Path(settings.PREVIEW_ROOT).iterdir()) == []
