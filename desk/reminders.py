"""A broker's reminders: what its people still owe their auditors, in one mail per person and day.

They say how much, by when and where to read on; what is asked for and what was found stays behind the sign-in.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from engagements.models import Engagement
from evidence.models import Request
from findings.asking import awaited
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.jobs.actions import request_job

REMINDER_TASK = "desk.remind"
DAYS_LEFT = frozenset({3, 1, 0, -3})  # on which somebody is reminded of what is due


@dataclass(frozen=True, slots=True)
class Due:
    """What of one kind is owed: by which days, and where it is handed over."""

    url: str
    day: date
    dates: list[date] = field(default_factory=list)

    @property
    def first(self) -> date:
        return min(self.dates)

    @property
    def late(self) -> int:
        return sum(due_on < self.day for due_on in self.dates)

    @property
    def is_called_for(self) -> bool:
        """Whether this is a day to remind somebody of it."""
        return any((due_on - self.day).days in DAYS_LEFT for due_on in self.dates)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a broker owes in one engagement."""

    engagement: Engagement
    requests: Due
    responses: Due


def ask_for_reminders(day: date) -> None:
    """Ask for a mail to each of the brokers' people to whom one is due on that day."""
    for person in User.objects.filter(role=Role.BROKER, is_active=True):
        if reminds(owed_by(person, day)):
            key = f"{REMINDER_TASK}:{day.isoformat()}:{person.pk}"
            request_job(REMINDER_TASK, {"day": day.isoformat(), "person": str(person.pk)}, by=None, key=key)


def remind(person: User, day: date) -> None:
    """Mail a person what they owe; nothing if it was handed over meanwhile."""
    owed = owed_by(person, day)
    if not person.is_active or not reminds(owed):
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"owed": owed, "site": settings.PUBLIC_URL.rstrip("/")}
        subject = render_to_string("desk/mail/reminder_subject.txt", context).strip()
        send_mail(subject, render_to_string("desk/mail/reminder.txt", context), None, [person.email])


def reminds(owed: Iterable[Owed]) -> bool:
    """Whether anything of it calls for a mail; if so, the mail tells all of it."""
    return any(each.requests.is_called_for or each.responses.is_called_for for each in owed)


def owed_by(person: User, day: date) -> list[Owed]:
    """Return what a broker's person owes on a day, by engagement (three queries)."""
    seen = Engagement.objects.visible_to(person).open_for_work().select_related("auditee", "firm")
    requests = Request.objects.visible_to(person).waiting_for_broker().filter(engagement__in=seen)
    asked = _by_engagement(requests.order_by().values_list("engagement", "due_on"))
    told = _by_engagement(awaited(seen))
    owing = [each for each in seen if each.pk in asked or each.pk in told]
    return [
        Owed(
            each,
            Due(reverse("request-list", args=[each.pk]), day, asked[each.pk]),
            Due(reverse("response-list", args=[each.pk]), day, told[each.pk]),
        )
        for each in owing
    ]


def _by_engagement(rows: Iterable[tuple[UUID, date]]) -> dict[UUID, list[date]]:
    dates: dict[UUID, list[date]] = defaultdict(list)
    for engagement, due_on in rows:
        dates[engagement].append(due_on)
    return dates
