"""What concerns one auditor across all engagements: progress, papers, notes, what waits for review and signature.

Every function asks about all engagements at once, so that the number of queries doesn't grow with them.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet

from engagements.models import Declaration, Engagement, Note, Stage, TeamMember
from evidence.models import Request
from findings.asking import answered
from findings.models import Finding
from foundation.accounts.models import User
from foundation.accounts.policy import GRANTS, Permission, Role
from procedures.models import Outcome, ProcedureResult, Revision, Section, SignOff, Workpaper
from procedures.progress import Progress, progress_of_many
from procedures.queries import ASKS_PARTNER
from procedures.risk import in_high_risk
from signoff.models import Conclusion, RepresentationLetter

LONGEST = 12
NOTHING = Progress(0, 0, 0, 0, 0)
SignedAs = SignOff.Role
MY_SIGNATURES = {
    (Role.PARTNER, Stage.REVIEW): "final",
    (Role.PARTNER, Stage.REPORTING): "final",
    (Role.PARTNER, Stage.QUALITY_REVIEW): "report",
    (Role.EQR, Stage.QUALITY_REVIEW): "quality",
}


@dataclass(frozen=True, slots=True)
class MyEngagement:
    """An engagement, what I am on it, how far it is, and how much of each kind holds it up."""

    engagement: Engagement
    role: Role
    role_label: str
    progress: Progress
    open_requests: int
    open_notes: int
    silent_findings: int
    has_senior: bool
    has_declared: bool
    is_concluded: bool
    is_letter_drafted: bool

    @property
    def is_mine_to_review(self) -> bool:
        """In-charge and manager review; the partner only where there is neither."""
        return self.role in GRANTS[Permission.WORKPAPER_REVIEW] and (self.role != Role.PARTNER or not self.has_senior)

    @property
    def unreviewed(self) -> int:
        return self.progress.papers - self.progress.reviewed

    @property
    def awaits_my_declaration(self) -> bool:
        """Whether I haven't declared my independence here yet."""
        return self.engagement.is_open_for_work and not self.has_declared

    @property
    def my_signature(self) -> str:
        """What I sign next here: the partner the file, then the report; the quality reviewer the file; else nothing."""
        return MY_SIGNATURES.get((self.role, Stage(self.engagement.stage)), "")

    @property
    def is_held_up(self) -> bool:
        counted = self.unreviewed or self.open_requests or self.open_notes or self.silent_findings
        return bool(counted) or not self.is_concluded or not self.is_letter_drafted


def my_engagements(user: User) -> list[MyEngagement]:
    """Return the engagements whose team I am on, the next deadline first, archived ones last (six queries)."""
    current = TeamMember.objects.current()
    seniors = current.filter(engagement=OuterRef("engagement"), role__in=(Role.INCHARGE, Role.MANAGER))
    own = Declaration.objects.filter(engagement=OuterRef("engagement"), declared_by=user, of=Declaration.Of.MEMBER)
    mine = current.of(user).filter(engagement__firm=user.organization_id)
    mine = mine.annotate(has_senior=Exists(seniors), has_declared=Exists(own))
    mine = mine.annotate(
        is_concluded=_of_engagement(Conclusion), is_letter_drafted=_of_engagement(RepresentationLetter)
    )
    members = mine.select_related("engagement__auditee").order_by("engagement__deadline")
    engagements = [member.engagement for member in members]
    progress = progress_of_many(engagements)
    requests = _count(Request.objects.exclude(state__in=Request.SETTLED_STATES), engagements)
    notes = _count(Note.objects.open(), engagements)
    findings = _count(Finding.objects.upheld().filter(~answered()), engagements)
    rows = [
        MyEngagement(
            engagement=member.engagement,
            role=Role(member.role),
            role_label=member.get_role_display(),
            progress=progress.get(member.engagement_id, NOTHING),
            open_requests=requests[member.engagement_id],
            open_notes=notes[member.engagement_id],
            silent_findings=findings[member.engagement_id],
            has_senior=member.has_senior,  # type: ignore[attr-defined]  # annotated above
            has_declared=member.has_declared,  # type: ignore[attr-defined]
            is_concluded=member.is_concluded,  # type: ignore[attr-defined]
            is_letter_drafted=member.is_letter_drafted,  # type: ignore[attr-defined]
        )
        for member in members
    ]
    return sorted(rows, key=lambda row: row.engagement.is_closed)


def _of_engagement(model: type[Model]) -> Exists:
    return Exists(model._default_manager.filter(engagement=OuterRef("engagement")))


def _count(rows: QuerySet, engagements: list[Engagement]) -> Counter[UUID]:  # type: ignore[type-arg]  # of any model
    """Count rows by engagement (one query)."""
    counted = rows.filter(engagement__in=engagements).order_by().values_list("engagement").annotate(number=Count("pk"))
    return Counter(dict(counted))


