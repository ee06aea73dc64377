"""Searching the catalogue: codes, titles, the printed text, references included, and the expected documents.

Everything that can be found is read with four queries and compared here: so sub-steps are found too, two-character
Chinese words are found on both databases, and a hit says where it is.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.utils.translation import gettext as _

from controls.models import CatalogueVersion, ControlPoint, ExpectedDocument, Procedure, ReferenceLine

AROUND = 30
MOST_EXCERPTS = 4
MOST_CHARACTERS = 100


# Full-width forms of ASCII, one character for one, so that places in the text stay the same.
HALF_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}


@dataclass(frozen=True)
class Excerpt:
    """Where a word was found, and the text around it in three parts."""

    place: str
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Hit:
    """A control point in which every word was found."""

    point: ControlPoint
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True)
class _Passage:
    place: str
    text: str


def search(version: CatalogueVersion, query: str) -> list[Hit]:
    """Control points, in printed order, that hold every word of the query somewhere; four queries.

    Upper and lower case, full and half width make no difference; at most 100 characters are looked at.
    """
    words = _folded(query[:MOST_CHARACTERS]).split()
    if not words:
        return []
    passages = _passages(version)
    points = version.points.order_by("position")
    return [Hit(point, _excerpts(passages[point.pk], words)) for point in points if _holds(point, passages, words)]


def _folded(text: str) -> str:
    return text.translate(HALF_WIDTH).lower()


def _passages(version: CatalogueVersion) -> dict[int, list[_Passage]]:
    """The printed text and the documents, by control point, in the order of the page."""
    by_point: dict[int, list[_Passage]] = defaultdict(list)
    sources = (_control_texts, _references, _procedures, _documents)
    for point, passage in chain.from_iterable(source(version) for source in sources):
        by_point[point].append(passage)
    return by_point


def _control_texts(version: CatalogueVersion) -> Iterator[tuple[int, _Passage]]:
    texts = version.points.values_list("pk", "control_text", "procedure_preamble")
    for point, text, preamble in texts:
        yield from ((point, _Passage(_("Control text"), line)) for line in text.splitlines())
        yield point, _Passage(_("Before the procedures"), preamble)


def _references(version: CatalogueVersion) -> Iterator[tuple[int, _Passage]]:
    lines = ReferenceLine.objects.filter(point__version=version).values_list("point_id", "printed")
    for point, printed in lines.order_by("point__position", "position"):
        yield point, _Passage(_("Reference"), printed)


def _procedures(version: CatalogueVersion) -> Iterator[tuple[int, _Passage]]:
    for point, number, text, steps in Procedure.objects.of(version).values_list("point_id", "no", "text", "steps"):
        place = _("Procedure %(no)s") % {"no": number}
        yield from ((point, _Passage(place, line)) for line in (text, *steps))


def _documents(version: CatalogueVersion) -> Iterator[tuple[int, _Passage]]:
    documents = ExpectedDocument.objects.of(version).values_list("procedure__point_id", "procedure__no", "name")
    for point, number, name in documents:
        yield point, _Passage(_("Document of procedure %(no)s") % {"no": number}, name)


def _holds(point: ControlPoint, passages: dict[int, list[_Passage]], words: list[str]) -> bool:
    names = (point.code, point.short_title_zh, point.short_title_en)
    texts = [_folded(text) for text in (*names, *(passage.text for passage in passages[point.pk]))]
    return all(any(word in text for text in texts) for word in words)


def _excerpts(passages: list[_Passage], words: list[str]) -> tuple[Excerpt, ...]:
    found = (_excerpt(passage, words) for passage in passages)
    return tuple(islice((excerpt for excerpt in found if excerpt), MOST_EXCERPTS))


def _excerpt(passage: _Passage, words: list[str]) -> Excerpt | None:
    """The text around the first word found, or None."""
    text, folded = passage.text, _folded(passage.text)
    start, word = min(((folded.find(word), word) for word in words if word in folded), default=(-1, ""))
    if start < 0:
        return None
    end = start + len(word)
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Excerpt(
        place=passage.place,
        before=before if start <= AROUND else f"…{before}",
        found=text[start:end],
        after=after if end + AROUND >= len(text) else f"{after}…",
    )
