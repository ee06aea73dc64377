"""When a report is issued, the bytes of its file are sealed where they are kept, and the trail says so once."""

import stat
from datetime import UTC, date
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from engagements.models import Engagement
from evidence.models import Evidence
from foundation.files.actions import store
from foundation.files.models import StoredFile
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from foundation.trail.queries import events_of
from signoff import tasks
from signoff.models import ReportVersion
from signoff.reporting import Rendering, issue_report, record_rendering, request_report
from signoff.sealing import seal, sealed_until
from tests import beginnings
from tests.storages import client, keep_in_bucket

IN_BUCKET = pytest.mark.with_server("s3")


def add_evidence(engagement: Engagement, number: int, by) -> Evidence:
    file = store([f"evidence {number}".encode()], name=f"{number}.txt", by=by)
    day = date(2026, 3, 31)
    place = {"number": number, "title": file.name, "covered_from": day, "covered_to": day}
    return Evidence.objects.create(engagement=engagement, file=file, **place)


@pytest.fixture
def issue(quality_review, partner, monkeypatch):
    """Issue the report of an engagement with two pieces of evidence and the signed letter; gates are tested apart."""

    def issued() -> ReportVersion:
        beginnings.lettered(quality_review, partner=partner)
        for number in (2, 3):
            add_evidence(quality_review, number, partner)
        monkeypatch.setattr("signoff.reporting.final_blockers", lambda _engagement: [])
        monkeypatch.setattr("signoff.reporting.issue_blockers", lambda _report: [])
        monkeypatch.setattr("signoff.reporting._refuse_to_sign", lambda _report, _by: None)
        report = request_report(quality_review, final=True, by=partner)
        binder, pages, sheets = (store([text], name="report.bin", by=partner) for text in (b"binder", b"pdf", b"xlsx"))
        report = record_rendering(report, Rendering(binder, pages, sheets, pages=42, problems=[]))
        return issue_report(report, by=partner)

    return issued


@pytest.fixture
def bucket(settings):
    """The place where everything is kept; to be asked for before what keeps something."""
    return keep_in_bucket(settings)


def run_job() -> None:
    perform(Job.objects.get(task="signoff.seal").pk, tasks.seal)


def sealed_events(report: ReportVersion) -> list[dict]:
    return [event.content for event in events_of(report.engagement.chain, event="evidence.sealed")]


def places(settings) -> list[Path]:
    return [settings.EVIDENCE_ROOT / file.key for file in StoredFile.objects.all()]


@pytest.fixture
def unsealed(issue, settings) -> ReportVersion:
    """An issued report whose six files were restored from a copy that knew no modes."""
    report = issue()
    for place in places(settings):
        place.chmod(0o644)
    return report


def test_a_job_seals_evidence_and_report_when_the_report_is_issued(unsealed, settings):
    run_job()
    assert [stat.S_IMODE(place.stat().st_mode) for place in places(settings)] == [0o400] * 7


def test_another_engagement_s_files_are_left_alone(unsealed, settings, partner):
    other = store([b"of nobody"], name="other.txt", by=partner)
    place = settings.EVIDENCE_ROOT / other.key
    place.chmod(0o644)
    seal(unsealed)
    assert stat.S_IMODE(place.stat().st_mode) == 0o644


def test_the_trail_says_how_many_until_when_and_by_what(unsealed):
    run_job()
    (told,) = sealed_events(unsealed)
    assert told["facts"] == {"files": 7, "until": sealed_until(unsealed).isoformat(), "lock": "read-only"}
    assert told["actor"]["label"] == "system"


def test_sealing_again_says_nothing_new(unsealed):
    seal(unsealed)
    seal(unsealed)
    assert len(sealed_events(unsealed)) == 1


def test_a_missing_file_fails_the_job_after_the_others_are_sealed(unsealed, settings):
    first, *others = places(settings)
    first.unlink()
    run_job()
    job = Job.objects.get(task="signoff.seal")
    assert (job.state, job.cause.split(":")[0]) == (Job.State.QUEUED, "FileNotFoundError")
    assert [stat.S_IMODE(place.stat().st_mode) for place in others] == [0o400] * 6
    assert sealed_events(unsealed) == []


@pytest.mark.parametrize(
    ("report_date", "years", "until"),
    [
        (date(2027, 3, 20), 10, date(2037, 3, 20)),
        (date(2028, 2, 29), 10, date(2038, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 3, 1)),
    ],
)
def test_the_retention_counts_from_the_report_s_date(settings, report_date, years, until):
    settings.RETENTION_YEARS = years
    assert sealed_until(ReportVersion(report_date=report_date)) == until


def test_the_command_seals_restored_bytes_anew(unsealed, settings):
    said = StringIO()
    call_command("seal_evidence", stdout=said)
    assert said.getvalue() == f"{unsealed.report_number}: 7 files\n"
    assert [stat.S_IMODE(place.stat().st_mode) for place in places(settings)] == [0o400] * 7


def test_the_command_names_what_it_could_not_seal(unsealed, settings):
    lost = places(settings)[0]
    lost.unlink()
    said = StringIO()
    with pytest.raises(CommandError, match="1 could not be sealed"):
        call_command("seal_evidence", stdout=StringIO(), stderr=said)
    assert lost.name in said.getvalue()


@IN_BUCKET
def test_in_a_bucket_the_server_keeps_every_file_until_that_day(bucket, issue):
    report = issue()
    run_job()
    for file in StoredFile.objects.all():
        kept = client().get_object_retention(Bucket=bucket.bucket, Key=f"{bucket.prefix}/{file.key}")["Retention"]
        assert kept["Mode"] == "GOVERNANCE"
        assert kept["RetainUntilDate"].astimezone(UTC).date() == sealed_until(report)
        with pytest.raises(PermissionError):
            default_storage.delete(file.key)
    (told,) = sealed_events(report)
    assert told["facts"]["lock"] == "GOVERNANCE"
