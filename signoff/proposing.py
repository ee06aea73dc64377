"""What the rules propose as the conclusion: from what was weighed to a proposal that names every rule that fired."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.models import ConclusionKind, Pervasive

TOGETHER = 2  # findings below material from which on they are judged together


class Bears(StrEnum):
    """What something weighs in the conclusion."""

    MATERIAL = "material"  # a finding, or several together, that modifies the conclusion
    DISCLOSED = "disclosed"  # a smaller finding: disclosed, judged with the others
    ADVICE = "advice"  # a recommendation: never modifies a conclusion
    LIMITATION = "limitation"  # evidence that couldn't be obtained
    REFUSAL = "refusal"  # documents that were refused or lost
    NOT_YET = "not_yet"  # a control that doesn't operate yet


@dataclass(frozen=True, slots=True)
class Weighing:
    """One thing that is weighed: what it is called, how grave it is in words, where it is shown."""

    label: str
    bears: Bears
    severity: str = ""
    pervasive: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that fired, in words, and what it rests on."""

    name: str
    text: str
    rests_on: tuple[Weighing, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules suggest, and which rules these were; `asks` are the answers to choose from on pervasiveness."""

    kind: ConclusionKind
    rules: tuple[Rule, ...]
    asks: tuple[Pervasive, ...] = ()


def propose(weighings: Sequence[Weighing], *, pervasive: str = "") -> Proposal:
    """Propose from what is material and what couldn't be examined. Whether that is pervasive is the partner's answer;
    until there is one, the marks on what was weighed count.
    """
    by_weight = {bears: tuple(each for each in weighings if each.bears is bears) for bears in Bears}
    material, limits = by_weight[Bears.MATERIAL], by_weight[Bears.LIMITATION]
    asks = _asked(bool(material), bool(limits))
    return Proposal(_kind(asks, pervasive or _marked(material, limits)), tuple(_rules(by_weight)), asks)


def _asked(material: bool, limited: bool) -> tuple[Pervasive, ...]:  # noqa: FBT001 -- two private conditions
    found = [Pervasive.FINDINGS] * material + [Pervasive.LIMITATIONS] * limited
    return (Pervasive.NO, *found) if found else ()


def _marked(material: Sequence[Weighing], limits: Sequence[Weighing]) -> Pervasive:
    if any(each.pervasive for each in material):
        return Pervasive.FINDINGS
    return Pervasive.LIMITATIONS if any(each.pervasive for each in limits) else Pervasive.NO


def _kind(asks: tuple[Pervasive, ...], pervasive: str) -> ConclusionKind:
    if not asks:
        return ConclusionKind.UNMODIFIED
    reached = {Pervasive.FINDINGS: ConclusionKind.ADVERSE, Pervasive.LIMITATIONS: ConclusionKind.DISCLAIMER}
    return (
        reached.get(Pervasive(pervasive), ConclusionKind.QUALIFIED) if pervasive in asks else ConclusionKind.QUALIFIED
    )


def _rules(of: dict[Bears, tuple[Weighing, ...]]) -> list[Rule]:
    """Every rule that fires, those that modify the conclusion first."""
    material, limits, smaller = of[Bears.MATERIAL], of[Bears.LIMITATION], of[Bears.DISCLOSED]
    rules = [
        _counted("material", material, _material_text(len(material))),
        _counted("limitation", limits, _limitation_text(len(limits))),
        Rule("both", _("Both: the basis names the deficiency and the limitation, each with its effects."))
        if material and limits
        else None,
        _counted("refusal", of[Bears.REFUSAL], _refusal_text()),
        _counted("together", smaller, _together_text(len(smaller))) if len(smaller) >= TOGETHER else None,
        _counted("not_yet", of[Bears.NOT_YET], _not_yet_text(len(of[Bears.NOT_YET]))),
        None if material or limits else Rule("nothing", _("No material finding and no scope limitation: unmodified.")),
    ]
    return [rule for rule in rules if rule]


def _counted(name: str, rests_on: tuple[Weighing, ...], text: str) -> Rule | None:
    return Rule(name, text, rests_on) if rests_on else None


def _material_text(n: int) -> str:
    text = ngettext(
        "%(n)d material finding: qualified, or adverse if the effects are pervasive.",
        "%(n)d material findings: qualified, or adverse if the effects are pervasive.",
        n,
    )
    return text % {"n": n}


def _limitation_text(n: int) -> str:
    text = ngettext(
        "%(n)d scope limitation: qualified if material, disclaimer if the possible effects are pervasive.",
        "%(n)d scope limitations: qualified if material, disclaimer if the possible effects are pervasive.",
        n,
    )
    return text % {"n": n}


def _refusal_text() -> str:
    return _(
        "Documents were refused or lost. If management imposes the limitation: ask it to lift it, tell those charged "
        "with governance, and consider withdrawing from the engagement."
    )


def _together_text(n: int) -> str:
    return _("%(n)d smaller findings are judged together too: the rationale says what they come to.") % {"n": n}


def _not_yet_text(n: int) -> str:
    text = ngettext(
        "%(n)d procedure isn't operating yet: the report lists it, as neither passed nor inapplicable.",
        "%(n)d procedures aren't operating yet: the report lists them, as neither passed nor inapplicable.",
        n,
    )
    return text % {"n": n}
