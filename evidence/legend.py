"""What the tickmarks of some citations say: from the time of citing, not from the library of today."""

from collections.abc import Iterable

from evidence.models import Citation
from procedures.library import Sign, standard_signs


def legend_of(citations: Iterable[Citation]) -> list[Sign]:
    """Return each sign with each meaning it was used with, once. A citation from before meanings were kept has the
    standard one.
    """
    standard = {each.sign: each.meaning for each in standard_signs()}
    signs = (Sign(each.tickmark, each.meaning or standard.get(each.tickmark, "")) for each in citations)
    return list(dict.fromkeys(signs))
