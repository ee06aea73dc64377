"""Pieces of pages that come by the dozen and hardly differ from one page to the next: each is drawn once."""

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def drawn(template: str, row: Hashable) -> SafeString:
    """Return `template` with `row`, in the reader's language. Equal rows must look the same to everybody: they hold all
    that is shown, and no text that is marked safe, which would equal the same text unmarked.
    """
    return _drawn(template, row, get_language())


@lru_cache(maxsize=8192)  # some 6 MB when full
def _drawn(template: str, row: Hashable, _language: str) -> SafeString:
    return render_to_string(template, {"row": row})
