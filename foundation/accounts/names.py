"""Names as they may stand under signatures, in subjects of mails and in lists: of one line, as they look."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_name(name: str) -> None:
    """Refuse line breaks and invisible characters, which make a name look like another or break a mail."""
    if any(unicodedata.category(character).startswith("C") or character in "\u2028\u2029" for character in name):
        raise ValidationError(_("A name has one line and no invisible characters."))
