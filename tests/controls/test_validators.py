"""Every contradiction in a catalogue is named with its place."""

import json

import pytest

from controls import models
from controls.validators import SCHEMA, counts, problems

pytestmark = pytest.mark.usefixtures("english")


NINTH = "1. 證券商經營自行買賣具證券性質之虛擬通貨業務管理辦法第9條"


def test_the_shipped_catalogue_has_no_problem(shipped):
    assert problems(shipped) == []


def test_counts_are_those_of_the_guideline(shipped):
    assert counts(shipped) == {
        "chapters": 3,
        "areas": 20,
        "control_points": 69,
        "references": 155,
        "citations": 157,
        "instruments": 12,
        "procedures": 230,
        "expected_documents": 351,
        "document_groups": 22,
        "conditions": 37,
        "frequencies": 32,
        "thresholds": 21,
        "anomalies": 51,
        "coverage_gaps": 22,
    }


# Shape ----------------------------------------------------------------------------------------


def test_the_schema_knows_the_same_values_as_the_tables():
    defined = json.loads(SCHEMA.read_text())["$defs"]
    stated = {
        "document kinds": set(defined["expected_document"]["properties"]["kind"]["enum"]),
        "frequencies": set(defined["frequency"]["properties"]["freq"]["enum"]),
        "condition kinds": set(defined["condition"]["properties"]["kind"]["enum"]),
        "operators": set(defined["threshold"]["properties"]["op"]["enum"]),
        "relations": set(defined["reference"]["properties"]["relation"]["enum"]),
        "natures": set(defined["procedure"]["properties"]["nature"]["items"]["enum"]),
        "methods": {
            method
            for name in ("methods", "implied_methods")
            for method in defined["procedure"]["properties"][name]["items"]["enum"]
        },
        "standings": {*defined["validity"]["properties"]["status"]["enum"], "not_checked"},
        "coverage": {*defined["condition_rule"]["allOf"][0]["properties"]["covers"]["enum"], "row"},
    }
    assert stated == {
        "document kinds": set(models.ExpectedDocument.Kind),
        "frequencies": set(models.FrequencyRule.Frequency),
        "condition kinds": set(models.Condition.Kind),
        "operators": set(models.Threshold.Operator),
        "relations": set(models.ReferenceLine.Relation),
        "natures": set(models.Procedure.Nature),
        "methods": set(models.Procedure.Method),
        "standings": set(models.InstrumentVersion.Status),
        "coverage": set(models.ConditionRule.Covers),
    }


def test_a_missing_field_is_named(catalogue, row):
    del row("3.8.2")["control_text"]
    assert problems(catalogue) == ["control point 3.8.2: missing: control_text"]


def test_a_control_point_without_a_code_is_named_by_its_place(catalogue, row):
    del row("3.8.2")["code"]
    assert problems(catalogue) == ["control point no. 27: missing: code"]


def test_an_unknown_field_is_named(catalogue, row):
    row("3.8.2")["procedures"][2]["is_superuser"] = True
    assert problems(catalogue) == ["control point 3.8.2, procedures 3: unknown: is_superuser"]


def test_an_unknown_value_is_named_with_those_allowed(catalogue, row):
    row("3.4")["frequency"][0]["freq"] = "yearly"
    allowed = "annual, semiannual, quarterly, periodic, event"
    assert problems(catalogue) == [f"control point 3.4, frequency 1, freq: “yearly” is none of: {allowed}"]


def test_a_value_of_another_type_is_named(catalogue, row):
    row("3.8.2")["procedures"][0]["no"] = "1"
    assert problems(catalogue) == [
        'control point 3.8.2, procedures 1, no: “1” breaks the rule {"type": "integer"}',
    ]


def test_a_long_value_is_shortened(catalogue, row):
    row("3.8.2")["short_title_zh"] = "弱" * 500
    assert problems(catalogue) == [
        f'control point 3.8.2, short_title_zh: “{"弱" * 79}…” breaks the rule {{"maxLength": 100}}'
    ]


