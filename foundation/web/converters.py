"""What may stand in a URL, where Django's own converters are too generous."""

from datetime import date

from django.urls.converters import StringConverter


class Code(StringConverter):
    """A paper's code: a control point's, e.g. 3.7.4.1.A, or a general paper's index, e.g. B-2; anything else is no page
    (and some of it no text for a database).
    """

    regex = r"[0-9]+(?:\.[0-9A-Z]+)*|[ABD]-[0-9]{1,3}"


class Day:
    """A day of the calendar, 2026-01-31; another is no page."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)
