"""The CPA's report letter: the firm's template for this kind and conclusion, its placeholders filled.

A template is text with placeholders in braces and whole paragraphs marked 〔選用：…〕; no code runs in it
(fixtures/letters/README.md). What can't be filled is a Problem, never an empty space.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path

from django.conf import settings

from foundation.web import roc
from reports import contents, wording
from reports.binder import Binder, Conclusion, Kind, Result
from reports.contents import Section
from reports.problems import Cause, Problem

FOLDER: Path = settings.BASE_DIR / "fixtures" / "letters"

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_OPTIONAL = re.compile(r"〔選用：([^〕]+)〕")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_SIGNING = "## 簽署"
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


@dataclass(frozen=True, slots=True)
class Letter:
    """The filled letter, and why it can't be issued as it stands."""

    paragraphs: tuple[Paragraph, ...]
    problems: tuple[Problem, ...]


def compose(binder: Binder) -> Letter:
    """The letter for the binder's kind and conclusion. With no template for it: no paragraphs, one problem."""
    if binder.conclusion is None:
        return Letter((), (Problem(Cause.NO_CONCLUSION),))
    template = _template(binder.kind, binder.conclusion)
    if template is None:
        return Letter((), (Problem(Cause.NO_LETTER, wording.CONCLUSIONS[binder.conclusion]),))
    options = _options(binder)
    paragraphs = tuple(_with_superseded(_paragraphs(template, options, values(binder)), binder))
    return Letter(paragraphs, (*_undecided(binder, options), *_unfilled(paragraphs)))


def values(binder: Binder) -> dict[str, str]:
    """Every placeholder that has a value: worked out from the binder, or entered for this report."""
    entered = {value.name: value.text.strip() for value in binder.letter_values}
    known = DEFAULTS | _of_parties(binder) | _of_dates(binder) | _of_counts(binder) | _of_chapters() | entered
    return {name: text for name, text in known.items() if text}


@dataclass(frozen=True, slots=True)
class Blanks:
    """What a template leaves to people: placeholders that nothing else fills, and paragraphs to choose.

    `conditional` are the placeholders that only such paragraphs have.
    """

    names: tuple[str, ...]
    conditional: frozenset[str]
    options: tuple[Option, ...]


def blanks(kind: Kind, conclusion: Conclusion) -> Blanks:
    """The blanks of the template for this kind and conclusion, in its order; none where there is no template."""
    template = _template(kind, conclusion) or ""
    names = dict.fromkeys(PLACEHOLDER.findall(template))
    fixed = (block for block in template.split("\n\n") if not _OPTIONAL.match(block))
    always = {name for block in fixed for name in PLACEHOLDER.findall(block)}
    options = dict.fromkeys(map(Option, _OPTIONAL.findall(template)))
    return Blanks(
        tuple(name for name in names if name not in _WORKED_OUT),
        frozenset(names) - always,
        tuple(option for option in options if option not in _FOLLOWING),
    )


# Options that follow from others, from a value or from what was found, not from a choice.
_OF_VALUES = frozenset({Option.CERTIFICATE, Option.APPROVAL_NUMBER})
_OF_BASES = frozenset({Option.DEFICIENCY_ONLY, Option.SCOPE_LIMITATION_ONLY, Option.BOTH})
_OF_RESULTS = {
    Result.NOT_APPLICABLE: Option.NOT_APPLICABLE,
    Result.NO_OCCURRENCE: Option.NO_OCCURRENCE,
    Result.NOT_YET_OPERATING: Option.NOT_YET_OPERATING,
}
_OF_FINDINGS = frozenset({Option.NOTHING_FOUND, Option.EXCEPTIONS_ALONE, Option.FINDINGS})
_FOLLOWING = _OF_VALUES | _OF_BASES | _OF_FINDINGS | frozenset(_OF_RESULTS.values())

DEFAULTS = {
    "排除事項": "前列範圍以外之系統、場所及業務",
    "基準名稱": "財團法人中華民國證券櫃檯買賣中心「會計師出具資訊系統及安全控管作業評估報告原則性規範」",
    "確信準則": "確信準則3000號",
    "品質管理準則": "品質管理準則1號",
}

# A draft has no number and no date yet, and nobody can enter them: they are given when the final report is asked for.
_OF_A_DRAFT = {True: "（出具時填列）", False: ""}

_PURPOSES = {Kind.ANNUAL: "", Kind.ESTABLISHMENT: "設置營業處所", Kind.RELOCATION: "遷移營業處所"}
# Facts of the engagement, of the report version or of the person who signs: never typed in.
_WORKED_OUT = frozenset(
    {"受查者", "事務所名稱", "事務所地址", "報告編號", "報告日期", "期間", "基準日", "基準版本", "目的"}
    | {"會計師姓名", "會計師證書", "控制重點數", "程序數", "例外數", "缺失數", "不適用程序數", "未發生程序數"}
    | {"尚未運作程序數", "人員資格章次", "評估範圍章次", "結果章次", "缺失章次", "演練章次", "追蹤章次"}
    | {"結論適用外清單章次"}
)


def _of_parties(binder: Binder) -> dict[str, str]:
    return {
        "受查者": binder.auditee.name,
        "事務所名稱": binder.firm.name,
        "事務所地址": binder.firm.address,
        "報告編號": binder.number or _OF_A_DRAFT[binder.draft],
        "基準版本": binder.criteria_version,
        "目的": _PURPOSES[binder.kind],
    }


def _of_dates(binder: Binder) -> dict[str, str]:
    return {
        "期間": wording.span(binder.since, binder.until),
        "基準日": wording.year_to_day(binder.until),
        "報告日期": roc.in_words(binder.report_date) if binder.report_date else _OF_A_DRAFT[binder.draft],
    }


