"""Report versions as their pages show them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.jobs.models import Job
from signoff.models import ReportVersion

# What the job's progress names by a word, for the reader.
STAGES: dict[str, Promise] = {
    "compile": _("Collecting the papers"),
    "check": _("Checking every character"),
    "compose": _("Composing the pages"),
    "layout": _("Laying out the pages"),
    "write": _("Writing the PDF"),
    "workbook": _("Writing the workbook"),
    "word": _("Writing the docx"),
}


@dataclass(frozen=True, slots=True)
class Rendering:
    """A version's job, in the words of components/job.html."""

    pk: UUID
    get_state_display: str
    is_finished: bool
    has_failed: bool
    done: int
    total: int
    label: str | Promise
    cause: str


def rendering_of(job: Job) -> Rendering:
    """The job as its fragment shows it."""
    return Rendering(
        pk=job.pk,
        get_state_display=job.get_state_display(),
        is_finished=job.is_over,
        has_failed=job.state == Job.State.FAILED,
        done=job.done,
        total=job.total,
        label="" if job.is_over else STAGES.get(job.label, job.label),
        cause=job.cause_text,
    )


def versions_of(engagement: Engagement) -> QuerySet[ReportVersion]:
    """Every version of the engagement's report, newest first."""
    return _shown(ReportVersion.objects.filter(engagement=engagement)).order_by("-number")


def visible_versions(user: User) -> QuerySet[ReportVersion]:
    """The versions that a person may see, with what their page shows."""
    return _shown(ReportVersion.objects.visible_to(user))


def _shown(versions: QuerySet[ReportVersion]) -> QuerySet[ReportVersion]:
    return versions.select_related(
        "engagement__auditee",
        "engagement__firm",
        "engagement__filed_with",
        "engagement__cosigner__user",
        "job",
        "binder",
        "pdf",
        "workbook",
        "requested_by",
        "issued_by",
        "release__by",
        "withdrawal__by",
        "docx",
        "requested_by",
        "issued_by",
    )
