"""Whether a text can be a template of the report letter: what holds it up, and what its author is warned of.

Every fault names its line, so that it can be put right where it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.binder import Conclusion, Kind
from reports.letter import DEFAULTS, WORKED_OUT
from reports.letter_parts import OPTIONAL, PLACEHOLDER, Option
from signoff.letters import supplied

LONGEST = 20_000  # characters: some ten pages
NOT_TESTED = "未測試執行有效性"

_PAIRS = {"{": "}", "〔": "〕"}
_MARKUP = re.compile(r"<\s*[A-Za-z/!?]")
_CONCLUSIONS = {
    Conclusion.UNMODIFIED: "結論",
    Conclusion.QUALIFIED: "保留結論",
    Conclusion.ADVERSE: "否定結論",
    Conclusion.DISCLAIMER: "無法表示結論",
}
# Sections that every report letter has (確信準則3000號), by what their headings hold.
_SECTIONS: tuple[tuple[tuple[str, ...], Promise], ...] = (
    (("適用基準",), gettext_lazy("applicable criteria (適用基準)")),
    (("管理階層", "責任"), gettext_lazy("management's responsibilities (管理階層之責任)")),
    (("會計師", "責任"), gettext_lazy("the CPA's responsibilities (會計師之責任)")),
    (("獨立性",), gettext_lazy("independence and quality management (獨立性及品質管理)")),
    (("先天限制",), gettext_lazy("inherent limitations (先天限制)")),
    (("用途",), gettext_lazy("purpose and restriction on use (報告用途及使用限制)")),
    (("簽署",), gettext_lazy("signature (簽署)")),
)
# What only one conclusion says; found in a letter of another, its author is warned.
_TELLING = {
    Conclusion.QUALIFIED: (r"(?<!無)保留結論", r"段所述[^。]*影響外"),
    Conclusion.ADVERSE: (r"否定結論", r"未在所有重大方面依"),
    Conclusion.DISCLAIMER: (r"無法表示結論", r"不表示結論"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and on which line; 0: with the letter as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text} if self.line else self.text


def faults(text: str, kind: Kind, conclusion: Conclusion) -> list[Fault]:
    """What holds the text up, the first line first; then what it lacks."""
    if len(text) > LONGEST:
        return [Fault(0, _("The letter has %(n)d characters; %(most)d are the most.") % _counts(text))]
    lines = list(enumerate(text.splitlines(), start=1))
    in_lines = [fault for number, line in lines for fault in _of_line(number, line)]
    run_on = [
        Fault(number, _("put an empty line before this paragraph."))
        for (_before, before), (number, line) in pairwise(lines)
        if before.strip() and line.strip()
    ]
    found = sorted([*in_lines, *run_on], key=attrgetter("line"))
    return [*found, *_lacking(text, kind, conclusion)]


def warnings(text: str, conclusion: Conclusion) -> list[Fault]:
    """What looks like the wording of another conclusion, or of an opinion."""
    found: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        names = (f"「{_CONCLUSIONS[other]}」" for other in _foreign(line, conclusion))
        found += [Fault(number, _("this reads like %(name)s.") % {"name": name}) for name in names]
        if line.startswith("#") and "意見" in line:
            found.append(Fault(number, _("an assurance report reaches a 結論, not an 意見.")))
    return found


def _counts(text: str) -> dict[str, int]:
    return {"n": len(text), "most": LONGEST}


def _of_line(number: int, line: str) -> Iterator[Fault]:
    if _MARKUP.search(line):
        yield Fault(number, _("no HTML; only headings (#), bold (**) and placeholders."))
    unbalanced = [opening for opening in _PAIRS if not _balanced(line, opening)]
    for opening in unbalanced:
        yield Fault(number, _("%(pair)s without its other half.") % {"pair": f"{opening} {_PAIRS[opening]}"})
    if not unbalanced:
        yield from _unknown(number, line)


def _balanced(line: str, opening: str) -> bool:
    """Whether each mark that opens on this line closes on it, none inside another."""
    closing, depth = _PAIRS[opening], 0
    for sign in line:
        depth += (sign == opening) - (sign == closing)
        if depth not in {0, 1}:
            return False
    return depth == 0


def _unknown(number: int, line: str) -> Iterator[Fault]:
    for name in PLACEHOLDER.findall(line):
        if name not in known_names():
            yield Fault(number, _("there is no placeholder {%(name)s}.") % {"name": name})
    if "{}" in line:
        yield Fault(number, _("a placeholder needs its name between the braces."))
    option = OPTIONAL.match(line)
    if option and option[1] not in set(Option):
        yield Fault(number, _("there is no optional paragraph “%(name)s”.") % {"name": option[1]})
    if line.count("〔") > bool(option):
        yield Fault(number, _("〔 〕 stand only at the beginning of a paragraph, as 〔選用：…〕."))


@cache
def known_names() -> frozenset[str]:
    """Every placeholder that can be filled: worked out, or asked for on the page of the letter's entries."""
    texts = (supplied(kind, conclusion) for kind, conclusion in product(Kind, Conclusion))
    return frozenset({name for text in texts for name in PLACEHOLDER.findall(text)} | set(DEFAULTS) | WORKED_OUT)


def _lacking(text: str, kind: Kind, conclusion: Conclusion) -> Iterator[Fault]:
    lines = text.splitlines()
    if not any(line.startswith("# ") and "獨立" in line and "確信" in line for line in lines):
        yield _missing(_("a title with 獨立 and 確信"))
    if "公鑒" not in text:
        yield _missing(_("the addressee (公鑒)"))
    headings = [line[3:].rpartition("、")[2].strip() for line in lines if line.startswith("## ")]
    yield from map(_missing, _lacking_sections(headings, conclusion))
    yield from (_missing(f"{{{name}}}") for name in _wanted_names(kind) if f"{{{name}}}" not in text)
    if kind is not Kind.ANNUAL and NOT_TESTED not in text:
        yield _missing(_("that operating effectiveness wasn't tested (%(words)s)") % {"words": NOT_TESTED})


def _lacking_sections(headings: list[str], conclusion: Conclusion) -> Iterator[str]:
    for words, name in _SECTIONS:
        if not any(all(word in heading for word in words) for heading in headings):
            yield str(name)
    yield from (f"「{wanted}」" for wanted in _own_headings(conclusion) if wanted not in headings)


def _missing(what: str) -> Fault:
    return Fault(0, _("The letter lacks: %(what)s.") % {"what": what})


def _own_headings(conclusion: Conclusion) -> tuple[str, ...]:
    own = _CONCLUSIONS[conclusion]
    return (own,) if conclusion is Conclusion.UNMODIFIED else (f"{own}之基礎", own)


def _wanted_names(kind: Kind) -> tuple[str, ...]:
    about = "期間" if kind is Kind.ANNUAL else "基準日"
    return ("受查者", about, "報告編號", "報告日期", "事務所名稱", "會計師姓名")


def _foreign(line: str, conclusion: Conclusion) -> Iterator[Conclusion]:
    for other, patterns in _TELLING.items():
        if other is not conclusion and any(re.search(pattern, line) for pattern in patterns):
            yield other
    positive = "在所有重大方面係依" in line
    if positive and conclusion in {Conclusion.ADVERSE, Conclusion.DISCLAIMER}:
        yield Conclusion.UNMODIFIED
