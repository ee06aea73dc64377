"""What is told of recurring duties beside the evidence: of single occurrences, and how often the broker sets them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from controls.models import FrequencyRule
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.refusals import Refused
from procedures.actions import locked
from procedures.known_duties import period_of
from procedures.models import Occurrence, Revision, StatedFrequency, Workpaper
from procedures.revisions import amend, revised
from procedures.stretches import Stretch, stretches

Kind = Occurrence.Kind


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of one expected occurrence; the day belongs to what was seen on site."""

    kind: str
    reason: str
    happened_on: date | None = None


@transaction.atomic
def tell_occurrence(
    workpaper: Workpaper, rule: FrequencyRule, starts_on: date, told: Telling, *, by: User
) -> Occurrence:
    """Tell why evidence of an expected occurrence lacks, or when it was seen; telling it again corrects it."""
    paper = locked(workpaper.pk, by=by)
    stretch = stretch_of(paper, rule, starts_on)
    _check_telling(told, stretch)
    known = Occurrence.objects.filter(workpaper=paper, rule=rule, starts_on=starts_on).first()
    row = known or Occurrence(workpaper=paper, rule=rule, starts_on=starts_on)
    if known and (row.kind, row.reason, row.happened_on) == (told.kind, told.reason.strip(), told.happened_on):
        return row
    row.kind, row.reason, row.happened_on = told.kind, told.reason.strip(), told.happened_on
    row.told_by, row.told_at = by, timezone.now()
    row.save()
    revision = amend(paper, f"+ {_line(row, stretch)}", by=by)
    _record("duty.occurrence-told", row, revision, by=by)
    return row


def stretch_of(workpaper: Workpaper, rule: FrequencyRule, starts_on: date) -> Stretch:
    """Return the stretch that begins on a day; refused where the paper's duty has none."""
    if rule.point_id != workpaper.control_point_id:
        raise Refused(_("This duty belongs to another paper."))
    stated = StatedFrequency.objects.filter(workpaper=workpaper, rule=rule).first()
    period = period_of(workpaper.engagement)
    frequency = stated.frequency if stated else rule.frequency
    for stretch in stretches(frequency, period) if period else ():
        if stretch.span.first == starts_on:
            return stretch
    raise Refused(_("Nothing is expected of this duty from that day on."))


def _check_telling(told: Telling, stretch: Stretch) -> None:
    if told.kind not in Kind.values:
        raise Refused(_("“%(kind)s” is nothing that can be told of an occurrence.") % {"kind": told.kind})
    if not told.reason.strip():
        raise Refused(_("Say how it is known."))
    if (told.kind == Kind.SEEN) != (told.happened_on is not None):
        raise Refused(_("What was seen on site has its day, and nothing else has."))
    if told.kind == Kind.SEEN and stretch.never_stops:
        raise Refused(_("One day doesn't show what has to go on all the time: hand in a record of the whole time."))
    if told.happened_on and (told.happened_on not in stretch.span or told.happened_on > timezone.localdate()):
        raise Refused(_("The day lies outside %(when)s, or is still to come.") % {"when": stretch.label})
    if told.kind == Kind.NOT_PERFORMED and stretch.span.last >= timezone.localdate():
        raise Refused(_("%(when)s isn't over: it may still be performed.") % {"when": stretch.label})


@transaction.atomic
def withdraw_occurrence(occurrence: Occurrence, *, by: User) -> bool:
    """Take back what was told of an occurrence, and say whether it was there; the paper's history keeps it."""
    paper = locked(occurrence.workpaper_id, by=by)
    stretch = stretch_of(paper, occurrence.rule, occurrence.starts_on)
    row = Occurrence.objects.filter(pk=occurrence.pk).first()
    if row is None:
        return False
    Occurrence.objects.filter(pk=row.pk).delete()
    revision = amend(paper, f"- {_line(row, stretch)}", by=by)
    _record("duty.occurrence-withdrawn", row, revision, by=by)
    return True


def _line(row: Occurrence, stretch: Stretch) -> str:
    told = {"when": stretch.label, "what": row.rule.what, "known": row.get_kind_display(), "reason": row.reason}
    return _("%(when)s, %(what)s: %(known)s. %(reason)s") % told


def _record(event: str, row: Occurrence, revision: Revision, *, by: User) -> None:
    paper, facts = row.workpaper, facts_of(row) | revised(revision)
    record(event, chain=paper.engagement.chain, by=by, about=paper, facts=facts, reason=row.reason)


def facts_of(row: Occurrence) -> dict[str, Any]:
    """What the trail tells of an occurrence; its row says the same."""
    return {
        "occurrence": row.pk,
        "duty": row.rule.what,
        "starts_on": row.starts_on.isoformat(),
        "known": row.kind,
        "happened_on": row.happened_on.isoformat() if row.happened_on else "",
    }


@transaction.atomic
def state_frequency(
    workpaper: Workpaper, rule: FrequencyRule, *, frequency: str, source: str, by: User
) -> StatedFrequency:
    """Record how often the broker itself does what the text asks for 定期, and where it says so."""
    paper = locked(workpaper.pk, by=by)
    _check_frequency(paper, rule, frequency, source)
    known = StatedFrequency.objects.filter(workpaper=paper, rule=rule).first()
    row = known or StatedFrequency(workpaper=paper, rule=rule)
    if known and (row.frequency, row.source) == (frequency, source.strip()):
        return row
    row.frequency, row.source = frequency, source.strip()
    row.stated_by, row.stated_at = by, timezone.now()
    row.save()
    told = {"what": rule.what, "frequency": row.get_frequency_display(), "source": row.source}
    revision = amend(paper, _("+ %(what)s: %(frequency)s. %(source)s") % told, by=by)
    facts = stated_facts(row) | revised(revision)
    record("duty.frequency-stated", chain=paper.engagement.chain, by=by, about=paper, facts=facts, reason=row.source)
    return row


def _check_frequency(paper: Workpaper, rule: FrequencyRule, frequency: str, source: str) -> None:
    if rule.point_id != paper.control_point_id:
        raise Refused(_("This duty belongs to another paper."))
    if rule.frequency != FrequencyRule.Frequency.PERIODIC:
        raise Refused(_("The rules themselves say how often this is due."))
    if frequency not in StatedFrequency.Frequency.values:
        raise Refused(_("“%(frequency)s” is no frequency.") % {"frequency": frequency})
    if not source.strip():
        raise Refused(_("Say where the broker states it."))
    _check_nothing_told_of_other_stretches(paper, rule, frequency)


def _check_nothing_told_of_other_stretches(paper: Workpaper, rule: FrequencyRule, frequency: str) -> None:
    """Refuse a frequency in which something that was told would belong to no occurrence."""
    period = period_of(paper.engagement)
    begin = {stretch.span.first for stretch in stretches(frequency, period)} if period else set()
    if Occurrence.objects.filter(workpaper=paper, rule=rule).exclude(starts_on__in=begin).exists():
        raise Refused(_("Take back first what was told of occurrences that this frequency doesn't have."))


def stated_facts(row: StatedFrequency) -> dict[str, Any]:
    """What the trail tells of a stated frequency; its row says the same."""
    return {"stated": row.pk, "duty": row.rule.what, "frequency": row.frequency}
