"""From a checked catalogue file to rows of the tables, a few statements per table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from controls.models import (
    Anomaly,
    Area,
    CatalogueVersion,
    Chapter,
    Citation,
    Condition,
    ConditionRule,
    ControlPoint,
    CoverageGap,
    DocumentGroup,
    ExpectedDocument,
    FrequencyRule,
    Instrument,
    InstrumentVersion,
    Procedure,
    ReferenceLine,
    Threshold,
)
from controls.row_validators import Row, rules

Catalogue = dict[str, Any]
Rows = list[tuple[Row, ControlPoint]]
WHOLE_INSTRUMENT = [""]
MONTH = len("2023-08")


@dataclass(frozen=True)
class Names:
    """What control points refer to by name, as rows."""

    chapters: dict[int, Chapter]
    areas: dict[tuple[int, int], Area]
    instruments: dict[str, InstrumentVersion]
    conditions: dict[str, Condition]
    groups: dict[str, DocumentGroup]


def write(catalogue: Catalogue, version: CatalogueVersion) -> None:
    """Write everything below an existing draft version. `catalogue` has passed `validators.problems`."""
    names = _write_names(catalogue, version)
    rows = _write_points(catalogue["control_points"], version, names)
    _write_references(rows, names)
    ConditionRule.objects.bulk_create(_condition_rules(rows, names))
    Threshold.objects.bulk_create(_thresholds(rows))
    _write_notes(rows)
    procedures = _write_procedures(rows, names)
    duties = _write_duties(rows, procedures)
    ExpectedDocument.objects.bulk_create(_documents(rows, names, procedures, duties))


def _write_names(catalogue: Catalogue, version: CatalogueVersion) -> Names:
    chapters = Chapter.objects.bulk_create(Chapter(version=version, **chapter) for chapter in catalogue["chapters"])
    by_number = {chapter.number: chapter for chapter in chapters}
    areas = Area.objects.bulk_create(
        Area(**(area | {"chapter": by_number[area["chapter"]]})) for area in catalogue["areas"]
    )
    conditions = Condition.objects.bulk_create(_conditions(catalogue, version))
    documents = catalogue["documents"]
    groups = DocumentGroup.objects.bulk_create(DocumentGroup(version=version, **document) for document in documents)
    return Names(
        chapters=by_number,
        areas={(area.chapter.number, area.number): area for area in areas},
        instruments=_write_instruments(catalogue["instruments"], version),
        conditions={condition.key: condition for condition in conditions},
        groups={group.key: group for group in groups},
    )


def _conditions(catalogue: Catalogue, version: CatalogueVersion) -> Iterator[Condition]:
    for position, row in enumerate(catalogue["conditions"], start=1):
        yield Condition(
            version=version,
            position=position,
            key=row["key"],
            title_zh=row["zh"],
            title_en=row["en"],
            kind=row["kind"],
        )


def _write_instruments(rows: list[Row], version: CatalogueVersion) -> dict[str, InstrumentVersion]:
    known = {instrument.key: instrument for instrument in Instrument.objects.all()}
    new = [Instrument(**instrument_fields(row)) for row in rows if row["id"] not in known]
    known |= {instrument.key: instrument for instrument in Instrument.objects.bulk_create(new)}
    standings = [_standing(version, known[row["id"]], row["validity"]) for row in rows]
    return {standing.instrument.key: standing for standing in InstrumentVersion.objects.bulk_create(standings)}


def instrument_fields(row: Row) -> dict[str, str]:
    """The fields of `Instrument` from the file: those that are the same in every catalogue version."""
    return {"key": row["id"], "name_zh": row["name_zh"], "name_en": row["name_en"], "issuer": row["issuer"]}


def _standing(version: CatalogueVersion, instrument: Instrument, validity: Row | None) -> InstrumentVersion:
    if validity is None:
        return InstrumentVersion(version=version, instrument=instrument)
    stated = validity["date"]
    by_month = len(stated) == MONTH
    return InstrumentVersion(
        version=version,
        instrument=instrument,
        status=validity["status"],
        since=date.fromisoformat(f"{stated}-01" if by_month else stated),
        since_precision=InstrumentVersion.Precision.MONTH if by_month else InstrumentVersion.Precision.DAY,
        document=validity["doc"],
        source=validity["source"],
        see_also=validity.get("see_also", ""),
    )


def _write_points(rows: list[Row], version: CatalogueVersion, names: Names) -> Rows:
    points = ControlPoint.objects.bulk_create(_point(row, version, names) for row in rows)
    return list(zip(rows, points, strict=True))


def _point(row: Row, version: CatalogueVersion, names: Names) -> ControlPoint:
    return ControlPoint(
        version=version,
        chapter=names.chapters[row["chapter"]],
        area=None if row["area"] is None else names.areas[row["chapter"], row["area"]],
        position=row["n"],
        code=row["code"],
        canonical_code=row.get("canonical_code", ""),
        source_label=row["source_label"],
        short_title_zh=row["short_title_zh"],
        short_title_en=row["short_title_en"],
        control_text=row["control_text"],
        procedure_preamble=row["procedure_preamble"],
        procedures_numbered=row["procedures_numbered"],
        advisory_items=row.get("advisory_items", []),
    )


def _write_references(rows: Rows, names: Names) -> None:
    printed = [reference for row, _point in rows for reference in row["references"]]
    lines = ReferenceLine.objects.bulk_create(_reference_lines(rows, names))
    Citation.objects.bulk_create(
        Citation(line=line, position=position, article=article, point=reference.get("point", ""))
        for reference, line in zip(printed, lines, strict=True)
        for position, article in enumerate(reference.get("articles", WHOLE_INSTRUMENT), start=1)
    )


def _reference_lines(rows: Rows, names: Names) -> Iterator[ReferenceLine]:
    for row, point in rows:
        for position, reference in enumerate(row["references"], start=1):
            yield ReferenceLine(
                point=point,
                position=position,
                printed=reference["raw"],
                instrument_version=names.instruments[reference["instrument"]],
                relation=reference["relation"],
                also_practice=reference.get("also_practice", False),
            )


def _condition_rules(rows: Rows, names: Names) -> Iterator[ConditionRule]:
    for row, point in rows:
        for position, rule in enumerate(rules(row), start=1):
            yield ConditionRule(
                point=point,
                position=position,
                condition=names.conditions[rule["key"]],
                covers=rule["covers"],
                phrase=rule["phrase"],
                items=rule["items"],
                except_items=rule.get("except_items", []),
            )


def _thresholds(rows: Rows) -> Iterator[Threshold]:
    for row, point in rows:
        for position, figure in enumerate(row.get("thresholds", []), start=1):
            yield Threshold(
                point=point,
                position=position,
                what=figure["what"],
                operator=figure["op"],
                value=figure["value"],
                unit=figure["unit"],
                phrase=figure["phrase"],
                obligation=figure.get("obligation", ""),
                window=figure.get("window", ""),
            )


def _write_notes(rows: Rows) -> None:
    Anomaly.objects.bulk_create(
        Anomaly(point=point, position=position, note=note)
        for row, point in rows
        for position, note in enumerate(row.get("anomalies", []), start=1)
    )
    CoverageGap.objects.bulk_create(
        CoverageGap(point=point, position=position, note=note)
        for row, point in rows
        for position, note in enumerate(row.get("coverage_gaps", []), start=1)
    )


Procedures = dict[tuple[str, int], Procedure]
Duties = dict[tuple[str, int], FrequencyRule]


def _write_procedures(rows: Rows, names: Names) -> Procedures:
    prescribed = [(row, point, each) for row, point in rows for each in row["procedures"]]
    written = Procedure.objects.bulk_create(_procedure(point, each) for _row, point, each in prescribed)
    Procedure.branch_conditions.through.objects.bulk_create(
        Procedure.branch_conditions.through(procedure=procedure, condition=names.conditions[key])
        for (_row, _point, each), procedure in zip(prescribed, written, strict=True)
        for key in each.get("branch_conditions", [])
    )
    return {(procedure.point.code, procedure.no): procedure for procedure in written}


def _procedure(point: ControlPoint, row: Row) -> Procedure:
    return Procedure(
        point=point,
        no=row["no"],
        label=row["label"],
        text=row["text"],
        steps=row["steps"],
        methods=row["methods"],
        implied_methods=row.get("implied_methods", []),
        nature=row.get("nature", []),
        sampling=row.get("sampling", False),
        population_inspection=row.get("population_inspection", False),
        guidance_note=row.get("guidance_note", False),
        branch_phrases=row.get("branch_phrases", []),
    )


def _write_duties(rows: Rows, procedures: Procedures) -> Duties:
    stated = [(row, point, at, each) for row, point in rows for at, each in enumerate(row.get("frequency", []))]
    written = FrequencyRule.objects.bulk_create(_duty(point, at, each) for _row, point, at, each in stated)
    FrequencyRule.procedures.through.objects.bulk_create(
        FrequencyRule.procedures.through(frequencyrule=duty, procedure=procedures[point.code, number])
        for (_row, point, _at, each), duty in zip(stated, written, strict=True)
        for number in each.get("procedures", [])
    )
    return {(point.code, at): duty for (_row, point, at, _each), duty in zip(stated, written, strict=True)}


def _duty(point: ControlPoint, at: int, row: Row) -> FrequencyRule:
    return FrequencyRule(
        point=point,
        position=at + 1,
        frequency=row["freq"],
        phrase=row["phrase"],
        what=row["what"],
        expected_count=row["expected_count_fy"],
    )


def _documents(rows: Rows, names: Names, procedures: Procedures, duties: Duties) -> Iterator[ExpectedDocument]:
    for row, _point in rows:
        for procedure in row["procedures"]:
            for position, document in enumerate(procedure["pbc"], start=1):
                yield ExpectedDocument(
                    procedure=procedures[row["code"], procedure["no"]],
                    position=position,
                    name=document["name"],
                    kind=document["kind"],
                    population=document["population"],
                    condition=names.conditions.get(document.get("condition", "")),
                    occurrence_of=duties.get((row["code"], document.get("occurrence_of", -1))),
                    group=names.groups.get(document.get("document_key", "")),
                )
