"""An engagement and what its gates, its conclusion and its report's status need to know of it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from engagements.accepted import Accepted
from engagements.models import Engagement, Stage
from evidence.models import Request
from findings.models import Finding, FindingLink
from procedures.models import Section
from procedures.queries import PaperLine, paper_lines
from signoff import period
from signoff.fingerprint import fingerprint_of, printed
from signoff.models import Conclusion, EngagementSignOff
from signoff.planning import Plan


@dataclass
class Standing(period.Covering):
    """What the gates know of an engagement, each asked at most once."""

    engagement: Engagement
    known_lines: list[PaperLine] | None = None

    @cached_property
    def lines(self) -> list[PaperLine]:
        """Every paper at a glance; its evidence isn't counted, as no gate asks for it."""
        return paper_lines(self.engagement, count_evidence=False) if self.known_lines is None else self.known_lines

    @property
    def due(self) -> list[PaperLine]:
        """The papers that have to be done by now: those of section D are written while the report is."""
        if self.engagement.stage in {Stage.REPORTING, Stage.QUALITY_REVIEW}:
            return self.lines
        return [line for line in self.lines if line.section != Section.COMPLETION]

    @cached_property
    def accepted(self) -> Accepted:
        """What the engagement was accepted on."""
        return Accepted(self.engagement)

    @cached_property
    def plan(self) -> Plan:
        """The plan and its approval."""
        return Plan(self.engagement, self.lines)

    @cached_property
    def requests(self) -> Counter[str]:
        """The number of requests by state; under "overdue" those that the broker owes since their due date."""
        requests = Request.objects.filter(engagement=self.engagement).order_by()
        rows = requests.values_list("state").annotate(
            number=Count("id"),
            late=Count("id", filter=Q(state__in=Request.OPEN_STATES, due_on__lt=timezone.localdate())),
        )
        states: Counter[str] = Counter()
        for state, number, late in rows:
            states.update({state: number, "overdue": late})
        return states

    @cached_property
    def all_findings(self) -> list[Finding]:
        """Every finding by number, the withdrawn too; `.tied` says whether it comes from an exception."""
        tied = Exists(FindingLink.objects.filter(finding=OuterRef("pk")))
        return list(Finding.objects.filter(engagement=self.engagement).annotate(tied=tied).order_by("number"))

    @property
    def findings(self) -> list[Finding]:
        """The findings that count: all but the withdrawn."""
        return [finding for finding in self.all_findings if not finding.is_withdrawn]

    @cached_property
    def conclusion(self) -> Conclusion | None:
        return Conclusion.objects.filter(engagement=self.engagement).select_related("decided_by").first()

    @cached_property
    def fingerprint(self) -> str:
        """The file's fingerprint, from what is known already."""
        return fingerprint_of(
            self.engagement,
            papers=[(line.code, line.content_version, line.signed_hash) for line in self.lines],
            findings=[(finding.number, finding.version) for finding in self.all_findings],
            conclusion=self.conclusion,
            printed=printed(self.engagement),
        )

    @cached_property
    def signed(self) -> set[str]:
        """The roles that signed the file as it is now."""
        rows = EngagementSignOff.objects.filter(engagement=self.engagement, fingerprint=self.fingerprint)
        return set(rows.values_list("role", flat=True))

    def url(self, name: str) -> str:
        return reverse(name, kwargs={"engagement": self.engagement.pk})
