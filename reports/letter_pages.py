"""What the pages of the firm's letter templates show: the twelve with their state, one with preview and difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from engagements.models import Engagement
from foundation.accounts.models import Organization
from reports.letter import WORKED_OUT
from reports.letter_check import Fault, faults, known_names, warnings
from reports.letter_parts import Option, Paragraph, marked
from reports.letter_samples import SAMPLES
from reports.letter_templates import Place, places, versions_of_firm
from signoff.models import ConclusionKind, LetterTemplate


@dataclass(frozen=True, slots=True)
class Shelved:
    """A template with its versions, the newest first."""

    place: Place
    versions: list[LetterTemplate]

    @property
    def kind(self) -> str:
        return str(Engagement.Kind(self.place.kind.value).label)

    @property
    def conclusion(self) -> str:
        return str(ConclusionKind(self.place.conclusion.value).label)

    @property
    def last(self) -> int:
        """The number of the newest version; 0 where the firm has none."""
        return self.versions[0].version if self.versions else 0

    @property
    def pending(self) -> LetterTemplate | None:
        """The newest version, while it waits for a second person."""
        return self.versions[0] if self.versions and not self.versions[0].approved_at else None

    @property
    def in_force(self) -> LetterTemplate | None:
        """The firm's version in force; nothing where the supplied wording is."""
        approved = next((version for version in self.versions if version.approved_at), None)
        return approved if approved and approved.text else None

    @property
    def text_in_force(self) -> str:
        return self.in_force.text if self.in_force else self.place.supplied

    @property
    def newest_text(self) -> str:
        """What the editor begins with: the version that waits, else the one in force."""
        return (self.pending.text or self.place.supplied) if self.pending else self.text_in_force

    @property
    def state(self) -> str:
        """所附範本 or 本所修訂第 n 版."""
        if self.in_force is None:
            return _("Supplied wording")
        return _("The firm's version %(n)d") % {"n": self.in_force.version}


def shelf(firm: Organization) -> dict[str, Shelved]:
    """The firm's twelve templates by key (one query)."""
    versions = versions_of_firm(firm.pk)
    return {key: Shelved(place, versions.get(key, [])) for key, place in places(firm).items()}


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would be printed, each paragraph with its option; and what is wrong with it."""

    paragraphs: list[tuple[str, Paragraph]]
    faults: list[Fault]
    warnings: list[Fault]


def preview(text: str, place: Place) -> Preview:
    """The letter filled with an invented engagement, every optional paragraph shown; placeholders for people marked."""
    return Preview(
        list(marked(text, None, SAMPLES)),
        faults(text, place.kind, place.conclusion),
        warnings(text, place.conclusion),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What can be put into a text by a click."""

    by_itself: list[str]
    by_people: list[str]
    options: list[str]


def marks() -> Marks:
    """Every placeholder, first those that fill in by themselves, and every optional paragraph."""
    known = known_names()
    return Marks(sorted(known & WORKED_OUT), sorted(known - WORKED_OUT), [option.value for option in Option])


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """("del" or "ins", paragraph) of each paragraph that one text has and the other hasn't, in order."""
    old, new = (text.strip().split("\n\n") for text in (before, after))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (("del", paragraph) for paragraph in old[i1:i2])
            yield from (("ins", paragraph) for paragraph in new[j1:j2])
