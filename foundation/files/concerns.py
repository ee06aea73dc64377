"""What gives pause about a file, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "type": gettext_lazy("its content (%(detail)s) isn't what its name says"),
    "program": gettext_lazy("it is a program (%(detail)s)"),
    "polyglot": gettext_lazy("it can be read as another kind of file too (%(detail)s)"),
    "macro": gettext_lazy("it contains macros (%(detail)s)"),
    "encrypted": gettext_lazy("it is encrypted (%(detail)s): nobody here can look into it"),
    "damaged": gettext_lazy("it is damaged or was cut off (%(detail)s)"),
    "unread": gettext_lazy("not all of it could be looked into (%(detail)s)"),
    "virus": gettext_lazy("the virus scanner found %(detail)s"),
    "unscanned": gettext_lazy("the virus scanner couldn't look at it (%(detail)s)"),
}


def in_words(concerns: Iterable[str]) -> list[str]:
    """Say what codes with a detail mean ("type:application/x-dosexec"; see inspection.py), each as half a sentence."""
    return [concern_words(concern) for concern in concerns]


def concern_words(concern: str) -> str:
    """Say what one of them means, in the reader's language."""
    kind, _colon, detail = concern.partition(":")
    return str(_WORDS.get(kind, _("there is a concern: %(detail)s"))) % {"detail": detail or kind}
