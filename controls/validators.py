"""What must hold in a catalogue before it is loaded; every problem names its place.

First the shape (`fixtures/catalogue.schema.json`), then what a schema can't say: nothing twice, nothing unknown,
nothing unused, the declared counts, and that each phrase which we quote stands in its row word for word.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # publishes no types
from django.conf import settings
from django.utils.translation import gettext as _

from controls.row_validators import Row, name_of, row_problems, rules

Catalogue = dict[str, Any]

SCHEMA = settings.BASE_DIR / "fixtures" / "catalogue.schema.json"
SHORT = 80


def problems(catalogue: Catalogue) -> list[str]:
    """Every reason why this can't be loaded, in the reader's language; empty when all is well."""
    return _misshapen(catalogue) or [
        *_wrong_counts(catalogue),
        *_doubles(catalogue),
        *_strangers(catalogue),
        *_wrong_dates(catalogue),
        *chain.from_iterable(row_problems(row) for row in catalogue["control_points"]),
    ]


def counts(catalogue: Catalogue) -> dict[str, int]:
    """How many there are of each thing, under the names of the file's `counts`."""
    rows: list[Row] = catalogue["control_points"]
    references = [reference for row in rows for reference in row["references"]]
    procedures = [procedure for row in rows for procedure in row["procedures"]]
    tops = {name: len(catalogue[name]) for name in ("chapters", "areas", "instruments", "conditions")}
    return tops | {
        "control_points": len(rows),
        "references": len(references),
        "citations": sum(len(reference.get("articles", [""])) for reference in references),
        "procedures": len(procedures),
        "expected_documents": sum(len(procedure["pbc"]) for procedure in procedures),
        "document_groups": len(catalogue["documents"]),
        "frequencies": _total(rows, "frequency"),
        "thresholds": _total(rows, "thresholds"),
        "anomalies": _total(rows, "anomalies"),
        "coverage_gaps": _total(rows, "coverage_gaps"),
    }


def _total(rows: list[Row], name: str) -> int:
    return sum(len(row.get(name, [])) for row in rows)


# Shape ----------------------------------------------------------------------------------------


def _misshapen(catalogue: Catalogue) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    errors = sorted(validator.iter_errors(catalogue), key=lambda error: [str(step) for step in error.absolute_path])
    return [
        _("%(place)s: %(reason)s") % {"place": _place(catalogue, list(error.absolute_path)), "reason": _reason(error)}
        for error in errors
    ]