def _signed(role: str, *, now: bool) -> Exists:
    """Whether a paper is signed in `role`: at its current content, or ever."""
    signoffs = SignOff.objects.filter(workpaper=OuterRef("pk"), role=role)
    return Exists(signoffs.filter(content_version=OuterRef("content_version")) if now else signoffs)


def _written_by(user: User) -> Exists:
    return Exists(Revision.objects.filter(workpaper=OuterRef("pk"), author=user))


def _papers(rows: list[MyEngagement]) -> QuerySet[Workpaper]:
    """Return the papers of those engagements that are open for work."""
    open_ones = [row.engagement.pk for row in rows if row.engagement.is_open_for_work]
    papers = Workpaper.objects.filter(engagement__in=open_ones).select_related("engagement__auditee", "control_point")
    return papers.order_by("engagement__deadline", "engagement", "position").defer(
        "control_point__control_text", "control_point__procedure_preamble", "conclusion"
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """The first rows of a list, and how many there are in all."""

    rows: list[Workpaper]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def _listed(papers: QuerySet[Workpaper]) -> Listed:
    found = list(papers)
    return Listed(found[:LONGEST], len(found))


def my_papers(user: User, rows: list[MyEngagement]) -> Listed:
    """Return papers that are mine and aren't signed as prepared, first those that were and changed (`changed`)."""
    papers = _papers(rows).filter(_mine(user)).exclude(_signed(SignedAs.PREPARED, now=True))
    changed = papers.annotate(changed=_signed(SignedAs.PREPARED, now=False))
    return _listed(changed.order_by("-changed", "engagement__deadline", "engagement", "position"))


def _mine(user: User) -> Q:
    """A paper is mine when it was given to me or, as long as it is nobody's, when I have written on it."""
    return Q(assignee=user) | Q(_written_by(user), assignee=None)


def waiting_for_my_review(user: User, rows: list[MyEngagement]) -> Listed:
    """Return papers signed as prepared by others, not yet reviewed, where I may review and have written nothing."""
    papers = _papers([row for row in rows if row.is_mine_to_review]).filter(_signed(SignedAs.PREPARED, now=True))
    waiting = papers.exclude(_signed(SignedAs.REVIEWED, now=True)).exclude(_written_by(user))
    return _listed(waiting.annotate(changed=_signed(SignedAs.REVIEWED, now=False)))


def lapsed_for_me(user: User, rows: list[MyEngagement]) -> Listed:
    """Return papers that I reviewed or approved and that are being changed since: they come back when prepared anew."""
    signed = SignOff.objects.filter(workpaper=OuterRef("pk"), user=user).exclude(role=SignedAs.PREPARED)
    return _listed(_papers(rows).filter(Exists(signed)).exclude(_signed(SignedAs.PREPARED, now=True)))


def waiting_for_my_approval(user: User, rows: list[MyEngagement]) -> Listed:
    """Return reviewed papers that need the partner too (procedures.workflow.needs_partner)."""
    as_partner = [row for row in rows if row.role == Role.PARTNER]
    results = ProcedureResult.objects.filter(workpaper=OuterRef("pk"))
    special = Exists(results.filter(ASKS_PARTNER))
    wholly_na = Q(section=Section.CONTROLS) & ~Exists(results.exclude(outcome=Outcome.NOT_APPLICABLE))
    reviewed = _papers(as_partner).filter(_signed(SignedAs.REVIEWED, now=True))
    papers = reviewed.filter(special | wholly_na | in_high_risk())
    waiting = papers.exclude(_signed(SignedAs.APPROVED, now=True))
    return _listed(waiting.annotate(changed=_signed(SignedAs.APPROVED, now=False)))


@dataclass(frozen=True, slots=True)
class NoteToMe:
    """An open review note that I am to do something about."""

    note: Note
    paper: Workpaper


def notes_to_me(user: User, rows: list[MyEngagement]) -> list[NoteToMe]:
    """Return the open notes for me, and those of others for nobody in particular on papers that I have, prepared or
    wrote on: the next due first, then the oldest (two queries).
    """
    signed = Exists(SignOff.objects.filter(workpaper=OuterRef("pk"), user=user, role=SignedAs.PREPARED))
    for_me = Exists(Note.objects.open().filter(anchor_id=OuterRef("pk"), assignee=user))
    concerned = _papers(rows).filter(Q(assignee=user) | signed | for_me | _written_by(user))
    papers = {paper.pk: paper for paper in concerned}
    mine = Q(assignee=user) | Q(assignee=None) & ~Q(author=user)
    notes = Note.objects.open().filter(mine, anchor_id__in=list(papers)).select_related("author")
    found = notes.order_by(F("due_on").asc(nulls_last=True), "written_at")
    return [NoteToMe(note, papers[note.anchor_id]) for note in found]
