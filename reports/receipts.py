"""Receipts of downloads: each is the event that a download left in the trail, numbered by its place and its hash."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from foundation.accounts.models import User
from foundation.trail.models import Event
from reports.filed import DOWNLOADED, REPORT
from signoff.models import ReportVersion

SHOWN = 8  # digits of the hash in a receipt's number


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody took a copy of, and when. `hash` is the event's in the trail, `previous` the one before it."""

    seq: int
    at: datetime
    report: str
    report_key: str
    file: str
    sha256: str
    size: int | None
    actor: str
    hash: str
    previous: str

    @property
    def number(self) -> str:
        """1234-ab12cd34: the place in the trail, and the first digits of the hash there."""
        return f"{self.seq}-{self.hash[:SHOWN]}"


def own_receipts(user: User, report: ReportVersion) -> list[Receipt]:
    """What the person took of one report, newest first (one query)."""
    return receipts(own_downloads(user).filter(object_id=str(report.pk)))


def own_downloads(user: User) -> QuerySet[Event]:
    """The events of what the person downloaded of reports, newest first."""
    events = Event.objects.filter(name=DOWNLOADED, actor=str(user.pk), object_type=REPORT)
    return events.order_by("-at", "-seq")


def receipts(events: Iterable[Event]) -> list[Receipt]:
    return [_receipt(event) for event in events]


def _receipt(event: Event) -> Receipt:
    facts = event.content["facts"]
    return Receipt(
        seq=event.seq,
        at=event.at,
        report=event.content["object"]["label"],
        report_key=event.object_id,
        file=facts["file"],
        sha256=facts["sha256"],
        size=facts.get("size"),
        actor=event.content["actor"]["label"],
        hash=bytes(event.hash).hex(),
        previous=bytes(event.previous).hex(),
    )