def test_something_missing_at_the_top_is_named(catalogue):
    del catalogue["instruments"]
    assert problems(catalogue) == ["catalogue: missing: instruments"]


def test_every_problem_is_reported_not_only_the_first(catalogue, row):
    del row("3.8.2")["control_text"]
    del row("3.8.3")["control_text"]
    assert len(problems(catalogue)) == 2


# Contradictions ---------------------------------------------------------------------------------


def spoil_counts(catalogue, _row):
    catalogue["counts"]["procedures"] = 231


def lose_a_control_point(catalogue, row):
    catalogue["control_points"].remove(row("3.9.2"))


def repeat_a_code(_catalogue, row):
    row("3.8.3")["code"] = "3.8.2"


def repeat_a_canonical_code(_catalogue, row):
    row("3.8.3")["canonical_code"] = "3.8.2"


def repeat_a_place(_catalogue, row):
    row("3.8.3")["n"] = row("3.8.2")["n"]


def repeat_a_condition(catalogue, _row):
    catalogue["conditions"].append(dict(catalogue["conditions"][0]))
    catalogue["counts"]["conditions"] += 1


def repeat_an_instrument(catalogue, _row):
    catalogue["instruments"].append(dict(catalogue["instruments"][0]))
    catalogue["counts"]["instruments"] += 1


def repeat_a_document(catalogue, _row):
    catalogue["documents"].append(dict(catalogue["documents"][0]))
    catalogue["counts"]["document_groups"] += 1


def repeat_an_area(catalogue, _row):
    catalogue["areas"].append(dict(catalogue["areas"][7]))
    catalogue["counts"]["areas"] += 1


def name_an_unknown_condition(_catalogue, row):
    row("3.18.1.2")["applicability"]["key"] = "clouds"


def name_an_unknown_branch_condition(_catalogue, row):
    row("3.9.1")["procedures"][3]["branch_conditions"].append("tape")


def name_an_unknown_document_condition(_catalogue, row):
    row("3.8.2")["procedures"][0]["pbc"][0]["condition"] = "tape"


def name_an_unknown_document(_catalogue, row):
    row("3.8.2")["procedures"][0]["pbc"][0]["document_key"] = "scan"


def name_an_unknown_instrument(_catalogue, row):
    row("3.8.2")["references"][0]["instrument"] = "GDPR"


def name_an_unknown_area(_catalogue, row):
    row("3.20")["area"] = 21


def leave_a_condition_unused(catalogue, _row):
    catalogue["conditions"].append({"key": "tape", "zh": "磁帶", "en": "Tape", "kind": "profile"})
    catalogue["counts"]["conditions"] += 1


def invent_a_day(catalogue, _row):
    catalogue["instruments"][2]["validity"]["date"] = "2023-02-29"


def misplace_a_row(_catalogue, row):
    row("3.8.2")["area"] = 9


def skip_a_procedure_number(_catalogue, row):
    row("3.8.2")["procedures"][2]["no"] = 4
    row("3.8.2")["frequency"][0]["procedures"] = [4]


def lose_a_label(_catalogue, row):
    row("3.8.2")["procedures"][2]["label"] = ""


def misquote_a_frequency(_catalogue, row):
    row("3.8.2")["frequency"][0]["phrase"] = "每季應進行弱點掃描"


def misquote_a_threshold(_catalogue, row):
    row("1.2")["thresholds"][0]["phrase"] = "應取得三張以上資通安全專業證照"


def misquote_a_condition(_catalogue, row):
    row("3.5")["conditions"][0]["phrase"] = "如係自建機房者"


def misquote_a_branch(_catalogue, row):
    row("3.12.5")["procedures"][4]["branch_phrases"] = ["如非誤判"]


