"""The CPA's report letter: the template that the binder holds, its placeholders filled.

What can't be filled is a Problem, never an empty space.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from foundation.web import roc
from reports import contents, wording
from reports.binder import Binder, Conclusion, Kind, Result
from reports.contents import Section
from reports.letter_parts import PLACEHOLDER, Option, Paragraph, Run, Style, paragraphs, split
from reports.problems import Cause, Problem
from signoff.letters import supplied


@dataclass(frozen=True, slots=True)
class Letter:
    """The filled letter, and why it can't be issued as it stands."""

    paragraphs: tuple[Paragraph, ...]
    problems: tuple[Problem, ...]


def compose(binder: Binder) -> Letter:
    """The letter for the binder's kind and conclusion. Without a conclusion: no paragraphs, one problem."""
    if binder.conclusion is None:
        return Letter((), (Problem(Cause.NO_CONCLUSION),))
    options = _options(binder)
    written = paragraphs(_template(binder, binder.conclusion), options, values(binder))
    filled = tuple(_with_superseded(written, binder))
    return Letter(filled, (*_undecided(binder, options), *_unfilled(filled)))


def _template(binder: Binder, conclusion: Conclusion) -> str:
    """The wording that was frozen; binders of before that was kept were written with the supplied one."""
    return binder.letter_template or supplied(binder.kind, conclusion)


def values(binder: Binder) -> dict[str, str]:
    """Every placeholder that has a value: worked out from the binder, or entered for this report."""
    entered = {value.name: value.text.strip() for value in binder.letter_values}
    known = DEFAULTS | _of_parties(binder) | _of_dates(binder) | _of_counts(binder) | of_chapters() | entered
    return {name: text for name, text in known.items() if text}


@dataclass(frozen=True, slots=True)
class Blanks:
    """What a template leaves to people: placeholders that nothing else fills, and paragraphs to choose.

    `conditional` are the placeholders that only such paragraphs have.
    """

    names: tuple[str, ...]
    conditional: frozenset[str]
    options: tuple[Option, ...]


def blanks(template: str) -> Blanks:
    """The blanks of a template, in its order."""
    blocks = list(split(template))
    names = dict.fromkeys(PLACEHOLDER.findall(template))
    always = {name for option, block in blocks if not option for name in PLACEHOLDER.findall(block)}
    options = dict.fromkeys(Option(option) for option, _block in blocks if option)
    return Blanks(
        tuple(name for name in names if name not in WORKED_OUT),
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
    Result.SCOPE_LIMITATION: Option.LIMITED,
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


# Never typed in: they are facts of the engagement, of the report version or of the person who signs.
WORKED_OUT = frozenset(
    {"受查者", "事務所名稱", "事務所地址", "報告編號", "報告日期", "期間", "基準日", "基準版本", "目的"}
    | {"會計師姓名", "會計師證書", "控制重點數", "程序數", "例外數", "缺失數", "不適用程序數", "未發生程序數"}
    | {"尚未運作程序數", "範圍受限制程序數", "人員資格章次", "評估範圍章次", "結果章次", "缺失章次"}
    | {"演練章次", "追蹤章次", "結論適用外清單章次"}
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
        "範圍受限制程序數": results[Result.SCOPE_LIMITATION],
    }
    return {name: str(number) for name, number in numbers.items()}


def of_chapters() -> dict[str, str]:
    """The numbers of the report's chapters, as the letter refers to them."""
    return {
        "人員資格章次": Section.EVALUATORS.ordinal,
        "評估範圍章次": Section.SCOPE.ordinal,
        "結果章次": Section.DETAILS.ordinal,
        "缺失章次": Section.FINDINGS.ordinal,
        "演練章次": Section.EXERCISES.ordinal,
        "追蹤章次": Section.FOLLOW_UPS.ordinal,
        "結論適用外清單章次": Section.OPEN_ITEMS.ordinal,
    }


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


def _with_superseded(written: Iterator[Paragraph], binder: Binder) -> Iterator[Paragraph]:
    """Say first among 其他說明事項 which report this one replaces, and why; no firm's template can leave it out."""
    for paragraph in written:
        yield paragraph
        if binder.superseded and paragraph.style is Style.HEADING and paragraph.text.endswith("其他說明事項"):
            yield Paragraph(Style.TEXT, (Run(wording.supersession(binder.superseded)),))


def _undecided(binder: Binder, options: frozenset[str]) -> Iterator[Problem]:
    if len(options & {Option.DIRECT, Option.ATTESTATION}) != 1:
        yield Problem(Cause.FORM_UNDECIDED)
    if binder.conclusion is Conclusion.QUALIFIED and not options & {Option.DEFICIENCY, Option.SCOPE_LIMITATION}:
        yield Problem(Cause.NO_BASIS)


def _unfilled(paragraphs: tuple[Paragraph, ...]) -> Iterator[Problem]:
    runs = chain.from_iterable(paragraph.runs for paragraph in paragraphs)
    names = dict.fromkeys(run.text for run in runs if run.missing)
    return (Problem(Cause.PLACEHOLDER_UNFILLED, name) for name in names)
