"""The reports that an exchange sees: found by text, broker, kind, year and state, new ones first, with what is new."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.models import Organization, User
from foundation.trail.models import Event
from signoff.models import Reissue, ReportReturn, ReportVersion

State = ReportVersion.State
DOWNLOADED = "report.downloaded"
REPORT = ReportVersion._meta.label
RETURNED = "returned"
STATES = (
    ("", _("All states")),
    (State.ISSUED.value, pgettext_lazy("report", "In force")),
    (State.SUPERSEDED.value, State.SUPERSEDED.label),
    (State.WITHDRAWN.value, State.WITHDRAWN.label),
    (RETURNED, pgettext_lazy("report", "Returned")),
)
_LAST_DAY = Coalesce("engagement__period_end", "engagement__as_of")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty: everything. `year` is that of the period's end or of the as-of date."""

    text: str = ""
    broker: Organization | None = None
    kind: str = ""
    year: str = ""
    state: str = ""


def filed(user: User, wanted: Wanted) -> QuerySet[ReportVersion]:
    """The issued reports that the person may see, newest first."""
    reports = with_standing(ReportVersion.objects.visible_to(user)).filter(_matching(wanted.text))
    reports = reports.alias(year=ExtractYear(_LAST_DAY))
    if wanted.broker:
        reports = reports.filter(engagement__auditee=wanted.broker)
    if wanted.kind:
        reports = reports.filter(engagement__kind=wanted.kind)
    if wanted.year:
        reports = reports.filter(year=int(wanted.year))
    if wanted.state == RETURNED:
        reports = reports.filter(_is_returned())
    elif wanted.state:
        reports = reports.filter(state=wanted.state)
    shown = reports.select_related("engagement__auditee", "engagement__firm", "pdf", "workbook", "docx")
    return shown.order_by("-issued_at", "-number")


def with_standing(reports: QuerySet[ReportVersion]) -> QuerySet[ReportVersion]:
    """Annotate whether the report is returned and waits for an answer, and whether it is being reissued."""
    reissued = Exists(Reissue.objects.under_way().filter(of=OuterRef("pk")))
    return reports.annotate(is_returned=_is_returned(), is_reissued=reissued)


def _is_returned() -> Q:
    """A return waits for its answer; a report that another one replaced was answered by that."""
    waiting = Exists(ReportReturn.objects.filter(report=OuterRef("pk"), answered_at=None))
    return Q(waiting) & ~Q(state=State.SUPERSEDED)


def _matching(text: str) -> Q:
    said = Q()
    for word in text.split():
        said &= (
            Q(report_number__icontains=word)
            | Q(engagement__auditee__name__icontains=word)
            | Q(engagement__auditee__tax_id__startswith=word)
            | Q(engagement__firm__name__icontains=word)
        )
    return said


def brokers(user: User) -> QuerySet[Organization]:
    """The brokers whose reports the person may see."""
    reports = ReportVersion.objects.visible_to(user)
    return Organization.objects.filter(pk__in=reports.values("engagement__auditee")).order_by("name")


def years(user: User) -> list[tuple[str, str]]:
    """The years of those reports, the last first, with their ROC names."""
    found = ReportVersion.objects.visible_to(user).order_by().annotate(year=ExtractYear(_LAST_DAY))
    return [
        (str(year), now("ROC year %(year)d") % {"year": year - 1911})
        for year in sorted(set(found.values_list("year", flat=True)), reverse=True)
    ]


def mark_new(reports: Iterable[ReportVersion], user: User) -> None:
    """Set `is_new` on each: the person hasn't downloaded a file of it yet (one query)."""
    keys = [str(report.pk) for report in reports]
    events = Event.objects.filter(name=DOWNLOADED, actor=str(user.pk), object_type=REPORT, object_id__in=keys)
    taken = set(events.values_list("object_id", flat=True))
    for report in reports:
        report.is_new = str(report.pk) not in taken  # type: ignore[attr-defined]  # for the page


@dataclass(frozen=True, slots=True)
class Match:
    """A file that is byte for byte one of a report's: `kind` is pdf, xlsx, docx or scan."""

    report: ReportVersion
    kind: str


def matches(user: User, sha256: str) -> list[Match]:
    """The reports, among those the person may see, of which the file with this hash is one (two queries)."""
    own = Q(scans__file__sha256=sha256)
    for kept in ("pdf", "workbook", "docx"):
        own |= Q(**{f"{kept}__sha256": sha256})
    found = with_standing(ReportVersion.objects.visible_to(user)).filter(own).distinct()
    shown = found.select_related("engagement__auditee", "engagement__firm", "pdf", "workbook", "docx")
    return [Match(report, _which(report, sha256)) for report in shown.prefetch_related("reissues__version")]


def _which(report: ReportVersion, sha256: str) -> str:
    return next((kind for kind, file in report.files.items() if file and file.sha256 == sha256), "scan")
