"""The form for what a report letter leaves to people."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from engagements.models import Engagement
from reports.actions import digest_of
from reports.compilation import SCOPE_ENTRIES
from reports.letter import DEFAULTS, Blanks, blanks
from reports.letter_parts import Option
from reports.models import LetterEntries
from reports.readiness import REQUIRED_SCOPE
from signoff.letters import wording_in_force

# The form of the engagement was chosen when it was accepted.
_FORMS = (Option.DIRECT, Option.ATTESTATION)


class LetterForm(forms.Form):
    """One field per placeholder of the template, under the template's own names; the scope's lines come first.

    It carries which entries it was read from. A field is named by its placeholder, so that what was typed stays with it
    when the template changes meanwhile.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, data: QueryDict | None, *, engagement: Engagement, conclusion: str, entries: LetterEntries | None
    ) -> None:
        wanted = blanks(wording_in_force(engagement.firm_id, engagement.kind, conclusion).text)
        chosen = [option for option in entries.options if option not in _FORMS] if entries else []
        super().__init__(data, initial={"options": chosen, "seen": digest_of(entries)})
        self.names = tuple(dict.fromkeys((*SCOPE_ENTRIES, *wanted.names)))
        for name in self.names:
            self.fields[f"value-{name}"] = _text(name, _need(name, wanted))
            self.initial[f"value-{name}"] = entries.values.get(name, "") if entries else ""
        self.fields["options"] = _paragraphs([option for option in wanted.options if option not in _FORMS])

    @property
    def scope(self) -> list[forms.BoundField]:
        """The fields on the scope, which has a chapter of its own."""
        return [self[f"value-{name}"] for name in SCOPE_ENTRIES]

    @property
    def letter(self) -> list[forms.BoundField]:
        """The fields on the letter: its optional paragraphs, its placeholders."""
        return [self["options"], *(self[f"value-{name}"] for name in self.names[len(SCOPE_ENTRIES) :])]

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by placeholder."""
        return {name: self.cleaned_data[f"value-{name}"] for name in self.names}

    @property
    def chosen(self) -> list[str]:
        """The chosen paragraphs."""
        return list(self.cleaned_data["options"])

    def show_theirs(self, entries: LetterEntries | None) -> None:
        """Say at each field what somebody else put there meanwhile; sent once more, the form replaces it."""
        theirs = entries.values if entries else {}
        for name, mine in self.values.items():
            if (text := theirs.get(name, "")) != mine:
                self.add_error(f"value-{name}", _("Saved meanwhile: “%(text)s”") % {"text": text or "—"})
        again = cast("QueryDict", self.data).copy()
        again["seen"] = digest_of(entries)
        self.data = again


def _need(name: str, wanted: Blanks) -> str:
    """When the final report needs this entry."""
    if name in wanted.conditional:
        return _("Needed with its optional paragraph.")
    needed = name in REQUIRED_SCOPE or (name in wanted.names and name not in DEFAULTS)
    return _("Needed for the final report.") if needed else ""


def _text(name: str, need: str) -> forms.CharField:
    """Where the letter has words of its own, they show through until something else is typed."""
    box = forms.Textarea(attrs={"rows": 2, "placeholder": DEFAULTS.get(name, "")})
    return forms.CharField(label=name, required=False, max_length=2000, widget=box, help_text=need)


def _paragraphs(options: list[Option]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Optional paragraphs"),
        choices=[(option.value, option.value) for option in options],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is printed as a whole or left out as a whole."),
    )
