"""Whether results that nobody has saved yet are as the opening of fieldwork left them: whatever else they say was
written past the trail.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from engagements.models import Engagement
from foundation.trail.models import Event
from foundation.trail.verification import Seal
from procedures.models import Outcome, ProcedureResult

BATCH = 500
OPENED, SWITCHED_OFF = "paper.opened", "switched_off"
Reasons = Mapping[str, str]  # by a result's key the digest of why the profile switches it off


def untouched_results() -> Iterator[Seal]:
    """Yield each result that was never saved, with what its engagement's opening made of it and what it says.

    Two queries for each batch.
    """
    untouched = ProcedureResult.objects.filter(saved_at=None).select_related("workpaper")
    rows = untouched.order_by("workpaper__engagement", "pk").iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        opened = _switched_off({row.workpaper.engagement_id for row in batch})
        for row in batch:
            yield _compared(row, opened.get(row.workpaper.engagement_id))


def _switched_off(engagements: set[UUID]) -> dict[UUID, Reasons]:
    """Return what the trail tells of each opening; nothing of those that are older than the event."""
    about = {"object_type": Engagement._meta.label, "object_id__in": list(map(str, engagements))}
    events = Event.objects.filter(name=OPENED, **about)
    return {UUID(event.object_id): _reasons(event) for event in events}


def _reasons(event: Event) -> Reasons:
    """What the event tells; nothing of a forged one, of which the chain's verification tells."""
    facts = event.content_or_nothing.get("facts")
    told = facts.get(SWITCHED_OFF) if isinstance(facts, dict) else None
    return told if isinstance(told, dict) else {}


def _compared(row: ProcedureResult, reasons: Reasons | None) -> Seal:
    label = f"{row._meta.label} {row.pk} ({row})"
    return Seal(label, repr(_opened(row, reasons)), repr(_says(row)), _("it was filled in past the trail"))


def _opened(row: ProcedureResult, reasons: Reasons | None) -> tuple[Any, ...]:
    """What a result says that nobody touched; of an opening that isn't told, that it doesn't apply is taken as said."""
    if reasons is None:
        reasons = {str(row.pk): reason_digest(row)} if row.outcome == Outcome.NOT_APPLICABLE else {}
    switched_off = str(row.pk) in reasons
    outcome = Outcome.NOT_APPLICABLE.value if switched_off else ""
    return outcome, reasons.get(str(row.pk), ""), "", "", None, None, 1


def _says(row: ProcedureResult) -> tuple[Any, ...]:
    typed = (str(row.outcome), reason_digest(row), row.work, row.departure)
    return *typed, row.performed_on, row.performed_by_id, row.version


def reason_digest(result: ProcedureResult) -> str:
    """SHA-256 (hex) of a result's reason; nothing where it has none."""
    return hashlib.sha256(result.reason.encode()).hexdigest() if result.reason else ""
