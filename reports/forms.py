"""The form for what a report letter leaves to people."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from engagements.models import Engagement
from reports.compilation import SCOPE_ENTRIES
from reports.letter import DEFAULTS, Blanks, blanks
from reports.letter_parts import Option
from reports.models import LetterEntries
from reports.readiness import REQUIRED_SCOPE
from signoff.letters import wording_in_force

# The form of the engagement was chosen when it was accepted.
_FORMS = (Option.DIRECT, Option.ATTESTATION)


class LetterForm(forms.Form):
    """One field per placeholder of the template, under the template's own names; the scope's lines come first."""

    def __init__(
        self, data: QueryDict | None, *, engagement: Engagement, conclusion: str, entries: LetterEntries | None
    ) -> None:
        wanted = blanks(wording_in_force(engagement.firm_id, engagement.kind, conclusion).text)
        chosen = entries.options if entries else []
        super().__init__(data, initial={"options": [option for option in chosen if option not in _FORMS]})
        self.names = tuple(dict.fromkeys((*SCOPE_ENTRIES, *wanted.names)))
        for number, name in enumerate(self.names):
            self.fields[f"value-{number}"] = _text(name, _need(name, wanted))
            self.initial[f"value-{number}"] = entries.values.get(name, "") if entries else ""
        self.fields["options"] = _paragraphs([option for option in wanted.options if option not in _FORMS])

    @property
    def scope(self) -> list[forms.BoundField]:
        """The fields on the scope, which has a chapter of its own."""
        return [self[f"value-{number}"] for number in range(len(SCOPE_ENTRIES))]

    @property
    def letter(self) -> list[forms.BoundField]:
        """The fields on the letter: its optional paragraphs, its placeholders."""
        numbers = range(len(SCOPE_ENTRIES), len(self.names))
        return [self["options"], *(self[f"value-{number}"] for number in numbers)]

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by placeholder."""
        return {name: self.cleaned_data[f"value-{number}"] for number, name in enumerate(self.names)}

    @property
    def chosen(self) -> list[str]:
        """The chosen paragraphs."""
        return list(self.cleaned_data["options"])


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
