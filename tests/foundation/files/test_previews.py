"""Pictures of pages are made when somebody looks, kept for a while, and made again."""

import json
import os
import stat
import time
from datetime import timedelta
from importlib.metadata import version as version_of
from pathlib import Path

import pytest
from django.utils import timezone

from foundation.files.actions import store
from foundation.files.kinds import kind_of
from foundation.files.previews import (
    PAUSE,
    ask_preview,
    folder_of,
    is_hopeless,
    keep,
    picture_of,
    preview_of,
    text_of,
    trim_previews,
)
from foundation.files.rendering import version
from foundation.files.tasks import preview, trim
from foundation.jobs.models import Job
from tests.foundation.files.specimens import pdf_of, workbook

State = Job.State


@pytest.fixture
def kept(db, preparer):
    """Store content under a name."""
    return lambda content, name="報告.pdf": store([content], name=name, by=preparer)


def work(job: Job) -> None:
    """Do what the job asks for, as a worker would."""
    preview(None, **job.ids)
    Job.objects.filter(pk=job.pk).update(state=State.DONE, finished_at=timezone.now())


@pytest.fixture
def draw(preparer):
    """Have a page drawn, and wait for it."""
    return lambda file, page=1: work(ask_preview(file, page=page, by=preparer))


def test_until_they_are_drawn_pages_are_waited_for(kept):
    assert preview_of(kept(pdf_of("Alpha"))).state == "waiting"


def test_what_was_drawn_is_ready_with_pictures_and_texts(kept, draw):
    file = kept(pdf_of("Alpha", "Beta"))
    draw(file)
    ready = preview_of(file)
    assert (ready.state, ready.pages, ready.cut, ready.plain) == ("ready", 2, False, False)
    assert picture_of(file, 2)[8:12] == picture_of(file, 2, small=True)[8:12] == b"WEBP"
    assert len(picture_of(file, 2, small=True)) < len(picture_of(file, 2))
    assert (text_of(file, 1), text_of(file, 2), text_of(file, 3)) == ("Alpha", "Beta", None)


def test_a_table_s_pages_are_plain_and_may_be_cut(kept, draw):
    file = kept(workbook(("帳號", [[number] for number in range(600)])), "帳號.xlsx")
    draw(file)
    assert (preview_of(file).plain, preview_of(file).cut) == (True, True)


@pytest.mark.parametrize("name", ["頁面.html", "圖.svg", "程式.exe"])
def test_what_browsers_or_machines_would_run_has_no_preview(kept, preparer, name):
    content = {"頁面.html": b"<!doctype html><p>x", "圖.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    file = kept(content.get(name, b"MZ\x90\x00" + b"\0" * 64), name)
    assert (preview_of(file).state, preview_of(file).reason) == ("none", "unsupported")
    assert ask_preview(file, by=preparer) is None


def test_why_there_is_none_is_said_and_not_tried_again_and_again(kept, draw):
    file = kept(pdf_of("Alpha", password="geheim"))
    draw(file)
    assert (preview_of(file).state, preview_of(file).reason) == ("none", "encrypted")
    assert preview_of(file).why


# Batches ------------------------------------------------------------------------------------


@pytest.fixture
def long(kept):
    """A file of fifty pages."""
    return kept(pdf_of(*(f"Page {number}" for number in range(1, 51))))


def drawn_pages(file) -> set[int]:
    return {int(place.stem) for place in folder_of(file).glob("*.txt")}


def test_pages_are_drawn_twenty_at_a_time_as_they_are_asked_for(long, draw):
    draw(long)
    assert drawn_pages(long) == set(range(1, 21))
    draw(long, 50)
    assert drawn_pages(long) == {*range(1, 21), *range(41, 51)}


def test_asking_twice_is_one_job(long, preparer):
    first, second = (ask_preview(long, page=page, by=preparer) for page in (1, 20))
    assert first == second
    assert Job.objects.count() == 1


def test_of_a_file_that_nobody_knows_yet_the_first_pages_are_drawn_whatever_is_asked_for(long, preparer):
    assert ask_preview(long, page=9_999_999, by=preparer).ids["first"] == "1"


def test_a_later_batch_that_breaks_leaves_the_earlier_pages(long, draw, monkeypatch):
    draw(long)
    monkeypatch.setattr("foundation.files.tasks.rendered", lambda *_arguments: {"reason": "broke"})
    draw(long, 21)
    assert preview_of(long).state == "ready"
    assert (is_hopeless(long, 21), is_hopeless(long, 40), is_hopeless(long, 41)) == (True, True, False)


# Again --------------------------------------------------------------------------------------


def test_what_was_cleared_away_is_drawn_again(long, draw, settings):
    draw(long)
    trim_previews(0)
    assert preview_of(long).state == "waiting"
    draw(long)
    assert drawn_pages(long) == set(range(1, 21))
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("rested", "state"), [(timedelta(0), State.FAILED), (PAUSE, State.QUEUED)])
def test_a_job_that_failed_is_tried_again_after_a_pause(long, preparer, rested, state):
    job = ask_preview(long, by=preparer)
    ended = timezone.now() - rested - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, finished_at=ended, attempts=3, cause="OSError: gone")
    assert preview_of(long).state == ("waiting" if rested else "none"), "whoever looks has it tried again"
    again = ask_preview(long, by=preparer)
    assert (again.pk, again.state) == (job.pk, state)


