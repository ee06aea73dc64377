"""What is larger than a chunk is read once more as a whole, by a worker, before it counts as received."""

import hashlib

import pytest
from django.utils.translation import gettext as _

from foundation.files import checking
from foundation.files.models import CHUNK, Upload
from foundation.files.staging import staged
from foundation.files.storage import LocalStorage
from foundation.jobs.models import Job
from tests.sending import upload_at, work


@pytest.fixture
def sent(sender, fieldwork, large) -> str:
    """All chunks have come; the worker hasn't looked yet."""
    url = sender.begin(fieldwork, len(large))
    for offset in range(0, len(large), CHUNK):
        sender.put(url, large[offset : offset + CHUNK], offset)
    return url


def test_until_then_it_is_being_checked(sender, sent, large):
    assert sender.look(sent)["state"] == "checking"
    work()
    assert (sender.look(sent)["state"], sender.look(sent)["sha256"]) == ("ready", hashlib.sha256(large).hexdigest())


def test_the_job_is_asked_for_once_by_the_sender(preparer, sent):
    (job,) = Job.objects.filter(task="files.check")
    assert (job.key, job.requested_by) == (f"files.check:{upload_at(sent).pk}", str(preparer.pk))


def test_with_a_virus_scanner_small_files_wait_for_it_too(settings, sender, fieldwork):
    settings.CLAMD = "tcp://localhost:3310"
    url = sender.begin(fieldwork, 7)
    assert sender.put(url, b"content").json()["state"] == "checking"


@pytest.mark.parametrize("damage", [lambda file: file.write(b"\0" * 100), lambda file: file.truncate(CHUNK)])
def test_bytes_that_changed_on_the_disk_are_refused_and_removed(sender, sent, on_disk, damage):
    with staged(upload_at(sent)).open("r+b") as file:
        damage(file)
    work()
    said = sender.look(sent)
    assert (said["state"], "損壞" in said["cause"] or "damaged" in said["cause"]) == ("refused", True)
    assert on_disk() == []


def test_bytes_beyond_the_last_chunk_are_refused(sender, sent, on_disk):
    with staged(upload_at(sent)).open("ab") as file:
        file.write(b"more")
    work()
    assert (sender.look(sent)["state"], on_disk()) == ("refused", [])


def test_bytes_that_are_gone_are_refused(sender, sent):
    staged(upload_at(sent)).unlink()
    work()
    assert sender.look(sent)["state"] == "refused"


def test_a_check_that_fails_for_good_is_told_without_names_of_servers(sender, sent, monkeypatch, on_disk, caplog):
    def broken(*_args):
        raise OSError("ab/12: Could not connect to the endpoint URL: https://s3.example/bucket")

    monkeypatch.setattr(checking, "inspect", broken)
    work()
    said = sender.look(sent)
    assert (said["state"], said["cause"], on_disk()) == ("refused", _(checking.UNCHECKED), [])
    assert "s3.example" in caplog.text


def test_a_worker_that_died_once_too_often_is_told_of(sender, sent):
    Job.objects.filter(task="files.check").update(state=Job.State.FAILED, cause="OSError: s3.example")
    assert (sender.look(sent)["state"], sender.look(sent)["cause"]) == ("refused", _(checking.UNCHECKED))


def test_what_is_kept_elsewhere_waits_for_the_worker_too(sender, fieldwork, monkeypatch):
    """A bucket that is away is no error of the sender's request."""
    monkeypatch.setattr(LocalStorage, "at_hand", False)
    url = sender.begin(fieldwork, 7)
    with monkeypatch.context() as away:
        away.setattr(LocalStorage, "keep", _away)
        assert sender.put(url, b"content").json()["state"] == "checking"
    work()
    assert sender.look(url)["state"] == "ready"


def _away(*_args: object) -> None:
    raise OSError("Could not connect")


def test_who_gave_up_meanwhile_is_not_checked(sender, sent, on_disk):
    sender.client.delete(sent)
    work()
    assert (Upload.objects.count(), on_disk()) == (0, [])
    assert Job.objects.get(task="files.check").state == Job.State.DONE
