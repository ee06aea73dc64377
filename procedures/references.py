"""Cross-references: texts that name papers of the file by their index, C-3.8.2, or one procedure of them, C-3.8.2/3."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextField, Value
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from procedures.models import ProcedureResult, Workpaper
from procedures.queries import PaperLine

# An index ends where nothing that could continue it follows: C-3.8 isn't named by C-3.8.2, but is at a sentence's end.
NAMED = re.compile(
    r"(?<![A-Za-z0-9.\-])(C-\d+(?:\.(?:\d+|[A-Z])(?![A-Za-z0-9]))*|[ABD]-\d+)(?![A-Za-z0-9\-]|\.[A-Za-z0-9])(?:/(\d+))?"
)
TEXTS = ("work", "reason", "departure", "text")


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in the file that a text names."""

    line: PaperLine
    procedure: int | None

    @property
    def label(self) -> str:
        return f"{self.line.index}/{self.procedure}" if self.procedure else self.line.index

    @property
    def url(self) -> str:
        """The paper, at the procedure where one is named."""
        return f"{self.line.url}#procedure-{self.procedure}" if self.procedure else self.line.url


def by_index(lines: Iterable[PaperLine]) -> dict[str, PaperLine]:
    """The papers of a file by what texts call them."""
    return {line.index: line for line in lines}


def references_in(texts: Iterable[str], papers: Mapping[str, PaperLine]) -> list[Reference]:
    """Return what the texts name of these papers, each place once, in the order of the texts."""
    found = (_reference(match, papers) for text in texts for match in NAMED.finditer(text))
    return list({reference.label: reference for reference in found if reference}.values())


def _reference(match: re.Match[str], papers: Mapping[str, PaperLine]) -> Reference | None:
    """The place that was named; the paper as a whole if it has no such procedure, nothing if there is no such paper."""
    line = papers.get(match[1])
    if line is None:
        return None
    number = int(match[2]) if match[2] and len(match[2]) <= 3 else 0
    return Reference(line, number if 0 < number <= line.total else None)


def linked(text: str, papers: Mapping[str, PaperLine]) -> SafeString:
    """Return the text as HTML, escaped, with a link for each place of the file that it names."""
    return mark_safe("".join(_linked(text, papers)))  # noqa: S308 -- every part of it is escaped


def _linked(text: str, papers: Mapping[str, PaperLine]) -> Iterator[str]:
    end = 0
    for match in NAMED.finditer(text):
        if reference := _reference(match, papers):
            yield conditional_escape(text[end : match.start()])
            facts = reference.url, reference.line.title, match.group()
            yield format_html('<a class="refers" href="{}" title="{}">{}</a>', *facts)
            end = match.end()
    yield conditional_escape(text[end:])


def named_by(paper: Workpaper, lines: Iterable[PaperLine]) -> list[PaperLine]:
    """Return the other papers of the file whose texts name this one (one query, whatever the size)."""
    naming = {key for key, *texts in _texts_with(paper) if any(_names(text, paper.index) for text in texts)}
    return [line for line in lines if line.id in naming and line.id != paper.pk]


def _texts_with(paper: Workpaper) -> Iterator[tuple[Any, ...]]:
    """Each text in which the paper's index occurs, if only as part of a longer one, with the key of its paper."""
    anywhere = Q(*((f"{name}__contains", paper.index) for name in TEXTS), _connector=Q.OR)
    results = ProcedureResult.objects.filter(workpaper__engagement=paper.engagement_id).filter(anywhere)
    papers = Workpaper.objects.filter(engagement=paper.engagement_id, conclusion__contains=paper.index)
    nothing = {f"no_{name}": Value("", output_field=TextField()) for name in TEXTS[1:]}
    concluding = papers.order_by().annotate(**nothing).values_list("pk", "conclusion", *nothing)
    yield from results.order_by().values_list("workpaper_id", *TEXTS).union(concluding, all=True)


def _names(text: str, index: str) -> bool:
    return any(match[1] == index for match in NAMED.finditer(text))
