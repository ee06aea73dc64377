"""Judging several findings together: a group says why they bear on one another and what they weigh as one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements.models import Engagement
from findings.actions import locked_engagement
from findings.models import Bearing, Finding, FindingGroup, bearing_of
from findings.words import digest_of
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused

SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of several findings taken together."""

    title: str
    because: str
    severity: str
    bears: str = ""


@transaction.atomic
def group_findings(
    engagement: Engagement, judgement: Judgement, members: Collection[Finding], *, by: User
) -> FindingGroup:
    """Judge findings together in a new group."""
    current = locked_engagement(engagement.pk)
    last = FindingGroup.objects.filter(engagement=current).aggregate(last=Max("number"))["last"] or 0
    return _save(FindingGroup(engagement=current, number=last + 1), judgement, members, by=by)


@transaction.atomic
def change_group(group: FindingGroup, judgement: Judgement, members: Collection[Finding], *, by: User) -> FindingGroup:
    """Judge a group anew."""
    return _save(_standing(group), judgement, members, by=by)


@transaction.atomic
def dissolve_group(group: FindingGroup, *, by: User) -> None:
    """Take the findings apart again; they stay as they are."""
    current = _standing(group)
    facts: dict[str, JSON] = {"digest": group_digest(current)}
    record("finding.ungrouped", chain=current.engagement.chain, by=by, about=current, facts=facts)
    current.delete()


def _standing(group: FindingGroup) -> FindingGroup:
    """Return the group as it is stored now, its engagement locked; refused when somebody dissolved it meanwhile."""
    locked_engagement(group.engagement_id)
    current: FindingGroup | None = FindingGroup.objects.select_related("engagement").filter(pk=group.pk).first()
    if current is None:
        raise Refused(_("%(group)s was dissolved meanwhile.") % {"group": group.label})
    return current


def _save(group: FindingGroup, judgement: Judgement, members: Collection[Finding], *, by: User) -> FindingGroup:
    _check(group, judgement, members)
    group.title, group.because, group.severity = judgement.title, judgement.because.strip(), judgement.severity
    group.bears, group.saved_by = judgement.bears, by
    group.full_clean(exclude=["engagement", "saved_by"])
    group.save()
    group.members.set(members)
    chain = group.engagement.chain
    record("finding.grouped", chain=chain, by=by, about=group, facts={"digest": group_digest(group)})
    return group


def _check(group: FindingGroup, judgement: Judgement, members: Collection[Finding]) -> None:
    if len({finding.pk for finding in members}) < SEVERAL:
        raise Refused(_("Choose at least two findings."))
    if any(finding.engagement_id != group.engagement_id or finding.is_withdrawn for finding in members):
        raise Refused(_("Only findings of this engagement that stand can be judged together."))
    gravest = max((finding.bearing for finding in members), key=list(Bearing).index)
    together = Bearing(judgement.bears) if judgement.bears else bearing_of(judgement.severity)
    if list(Bearing).index(together) < list(Bearing).index(gravest):
        raise Refused(_("Taken together, findings weigh no less than the gravest of them."))


def group_digest(group: FindingGroup) -> str:
    """SHA-256 (hex) of what a group says, with the findings in it."""
    members = sorted(str(finding.pk) for finding in group.members.all())
    said = {name: str(getattr(group, name)) for name in ("title", "because", "severity", "bears")}
    return digest_of({**said, "members": " ".join(members)})
