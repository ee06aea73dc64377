"""The parts of a letter: a template is text with placeholders in braces and whole paragraphs marked 〔選用：…〕.

No code runs in it (fixtures/letters/README.md): it is split at its marks, and what is filled in is never read as marks.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
OPTIONAL = re.compile(r"〔選用：([^〕]+)〕")
SIGNING = "## 簽署"
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_NUMBERED = re.compile(r"\d+\. ")


class Option(StrEnum):
    """The optional paragraphs, named as in the templates."""

    DIRECT = "直接案件"
    ATTESTATION = "管理階層聲明案件"
    WORK_OF_OTHERS = "專家或服務機構報告"
    FIRST_YEAR = "開業未滿一年"
    PREVIOUS_REPORT = "沿用前次報告"
    DEFICIENCY = "缺失"
    REMEDIED = "已採取改善措施"
    SCOPE_LIMITATION = "範圍受限制"
    DEFICIENCY_ONLY = "僅缺失"
    SCOPE_LIMITATION_ONLY = "僅範圍受限制"
    BOTH = "缺失及範圍受限制"
    CERTIFICATE = "會計師證書"
    APPROVAL_NUMBER = "核准文號"
    NOTHING_FOUND = "無例外"
    EXCEPTIONS_ALONE = "有例外而無缺失"
    FINDINGS = "有缺失"
    NOT_APPLICABLE = "有不適用程序"
    NO_OCCURRENCE = "有未發生程序"
    NOT_YET_OPERATING = "有尚未運作程序"
    LIMITED = "有範圍受限制程序"


class Style(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    LEAD = "lead"
    TEXT = "text"
    ITEM = "item"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one manner; `missing` marks a placeholder without a value."""

    text: str
    strong: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    style: Style
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def paragraphs(template: str, options: Collection[str], known: Mapping[str, str]) -> Iterator[Paragraph]:
    """The paragraphs that the options let stand, filled."""
    return (paragraph for _option, paragraph in marked(template, options, known))


def marked(template: str, options: Collection[str] | None, known: Mapping[str, str]) -> Iterator[tuple[str, Paragraph]]:
    """(option, paragraph) of each that stands; without `options` every one does.

    Number, addressee; then headed sections; then what stands under 簽署. Items count anew in each section.
    """
    plain, items = Style.LEAD, 0
    for option, block in split(template):
        if block == SIGNING:
            plain = Style.SIGNATURE
        elif not option or options is None or option in options:
            style, text = _style(block, plain)
            plain = Style.TEXT if style is Style.HEADING else plain
            if style is Style.ITEM:
                items += 1
                text = _NUMBERED.sub(f"{items}. ", text, count=1)
            items = 0 if style is Style.HEADING else items
            yield option, Paragraph(style, tuple(_runs(text, known)))


def split(template: str) -> Iterator[tuple[str, str]]:
    """(option, text) of each block; the option is empty where the block always stands."""
    for block in filter(None, (part.strip() for part in template.replace("\r\n", "\n").split("\n\n"))):
        wanted = OPTIONAL.match(block)
        yield (wanted[1], block.removeprefix(wanted[0])) if wanted else ("", block)


def _style(block: str, plain: Style) -> tuple[Style, str]:
    if block.startswith("## "):
        return Style.HEADING, block[3:]
    if block.startswith("# "):
        return Style.TITLE, block[2:]
    return (Style.ITEM if _NUMBERED.match(block) else plain), block


def _runs(text: str, known: Mapping[str, str]) -> Iterator[Run]:
    """Split at ** first, so that a filled-in value is never read as markup."""
    for position, part in enumerate(_STRONG.split(text)):
        yield from _filled(part, known, strong=position % 2 == 1)


def _filled(text: str, known: Mapping[str, str], *, strong: bool) -> Iterator[Run]:
    pieces = PLACEHOLDER.split(text)
    for position, part in enumerate(pieces):
        if position % 2 == 0:
            yield Run(part, strong)
        elif part in known:
            yield Run(_before(pieces[position + 1], known[part]), strong)
        else:
            yield Run(part, strong, missing=True)


def _before(following: str, value: str) -> str:
    """The value without its own full stop where the template's sentence goes on after it."""
    return value.rstrip("。") if following else value
