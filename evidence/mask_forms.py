"""The form of a masked copy: areas as they were drawn, and which pages go along."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evidence.masking import Mask
from evidence.models import WHOLE

AREAS = 500
PAGES = 200
CHOICES = (("marked", _("Only the pages with masked areas")), ("all", _("All pages")))


class MaskForm(forms.Form):
    """`areas` is JSON, [[page, left, top, right, bottom], …]; a valid form has its `mask`."""

    areas = forms.CharField(max_length=40 * AREAS, widget=forms.HiddenInput, label=_("Masked areas"))
    pages = forms.ChoiceField(label=_("Pages of the copy"), choices=CHOICES, initial="marked")

    def __init__(self, *args: Any, last_page: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_page = last_page

    def clean_areas(self) -> list[tuple[int, int, int, int, int]]:
        """Return the areas in the order of their pages, each once."""
        try:
            drawn = json.loads(self.cleaned_data["areas"])
        except (ValueError, RecursionError):
            drawn = None
        if not isinstance(drawn, list) or not 0 < len(drawn) <= AREAS or not all(map(self._is_area, drawn)):
            raise ValidationError(_("Draw at least one area over what nobody may read."), code="invalid")
        return sorted({tuple(area) for area in drawn})

    def _is_area(self, area: object) -> bool:
        if not isinstance(area, list) or len(area) != 5 or not all(type(place) is int for place in area):
            return False
        page, left, top, right, bottom = area
        return bool(1 <= page <= self.last_page and 0 <= left < right <= WHOLE and 0 <= top < bottom <= WHOLE)

    def clean(self) -> dict[str, Any]:
        """Choose the pages."""
        cleaned: dict[str, Any] = super().clean() or {}
        areas = cleaned.get("areas") or []
        everything = cleaned.get("pages") == "all"
        pages = range(1, self.last_page + 1) if everything else sorted({area[0] for area in areas})
        if len(pages) > PAGES:
            self.add_error("pages", _("A masked copy has at most %(n)d pages.") % {"n": PAGES})
            return cleaned
        self.mask = Mask(tuple(pages), tuple(areas))
        return cleaned
