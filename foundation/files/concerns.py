"""What gives pause about a file, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "type": gettext_lazy("its content (%(detail)s) isn't what its name says"),
    "virus": gettext_lazy("the virus scanner found %(detail)s"),
    "encrypted": gettext_lazy("it is encrypted (%(detail)s): nobody here can look into it"),
}


def in_words(concerns: Iterable[str]) -> list[str]:
    """Say what codes with a detail mean ("type:application/x-dosexec"; see inspection.py), each as half a sentence."""
    return [_word(*concern.partition(":")[::2]) for concern in concerns]


def _word(kind: str, detail: str) -> str:
    return str(_WORDS.get(kind, _("there is a concern: %(detail)s"))) % {"detail": detail or kind}
