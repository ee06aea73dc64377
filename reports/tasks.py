"""What a worker does for a report version: freeze its binder once, draw PDF, xlsx and docx from it, say how it went."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from foundation.accounts.models import User
from foundation.files.actions import store
from foundation.files.models import StoredFile
from foundation.jobs.execution import Hopeless, job_task
from foundation.jobs.lease import RunningJob
from foundation.jobs.models import MAX_ATTEMPTS
from foundation.spreadsheets.writing import BadCell
from foundation.web.refusals import Refused
from reports import pdf, readiness, word, workbook
from reports.binder import Binder
from reports.compilation import compile_binder
from reports.engine import RenderingFailed
from reports.readiness import NotReady
from signoff.models import ReportVersion
from signoff.reporting import RENDER_TASK, Rendering, freeze_binder, record_failure, record_rendering

# The stages as the job's progress names them; msgids are translated where the page shows them.
STAGES = ("compile", "check", "compose", "layout", "write", "workbook", "word")


@job_task(RENDER_TASK, queue="render")
def render(job: RunningJob, *, report: str) -> None:
    """Render a report version. Safe to run again: the binder is frozen once, and what is rendered is kept."""
    version = ReportVersion.objects.select_related("engagement__auditee", "binder", "requested_by").get(pk=report)
    if version.pdf_id is not None:
        return
    with _reporting_failure(version, last=job.attempt >= MAX_ATTEMPTS):
        _check_right(version, job)
        record_rendering(version, _rendered(version, job))


def _rendered(version: ReportVersion, job: RunningJob) -> Rendering:
    _tell(job, "compile")
    stored = frozen_binder(version)
    with stored.open() as file:
        binder = Binder.from_json(file.read())
    drawn = pdf.render(binder, lambda stage: _tell(job, stage))
    _tell(job, "workbook")
    sheets = workbook.render(binder)
    _tell(job, "word")
    text = word.render(binder)
    return Rendering(
        binder=stored,
        pdf=_store(version, "pdf", drawn.content),
        workbook=_store(version, "xlsx", sheets),
        docx=_store(version, "docx", text),
        pages=drawn.pages,
        outline=[[heading.level, heading.label, heading.page] for heading in drawn.outline],
        problems=_problems(binder),
    )


def frozen_binder(version: ReportVersion) -> StoredFile:
    """The binder of this version: the one frozen before, else compiled from the rows as they are now."""
    if version.binder is None:
        content = compile_binder(version).to_json()
        version.binder = freeze_binder(version, _store(version, "json", content)).binder
    assert version.binder is not None  # noqa: S101 -- freeze_binder has set it
    return version.binder


def _problems(binder: Binder) -> list[str]:
    """What would keep this draft from being final, in the language of the report."""
    with translation.override("zh-hant"):
        return [str(problem) for problem in readiness.problems(binder)]


def _store(version: ReportVersion, extension: str, content: bytes) -> StoredFile:
    number = version.report_number or f"v{version.number}"
    name = f"{version.engagement.auditee.short_name}_{version.engagement.title}_{number}.{extension}"
    return store([content], name=name, by=version.requested_by)


def _tell(job: RunningJob, stage: str) -> None:
    job.progress(STAGES.index(stage), len(STAGES), stage)


def _check_right(version: ReportVersion, job: RunningJob) -> None:
    """Whoever asked, or tried again, may have left the team since; the system itself (no requester) may always. Nobody
    may once the engagement is withdrawn.
    """
    if version.engagement.is_withdrawn:
        raise Hopeless("The engagement was withdrawn.")
    if not job.requested_by:
        return
    if not User.objects.get(pk=job.requested_by).can("report.render", version.engagement):
        raise Hopeless("The person who asked for this report may no longer do so.")


@contextmanager
def _reporting_failure(version: ReportVersion, *, last: bool) -> Iterator[None]:
    """Tell signoff when it is over. What lies in the content fails at once: another attempt would say the same."""
    try:
        yield
    except (NotReady, RenderingFailed, BadCell, Refused) as error:
        record_failure(version, cause=str(error))
        raise Hopeless(str(error)) from error
    except Hopeless as error:
        record_failure(version, cause=str(error))
        raise
    except Exception as error:
        if last:
            record_failure(version, cause=f"{type(error).__name__}: {error}")
        raise
