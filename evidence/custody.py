"""What became of a piece of evidence, from the trail: who handed it in, looked, copied, cited, decided."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evidence.models import Evidence
from evidence.queries import Happening
from foundation.trail.models import Event
from foundation.trail.queries import events_of

WORDS: dict[str, str | Promise] = {
    "evidence.received": pgettext_lazy("custody", "Received"),
    "evidence.described": _("Described"),
    "evidence.viewed": pgettext_lazy("custody", "Looked at"),
    "evidence.downloaded": _("Downloaded"),
    "evidence.cited": _("Cited"),
    "evidence.uncited": _("Citation taken off"),
    "evidence.withdrawn": pgettext_lazy("custody", "Withdrawn"),
    "evidence.released": pgettext_lazy("custody", "Released from quarantine"),
}
ON_PAPERS = ("evidence.cited", "evidence.uncited")


class Step(Happening):
    """One event in a piece's life; `place` is the paper on which it was cited."""

    @property
    def place(self) -> str:
        return str(self.event.content["object"]["label"]) if self.event.name in ON_PAPERS else ""


def custody(piece: Evidence) -> list[Step]:
    """Return what happened to a piece, newest first (one query, though it reads every citation of the engagement)."""
    about = Q(object_type=piece._meta.label, object_id=str(piece.pk), name__in=WORDS)
    events = events_of(piece.engagement.chain).filter(about | Q(name__in=ON_PAPERS))
    return [Step(event, WORDS) for event in _concerning(piece, events)]


def _concerning(piece: Evidence, events: Iterable[Event]) -> Iterable[Event]:
    """Leave out what was cited on papers and isn't this piece."""
    for event in events:
        if event.name not in ON_PAPERS or event.content["facts"]["evidence"] == piece.label:
            yield event
