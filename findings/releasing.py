"""Releasing findings to the broker, each in the words that it has at that moment, for an answer by a day."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.note_forms import working_day
from findings.actions import check_upheld, locked_engagement
from findings.models import Finding, FindingRelease
from findings.words import digest_of, words
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused

ASKED_FOR = timedelta(days=10)


def first_due() -> date:
    """By which working day an answer is asked for unless somebody says otherwise."""
    return working_day(timezone.localdate() + ASKED_FOR)


@transaction.atomic
def release_findings(
    engagement: Engagement, findings: Sequence[Finding], *, due_on: date, asks: bool = True, by: User
) -> list[FindingRelease]:
    """Put findings before the broker as they are worded now: all of them, or none.

    `asks=False` puts words right and leaves what management answered standing; a first release always asks.
    """
    current = locked_engagement(engagement.pk)
    if due_on < timezone.localdate():
        raise Refused(_("The day by which an answer is asked for has passed already."))
    return [_release(current, finding, due_on=due_on, asks=asks, by=by) for finding in findings]


def _release(engagement: Engagement, finding: Finding, *, due_on: date, asks: bool, by: User) -> FindingRelease:
    current = check_upheld(finding)
    if current.engagement_id != engagement.pk:
        raise Refused(_("This finding belongs to another engagement."))
    last = FindingRelease.objects.filter(finding=current).order_by("-number").first()
    _check_new(current, last, due_on)
    release = FindingRelease.objects.create(
        finding=current,
        number=last.number + 1 if last else 1,
        wording=words(current),
        due_on=due_on,
        asks=asks or last is None,
        released_by=by,
    )
    record("finding.released", chain=engagement.chain, by=by, about=current, facts=release_facts(release))
    return release


def _check_new(finding: Finding, last: FindingRelease | None, due_on: date) -> None:
    """Refuse what the broker has before it already: the form was sent twice."""
    if last and (last.wording, last.due_on) == (words(finding), due_on):
        raise Refused(_("%(finding)s is released in these words already.") % {"finding": finding.label})


def release_facts(release: FindingRelease) -> dict[str, JSON]:
    """What the trail tells of a release; its words as a digest."""
    return {
        "release": release.pk,
        "number": release.number,
        "digest": digest_of(release.wording),
        "due_on": release.due_on.isoformat(),
        "asks": release.asks,
    }
