"""What changed in a text or an entry: what went, what came, and the words around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.web import roc
from procedures.models import Outcome
from procedures.revisions import AMENDMENT, SUPPORT

AN_EXCERPT = 24  # characters shown before and after a changed passage


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a revision: what went, what came, and the words around it."""

    label: str | Promise
    head: str
    removed: str
    added: str
    tail: str


LABELS: Mapping[str, str | Promise] = {
    "outcome": _("Result"),
    "work": _("Work performed"),
    "reason": _("Reason"),
    "departure": _("Departure"),
    "performed_on": _("Date performed"),
    "conclusion": _("Conclusion"),
    "matrix": _("Matrix"),
}
# What changed without a text being typed, as revisions keep it: "+ …" or "- …".
UNTYPED: Mapping[str, str | Promise] = {SUPPORT: _("Rests on"), AMENDMENT: _("Sheet")}
OUTCOMES = dict(Outcome.choices)


def is_typed(content: dict[str, Any]) -> bool:
    """Whether a revision's content is texts, not a line about what else changed."""
    return not UNTYPED.keys() & content.keys()


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Compare two contents of one place, field by field; or say the line that the later one holds."""
    for key, label in UNTYPED.items():
        if told := after.get(key):
            removed, added = (told[2:], "") if told.startswith("-") else ("", told[2:])
            return [Change(label, "", removed, added, "")]
    return [
        changed_span(LABELS[name], _shown(name, before.get(name, "")), _shown(name, after.get(name, "")))
        for name in LABELS
        if after.get(name, "") != before.get(name, "")
    ]


def _shown(name: str, value: str) -> str:
    if name == "outcome":
        return str(OUTCOMES.get(value, value))
    return roc.short(datetime.fromisoformat(value).date()) if name == "performed_on" and value else value


def changed_span(label: str | Promise, old: str, new: str) -> Change:
    """Return the one passage in which two texts differ, with a little of what stands around it."""
    shortest = min(len(old), len(new))
    start = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    room = shortest - start
    same = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
    head, tail = old[:start], old[len(old) - same :]
    return Change(
        label,
        head if len(head) <= AN_EXCERPT else "…" + head[-AN_EXCERPT:],
        old[start : len(old) - same],
        new[start : len(new) - same],
        tail if len(tail) <= AN_EXCERPT else tail[:AN_EXCERPT] + "…",
    )
