"""An upload may be cut off anywhere: the process killed, the line lost, the page closed.

After each cut the sender can go on, and what arrives is what was sent; or nobody comes back, and a day later nothing
is left.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.core.files.storage import default_storage

from foundation.files import checking, staging, upload_views, uploads
from foundation.files.models import CHUNK, StoredFile, Upload
from foundation.files.reaping import reap
from foundation.files.tasks import check
from foundation.files.uploads import take
from foundation.jobs.actions import retry_job
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from tests.sending import upload_at, work


class Killed(BaseException):
    """As if the process had been killed here: no handler of ours may see it as an error."""


def before(monkeypatch, owner: Any, name: str) -> None:
    """Die instead of calling a function."""

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    monkeypatch.setattr(owner, name, die)


def after(monkeypatch, owner: Any, name: str) -> None:
    """Die as soon as a function has done its work."""
    real = getattr(owner, name)

    def do_and_die(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(owner, name, do_and_die)


def half_written(monkeypatch) -> None:
    real = os.pwrite

    def write_and_die(descriptor: int, content: memoryview, offset: int) -> int:
        real(descriptor, content[: len(content) // 2], offset)
        raise Killed

    monkeypatch.setattr(os, "pwrite", write_and_die)


# Where, and what breaks there: while the first chunk is sent, while the last one is, in the worker.
FIRST: dict[str, Callable[[Any], None]] = {
    "before anything of a chunk is written": lambda patch: before(patch, uploads, "write"),
    "half of a chunk written": half_written,
    "a chunk written, not synced": lambda patch: before(patch, staging.os, "fsync"),
    "between a chunk's bytes and its row": lambda patch: after(patch, uploads, "write"),
    "before the row is saved": lambda patch: before(patch, Upload, "save"),
    "after the row, before the answer": lambda patch: before(patch, upload_views, "_told"),
}
LAST: dict[str, Callable[[Any], None]] = {
    "all bytes here, no job asked for": lambda patch: before(patch, uploads, "check_whole"),
    "between the last chunk and the check": lambda patch: before(patch, checking, "settle"),
    "in the middle of the check": lambda patch: before(patch, checking, "inspect"),
    "between what was found and keeping it": lambda patch: before(patch, checking, "_settle"),
    "between keeping and the row": lambda patch: after(patch, checking, "_keep"),
    "after the row, the job's end not written": lambda patch: after(patch, checking, "_settle"),
}


@contextmanager
def cut(monkeypatch, how: Callable[[Any], None]) -> Iterator[None]:
    """Break one thing while inside; whoever asks meanwhile gets no answer."""
    with monkeypatch.context() as patch, suppress(Killed):
        how(patch)
        yield


@pytest.fixture(params=[*FIRST, *LAST])
def cut_upload(request, monkeypatch, sender, fieldwork, large) -> str:
    """The address of an upload that was cut off once, at each of the points."""
    url = sender.begin(fieldwork, len(large))
    if request.param in FIRST:
        with cut(monkeypatch, FIRST[request.param]):
            sender.put(url, large[:CHUNK])
            pytest.fail("nothing was cut")
        return url
    sender.put(url, large[:CHUNK])
    sender.put(url, large[CHUNK : 2 * CHUNK], CHUNK)
    with cut(monkeypatch, LAST[request.param]):
        sender.put(url, large[2 * CHUNK :], 2 * CHUNK)
        attempt_once()
    return url


def attempt_once() -> None:
    """One attempt of a worker that dies in it: the job is queued again."""
    perform(Job.objects.get(task="files.check").pk, check)
    assert Job.objects.get(task="files.check").state == Job.State.QUEUED


def test_who_goes_on_ends_with_the_bytes_that_were_sent(sender, cut_upload, large, on_disk):
    said = sender.go_on(cut_upload, large)
    assert said["state"] == "ready"
    (stored,) = take([upload_at(cut_upload)])
    with stored.open() as file:
        assert file.read() == large
    assert len(on_disk()) == 1, "and nothing beside them"


def test_who_never_comes_back_leaves_nothing(cut_upload, a_day_later, on_disk):
    a_day_later()
    reap()
    assert (Upload.objects.count(), StoredFile.objects.count(), on_disk()) == (0, 0, [])
    work()
    assert on_disk() == [], "a job that was still waiting finds nothing to do"


def test_an_announcement_whose_answer_was_lost_leaves_nothing(sender, fieldwork, large, a_day_later, on_disk):
    sender.begin(fieldwork, len(large))
    url = sender.begin(fieldwork, len(large))
    a_day_later()
    (stored,) = take([upload_at(url)]) if sender.go_on(url, large)["state"] == "ready" else ()
    reap()
    assert Upload.objects.count() == 0
    assert [path.name for path in on_disk()] == [stored.pk.hex]


def test_a_file_that_was_received_but_never_handed_in_leaves_nothing(sender, fieldwork, a_day_later, on_disk):
    sender.send(fieldwork, b"content")
    a_day_later()
    reap()
    assert (Upload.objects.count(), on_disk()) == (0, [])


def test_a_job_that_is_delivered_twice_checks_once(sender, fieldwork, large):
    upload = sender.send(fieldwork, large)
    Job.objects.filter(task="files.check").update(state=Job.State.FAILED)
    retry_job(Job.objects.get(task="files.check"), by=None)
    work()
    assert upload_at(f"/{upload.pk}/").state == "ready"
    assert default_storage.exists(upload.key)
