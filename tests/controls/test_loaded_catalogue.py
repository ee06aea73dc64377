"""What is in the tables after loading equals the file, line by line: the regulator's words and ours."""

import pytest

from controls.models import (
    Anomaly,
    Area,
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

pytestmark = pytest.mark.django_db


def rows_with(shipped, name):
    """(code, position from 1, item) of a list that control points have."""
    return [
        (row["code"], at, item) for row in shipped["control_points"] for at, item in enumerate(row.get(name, []), 1)
    ]


def procedures_of(shipped):
    return [(row["code"], procedure) for row in shipped["control_points"] for procedure in row["procedures"]]


def test_there_is_as_much_of_everything_as_in_the_guideline():
    assert {model.__name__: model.objects.count() for model in COUNTED} == {
        "Chapter": 3,
        "Area": 20,
        "ControlPoint": 69,
        "Instrument": 12,
        "InstrumentVersion": 12,
        "ReferenceLine": 155,
        "Citation": 157,
        "Procedure": 230,
        "ExpectedDocument": 351,
        "DocumentGroup": 22,
        "Condition": 37,
        "ConditionRule": 53,
        "FrequencyRule": 32,
        "Threshold": 21,
        "Anomaly": 51,
        "CoverageGap": 22,
    }


COUNTED = [
    Chapter,
    Area,
    ControlPoint,
    Instrument,
    InstrumentVersion,
    ReferenceLine,
    Citation,
    Procedure,
    ExpectedDocument,
    DocumentGroup,
    Condition,
    ConditionRule,
    FrequencyRule,
    Threshold,
    Anomaly,
    CoverageGap,
]


# The regulator's words ------------------------------------------------------------------------


def test_every_control_text_stands_word_for_word(shipped):
    loaded = ControlPoint.objects.order_by("position").values_list("code", "control_text", "procedure_preamble")
    assert list(loaded) == [
        (row["code"], row["control_text"], row["procedure_preamble"]) for row in shipped["control_points"]
    ]


def test_every_printed_reference_line_stands_word_for_word(shipped):
    loaded = ReferenceLine.objects.order_by("point__position", "position")
    assert list(loaded.values_list("point__code", "position", "printed")) == [
        (code, position, reference["raw"]) for code, position, reference in rows_with(shipped, "references")
    ]


def test_every_procedure_stands_word_for_word_with_label_and_steps(version, shipped):
    loaded = Procedure.objects.of(version).values_list("point__code", "no", "label", "text", "steps")
    assert list(loaded) == [
        (code, procedure["no"], procedure["label"], procedure["text"], procedure["steps"])
        for code, procedure in procedures_of(shipped)
    ]


# Ours -----------------------------------------------------------------------------------------


def test_the_hierarchy_is_the_files(shipped):
    assert list(Chapter.objects.order_by("number").values("number", "title_zh", "title_en")) == shipped["chapters"]
    areas = Area.objects.order_by("chapter__number", "number").values("number", "title_zh", "title_en")
    assert [{"chapter": 3, **area} for area in areas] == shipped["areas"]


def test_each_control_point_is_numbered_and_titled_as_in_the_file(shipped):
    loaded = ControlPoint.objects.order_by("position").values_list(
        "position",
        "code",
        "canonical_code",
        "source_label",
        "chapter__number",
        "area__number",
        "short_title_zh",
        "short_title_en",
        "procedures_numbered",
        "advisory_items",
    )
    assert list(loaded) == [
        (
            row["n"],
            row["code"],
            row.get("canonical_code", ""),
            row["source_label"],
            row["chapter"],
            row["area"],
            row["short_title_zh"],
            row["short_title_en"],
            row["procedures_numbered"],
            row.get("advisory_items", []),
        )
        for row in shipped["control_points"]
    ]


def test_each_line_cites_what_the_file_says(shipped):
    loaded = ReferenceLine.objects.order_by("point__position", "position")
    fields = ("point__code", "position", "instrument_version__instrument__key", "relation", "also_practice")
    assert list(loaded.values_list(*fields)) == [
        (code, position, each["instrument"], each["relation"], each.get("also_practice", False))
        for code, position, each in rows_with(shipped, "references")
    ]


def test_each_article_and_point_is_a_citation_of_its_line(shipped):
    loaded = Citation.objects.order_by("line__point__position", "line__position", "position")
    assert list(loaded.values_list("line__point__code", "line__position", "article", "point")) == [
        (code, position, article, each.get("point", ""))
        for code, position, each in rows_with(shipped, "references")
        for article in each.get("articles", [""])
    ]


def test_instruments_have_their_names_and_standing(shipped):
    loaded = InstrumentVersion.objects.order_by("pk").select_related("instrument")
    assert [
        (
            each.instrument.key,
            each.instrument.name_zh,
            each.instrument.name_en,
            each.instrument.issuer,
            {} if each.status == "not_checked" else standing_as_in_the_file(each),
        )
        for each in loaded
    ] == [
        (row["id"], row["name_zh"], row["name_en"], row["issuer"], row["validity"] or {})
        for row in shipped["instruments"]
    ]


def standing_as_in_the_file(each):
    stated = each.since.isoformat() if each.since_precision == "day" else f"{each.since:%Y-%m}"
    standing = {"status": each.status, "date": stated, "doc": each.document, "source": each.source}
    return standing | ({"see_also": each.see_also} if each.see_also else {})


def test_conditions_and_what_they_cover_are_the_files(shipped):
    conditions = Condition.objects.order_by("position").values_list("key", "title_zh", "title_en", "kind")
    assert list(conditions) == [(row["key"], row["zh"], row["en"], row["kind"]) for row in shipped["conditions"]]
    rules = ConditionRule.objects.order_by("point__position", "position")
    fields = ("point__code", "condition__key", "covers", "phrase", "items", "except_items")
    assert list(rules.values_list(*fields)) == [
        (row["code"], rule["key"], rule["covers"], rule["phrase"], rule["items"], rule.get("except_items", []))
        for row in shipped["control_points"]
        for rule in [*([row["applicability"]] if "applicability" in row else []), *row.get("conditions", [])]
    ]


def test_what_we_derived_from_each_procedure_is_the_files(version, shipped):
    loaded = Procedure.objects.of(version).prefetch_related("branch_conditions")
    flags = ("sampling", "population_inspection", "guidance_note")
    lists = ("methods", "implied_methods", "nature", "branch_phrases")
    assert [
        [getattr(each, name) for name in (*flags, *lists)] + [{row.key for row in each.branch_conditions.all()}]
        for each in loaded
    ] == [
        [*(row.get(name, False) for name in flags), *(row.get(name, []) for name in lists), branches_of(row)]
        for _code, row in procedures_of(shipped)
    ]


def branches_of(row):
    return set(row.get("branch_conditions", []))


def test_each_expected_document_is_the_files(version, shipped):
    loaded = ExpectedDocument.objects.of(version).values_list(
        "procedure__point__code",
        "procedure__no",
        "name",
        "kind",
        "population",
        "condition__key",
        "occurrence_of__position",
        "group__key",
    )
    assert list(loaded) == [
        (
            code,
            procedure["no"],
            document["name"],
            document["kind"],
            document["population"],
            document.get("condition"),
            document["occurrence_of"] + 1 if "occurrence_of" in document else None,
            document.get("document_key"),
        )
        for code, procedure in procedures_of(shipped)
        for document in procedure["pbc"]
    ]


def test_document_groups_are_the_files(shipped):
    assert list(DocumentGroup.objects.order_by("pk").values("key", "title_zh")) == shipped["documents"]


def test_frequencies_and_the_procedures_they_bind_are_the_files(version, shipped):
    loaded = FrequencyRule.objects.of(version).prefetch_related("procedures")
    assert [
        (
            each.point.code,
            each.position,
            each.frequency,
            each.phrase,
            each.what,
            each.expected_count,
            sorted(procedure.no for procedure in each.procedures.all()),
        )
        for each in loaded.select_related("point")
    ] == [
        (
            code,
            position,
            row["freq"],
            row["phrase"],
            row["what"],
            row["expected_count_fy"],
            sorted(row.get("procedures", [])),
        )
        for code, position, row in rows_with(shipped, "frequency")
    ]


def test_thresholds_are_the_files(shipped):
    loaded = Threshold.objects.order_by("point__position", "position")
    fields = ("point__code", "position", "what", "operator", "value", "unit", "phrase", "obligation", "window")
    assert list(loaded.values_list(*fields)) == [
        (
            code,
            position,
            row["what"],
            row["op"],
            row["value"],
            row["unit"],
            row["phrase"],
            row.get("obligation", ""),
            row.get("window", ""),
        )
        for code, position, row in rows_with(shipped, "thresholds")
    ]


@pytest.mark.parametrize(("model", "name"), [(Anomaly, "anomalies"), (CoverageGap, "coverage_gaps")])
def test_our_notes_on_the_text_are_the_files(model, name, shipped):
    loaded = model.objects.order_by("point__position", "position").values_list("point__code", "position", "note")
    assert list(loaded) == rows_with(shipped, name)


def test_the_version_says_what_it_is(version, shipped):
    names = ("key", "title_zh", "title_en", "issuer_zh", "issuer_en", "edition_zh", "edition_en", "document_anomalies")
    assert {name: getattr(version, name) for name in names} == {name: shipped[name] for name in names}
    assert version.status == "published"
