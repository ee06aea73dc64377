"""Findings are raised from exceptions, worded, linked, withdrawn; a paper hears of it through its own verb."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.validators import check_open
from findings.models import Finding, FindingLink
from findings.words import JUDGED, SAVED, WORDED, digest
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.refusals import Conflict, Refused
from procedures.actions import Source, locked, support, unsupport
from procedures.models import Outcome, ProcedureResult, Support
from procedures.revisions import revised


def locked_engagement(engagement_id: UUID) -> Engagement:
    """Return the engagement, locked; refused when it isn't open for work."""
    engagement = Engagement.objects.locked(engagement_id)
    check_open(engagement)
    return engagement


@transaction.atomic
def raise_finding(result: ProcedureResult, wording: Mapping[str, Any], *, by: User) -> Finding:
    """Write a finding from an exception and link it; refused on any other result, and a second time."""
    engagement = locked_engagement(result.workpaper.engagement_id)
    _check_new(result, wording)
    last = Finding.objects.filter(engagement=engagement).aggregate(last=Max("number"))["last"] or 0
    finding = Finding(engagement=engagement, number=last + 1, raised_by=by, **{name: wording[name] for name in WORDED})
    finding.full_clean(exclude=["engagement", "raised_by"])
    finding.save(force_insert=True)
    link(finding, result, by=by)
    words, judged = digest(finding), digest(finding, JUDGED)
    facts = {"severity": finding.severity, "type": finding.type, "digest": words, "judged": judged}
    record("finding.raised", chain=engagement.chain, by=by, about=finding, facts=facts)
    return finding


def _check_new(result: ProcedureResult, wording: Mapping[str, Any]) -> None:
    """Refuse what the exception has already: the form was sent twice."""
    same = FindingLink.objects.filter(
        result=result, finding__title=wording["title"], finding__condition=wording["condition"]
    )
    if twin := same.select_related("finding").first():
        raise Refused(_("%(finding)s says the same of this exception already.") % {"finding": twin.finding.label})


@transaction.atomic
def link(finding: Finding, result: ProcedureResult, *, by: User) -> FindingLink:
    """Tie a finding to an exception of the same engagement."""
    if result.workpaper.engagement_id != finding.engagement_id:
        raise Refused(_("This procedure belongs to another engagement."))
    locked(result.workpaper_id, by=by)
    check_upheld(finding)
    outcome = ProcedureResult.objects.values_list("outcome", flat=True).get(pk=result.pk)
    if outcome != Outcome.EXCEPTION:
        raise Refused(_("A finding comes from an exception; this procedure's result is another."))
    row, created = FindingLink.objects.get_or_create(finding=finding, result=result)
    if created:
        revision = support(result, _source(finding), by=by)
        facts = _tie(row) | {"digest": digest(finding)} | revised(revision)
        record("finding.linked", chain=finding.engagement.chain, by=by, about=result.workpaper, facts=facts)
    return row


@transaction.atomic
def unlink(finding: Finding, result: ProcedureResult, *, by: User) -> None:
    """Untie a finding from a result; the finding stays. Untied twice, it is untied once."""
    locked(result.workpaper_id, by=by)
    row = FindingLink.objects.filter(finding=finding, result=result).select_related("finding").first()
    if row is None:
        return
    facts = _tie(row)
    row.delete()
    facts |= revised(unsupport(result, kind=Support.Kind.FINDING, pk=finding.pk, by=by))
    record("finding.unlinked", chain=finding.engagement.chain, by=by, about=result.workpaper, facts=facts)


def _tie(row: FindingLink) -> dict[str, Any]:
    """What the trail tells of a link when it comes and when it goes."""
    return {"link": row.pk, "finding": row.finding.label, "result": str(row.result_id)}


def _source(finding: Finding) -> Source:
    """A finding supports a result by being there: its wording is signed with the engagement, not with the paper."""
    return Source(Support.Kind.FINDING, finding.pk, hashlib.sha256(str(finding.pk).encode()).hexdigest(), finding.label)


def check_upheld(finding: Finding) -> Finding:
    """Return the finding as it is stored now; refused when it is withdrawn."""
    current: Finding = Finding.objects.get(pk=finding.pk)
    if current.is_withdrawn:
        raise Refused(_("%(finding)s is withdrawn.") % {"finding": current.label})
    return current


@transaction.atomic
def withdraw_finding(finding: Finding, *, reason: str, by: User) -> Finding:
    """Take a finding back: it is kept with the reason, tied to nothing, and neither counted nor reported."""
    engagement = locked_engagement(finding.engagement_id)
    current = check_upheld(finding)
    if not reason.strip():
        raise Refused(_("Say why the finding is withdrawn."))
    for tie in current.links.select_related("result__workpaper").order_by("result__workpaper__position"):
        unlink(current, tie.result, by=by)
    current.withdrawn_because, current.withdrawn_at, current.withdrawn_by = reason.strip(), timezone.now(), by
    current.version += 1
    current.save(update_fields=["withdrawn_because", "withdrawn_at", "withdrawn_by", "version"])
    record(
        "finding.withdrawn",
        chain=engagement.chain,
        by=by,
        about=current,
        facts={"digest": digest(current)},
        reason=current.withdrawn_because,
    )
    return current


@transaction.atomic
def save_finding(finding: Finding, changes: Mapping[str, Any], *, version: int, by: User) -> Finding:
    """Save wording or what it weighs (`changes` by field name); Conflict if somebody saved since `version`."""
    engagement = locked_engagement(finding.engagement_id)
    current = check_upheld(finding)
    if current.version != version:
        theirs = {name: str(getattr(current, name) or "") for name in SAVED}
        raise Conflict(_("Somebody else saved this in the meantime."), version=current.version, theirs=theirs)
    named = (name for name in SAVED if name in changes)
    changed = {name: changes[name] for name in named if getattr(current, name) != changes[name]}
    if not changed:
        return current
    for name, value in changed.items():
        setattr(current, name, value)
    current.full_clean(exclude=["engagement", "raised_by"])
    current.version = version + 1
    current.save(update_fields=[*changed, "version"])
    facts = {"severity": current.severity, "digest": digest(current), "judged": digest(current, JUDGED)}
    record("finding.saved", chain=engagement.chain, by=by, about=current, facts=facts)
    return current
