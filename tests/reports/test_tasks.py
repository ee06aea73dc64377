"""The worker's part: one frozen binder, one rendering, whatever happens in between."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from engagements.models import TeamMember
from foundation.files.models import StoredFile
from foundation.jobs.actions import retry_job
from foundation.jobs.models import Job
from foundation.trail.queries import events_of
from procedures.models import ProcedureResult
from reports import pdf, tasks
from reports.binder import Binder
from reports.engine import RenderingFailed
from signoff.models import ReportVersion
from tests.reports.conftest import finish

State = ReportVersion.State


def events(report):
    return [event.name for event in events_of(report.engagement.chain, event="report").order_by("seq")]


def content_of(stored):
    with stored.open() as file:
        return file.read()


def files_on_disk():
    return [path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()]


def test_a_draft_becomes_a_pdf_a_workbook_a_docx_and_a_frozen_binder(draft):
    rendered = finish(draft)
    assert (rendered.state, rendered.job.state) == (State.RENDERED, Job.State.DONE)
    assert content_of(rendered.pdf).startswith(b"%PDF-1.7")
    assert content_of(rendered.workbook).startswith(b"PK")
    assert content_of(rendered.docx).startswith(b"PK")
    assert [1, "第五章　控制重點評估結果明細"] in [heading[:2] for heading in rendered.outline]
    assert rendered.pages > 20
    assert events(rendered) == ["report.requested", "report.frozen", "report.rendered"]


def test_hashes_on_record_are_those_of_the_files(rendered):
    for stored in (rendered.binder, rendered.pdf, rendered.workbook, rendered.docx):
        assert hashlib.sha256(content_of(stored)).hexdigest() == stored.sha256


def test_the_frozen_binder_is_what_was_printed(rendered):
    binder = Binder.from_json(content_of(rendered.binder))
    assert binder.digest() == rendered.binder.sha256
    assert binder.draft


def test_a_draft_says_what_it_still_lacks_for_a_final_report(rendered):
    assert "230" in rendered.problems[0]
    assert rendered.problems[1:] == [
        "評估範圍章尚未填列「評估系統」。",
        "評估範圍章尚未填列「場所」。",
        "結論尚未作成。",
    ]


def test_a_second_delivery_renders_nothing(rendered, monkeypatch):
    monkeypatch.setattr(pdf, "render", None)
    before = rendered.pdf_id, StoredFile.objects.count()
    Job.objects.filter(pk=rendered.job_id).update(state=Job.State.QUEUED)
    assert finish(rendered).job.state == Job.State.DONE
    assert (rendered.pdf_id, StoredFile.objects.count()) == before


def test_a_retry_renders_the_binder_that_was_frozen_first(draft, quick, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "render", lambda *args: 1 / 0)
        finish(draft)
    frozen = draft.binder
    assert (draft.state, draft.job.state) == (State.QUEUED, Job.State.QUEUED)
    ProcedureResult.objects.filter(workpaper__engagement=draft.engagement).update(work="改過的內容")
    finish(draft)
    assert draft.binder == frozen
    assert "改過的內容" not in content_of(draft.binder).decode()
    assert draft.state == State.RENDERED


def test_the_third_failure_is_final_and_says_why(draft, monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda *args: 1 / 0)
    for _attempt in range(3):
        finish(draft)
    assert (draft.state, draft.job.state) == (State.FAILED, Job.State.FAILED)
    assert "ZeroDivisionError" in draft.job.cause
    assert events(draft)[-1] == "report.failed"


@pytest.mark.parametrize("error", [RenderingFailed("no image"), tasks.BadCell("表!A1: too long")])
def test_what_lies_in_the_content_fails_at_once(draft, monkeypatch, error):
    def fail(*args):
        raise error

    monkeypatch.setattr(pdf, "render", fail)
    finish(draft)
    assert (draft.state, draft.job.attempts, draft.job.cause) == (State.FAILED, 1, str(error))


def test_a_failed_rendering_leaves_no_pdf_behind(draft, quick, monkeypatch):
    monkeypatch.setattr(tasks.workbook, "render", lambda binder: 1 / 0)
    before, on_disk = list(StoredFile.objects.values_list("pk", flat=True)), len(files_on_disk())
    finish(draft)
    kept = StoredFile.objects.exclude(pk__in=before)
    assert [file.name.rsplit(".", 1)[1] for file in kept] == ["json"]
    assert len(files_on_disk()) == on_disk + 1


def test_a_text_too_long_to_print_fails_with_its_paper(draft):
    result = ProcedureResult.objects.filter(workpaper__engagement=draft.engagement, workpaper__code="1.1").first()
    ProcedureResult.objects.filter(pk=result.pk).update(work="字" * 20_001)
    finish(draft)
    assert draft.state == State.FAILED
    assert "C-1.1" in draft.job.cause


def test_whoever_left_the_team_gets_no_report(draft, preparer, partner):
    TeamMember.objects.filter(user=partner).delete()
    finish(draft)
    assert (draft.state, draft.pdf, draft.binder) == (State.FAILED, None, None)


def test_a_colleague_gets_the_report_that_somebody_who_left_had_asked_for(draft, quick, reviewer, partner):
    TeamMember.objects.filter(user=partner).delete()
    finish(draft)
    retry_job(draft.job, by=reviewer)
    assert finish(draft).state == State.RENDERED


def test_progress_names_the_stages_in_order(draft, monkeypatch):
    told = []
    monkeypatch.setattr("foundation.jobs.lease.RunningJob.progress", lambda self, *step: told.append(step))
    finish(draft)
    assert told == [(n, 7, stage) for n, stage in enumerate(tasks.STAGES)]


def test_file_names_say_whose_report_it_is(rendered):
    assert rendered.pdf.name.startswith("安信數位證券_")
    assert rendered.pdf.name.endswith("_v1.pdf")
