"""Results rest on evidence: a piece, a page of it, an area of the page, with a tickmark."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from evidence.actions import Incoming, check_usable, file_evidence
from evidence.models import Citation, Evidence, Viewing
from foundation.accounts.models import User
from foundation.files.models import StoredFile
from foundation.files.previews import preview_of
from foundation.trail.actions import record
from foundation.trail.hashing import canonical
from foundation.web.refusals import Refused
from procedures.actions import Source, locked, support, unsupport
from procedures.library import meaning_of
from procedures.models import ProcedureResult, Revision, Support
from procedures.revisions import revised

Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a piece of evidence to look, and with what tickmark; an `area` needs its page. The tickmark says what it
    says in the firm at the time, unless a `meaning` is given.
    """

    page: int | None = None
    area: Area | None = None
    tickmark: str = "✓"
    meaning: str = ""


WHOLE_PIECE = Place()


@transaction.atomic
def attach(result: ProcedureResult, incoming: Incoming, *, at: Place = WHOLE_PIECE, by: User) -> Citation:
    """File what the team sent and cite it from a result, in one go; refused if the result cites the same bytes."""
    locked(result.workpaper_id, by=by)
    (piece,) = file_evidence(result.workpaper.engagement, [incoming], by=by)
    _check_uncited(result, piece.file)
    return cite(result, piece, at=at, by=by)


def _check_uncited(result: ProcedureResult, file: StoredFile) -> None:
    """Refuse bytes that the result rests on already: the form was sent twice."""
    same = Citation.objects.filter(result=result, evidence__file__sha256=file.sha256)
    if twin := same.select_related("evidence").first():
        raise Refused(
            _("%(evidence)s holds the same content and is cited here already.") % {"evidence": twin.evidence.label}
        )


@transaction.atomic
def cite(result: ProcedureResult, evidence: Evidence, *, at: Place = WHOLE_PIECE, by: User) -> Citation:
    """Rest a result on a piece of evidence of the same engagement; refused on the same place twice."""
    if evidence.engagement_id != result.workpaper.engagement_id:
        raise Refused(_("This evidence belongs to another engagement."))
    locked(result.workpaper_id, by=by)
    check_usable(evidence)
    _check_page(evidence, at.page)
    cited = list(Citation.objects.filter(result=result, evidence=evidence))
    if any((citation.page, citation.area) == (at.page, at.area) for citation in cited):
        raise Refused(_("%(evidence)s is cited here already.") % {"evidence": evidence.label})
    corners = zip(("left", "top", "right", "bottom"), at.area or (None,) * 4, strict=True)
    sign = {"tickmark": at.tickmark, "meaning": at.meaning or meaning_of(at.tickmark, evidence.engagement.firm_id)}
    citation = Citation(result=result, evidence=evidence, page=at.page, cited_by=by, **sign)
    for corner, place in corners:
        setattr(citation, corner, place)
    citation.save(force_insert=True)
    revision = support(result, source_of(evidence, [*cited, citation]), by=by)
    facts = cited_facts(citation) | revised(revision)
    record("evidence.cited", chain=evidence.engagement.chain, by=by, about=result.workpaper, facts=facts)
    return citation


def _check_page(evidence: Evidence, page: int | None) -> None:
    """Refuse a page that isn't there, where it is known how many there are."""
    if page is None:
        return
    preview = preview_of(evidence.file)
    if preview.pages and not preview.cut and page > preview.pages:
        told = {"evidence": evidence.label, "pages": preview.pages}
        raise Refused(_("%(evidence)s has no such page: it has %(pages)s.") % told)


@transaction.atomic
def uncite(citation: Citation, *, by: User) -> bool:
    """Take a citation away and say whether it was there: whoever does it twice does it once. The evidence stays."""
    evidence, result = citation.evidence, citation.result
    locked(result.workpaper_id, by=by)
    facts = cited_facts(citation)
    if not Citation.objects.filter(pk=citation.pk).delete()[0]:
        return False
    revision: Revision | None
    if left := list(Citation.objects.filter(result=result, evidence=evidence)):
        revision = support(result, source_of(evidence, left), by=by)
    else:
        revision = unsupport(result, kind=Support.Kind.EVIDENCE, pk=evidence.pk, by=by)
    facts |= revised(revision)
    record("evidence.uncited", chain=evidence.engagement.chain, by=by, about=result.workpaper, facts=facts)
    return True


@transaction.atomic
def renew(citation: Citation, *, by: User) -> Citation:
    """Cite the same place of the newest version, and take the citation of the old one off.

    Refused to whoever hasn't looked at that version: a tickmark says that somebody did.
    """
    newest = citation.evidence.newer
    if newest is None:
        raise Refused(_("%(evidence)s has no newer version.") % {"evidence": citation.evidence.label})
    if not Viewing.objects.filter(evidence=newest, user=by).exists():
        raise Refused(_("Look at %(evidence)s first: a tickmark says that you did.") % {"evidence": newest.label})
    place = Place(citation.page, citation.area, citation.tickmark, citation.meaning)
    uncite(citation, by=by)
    return cite(citation.result, newest, at=place, by=by)


def refresh_supports(evidence: Evidence, *, by: User) -> int:
    """Tell the results that cite a piece what it says of itself now, and return how many they are; their papers'
    signatures end by it.
    """
    cited: dict[ProcedureResult, list[Citation]] = {}
    citations = Citation.objects.filter(evidence=evidence).select_related("result__workpaper")
    for citation in citations.order_by("result__workpaper__position", "cited_at"):
        cited.setdefault(citation.result, []).append(citation)
    told = [support(result, source_of(evidence, places), by=by) for result, places in cited.items()]
    for revision in told:
        facts = {"evidence": evidence.label, **revised(revision)}
        record("evidence.restated", chain=evidence.engagement.chain, by=by, about=revision.workpaper, facts=facts)
    return len(told)


def source_of(evidence: Evidence, citations: Iterable[Citation]) -> Source:
    """What a result's content holds of a piece: its bytes, and every place of it that the result cites."""
    places = sorted((_said_at(each) for each in citations), key=str)
    content = {"sha256": evidence.file.sha256, "places": places}
    pages = sorted({each.page for each in citations if each.page})
    return Source(
        kind=Support.Kind.EVIDENCE,
        pk=evidence.pk,
        digest=hashlib.sha256(canonical(content)).hexdigest(),
        label=f"{evidence} {' '.join(f'p.{page}' for page in pages)}".strip()[:300],
        nature=evidence.nature,
        dates=tuple(evidence.dates),
        covered_from=evidence.covered_from,
        covered_to=evidence.covered_to,
    )


def _said_at(citation: Citation) -> list[Any]:
    """A place with its tickmark, and what the tickmark says where that was kept."""
    said = [citation.page, citation.area, citation.tickmark]
    return [*said, citation.meaning] if citation.meaning else said


def cited_facts(citation: Citation) -> dict[str, Any]:
    """What the trail tells of a citation when it comes and when it goes."""
    evidence = citation.evidence
    what = {"citation": str(citation.pk), "result": str(citation.result_id), "evidence": evidence.label}
    where = {"page": citation.page, "area": list(citation.area or ()), "tickmark": citation.tickmark}
    where |= {"meaning": citation.meaning}
    where |= {"at": citation.cited_at.isoformat()}
    return what | where | {"sha256": evidence.file.sha256}