def _reason(error: jsonschema.ValidationError) -> str:
    """Say in the reader's language what the schema holds against a value."""
    rule, value = error.validator_value, error.instance
    if error.validator == "required":
        return _("missing: %(names)s") % {"names": ", ".join(name for name in rule if name not in value)}
    if error.validator == "additionalProperties":
        return _("unknown: %(names)s") % {"names": ", ".join(sorted(value.keys() - error.schema["properties"].keys()))}
    if error.validator in {"enum", "const"}:
        allowed = ", ".join(map(str, rule)) if error.validator == "enum" else rule
        return _("“%(value)s” is none of: %(allowed)s") % {"value": _short(value), "allowed": allowed}
    return _("“%(value)s” breaks the rule %(rule)s") % {"value": _short(value), "rule": _short({error.validator: rule})}


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def _place(catalogue: Catalogue, path: list[str | int]) -> str:
    """Name a place of the file as a reader would: "control point 3.8.2, procedures 3, text"."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(step)
    if path[:1] == ["control_points"] and len(path) > 1:
        words[0] = name_of(catalogue["control_points"][path[1]], int(path[1]) + 1)
    return ", ".join(words) or "catalogue"


# The whole file -------------------------------------------------------------------------------


def _wrong_counts(catalogue: Catalogue) -> Iterator[str]:
    found = counts(catalogue)
    for name, declared in catalogue["counts"].items():
        if found[name] != declared:
            reason = _("counts, %(name)s: %(declared)s declared, %(found)s found")
            yield reason % {"name": name, "declared": declared, "found": found[name]}


def _doubles(catalogue: Catalogue) -> Iterator[str]:
    rows: list[Row] = catalogue["control_points"]
    yield from _twice("control_points, n", (row["n"] for row in rows))
    yield from _twice("control_points, code", (row["code"] for row in rows))
    yield from _twice("control_points, canonical_code", _canonical_codes(rows))
    yield from _twice("chapters", (chapter["number"] for chapter in catalogue["chapters"]))
    yield from _twice("areas", (f"{area['chapter']}.{area['number']}" for area in catalogue["areas"]))
    yield from _twice("instruments", (instrument["id"] for instrument in catalogue["instruments"]))
    yield from _twice("conditions", (condition["key"] for condition in catalogue["conditions"]))
    yield from _twice("documents", (document["key"] for document in catalogue["documents"]))


def _canonical_codes(rows: list[Row]) -> list[str]:
    return [str(row.get("canonical_code", row["code"])) for row in rows]


def _twice(place: str, values: Iterable[object]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield _("%(place)s: “%(value)s” stands %(times)s times") % {"place": place, "value": value, "times": times}


def _wrong_dates(catalogue: Catalogue) -> Iterator[str]:
    for instrument in catalogue["instruments"]:
        stated = (instrument["validity"] or {}).get("date", "")
        if stated and not _is_date(stated):
            yield _("instrument %(id)s: there is no day %(date)s") % {"id": instrument["id"], "date": stated}


def _is_date(stated: str) -> bool:
    try:
        date.fromisoformat(stated if len(stated) > len("2023-08") else f"{stated}-01")
    except ValueError:
        return False
    return True


def _strangers(catalogue: Catalogue) -> Iterator[str]:
    """Names that are used but not declared, or declared but not used."""
    for kind, declared, used in _names(catalogue):
        for place, name in used:
            if name not in declared:
                yield _("%(place)s: unknown %(kind)s “%(name)s”") % {"place": place, "kind": kind, "name": name}
        for name in sorted(declared - {name for _place_of_use, name in used}):
            yield _("%(kind)s “%(name)s” is declared but not used") % {"kind": kind, "name": name}


def _names(catalogue: Catalogue) -> Iterator[tuple[str, set[str], list[tuple[str, str]]]]:
    """For each kind of name: the declared ones, and (place, name) of each use."""
    rows: list[Row] = catalogue["control_points"]
    areas = {f"{area['chapter']}.{area['number']}" for area in catalogue["areas"]}
    in_areas = [("areas", str(area["chapter"])) for area in catalogue["areas"]]
    chapters = {str(chapter["number"]) for chapter in catalogue["chapters"]}
    yield _("chapter"), chapters, [*in_areas, *_uses(rows, _chapter)]
    yield _("area"), areas, _uses(rows, _area)
    yield _("instrument"), {instrument["id"] for instrument in catalogue["instruments"]}, _uses(rows, _instruments)
    yield _("condition"), {condition["key"] for condition in catalogue["conditions"]}, _uses(rows, _conditions)
    yield _("document"), {document["key"] for document in catalogue["documents"]}, _uses(rows, _documents)


def _uses(rows: list[Row], names_of: Any) -> list[tuple[str, str]]:
    return [(name_of(row), name) for row in rows for name in names_of(row)]


def _chapter(row: Row) -> list[str]:
    return [str(row["chapter"])]


def _area(row: Row) -> list[str]:
    return [] if row["area"] is None else [f"{row['chapter']}.{row['area']}"]


def _instruments(row: Row) -> list[str]:
    return [reference["instrument"] for reference in row["references"]]


def _conditions(row: Row) -> list[str]:
    branches = [key for procedure in row["procedures"] for key in procedure.get("branch_conditions", [])]
    documents = [document["condition"] for document in _pbc(row) if "condition" in document]
    return [*(rule["key"] for rule in rules(row)), *branches, *documents]


def _documents(row: Row) -> list[str]:
    return [document["document_key"] for document in _pbc(row) if "document_key" in document]


def _pbc(row: Row) -> list[Row]:
    return [document for procedure in row["procedures"] for document in procedure["pbc"]]
