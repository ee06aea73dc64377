"""An engagement and what its gates, its conclusion and its report's status need to know of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from engagements.accepted import Accepted
from engagements.models import Engagement, Stage
from evidence.models import Evidence, Request
from findings.asking import with_standing
from findings.following_up import missing_follow_ups
from findings.models import Finding, FindingLink, FollowUp
from procedures.models import Section
from procedures.queries import PaperLine, paper_lines
from signoff import period
from signoff.cosigning import possible_cosigners
from signoff.fingerprint import fingerprint_of, printed
from signoff.models import (
    Conclusion,
    Cosigner,
    EngagementSignOff,
    Reissue,
    ReportVersion,
    RepresentationLetter,
    SignedRepresentation,
)
from signoff.planning import Plan
from signoff.proposing import Proposal, Weighing, propose
from signoff.weighing import weigh


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
        """Every finding by number, the withdrawn too; `.tied` says whether it comes from an exception, `.answered` and
        `.released_wording` what management was told and whether it answered.
        """
        tied = Exists(FindingLink.objects.filter(finding=OuterRef("pk")))
        findings = with_standing(Finding.objects.filter(engagement=self.engagement))
        return list(findings.annotate(tied=tied).order_by("number"))

    @property
    def findings(self) -> list[Finding]:
        """The findings that count: all but the withdrawn."""
        return [finding for finding in self.all_findings if not finding.is_withdrawn]

    @cached_property
    def uncarried(self) -> bool:
        """Whether the predecessor's report found what isn't carried over to be followed up."""
        return missing_follow_ups(self.engagement).exists()

    @cached_property
    def unfollowed(self) -> int:
        """The number of earlier findings not assessed, or found again as one that was withdrawn since."""
        rows = FollowUp.objects.filter(engagement=self.engagement)
        return rows.filter(Q(status="") | Q(repeat__withdrawn_at__isnull=False)).count()

    @cached_property
    def conclusion(self) -> Conclusion | None:
        return Conclusion.objects.filter(engagement=self.engagement).select_related("decided_by").first()

    @cached_property
    def weighings(self) -> Sequence[Weighing]:
        """What bears on the conclusion."""
        return weigh(self.engagement)

    def proposal(self, pervasive: str = "") -> Proposal:
        """What the rules propose, given the partner's answer on how far the effects reach."""
        return propose(self.weighings, pervasive=pervasive)

    @cached_property
    def representation(self) -> RepresentationLetter | None:
        """The last draft of the representation letter."""
        return RepresentationLetter.objects.filter(engagement=self.engagement).order_by("-number").first()

    @cached_property
    def representation_signed(self) -> SignedRepresentation | None:
        """The last draft as it came back signed; nothing while it hasn't, or where its scan was withdrawn since."""
        rows = SignedRepresentation.objects.filter(letter=self.representation).order_by("-id")
        rows = rows.filter(scan__in=Evidence.objects.in_force())
        return rows.select_related("scan", "recorded_by").first() if self.representation else None

    @cached_property
    def unfit_cosigner(self) -> Cosigner | None:
        """The second signer, if whoever was named may be none any more."""
        named = Cosigner.objects.filter(engagement=self.engagement).select_related("user")
        return named.exclude(user__in=possible_cosigners(self.engagement)).first()

    @cached_property
    def last_evidence(self) -> datetime | None:
        """When the last piece of evidence came in."""
        found: datetime | None = Evidence.objects.filter(engagement=self.engagement).aggregate(last=Max("received_at"))[
            "last"
        ]
        return found

    @cached_property
    def fingerprint(self) -> str:
        """The file's fingerprint, from what is known already; of an issued file the one that it was issued with."""
        return self._issued_fingerprint or self._current_fingerprint()

    @property
    def _issued_fingerprint(self) -> str:
        """What is changed later in accounts and letter templates makes no signature of an issued file stale."""
        if not self.engagement.is_issued:
            return ""
        issued = ReportVersion.objects.filter(engagement=self.engagement, state=ReportVersion.State.ISSUED)
        return issued.values_list("fingerprint", flat=True).first() or ""

    def _current_fingerprint(self) -> str:
        return fingerprint_of(
            self.engagement,
            papers=[(line.code, line.content_version, line.signed_hash) for line in self.lines],
            findings=[(finding.number, finding.version) for finding in self.all_findings],
            conclusion=self.conclusion,
            printed=printed(self.engagement),
        )

    @cached_property
    def signed_at(self) -> dict[str, datetime]:
        """When each role that signed the file as it is now last did."""
        rows = EngagementSignOff.objects.filter(engagement=self.engagement, fingerprint=self.fingerprint)
        return dict(rows.order_by("id").values_list("role", "signed_at"))

    @property
    def signed(self) -> set[str]:
        """The roles that signed the file as it is now."""
        return set(self.signed_at)

    @cached_property
    def final_versions(self) -> list[ReportVersion]:
        """The states and dates of the final versions, the newest first; `is_reissued`: another is to take its place."""
        reissues = Reissue.objects.under_way().filter(of=OuterRef("pk"))
        finals = ReportVersion.objects.filter(engagement=self.engagement, final=True)
        told = finals.only("state", "report_date").annotate(is_reissued=Exists(reissues))
        return list(told.order_by("-number"))

    def url(self, name: str) -> str:
        return reverse(name, kwargs={"engagement": self.engagement.pk})
