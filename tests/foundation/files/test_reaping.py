"""What nobody took is gone after a day, and nothing else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from config.celery import app
from foundation.files import tasks
from foundation.files.actions import store
from foundation.files.models import CHUNK, Upload, key_of
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from foundation.jobs.relay import request_daily
from tests.sending import upload_at


def put(place: Path) -> Path:
    """A file of ours that no row speaks of."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"of nobody")
    return place


@pytest.fixture
def reap(db) -> Callable[[], None]:
    """Let the day's job do it, as the clock asks for it."""

    def run() -> None:
        app.loader.import_default_modules()
        request_daily(app, date(2026, 11, 28))
        job = Job.objects.get(task="files.reap")
        perform(job.pk, tasks.reap)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.cause

    return run


@pytest.fixture
def half(sender, fieldwork, large) -> Upload:
    """An upload of which the first chunk has come."""
    url = sender.begin(fieldwork, len(large))
    sender.put(url, large[:CHUNK])
    return upload_at(url)


def test_an_upload_left_alone_for_a_day_goes_with_its_bytes(half, reap, a_day_later, on_disk):
    a_day_later()
    reap()
    assert (Upload.objects.count(), on_disk()) == (0, [])


@pytest.mark.parametrize("state", Upload.State.values)
def test_whatever_became_of_it(sender, fieldwork, reap, a_day_later, on_disk, state):
    sender.send(fieldwork, b"content")
    Upload.objects.update(state=state)
    a_day_later()
    reap()
    assert (Upload.objects.count(), on_disk()) == (0, [])


def test_an_upload_that_is_younger_stays(half, reap, on_disk):
    reap()
    assert (Upload.objects.count(), len(on_disk())) == (1, 1)


def test_a_slow_upload_that_still_grows_stays(half, sender, reap, a_day_later, large, on_disk):
    a_day_later()
    sender.put(f"/uploads/{half.pk}/", large[CHUNK : 2 * CHUNK], CHUNK)
    reap()
    assert (Upload.objects.count(), len(on_disk())) == (1, 1)


@pytest.mark.parametrize("prefix", ["", "own-"])
def test_staged_bytes_of_no_upload_go(settings, reap, a_day_later, db, prefix):
    place = put(Path(settings.STAGING_ROOT) / f"{prefix}{uuid4().hex}")
    a_day_later()
    reap()
    assert not place.exists()


def test_kept_bytes_that_no_row_speaks_of_go(settings, reap, a_day_later, db):
    place = put(Path(settings.EVIDENCE_ROOT) / key_of(uuid4().hex))
    a_day_later()
    reap()
    assert not place.exists()


def test_young_bytes_without_a_row_stay(settings, reap, db):
    """Whoever writes them may be about to write the row."""
    hexes = uuid4().hex, uuid4().hex
    places = [put(Path(settings.EVIDENCE_ROOT) / key_of(hexes[0])), put(Path(settings.STAGING_ROOT) / hexes[1])]
    reap()
    assert all(place.exists() for place in places)


def test_stored_bytes_stay_however_old(sender, fieldwork, reap, preparer, a_day_later, on_disk):
    store([b"a report"], name="report.pdf", by=preparer)
    store([b"of nobody in particular"], name="binder.json", by=None)
    a_day_later()
    reap()
    assert len(on_disk()) == 2


def test_what_is_not_named_as_we_name_files_is_nobody_s_business_here(settings, reap, a_day_later, db):
    places = [
        put(Path(settings.EVIDENCE_ROOT) / "lost+found" / "#12"),
        put(Path(settings.EVIDENCE_ROOT) / "ab" / "notes.txt"),
        put(Path(settings.EVIDENCE_ROOT) / "ab" / f"cd{uuid4().hex[2:]}"),
        put(Path(settings.STAGING_ROOT) / "README"),
    ]
    a_day_later()
    reap()
    assert all(place.exists() for place in places)