def test_what_another_version_drew_is_drawn_again(kept, draw, monkeypatch):
    """After an upgrade words may stand elsewhere on the pages."""
    file = kept(pdf_of("Alpha"))
    draw(file)
    monkeypatch.setattr("foundation.files.previews.version", lambda: "newer")
    assert (preview_of(file).state, picture_of(file, 1), text_of(file, 1)) == ("waiting", None, None)
    draw(file)
    assert preview_of(file).state == "ready"


@pytest.mark.parametrize("library", ["weasyprint", "pypdfium2", "pillow"])
def test_another_library_is_another_version(monkeypatch, library):
    def newer(name: str) -> str:
        return "999" if name == library else version_of(name)

    before = version.version.__wrapped__()
    monkeypatch.setattr(version, "version_of", newer)
    assert version.version.__wrapped__() != before


# What a stranger's file may have made of it ---------------------------------------------------


@pytest.fixture
def taken_over(kept, tmp_path):
    """What a program that its input took over may leave."""
    (tmp_path / "secret").write_text("geheim")
    out = tmp_path / "out"
    out.mkdir()
    (out / "000001.txt").symlink_to(tmp_path / "secret")
    (out / "000002.txt").hardlink_to(tmp_path / "secret")
    (out / "000003.webp").mkdir()
    (out / "meta.json").symlink_to(tmp_path / "secret")
    (out / "..txt").write_text("x")
    (out / "000004.txt").write_bytes(b"\xff")
    file = kept(pdf_of("Alpha"))
    keep(file, out, {"pages": 4, "cut": False}, first=1)
    return file


def test_only_plain_files_are_taken(taken_over, tmp_path):
    assert {place.name for place in folder_of(taken_over).iterdir()} == {"meta.json", "000004.txt"}
    assert (tmp_path / "secret").read_text() == "geheim"
    assert (preview_of(taken_over).pages, text_of(taken_over, 4)) == (4, "\ufffd")


def test_pictures_are_for_nobody_else_on_this_machine(kept, draw):
    file = kept(pdf_of("Alpha"))
    draw(file)
    assert stat.S_IMODE(folder_of(file).stat().st_mode) == 0o700
    assert {stat.S_IMODE(place.stat().st_mode) for place in folder_of(file).iterdir()} == {0o600}


# The cache is bounded -------------------------------------------------------------------------


def age(file, days: int) -> None:
    made = time.time() - days * 86_400
    os.utime(folder_of(file), (made, made))


def size_of(file) -> int:
    return sum(place.stat().st_size for place in folder_of(file).iterdir())


def test_beyond_the_bound_the_oldest_go_first(kept, draw):
    files = [kept(pdf_of(name)) for name in ("Alpha", "Beta", "Gamma")]
    for days, file in enumerate(files):
        draw(file)
        age(file, days)
    assert trim_previews(size_of(files[0]) + size_of(files[1])) == 1
    assert [preview_of(file).state for file in files] == ["ready", "ready", "waiting"]


def test_every_day_the_installation_s_bound_is_kept(kept, draw, settings):
    file = kept(pdf_of("Alpha"))
    draw(file)
    trim(None, day="2026-11-28")
    assert preview_of(file).state == "ready"
    settings.PREVIEW_CACHE_BYTES = 0
    trim(None, day="2026-11-29")
    assert preview_of(file).state == "waiting"


def test_what_a_killed_worker_left_behind_goes_after_a_day(settings, tmp_path):
    left, fresh = (Path(settings.PREVIEW_ROOT) / name for name in ("work-left", "work-fresh"))
    for folder in (left, fresh):
        folder.mkdir(parents=True)
        (folder / "source").write_bytes(b"x")
    os.utime(left, (0, 0))
    trim_previews(10**9)
    assert (left.exists(), fresh.exists()) == (False, True)


def test_a_picture_is_there_whole_or_not_at_all(kept, draw):
    """What tells of the pages comes last: whoever reads it finds them."""
    file = kept(pdf_of("Alpha"))
    draw(file)
    newest = max(folder_of(file).iterdir(), key=lambda place: place.stat().st_ctime_ns)
    assert (newest.name, json.loads(newest.read_text())) == ("meta.json", {"pages": 1, "cut": False})


# Kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "name", "kind"),
    [
        ("application/pdf", "報告.pdf", "pdf"),
        ("application/pdf", "沒有副檔名", "pdf"),
        ("image/tiff", "掃描.tif", "picture"),
        ("image/svg+xml", "圖.svg", None),
        ("text/html", "頁面.html", None),
        ("text/plain", "頁面.html", None),
        ("text/html", "沒有副檔名", None),
        ("text/html", "waf.log", "text"),
        ("text/plain", "設定.conf", "text"),
        ("text/x-shellscript", "備份.sh", "text"),
        ("application/json", "設定.json", "text"),
        ("application/octet-stream", "舊系統.txt", "text"),
        ("application/octet-stream", "dump.bin", None),
        ("text/plain", "帳號.csv", "table"),
        ("application/octet-stream", "帳號.csv", "table"),
        ("application/zip", "帳號.xlsx", "xlsx"),
        ("application/zip", "備份.zip", None),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "程序.docx", "docx"),
        ("application/x-dosexec", "帳號.pdf", None),
    ],
)
def test_the_kind_is_told_from_content_and_name(media_type, name, kind):
    assert kind_of(media_type, name) == kind
