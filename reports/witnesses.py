"""What of this app and the trail vouch for one another."""

from collections.abc import Callable
from operator import attrgetter

from foundation.trail.witnesses import Told, Witness
from reports.actions import digest
from reports.letter_templates import template_facts
from reports.models import LetterEntries
from signoff.models import LetterTemplate


def witnesses() -> list[Witness]:
    """What was last entered for each report's letter, and who did; the firms' templates, written and approved."""
    entered: Told = {"facts.entries": digest, "actor.id": attrgetter("saved_by_id")}
    says: Told = {f"facts.{name}": _fact(name) for name in ("template", "version", "text")}
    written: Told = {**says, "reason": attrgetter("reason"), "actor.id": attrgetter("written_by_id")}
    approved: Told = {**says, "actor.id": attrgetter("approved_by_id")}
    templates = LetterTemplate.objects.all()
    return [
        Witness(LetterEntries.objects.all(), ("letter.saved",), told=entered),
        Witness(templates, ("template.written",), told=written),
        Witness(templates.exclude(approved_at=None), ("template.approved",), told=approved),
    ]


def _fact(name: str) -> Callable[[LetterTemplate], object]:
    """Return what reads one of the facts that the verb tells of a version."""
    return lambda template: template_facts(template)[name]
