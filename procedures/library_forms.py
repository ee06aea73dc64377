"""Forms of a firm's tickmarks and phrases."""

from typing import Any

from django import forms

from procedures.models import Phrase, Tickmark
from procedures.signs import LONGEST, validate_sign


class TickmarkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A sign and its meaning."""

    class Meta:
        model = Tickmark
        fields = ("sign", "meaning")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sign"].validators.append(validate_sign)
        self.fields["sign"].widget.attrs.update({"class": "short", "size": LONGEST + 1})

    def _post_clean(self) -> None:
        """What the model itself would say is said by the field, and by the verb."""


class PhraseForm(forms.ModelForm):  # type: ignore[type-arg]
    """A wording with its title and what it is for."""

    class Meta:
        model = Phrase
        fields = ("use", "title", "text")
        widgets = {"text": forms.Textarea({"rows": 3})}

    def _post_clean(self) -> None:
        """The verb makes the row."""


class ActForm(forms.Form):
    """Which of the buttons beside an entry was pressed."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("change", "retire", "up")])
