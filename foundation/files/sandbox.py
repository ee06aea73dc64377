"""Runs the program that opens strangers' files: no secrets in its environment, limits, a clock, an end to all of it."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from foundation.files.models import CHUNK, StoredFile
from foundation.files.rendering.limits import PAGES, WALL_SECONDS
from foundation.files.rendering.outcomes import Reason
from foundation.files.room import check_room

PROGRAM = "foundation.files.rendering"
_PASSED_ON = ("PATH", "LANG", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_TIMED_OUT = frozenset({-signal.SIGXCPU, -signal.SIGALRM})
_LONGEST = 10_000  # bytes of an outcome
_REASONS = [*Reason]

Outcome = dict[str, Any]


@contextmanager
def workshop() -> Iterator[Path]:
    """Yield a private folder on the disk of the previews, which is gone afterwards."""
    root = Path(settings.PREVIEW_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="work-", dir=root) as folder:
        yield Path(folder)


def rendered(file: StoredFile, kind: str, out: Path, *arguments: str) -> Outcome:
    """Copy the stored bytes beside `out` and run the program on them; return its outcome, or the reason for none.

    Raises NoRoom where the disk's reserve would be needed.
    """
    check_room(file.size, Path(settings.PREVIEW_ROOT))
    source = out.parent / "source"
    with file.open() as stored, source.open("wb") as copy:
        shutil.copyfileobj(stored, copy, CHUNK)
    out.mkdir()
    return run(str(source), kind, str(out), *arguments, out=out)


def run(*arguments: str, out: Path, seconds: float = WALL_SECONDS, program: str = PROGRAM) -> Outcome:
    """Run the program until it ends or its time is up; all that it started ends with it."""
    command = [sys.executable, "-m", program, *arguments]
    with (out / "log").open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 -- our own program; the arguments are paths and numbers
            command,
            cwd=settings.BASE_DIR,
            env=_environment(out),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
        )
        try:
            status = child.wait(seconds)
        except subprocess.TimeoutExpired:
            return {"reason": Reason.TOO_LONG}
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    if status != 0:
        return {"reason": Reason.TOO_LONG if status in _TIMED_OUT else Reason.BROKE}
    return _outcome(out / "outcome.json")


def is_plain(place: Path) -> bool:
    """Whether it is a file and nothing else: a program that its input took over may leave links to any file of ours."""
    try:
        found = place.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1


def _environment(home: Path) -> dict[str, str]:
    """Keep what finds programs and fonts; addresses, passwords and keys stay here."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}


def _outcome(told: Path) -> Outcome:
    """Return what the program told, if it is what the program tells: its input may have taken it over."""
    outcome: Any = None
    if is_plain(told):
        with told.open("rb") as file, suppress(ValueError, RecursionError):
            outcome = json.loads(file.read(_LONGEST))
    return outcome if _is_sound(outcome) else {"reason": Reason.BROKE}


def _is_sound(outcome: object) -> bool:
    match outcome:
        case {"reason": reason, **others}:
            return not others and reason in _REASONS
        case {"pages": pages, "cut": cut, **others}:
            return not others and type(pages) is int and 0 < pages <= PAGES and type(cut) is bool
        case _:
            return False
