"""A binder as HTML: from escaped templates, in parts of which each begins on a new page.

The issued report is one document of all parts. A draft lays the parts out one by one (reports.drafts), so nothing
in a part may depend on the pages before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reports import clauses, contents, letter, wording
from reports.binder import Area, Binder, Chapter, Conclusion, Kind, Result
from reports.contents import Section

FOLDER = "reports/document"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the report that begins on a new page.

    `chapter` is what the page head says where no chapter heading comes first; `block` is the
    stretch of the detailed table that it prints; `page` names its kind of page in report.css.
    """

    template: str
    page: str = ""
    chapter: str = ""
    block: "Block | None" = None

    @property
    def name(self) -> str:
        """Where the part begins, as an anchor of its first page."""
        place = f"-{self.block.chapter.number}-{self.block.area.number or 0}" if self.block else ""
        return f"part-{self.template.removesuffix('.html')}{place}"

    @property
    def file(self) -> str:
        """The template as Django finds it."""
        return f"{FOLDER}/{self.template}"


@dataclass(frozen=True, slots=True)
class Block:
    """One area of the detailed table. `opens`: the section's first; `heads`: its chapter's first."""

    chapter: Chapter
    area: Area
    opens: bool
    heads: bool


def document_html(binder: Binder, digest: str) -> str:
    """The whole report as one HTML document; every text in it is escaped."""
    return render_to_string(f"{FOLDER}/report.html", context(binder, digest))


def part_html(part: Part, common: dict[str, Any]) -> str:
    """One part, as it stands in the document."""
    return render_to_string(f"{FOLDER}/part.html", {**common, "part": part})


def context(binder: Binder, digest: str) -> dict[str, Any]:
    """Everything that the templates show. `digest` is that of the frozen binder, before it was made printable."""
    return {
        "binder": binder,
        "parts": list(parts(binder)),
        "letter": letter.compose(binder),
        "title": wording.TITLE,
        "kind": wording.KINDS[binder.kind],
        "as_of": binder.kind is not Kind.ANNUAL,
        "assessed": wording.assessed(binder.kind),
        "span": wording.span(binder.since, binder.until),
        "modified": binder.conclusion not in {None, Conclusion.UNMODIFIED},
        "inconclusive": binder.conclusion is Conclusion.DISCLAIMER,
        "conclusion": wording.CONCLUSIONS[binder.conclusion] if binder.conclusion else wording.PENDING,
        "result_words": wording.results(binder.kind),
        "result_lines": wording.result_lines(binder.kind),
        "anchor": _anchor(binder),
        "qr": _qr(_anchor(binder)),
        "digest": digest,
        **_worked_out(binder),
    }


def parts(binder: Binder) -> Iterator[Part]:
    """Everything after cover and contents, in printed order."""
    yield Part("letter.html", page="letter", chapter=Section.LETTER.value)
    yield from map(Part, ("evaluators.html", "scope.html", "summary.html"))
    yield from _details(binder)
    yield from map(Part, ("findings.html", "exercises.html", "follow_ups.html", "open_items.html"))
    yield from map(Part, ("appendices.html", "trail.html"))


def _details(binder: Binder) -> Iterator[Part]:
    heading = Section.DETAILS.heading
    blocks = list(_blocks(binder))
    yield from (Part("details.html", chapter="" if block.opens else heading, block=block) for block in blocks)
    if not blocks:
        yield Part("details.html")


def _blocks(binder: Binder) -> Iterator[Block]:
    for chapter in binder.chapters:
        for area in chapter.areas:
            heads = area is chapter.areas[0]
            yield Block(chapter, area, opens=heads and chapter is binder.chapters[0], heads=heads)


def _worked_out(binder: Binder) -> dict[str, Any]:
    return {
        "sections": {section.name.lower(): section for section in Section},
        "tallies": [_bar(tally) for tally in contents.tallies(binder)],
        "total": _bar(contents.total(binder)),
        "exercises": list(contents.exercises(binder)),
        "open_items": contents.open_items(binder),
        "sampled": contents.sampled(binder),
        "additions": contents.additions(binder),
        "departures": contents.departures(binder),
        "legend": contents.legend(binder),
        "ambiguous": contents.ambiguous_signs(binder),
        "matrix_legend": clauses.LEGEND,
        "evidence_kinds": contents.evidence_by_kind(binder),
    }


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar; position and width in thousandths of the bar."""

    name: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A tally drawn as a bar, with its counts in the order of the results."""

    tally: contents.Tally
    counts: tuple[int, ...]
    segments: tuple[Segment, ...]


def _bar(tally: contents.Tally) -> Bar:
    return Bar(tally, tuple(tally.results[result] for result in Result), tuple(_segments(tally)))


def _segments(tally: contents.Tally) -> Iterator[Segment]:
    before = 0
    for result in Result:
        count = tally.results[result]
        if count:
            start, end = (1000 * edge // tally.total for edge in (before, before + count))
            yield Segment(result.value, start, end - start)
        before += count


def _anchor(binder: Binder) -> str:
    """The trail head in short, so that anybody holding the paper can compare it with the file."""
    return f"{binder.trail.chain} {binder.trail.sequence} {binder.trail.head}"


def _qr(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=2, border=0))  # noqa: S308 -- drawn by the library from a hash
