"""By when a note is due: a working day to come."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from engagements.note_forms import DirectionForm, working_day
from foundation.web import roc


def errors(engagement, day: date) -> list[str]:
    form = DirectionForm({"due_on": roc.short(day)}, engagement=engagement)
    return [text for texts in form.errors.values() for text in texts]


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 12, 4), date(2026, 12, 4)),
        (date(2026, 12, 5), date(2026, 12, 7)),
        (date(2026, 12, 6), date(2026, 12, 7)),
    ],
)
def test_a_weekend_gives_way_to_monday(day, following):
    assert working_day(day) == following


def test_a_day_that_has_passed_is_refused(engagement):
    assert len(errors(engagement, working_day(timezone.localdate() - timedelta(days=9)))) == 1


def test_a_weekend_is_refused_with_the_next_working_day(engagement):
    saturday = timezone.localdate() + timedelta(days=12 - timezone.localdate().weekday())
    [error] = errors(engagement, saturday)
    assert roc.short(saturday + timedelta(days=2)) in error


def test_a_working_day_to_come_is_taken(engagement):
    assert errors(engagement, working_day(timezone.localdate() + timedelta(days=7))) == []
