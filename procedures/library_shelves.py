"""What the library's page shows: tickmarks, and phrases by what they are for, each with the form that changes it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from foundation.accounts.models import User
from procedures.library import Sign, Wording, standard_phrases, standard_signs
from procedures.library_forms import PhraseForm, TickmarkForm
from procedures.models import Phrase, Tickmark

Form = TickmarkForm | PhraseForm


@dataclass(frozen=True, slots=True)
class Adding:
    """A form that wasn't taken: of a new entry."""

    kind: type[Tickmark] | type[Phrase]
    form: Form


@dataclass(frozen=True, slots=True)
class Changed:
    """A form that wasn't taken: of an entry that is there."""

    entry: UUID
    form: Form


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the firm's own with the form that changes it, open where it wasn't taken."""

    entry: Tickmark | Phrase
    form: Form

    @property
    def is_open(self) -> bool:
        return self.form.is_bound


@dataclass(frozen=True, slots=True)
class Shelf:
    """The phrases for one use: the firm's own, then the standard ones."""

    label: str
    lines: list[Line]
    standard: list[Wording]


def shelves_of(user: User, *, adding: Adding | None, changed: Changed | None) -> dict[str, Any]:
    """Return what templates/procedures/library.html shows (two queries)."""
    tickmarks = [_line(each, changed) for each in Tickmark.objects.visible_to(user).in_use()]
    phrases = [_line(each, changed) for each in Phrase.objects.visible_to(user).in_use()]
    return {
        "tickmarks": tickmarks,
        "standard_signs": _offered(tickmarks),
        "shelves": [_shelf(use, phrases) for use in Phrase.Use],
        "tickmark_form": _form(TickmarkForm, Tickmark, adding),
        "phrase_form": _form(PhraseForm, Phrase, adding),
    }


def _offered(own: list[Line]) -> list[Sign]:
    """The standard tickmarks, while the firm has none of its own."""
    return [] if own else standard_signs()


def _line(entry: Any, changed: Changed | None) -> Line:
    if changed and changed.entry == entry.pk:
        return Line(entry, changed.form)
    form = TickmarkForm if isinstance(entry, Tickmark) else PhraseForm
    return Line(entry, form(instance=entry, auto_id=f"id-{entry.pk}-%s"))


def _shelf(use: Phrase.Use, phrases: list[Line]) -> Shelf:
    own = [line for line in phrases if isinstance(line.entry, Phrase) and line.entry.use == use]
    return Shelf(str(use.label), own, [each for each in standard_phrases() if each.use == use])


def _form(form: type[Form], kind: type[Tickmark] | type[Phrase], adding: Adding | None) -> Form:
    return adding.form if adding and adding.kind is kind else form()
