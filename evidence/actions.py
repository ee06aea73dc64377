"""Evidence comes in, gets its number, and is cited by results."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.validators import check_open
from evidence.models import Citation, Evidence, Request
from foundation.accounts.models import User
from foundation.files.actions import received
from foundation.files.models import StoredFile
from foundation.trail.actions import record
from foundation.web.refusals import Refused
from procedures.actions import Source, locked, support, unsupport
from procedures.models import ProcedureResult, Support


@dataclass(frozen=True, slots=True)
class Covered:
    """The time that a piece of evidence speaks about: a span, or one day."""

    start: date | None = None
    end: date | None = None

    def check(self) -> None:
        """Refuse a span that ends before it starts."""
        if self.start and self.end and self.end < self.start:
            raise Refused(_("The covered period ends before it starts."))


def file_evidence(
    engagement: Engagement,
    file: StoredFile,
    *,
    request: Request | None = None,
    covered: Covered | None = None,
    by: User,
) -> Evidence:
    """Number a stored file as evidence of the engagement. Called inside a verb's transaction; locks the engagement."""
    covered = covered or Covered()
    covered.check()
    check_open(Engagement.objects.locked(engagement.pk))
    last = Evidence.objects.filter(engagement=engagement).aggregate(last=Max("number"))["last"] or 0
    piece = Evidence.objects.create(
        engagement=engagement,
        request=request,
        number=last + 1,
        title=file.name,
        file=file,
        covered_from=covered.start,
        covered_to=covered.end,
    )
    facts: dict[str, Any] = {"sha256": file.sha256, "size": file.size, "name": file.name, "number": piece.number}
    record("evidence.received", chain=engagement.chain, by=by, about=piece, facts=facts)
    return piece


def deposit(
    engagement: Engagement, uploads: "list[UploadedFile[bytes]]", *, covered: Covered | None = None, by: User
) -> list[Evidence]:
    """The team puts files into the engagement's library, to be cited later; all of them or none."""
    if not uploads:
        raise Refused(_("Choose at least one file."))
    check_open(engagement)
    with received(uploads, by=by) as files, transaction.atomic():
        return [file_evidence(engagement, file, covered=covered, by=by) for file in files]


def attach(
    result: ProcedureResult,
    upload: "UploadedFile[bytes]",
    *,
    covered: Covered | None = None,
    page: int | None = None,
    tickmark: str = "✓",
    by: User,
) -> Citation:
    """Take a file from the team and cite it from a result, in one go; refused if the result cites the same bytes."""
    engagement = result.workpaper.engagement
    check_open(engagement)
    if covered:
        covered.check()
    with received([upload], by=by) as files, transaction.atomic():
        _check_uncited(result, files[0])
        piece = file_evidence(engagement, files[0], covered=covered, by=by)
        return cite(result, piece, page=page, tickmark=tickmark, by=by)


def _check_uncited(result: ProcedureResult, file: StoredFile) -> None:
    """Refuse bytes that the result rests on already: the form was sent twice."""
    locked(result.workpaper_id)
    same = Citation.objects.filter(result=result, evidence__file__sha256=file.sha256)
    if twin := same.select_related("evidence").first():
        raise Refused(
            _("%(evidence)s holds the same content and is cited here already.") % {"evidence": twin.evidence.label}
        )


@transaction.atomic
def cite(
    result: ProcedureResult, evidence: Evidence, *, page: int | None = None, tickmark: str = "✓", by: User
) -> Citation:
    """Rest a result on a piece of evidence of the same engagement."""
    if evidence.engagement_id != result.workpaper.engagement_id:
        raise Refused(_("This evidence belongs to another engagement."))
    locked(result.workpaper_id)
    if Citation.objects.filter(result=result, evidence=evidence).exists():
        raise Refused(_("%(evidence)s is cited here already.") % {"evidence": evidence.label})
    citation = Citation.objects.create(result=result, evidence=evidence, page=page, tickmark=tickmark, cited_by=by)
    source = Source(
        kind=Support.Kind.EVIDENCE,
        pk=evidence.pk,
        digest=evidence.file.sha256,
        label=str(citation),
        covered_from=evidence.covered_from,
        covered_to=evidence.covered_to,
    )
    support(result, source, by=by)
    facts = _facts(citation) | {"page": page, "tickmark": tickmark}
    record("evidence.cited", chain=evidence.engagement.chain, by=by, about=result.workpaper, facts=facts)
    return citation


@transaction.atomic
def uncite(citation: Citation, *, by: User) -> None:
    """Take a citation away; the evidence stays in the file."""
    evidence, result = citation.evidence, citation.result
    locked(result.workpaper_id)
    facts = _facts(citation)
    citation.delete()
    unsupport(result, kind=Support.Kind.EVIDENCE, pk=evidence.pk, by=by)
    record("evidence.uncited", chain=evidence.engagement.chain, by=by, about=result.workpaper, facts=facts)


def _facts(citation: Citation) -> dict[str, Any]:
    """What the trail tells of a citation when it comes and when it goes."""
    evidence, result = citation.evidence, citation.result_id
    told = {"citation": str(citation.pk), "result": str(result), "evidence": evidence.label}
    return told | {"sha256": evidence.file.sha256}


@transaction.atomic
def note_download(evidence: Evidence, *, by: User) -> None:
    """Record that somebody took a copy."""
    facts = {"sha256": evidence.file.sha256}
    record("evidence.downloaded", chain=evidence.engagement.chain, by=by, about=evidence, facts=facts)