def _of_counts(binder: Binder) -> dict[str, str]:
    results = contents.total(binder).results
    numbers = {
        "控制重點數": sum(1 for _ in binder.points()),
        "程序數": sum(1 for entry in contents.entries(binder) if not entry.procedure.added),
        "缺失數": len(binder.findings),
        "例外數": results[Result.EXCEPTION],
        "不適用程序數": results[Result.NOT_APPLICABLE],
        "未發生程序數": results[Result.NO_OCCURRENCE],
        "尚未運作程序數": results[Result.NOT_YET_OPERATING],
    }
    return {name: str(number) for name, number in numbers.items()}


def _of_chapters() -> dict[str, str]:
    return {
        "人員資格章次": Section.EVALUATORS.ordinal,
        "評估範圍章次": Section.SCOPE.ordinal,
        "結果章次": Section.DETAILS.ordinal,
        "缺失章次": Section.FINDINGS.ordinal,
        "演練章次": Section.EXERCISES.ordinal,
        "追蹤章次": Section.FOLLOW_UPS.ordinal,
        "結論適用外清單章次": Section.OPEN_ITEMS.ordinal,
    }


@cache
def _template(kind: Kind, conclusion: Conclusion) -> str | None:
    path = FOLDER / f"{kind}-{conclusion}.md"
    return path.read_text(encoding="utf-8") if path.exists() else None


def _options(binder: Binder) -> frozenset[str]:
    """The chosen paragraphs, the form of a qualified conclusion that follows from them, and what was found."""
    chosen = frozenset(binder.letter_options) | _found(binder)
    bases = chosen & {Option.DEFICIENCY, Option.SCOPE_LIMITATION}
    forms = {
        frozenset({Option.DEFICIENCY}): Option.DEFICIENCY_ONLY,
        frozenset({Option.SCOPE_LIMITATION}): Option.SCOPE_LIMITATION_ONLY,
        frozenset({Option.DEFICIENCY, Option.SCOPE_LIMITATION}): Option.BOTH,
    }
    form = forms.get(frozenset(map(Option, bases)))
    return chosen | {form} if form else chosen


def _found(binder: Binder) -> frozenset[str]:
    """The paragraphs that follow from the counts, so that the letter never tells of 0 things."""
    results = contents.total(binder).results
    found = Option.FINDINGS if binder.findings else Option.EXCEPTIONS_ALONE
    if not binder.findings and not results[Result.EXCEPTION]:
        found = Option.NOTHING_FOUND
    return frozenset({found, *(option for result, option in _OF_RESULTS.items() if results[result])})


def _paragraphs(template: str, options: frozenset[str], known: dict[str, str]) -> Iterator[Paragraph]:
    """Number, addressee; then headed sections; then what stands under 簽署. Items count anew in each section."""
    plain, items = Style.LEAD, 0
    for block in filter(None, (part.strip() for part in template.split("\n\n"))):
        wanted = _OPTIONAL.match(block)
        if block == _SIGNING:
            plain = Style.SIGNATURE
        elif not wanted or wanted[1] in options:
            style, text = _style(block.removeprefix(wanted[0]) if wanted else block, plain)
            plain = Style.TEXT if style is Style.HEADING else plain
            if style is Style.ITEM:
                items += 1
                text = _NUMBERED.sub(f"{items}. ", text, count=1)
            items = 0 if style is Style.HEADING else items
            yield Paragraph(style, tuple(_runs(text, known)))


def _with_superseded(paragraphs: Iterator[Paragraph], binder: Binder) -> Iterator[Paragraph]:
    """Say first among 其他說明事項 which report this one replaces, and why; no firm's template can leave it out."""
    for paragraph in paragraphs:
        yield paragraph
        if binder.superseded and paragraph.style is Style.HEADING and paragraph.text.endswith("其他說明事項"):
            yield Paragraph(Style.TEXT, (Run(wording.supersession(binder.superseded)),))


def _style(block: str, plain: Style) -> tuple[Style, str]:
    if block.startswith("## "):
        return Style.HEADING, block[3:]
    if block.startswith("# "):
        return Style.TITLE, block[2:]
    return (Style.ITEM if _NUMBERED.match(block) else plain), block


def _runs(text: str, known: dict[str, str]) -> Iterator[Run]:
    """Split at ** first, so that a filled-in value is never read as markup."""
    for position, part in enumerate(_STRONG.split(text)):
        yield from _filled(part, known, strong=position % 2 == 1)


def _filled(text: str, known: dict[str, str], *, strong: bool) -> Iterator[Run]:
    for position, part in enumerate(PLACEHOLDER.split(text)):
        if position % 2 == 0:
            yield Run(part, strong)
        elif part in known:
            yield Run(known[part], strong)
        else:
            yield Run(part, strong, missing=True)


def _undecided(binder: Binder, options: frozenset[str]) -> Iterator[Problem]:
    if len(options & {Option.DIRECT, Option.ATTESTATION}) != 1:
        yield Problem(Cause.FORM_UNDECIDED)
    if binder.conclusion is Conclusion.QUALIFIED and not options & {Option.DEFICIENCY, Option.SCOPE_LIMITATION}:
        yield Problem(Cause.NO_BASIS)


def _unfilled(paragraphs: tuple[Paragraph, ...]) -> Iterator[Problem]:
    runs = chain.from_iterable(paragraph.runs for paragraph in paragraphs)
    names = dict.fromkeys(run.text for run in runs if run.missing)
    return (Problem(Cause.PLACEHOLDER_UNFILLED, name) for name in names)