def cover_an_unknown_procedure(_catalogue, row):
    row("3.5")["conditions"][0]["items"] = [6]


def except_an_unknown_procedure(_catalogue, row):
    row("3.19")["applicability"]["except_items"] = [10]


def bind_an_unknown_procedure(_catalogue, row):
    row("3.8.3")["frequency"][0]["procedures"] = [2, 9]


def expect_a_document_of_no_duty(_catalogue, row):
    row("3.8.2")["procedures"][2]["pbc"][0]["occurrence_of"] = 1


def lose_a_figure(_catalogue, row):
    row("1.2")["thresholds"][0]["value"] = None


def cite_twice_at_once(_catalogue, row):
    row("1.1")["references"][0]["point"] = "一"


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (spoil_counts, "counts, procedures: 231 declared, 230 found"),
        (lose_a_control_point, "counts, control_points: 69 declared, 68 found"),
        (repeat_a_code, "control_points, code: “3.8.2” stands 2 times"),
        (repeat_a_canonical_code, "control_points, canonical_code: “3.8.2” stands 2 times"),
        (repeat_a_place, "control_points, n: “27” stands 2 times"),
        (repeat_a_condition, "conditions: “custody_of_private_keys” stands 2 times"),
        (repeat_an_instrument, "instruments: “TPEX_STO_RULES” stands 2 times"),
        (repeat_a_document, "documents: “customers_registered” stands 2 times"),
        (repeat_an_area, "areas: “3.8” stands 2 times"),
        (name_an_unknown_condition, "control point 3.18.1.2: unknown condition “clouds”"),
        (name_an_unknown_branch_condition, "control point 3.9.1: unknown condition “tape”"),
        (name_an_unknown_document_condition, "control point 3.8.2: unknown condition “tape”"),
        (name_an_unknown_document, "control point 3.8.2: unknown document “scan”"),
        (name_an_unknown_instrument, "control point 3.8.2: unknown instrument “GDPR”"),
        (name_an_unknown_area, "control point 3.20: unknown area “3.21”"),
        (leave_a_condition_unused, "condition “tape” is declared but not used"),
        (invent_a_day, "instrument EPI_ISSTD: there is no day 2023-02-29"),
        (misplace_a_row, "control point 3.8.2: the code doesn't start with its chapter and area, 3.9"),
        (skip_a_procedure_number, "control point 3.8.2: the procedures aren't numbered 1, 2, 3 …"),
        (lose_a_label, "control point 3.8.2: “procedures_numbered” contradicts the printed labels"),
        (
            misquote_a_frequency,
            "control point 3.8.2: the phrase “每季應進行弱點掃描” doesn't stand in the printed row",
        ),
        (
            misquote_a_threshold,
            "control point 1.2: the phrase “應取得三張以上資通安全專業證照” doesn't stand in the printed row",
        ),
        (misquote_a_condition, "control point 3.5: the phrase “如係自建機房者” doesn't stand in the printed row"),
        (
            misquote_a_branch,
            "control point 3.12.5: procedure 5: the phrase “如非誤判” doesn't stand in its text",
        ),
        (cover_an_unknown_procedure, "control point 3.5: unknown procedure 6"),
        (except_an_unknown_procedure, "control point 3.19: unknown procedure 10"),
        (bind_an_unknown_procedure, "control point 3.8.3: unknown procedure 9"),
        (
            expect_a_document_of_no_duty,
            "control point 3.8.2: procedure 3, “弱點掃描報告”: no frequency 1 binds this procedure",
        ),
        (lose_a_figure, "control point 1.2: threshold certificates_held: a figure, or left to the broker, not both"),
        (
            cite_twice_at_once,
            f"control point 1.1: “{NINTH}” cites articles and a point at once",
        ),
    ],
)
def test_a_contradiction_is_named_with_its_place(catalogue, row, spoil, expected):
    spoil(catalogue, row)
    assert expected in problems(catalogue)
