"""Pictures of a file's pages: made by a job in batches, kept in a folder that may be emptied at any time.

PREVIEW_ROOT/<id>-<version of what draws>/ holds meta.json, and for each page that was asked for NNNNNN.webp,
NNNNNN-small.webp and NNNNNN.txt, or NNNNNN.none if it can't be drawn. What another version drew isn't there.
Who may see a file, and whether it may be shown at all, is the business of whoever asks.
"""

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from foundation.accounts.models import User
from foundation.files.kinds import TYPESET, kind_of
from foundation.files.models import StoredFile
from foundation.files.rendering.outcomes import Reason
from foundation.files.rendering.version import version
from foundation.files.sandbox import is_plain
from foundation.jobs.actions import repeat_job, request_job
from foundation.jobs.models import Job

TASK = "files.preview"
BATCH = 20
PAUSE = timedelta(hours=1)  # before what failed is tried again for whoever looks
QUEUE = "preview"  # of its own: neither mails nor reports wait behind pictures
_KEPT = re.compile(r"[0-9]{6}(-small\.webp|\.webp|\.txt|\.none)")
_LEFT_BEHIND = 24 * 60 * 60  # seconds

REASONS = {
    Reason.UNSUPPORTED: _("There is no preview of this type of file."),
    Reason.ENCRYPTED: _("It is protected by a password."),
    Reason.DAMAGED: _("It is damaged, or isn't what its name says."),
    Reason.TOO_LARGE: _("Its content is larger than a preview may be."),
    Reason.TOO_LONG: _("Drawing it takes longer than a preview may."),
    Reason.BROKE: _("Drawing it needs more memory than a preview may have, or the file is damaged."),
    "failed": _("The preview could not be made. It is tried again in an hour."),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """How far the preview of a file is: `pages` when it is ready, a `reason` (of REASONS) when there is none.

    `cut`: the file holds more than its pages show. `plain`: the content set anew, without the file's own looks.
    """

    pages: int = 0
    cut: bool = False
    plain: bool = False
    reason: str = ""

    @property
    def state(self) -> str:
        """Waiting, ready or none."""
        return "none" if self.reason else "ready" if self.pages else "waiting"

    @property
    def why(self) -> str:
        """The reason in words."""
        return gettext(REASONS[self.reason]) if self.reason else ""


def folder_of(file: StoredFile) -> Path:
    """Where the file's pictures are, if they are."""
    return Path(settings.PREVIEW_ROOT) / f"{file.pk.hex}-{version()}"


def preview_of(file: StoredFile) -> Preview:
    """Return how far the preview is; asks for nothing and reads the database only while it waits."""
    kind = kind_of(file.media_type, file.name)
    if kind is None:
        return Preview(reason=Reason.UNSUPPORTED)
    meta = _meta(file)
    if not meta and (job := _job(file, 1)) and job.state == Job.State.FAILED and not _is_due_again(job):
        return Preview(reason="failed")
    return Preview(plain=kind in TYPESET, **meta)


def _meta(file: StoredFile) -> dict[str, Any]:
    try:
        meta: dict[str, Any] = json.loads((folder_of(file) / "meta.json").read_text())
    except FileNotFoundError:
        return {}
    return meta


def picture_of(file: StoredFile, page: int, *, small: bool = False) -> bytes | None:
    """Return a page's picture (WebP), None while it isn't there."""
    return _read(folder_of(file) / f"{page:06}{'-small' if small else ''}.webp")


def text_of(file: StoredFile, page: int) -> str | None:
    """Return a page's text, None while it isn't there."""
    content = _read(folder_of(file) / f"{page:06}.txt")
    return None if content is None else content.decode(errors="replace")


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def is_hopeless(file: StoredFile, page: int) -> bool:
    """Whether drawing this page was tried, and it can't be shown."""
    return (folder_of(file) / f"{page:06}.none").exists()


def ask_preview(file: StoredFile, *, page: int = 1, by: User | None) -> Job | None:
    """Have the batch with this page drawn, unless that is under way; None: there is no preview of such a file.

    Before anything is known of the file only its first batch is drawn. What was there and was cleared away is drawn
    again; what failed, after a pause.
    """
    if kind_of(file.media_type, file.name) is None:
        return None
    first = _first(file, page)
    job = request_job(TASK, {"file": str(file.pk), "first": str(first)}, key=_key(file, first), by=by)
    if _is_due_again(job):
        repeat_job(job, by=by)
    return job


def is_asked(file: StoredFile, page: int) -> bool:
    """Whether asking for this page would have nothing drawn anew: it is under way, or failed not long ago."""
    job = _job(file, _first(file, page))
    return job is not None and not _is_due_again(job)


def _is_due_again(job: Job) -> bool:
    """Whether the job is over, and may be done once more."""
    rested = job.finished_at is not None and job.finished_at < timezone.now() - PAUSE
    return job.state == Job.State.DONE or (job.state == Job.State.FAILED and rested)


def _job(file: StoredFile, first: int) -> Job | None:
    return Job.objects.filter(key=_key(file, first)).first()


def _first(file: StoredFile, page: int) -> int:
    """The first page of the batch to draw."""
    return (page - 1) // BATCH * BATCH + 1 if _meta(file) else 1


def _key(file: StoredFile, first: int) -> str:
    return f"{TASK}:{file.pk}:{first}"


def keep(file: StoredFile, drawn: Path, outcome: dict[str, Any], *, first: int) -> None:
    """Move what was drawn to its place, each file at once and what tells of it last; all of it for our own eyes.

    Nothing but plain files with names of ours is taken: what was opened is a stranger's (sandbox.is_plain).
    """
    folder = folder_of(file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if "reason" in outcome and first > 1:  # the pages before can be shown
        for page in range(first, first + BATCH):
            (folder / f"{page:06}.none").touch(mode=0o600)
        return
    for place in sorted(place for place in drawn.iterdir() if _KEPT.fullmatch(place.name) and is_plain(place)):
        place.replace(folder / place.name)
    told = drawn / uuid4().hex  # a name that nobody has made a link of
    told.touch(mode=0o600, exist_ok=False)
    told.write_text(json.dumps(outcome))
    told.replace(folder / "meta.json")


# The cache is bounded ----------------------------------------------------------------------


def trim_previews(most: int) -> int:
    """Clear away the pictures that were made longest ago beyond `most` bytes; return how many files lost theirs."""
    _clear_leftovers()
    sizes = {folder: _size(folder) for folder in _folders()}
    total, cleared = sum(sizes.values()), 0
    for folder in sorted(sizes, key=_made_at):
        if total <= most:
            break
        shutil.rmtree(folder, ignore_errors=True)
        total, cleared = total - sizes[folder], cleared + 1
    return cleared


def _folders() -> Iterator[Path]:
    return (folder for folder in Path(settings.PREVIEW_ROOT).glob("*") if not folder.name.startswith("work-"))


def _size(folder: Path) -> int:
    return sum(place.stat().st_size for place in folder.iterdir())


def _made_at(folder: Path) -> float:
    return folder.stat().st_mtime


def _clear_leftovers() -> None:
    """Remove what a worker that was killed left behind."""
    for folder in Path(settings.PREVIEW_ROOT).glob("work-*"):
        if _made_at(folder) < time.time() - _LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)
