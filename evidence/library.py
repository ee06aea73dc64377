"""The evidence library as its pages need it, in a constant number of queries however much there is."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from evidence.models import Citation, Evidence, EvidenceDecision, EvidenceQuerySet
from evidence.queries import text_or_number
from foundation.accounts.models import User

RELEASED = EvidenceDecision.Kind.RELEASED
# What the library can be narrowed to beside its fields.
SHOWN = (
    ("", _("All in use")),
    ("uncited", _("Not cited by any procedure")),
    ("outdated", _("Cited, with a newer version")),
    ("repeated", _("Same content more than once")),
    ("quarantine", _("In quarantine")),
    ("withdrawn", _("Withdrawn")),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the library is searched for; empty means anything."""

    text: str = ""
    point: str = ""
    sender: User | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    show: str = ""


def evidence_matching(engagement: Engagement, chosen: Chosen) -> QuerySet[Evidence]:
    """Return the engagement's evidence by title, file name, number (E-033) or the start of its hash, by the control
    point that cites it, by sender and by covered time, newest first; what was withdrawn only when asked for.
    """
    found = _shown(Evidence.objects.filter(engagement=engagement), chosen.show)
    if chosen.text:
        by_file = Q(file__name__icontains=chosen.text) | Q(file__sha256__startswith=chosen.text.lower())
        found = found.filter(text_or_number(chosen.text, "E-") | by_file)
    if chosen.point:
        found = found.filter(pk__in=_citing(chosen.point).values("evidence"))
    if chosen.sender:
        found = found.filter(file__stored_by=chosen.sender)
    if chosen.covers_from:
        found = found.filter(covered_to__gte=chosen.covers_from)
    if chosen.covers_to:
        found = found.filter(covered_from__lte=chosen.covers_to)
    return found.order_by("-number", "-version")


def _citing(point: str) -> QuerySet[Citation]:
    """Citations on the papers of a control point (3.8, C-3.8.2), or of one procedure (3.8.2-1)."""
    code, _dash, procedure = point.upper().removeprefix("C-").partition("-")
    citations = Citation.objects.filter(result__workpaper__code__startswith=code)
    return citations.filter(result__position=int(procedure)) if _is_small(procedure) else citations


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


def _shown(found: EvidenceQuerySet, show: str) -> QuerySet[Evidence]:
    """Narrow to one of `SHOWN`."""
    released = Exists(EvidenceDecision.objects.filter(evidence=OuterRef("pk"), kind=RELEASED))
    if show == "withdrawn":
        return found.filter(decisions__kind=EvidenceDecision.Kind.WITHDRAWN)
    found = found.in_force()
    if show == "uncited":
        return found.exclude(Exists(Citation.objects.filter(evidence=OuterRef("pk"))))
    if show == "outdated":
        return found.filter(Exists(Citation.objects.filter(evidence=OuterRef("pk")))).outdated()
    if show == "quarantine":
        return found.exclude(file__concerns=[]).exclude(released)
    if show == "repeated":
        hashes = found.values("file__sha256").annotate(n=Count("pk")).filter(n__gt=1).order_by()
        return found.filter(file__sha256__in=hashes.values("file__sha256"))
    return found


def senders(engagement: Engagement) -> QuerySet[User]:
    """Return whoever sent evidence of the engagement."""
    return User.objects.filter(pk__in=Evidence.objects.filter(engagement=engagement).values("file__stored_by"))


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece with the results that cite it, the labels of pieces with the same bytes, and where the same broker
    handed the same bytes in before.
    """

    piece: Evidence
    citations: list[Citation] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    earlier: list[Evidence] = field(default_factory=list)


def loaded(pieces: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Load what a line shows with its piece."""
    related = pieces.select_related("file__stored_by__organization", "request", "derived_from", "replaces")
    related = related.select_related("replaced_by__replaced_by")
    return related.prefetch_related("decisions__by", "replaced_by__decisions")


def evidence_lines(engagement: Engagement, pieces: Iterable[Evidence]) -> list[EvidenceLine]:
    """Return the pieces (`loaded`) with who cites them, and which have the same bytes (three queries)."""
    pieces = list(pieces)
    cited: dict[UUID, list[Citation]] = defaultdict(list)
    for citation in Citation.objects.filter(evidence__in=pieces).select_related("result__workpaper"):
        cited[citation.evidence_id].append(citation)
    hashes = {piece.file.sha256 for piece in pieces}
    same, earlier = same_bytes(engagement, hashes), recycled(engagement, hashes)
    return [
        EvidenceLine(
            piece=piece,
            citations=cited[piece.pk],
            twins=[label for label in same[piece.file.sha256] if label != piece.label],
            earlier=earlier[piece.file.sha256],
        )
        for piece in pieces
    ]


def same_bytes(engagement: Engagement, hashes: Collection[str]) -> dict[str, list[str]]:
    """Return, per hash, the labels of the engagement's pieces with these bytes (one query)."""
    pieces = Evidence.objects.filter(engagement=engagement, file__sha256__in=hashes).order_by("number", "version")
    labels: dict[str, list[str]] = defaultdict(list)
    for piece in pieces.annotate(sha256=F("file__sha256")):
        labels[piece.sha256].append(piece.label)  # type: ignore[attr-defined]  # annotated
    return labels


def recycled(engagement: Engagement, hashes: Collection[str]) -> dict[str, list[Evidence]]:
    """Return, per hash, the pieces with these bytes in other engagements of the same firm at the same broker.

    Other brokers and other firms are not looked at: that they have the same file is nobody's business here.
    """
    others = Evidence.objects.filter(engagement__firm=engagement.firm_id, engagement__auditee=engagement.auditee_id)
    others = others.filter(file__sha256__in=hashes).exclude(engagement=engagement)
    found: dict[str, list[Evidence]] = defaultdict(list)
    for piece in others.select_related("file", "engagement__auditee").order_by("-engagement__deadline", "number"):
        found[piece.file.sha256].append(piece)
    return found
