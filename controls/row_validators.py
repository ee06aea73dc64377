"""What must hold inside one control point of a catalogue file, once its shape is right."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

Row = dict[str, Any]


def name_of(row: object, number: int = 0) -> str:
    """How messages name a control point: by its code, or by its place where it has none."""
    code = row.get("code") if isinstance(row, dict) else None
    return _("control point %(code)s") % {"code": code} if code else _("control point no. %(no)s") % {"no": number}


def rules(row: Row) -> list[Row]:
    """A control point's condition rules: the one that switches the row first."""
    return [*([row["applicability"]] if "applicability" in row else []), *row.get("conditions", [])]


def row_problems(row: Row) -> Iterator[str]:
    """Every reason why this control point can't be loaded, in the reader's language."""
    for check in (_code, _numbering, _phrases, _branch_phrases, _numbers, _occurrences, _figures, _citations):
        for reason in check(row):
            yield _("%(place)s: %(reason)s") % {"place": name_of(row), "reason": reason}


def _code(row: Row) -> Iterator[str]:
    """The code starts with its chapter and area."""
    steps = [str(row["chapter"]), *([] if row["area"] is None else [str(row["area"])])]
    if row["code"].split(".")[: len(steps)] != steps:
        yield _("the code doesn't start with its chapter and area, %(expected)s") % {"expected": ".".join(steps)}


def _numbering(row: Row) -> Iterator[str]:
    procedures = row["procedures"]
    if [procedure["no"] for procedure in procedures] != list(range(1, len(procedures) + 1)):
        yield _("the procedures aren't numbered 1, 2, 3 …")
    if row["procedures_numbered"] != all(procedure["label"] for procedure in procedures):
        yield _("“procedures_numbered” contradicts the printed labels")


def _phrases(row: Row) -> Iterator[str]:
    """Each phrase that we quote stands in the regulator's words."""
    printed = "\n".join([row["control_text"], row["procedure_preamble"], *map(_printed, row["procedures"])])
    for quoted in (*rules(row), *row.get("frequency", []), *row.get("thresholds", [])):
        if quoted["phrase"] not in printed:
            yield _("the phrase “%(phrase)s” doesn't stand in the printed row") % {"phrase": quoted["phrase"]}


def _branch_phrases(row: Row) -> Iterator[str]:
    for procedure in row["procedures"]:
        for phrase in procedure.get("branch_phrases", []):
            if phrase not in _printed(procedure):
                reason = _("procedure %(no)s: the phrase “%(phrase)s” doesn't stand in its text")
                yield reason % {"no": procedure["no"], "phrase": phrase}


def _printed(procedure: Row) -> str:
    return "\n".join([procedure["text"], *procedure["steps"]])


def _numbers(row: Row) -> Iterator[str]:
    """Each procedure number that a rule or a frequency names exists."""
    known = {procedure["no"] for procedure in row["procedures"]}
    by_number = [rule for rule in rules(row) if rule["covers"] != "control_items"]
    named = {number for rule in by_number for number in (*rule["items"], *rule.get("except_items", []))}
    bound = {number for duty in row.get("frequency", []) for number in duty.get("procedures", [])}
    for number in sorted((named | bound) - known):
        yield _("unknown procedure %(no)s") % {"no": number}


def _occurrences(row: Row) -> Iterator[str]:
    """Each document per occurrence names a frequency of the row that binds its procedure."""
    duties = dict(enumerate(row.get("frequency", [])))
    for procedure in row["procedures"]:
        for document in procedure["pbc"]:
            at = document.get("occurrence_of")
            if at is not None and procedure["no"] not in duties.get(at, {}).get("procedures", []):
                reason = _("procedure %(no)s, “%(name)s”: no frequency %(at)s binds this procedure")
                yield reason % {"no": procedure["no"], "name": document["name"], "at": at}


def _figures(row: Row) -> Iterator[str]:
    for threshold in row.get("thresholds", []):
        if (threshold["value"] is None) != (threshold["op"] == "company_defined"):
            yield _("threshold %(what)s: a figure, or left to the broker, not both") % {"what": threshold["what"]}


def _citations(row: Row) -> Iterator[str]:
    for reference in row["references"]:
        if "articles" in reference and "point" in reference:
            yield _("“%(line)s” cites articles and a point at once") % {"line": reference["raw"]}
