"""The choice between a Chinese and an English wording that stand in two columns."""

from django.utils.translation import get_language


def in_language(zh: str, en: str) -> str:
    """The wording for the reader: English where the page is English and a wording exists, else Chinese."""
    return en if en and (get_language() or "").startswith("en") else zh
