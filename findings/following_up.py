"""Following up findings of earlier reports: they are carried over or entered, and then assessed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from findings.actions import locked_engagement
from findings.asking import asked_of, with_releases
from findings.models import Finding, FollowUp
from findings.words import digest_of
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.refusals import Conflict, Refused

ENTERED = ("source", "title", "condition", "promised", "prior")
STILL_THERE = frozenset({FollowUp.Status.IMPROVING, FollowUp.Status.UNIMPROVED})
ASSESSED = ("status", "work", "checked_on", "result", "repeat")


def missing_follow_ups(engagement: Engagement) -> QuerySet[Finding]:
    """Return the findings of the predecessor's issued report (or one being reissued) that aren't carried over yet."""
    earlier = engagement.predecessor
    if earlier is None or not (earlier.is_issued or earlier.issued_on):
        return Finding.objects.none()
    known = FollowUp.objects.filter(engagement=engagement, prior__isnull=False)
    findings: QuerySet[Finding] = Finding.objects.upheld().filter(engagement=earlier)
    return findings.exclude(pk__in=known.values("prior")).order_by("number")


@transaction.atomic
def carry_over(engagement: Engagement, *, by: User) -> list[FollowUp]:
    """Take over what the predecessor's report found, each once, with what management answered then."""
    current = locked_engagement(engagement.pk)
    return [
        _add(current, {**_known_of(finding), "prior": finding}, by=by)
        for finding in with_releases(missing_follow_ups(current))
    ]


def _known_of(finding: Finding) -> dict[str, str]:
    response = asked_of(finding).response
    return {"title": finding.title, "condition": finding.condition, "promised": response.text if response else ""}


@transaction.atomic
def add_follow_up(engagement: Engagement, texts: Mapping[str, str], *, by: User) -> FollowUp:
    """Enter a finding of a report that isn't in this system: another firm's, say (`texts` by field name)."""
    current = locked_engagement(engagement.pk)
    if not texts["source"].strip():
        raise Refused(_("Say which report it comes from."))
    return _add(current, texts, by=by)


def _add(engagement: Engagement, known: Mapping[str, Any], *, by: User) -> FollowUp:
    last = FollowUp.objects.filter(engagement=engagement).aggregate(last=Max("number"))["last"] or 0
    row = FollowUp(engagement=engagement, number=last + 1, added_by=by, **known)
    row.full_clean(exclude=["engagement", "added_by"])
    row.save(force_insert=True)
    record("followup.added", chain=engagement.chain, by=by, about=row, facts={"digest": follow_up_digest(row, ENTERED)})
    return row


@transaction.atomic
def assess(follow_up: FollowUp, found: Mapping[str, Any], *, version: int, by: User) -> FollowUp:
    """Say where an earlier finding stands (`found` by field name); Conflict if somebody saved since `version`."""
    engagement = locked_engagement(follow_up.engagement_id)
    row = FollowUp.objects.get(pk=follow_up.pk)
    if row.version != version:
        theirs = {name: str(row.serializable_value(name) or "") for name in ASSESSED}
        raise Conflict(_("Somebody else saved this in the meantime."), version=row.version, theirs=theirs)
    for name in ASSESSED:
        setattr(row, name, found[name])
    _check(row)
    row.assessed_by, row.assessed_at, row.version = by, timezone.now(), version + 1
    row.full_clean(exclude=["engagement", "added_by", "prior"])
    row.save()
    facts = {"status": row.status, "digest": follow_up_digest(row, ASSESSED)}
    record("followup.assessed", chain=engagement.chain, by=by, about=row, facts=facts)
    return row


def _check(row: FollowUp) -> None:
    """Refuse an assessment that says nothing, or refers to another file."""
    if not (row.status and row.work.strip() and row.checked_on):
        raise Refused(_("Say where it stands, what was done to find out, and when."))
    if row.checked_on > timezone.localdate():
        raise Refused(_("It can't have been checked on a day to come."))
    if row.result and row.result.workpaper.engagement_id != row.engagement_id:
        raise Refused(_("This procedure belongs to another engagement."))
    if row.repeat and (row.repeat.engagement_id != row.engagement_id or row.repeat.is_withdrawn):
        raise Refused(_("A repeat is a finding of this engagement that stands."))
    if row.repeat and row.status not in STILL_THERE:
        raise Refused(_("What is found again is neither improved nor no longer applicable."))


def follow_up_digest(row: FollowUp, names: tuple[str, ...]) -> str:
    """SHA-256 (hex) of what was entered of an earlier finding, or of how it was assessed."""
    return digest_of({name: str(row.serializable_value(name)) for name in names})
