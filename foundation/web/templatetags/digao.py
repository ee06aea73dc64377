"""The template library that every page has: dates, numbering, query strings."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.web import roc as roc_dates

register = template.Library()


def _local_day(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


@register.filter
def roc(moment: date | datetime | None) -> str | SafeString:
    """115/11/23, with the ISO date on hover; nothing for no date."""
    if moment is None:
        return ""
    day = _local_day(moment)
    return format_html('<time datetime="{0}" title="{0}">{1}</time>', day.isoformat(), roc_dates.short(day))


@register.filter
def roc_text(day: date | None) -> str:
    """Return 115/11/23 without markup, for attributes."""
    return roc_dates.short(day) if day else ""


@register.filter
def roc_time(moment: datetime | None) -> str | SafeString:
    """115/11/23 14:32, with ISO on hover."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    text = f"{roc_dates.short(local.date())} {local:%H:%M}"
    return format_html('<time datetime="{0}" title="{0}">{1}</time>', local.isoformat(timespec="seconds"), text)


@register.filter
def roc_long(moment: date | datetime | None) -> str:
    """115年11月23日."""
    return "" if moment is None else roc_dates.long(_local_day(moment))


@register.filter
def cjk_number(number: int) -> str:
    """3 → 三, 18 → 十八."""
    return roc_dates.number_in_words(int(number))


BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {name: name for name in ("Windows", "Android", "iPhone", "iPad")} | {"Mac": "macOS", "Linux": "Linux"}


@register.filter
def browser(user_agent: str) -> str:
    """Chrome · Windows: what of a User-Agent header people recognize; else its beginning."""
    names = [next((name for sign, name in known.items() if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, names)) or user_agent[:40]


@register.simple_tag(takes_context=True)
def allowed(context: dict[str, Any], permission: str, obj: Any = None) -> bool:
    """Whether the person at the page holds `permission`: `{% allowed "note.add" engagement as may_note %}`."""
    return bool(context["request"].user.can(permission, obj))
