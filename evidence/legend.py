"""What tickmarks of citations say: from the time of citing, not from the library of today."""

from collections.abc import Iterable
from functools import cache

from evidence.models import Citation
from procedures.library import Sign, standard_signs


def legend_of(citations: Iterable[Citation]) -> list[Sign]:
    """Return each sign with each meaning it was used with, once."""
    return list(dict.fromkeys(sign_of(each) for each in citations))


def sign_of(citation: Citation) -> Sign:
    """A citation's sign with what it says. One from before meanings were kept has the standard meaning."""
    return Sign(citation.tickmark, citation.meaning or _standard_meanings().get(citation.tickmark, ""))


@cache
def _standard_meanings() -> dict[str, str]:
    return {each.sign: each.meaning for each in standard_signs()}
