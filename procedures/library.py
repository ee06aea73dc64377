"""A firm's library of tickmarks and phrases: what is in use, and the verbs that change it.

Until a firm makes its own, it uses the standard tickmarks (fixtures/library.json); its first change copies them.
The standard phrases stay beside the firm's own.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import Organization, User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from procedures.models import LibraryEntry, Phrase, Tickmark

E = TypeVar("E", bound=LibraryEntry)
MOST = 200  # entries of a kind in use
# What an entry says, by its kind: what the trail tells of it.
LIBRARY_FACTS: dict[type[LibraryEntry], tuple[str, ...]] = {
    Tickmark: ("sign", "meaning"),
    Phrase: ("use", "title", "text"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign with its meaning, as it is offered for citing."""

    sign: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase as it is offered while somebody types."""

    use: str
    title: str
    text: str
    is_own: bool = False


@cache
def _standard() -> dict[str, list[dict[str, Any]]]:
    kept: dict[str, list[dict[str, Any]]] = json.loads(Path(settings.BASE_DIR, "fixtures", "library.json").read_bytes())
    return kept


def standard_signs() -> list[Sign]:
    """The signs that a firm begins with."""
    return [Sign(**row) for row in _standard()["tickmarks"]]


def standard_phrases() -> list[Wording]:
    """The phrases that every firm has."""
    return [Wording(**row) for row in _standard()["phrases"]]


def signs_of(firm: UUID) -> list[Sign]:
    """The signs that the firm cites with (one query)."""
    own = Tickmark.objects.filter(firm=firm).in_use().values_list("sign", "meaning")
    return [Sign(*row) for row in own] or standard_signs()


def phrases_of(firm: UUID) -> list[Wording]:
    """The firm's own phrases, then the standard ones (one query)."""
    own = Phrase.objects.filter(firm=firm).in_use().values_list("use", "title", "text")
    return [*(Wording(use, title, text, is_own=True) for use, title, text in own), *standard_phrases()]


def meaning_of(sign: str, firm: UUID) -> str:
    """What the sign says in this firm; of a sign that it doesn't use, what it says in the standard set, if anything."""
    meanings = {each.sign: each.meaning for each in (*standard_signs(), *signs_of(firm))}
    return meanings.get(sign, "")


# Changes --------------------------------------------------------------------------------------


@transaction.atomic
def add_entry(entry: E, *, by: User) -> E:
    """Put a tickmark or a phrase at the end of the firm's library."""
    _lock(entry.firm_id, type(entry), by=by)
    return _append(entry, by=by)


@transaction.atomic
def reword_entry(entry: E, changed: E, *, by: User) -> E:
    """Put `changed` in the place of an entry, which retires: whoever used it keeps what it said."""
    _lock(entry.firm_id, type(entry), by=by)
    current = _in_use(entry)
    if entry_facts(current) == entry_facts(changed):
        return current
    _retire(current, by=by)
    changed.position = current.position
    return _put(changed, by=by)


@transaction.atomic
def retire_entry(entry: E, *, by: User) -> None:
    """Take an entry out of use. It stays: citations made with it keep its meaning."""
    _lock(entry.firm_id, type(entry), by=by)
    current = _in_use(entry)
    if isinstance(current, Tickmark) and _entries(current).count() == 1:
        raise Refused(_("The firm needs one tickmark at least."))
    _retire(current, by=by)


@transaction.atomic
def move_up(entry: E, *, by: User) -> None:
    """Change places with the entry before; the first stays where it is."""
    _lock(entry.firm_id, type(entry), by=by)
    current = _in_use(entry)
    entries = list(_entries(current))
    place = entries.index(current)
    if place == 0:
        return
    entries[place - 1 : place + 1] = [current, entries[place - 1]]
    for position, each in enumerate(entries, start=1):
        each.position = position
    type(entry).objects.bulk_update(entries, ["position"])
    _tell("moved", current, {"position": current.position}, by=by)


@transaction.atomic
def own_tickmarks(firm: Organization, *, by: User) -> None:
    """Make the standard tickmarks the firm's own, so that each can be changed; done already, nothing happens."""
    _lock(firm.pk, Tickmark, by=by)


def _lock(firm: UUID, model: type[LibraryEntry], *, by: User) -> None:
    """Let one change of the firm's library follow the other, the first on the standard tickmarks."""
    Organization.objects.select_for_update(no_key=True).get(pk=firm)
    if model is Tickmark and not Tickmark.objects.filter(firm=firm).exists():
        for each in standard_signs():
            _append(Tickmark(firm_id=firm, sign=each.sign, meaning=each.meaning), by=by)


def _entries(entry: LibraryEntry) -> Any:
    """Those of its kind that the firm uses, phrases for the same use only."""
    entries = type(entry)._default_manager.filter(firm=entry.firm_id, retired_at__isnull=True)
    return entries.filter(use=entry.use) if isinstance(entry, Phrase) else entries


def _in_use(entry: E) -> E:
    current: E | None = _entries(entry).filter(pk=entry.pk).first()
    if current is None:
        raise Refused(_("Somebody took this out of use meanwhile."))
    return current


def _append(entry: E, *, by: User) -> E:
    if _entries(entry).count() >= MOST:
        raise Refused(_("The library is full."))
    entry.position = (_entries(entry).aggregate(last=Max("position"))["last"] or 0) + 1
    return _put(entry, by=by)


def _put(entry: E, *, by: User) -> E:
    entry.added_by = by
    if isinstance(entry, Tickmark) and _entries(entry).filter(sign=entry.sign).exists():
        raise Refused(_("“%(sign)s” is in use already.") % {"sign": entry.sign})
    try:
        entry.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    entry.save(force_insert=True)
    _tell("added", entry, entry_facts(entry), by=by)
    return entry


def _retire(entry: LibraryEntry, *, by: User) -> None:
    entry.retired_at = timezone.now()
    entry.save(update_fields=["retired_at"])
    _tell("retired", entry, {}, by=by)


def entry_facts(entry: LibraryEntry) -> dict[str, JSON]:
    """What the trail tells of an entry: everything that it says."""
    return {name: str(getattr(entry, name)) for name in LIBRARY_FACTS[type(entry)]}


def _tell(what: str, entry: LibraryEntry, facts: dict[str, JSON], *, by: User) -> None:
    """Record on the firm's own chain; the verb's name is the entry's kind and what became of it."""
    kind = entry._meta.model_name
    told = {"entry": str(entry.pk), **facts}
    record(f"{kind}.{what}", chain=entry.firm.chain, by=by, about=entry.firm, facts=told)
