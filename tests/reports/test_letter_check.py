"""What a firm's own wording of the report letter is held up by, each fault at its line, and what it is warned of."""

import pytest

from reports.binder import Conclusion, Kind
from reports.letter_check import LONGEST, faults, warnings
from signoff.letters import supplied

TEXT = supplied(Kind.ANNUAL, Conclusion.UNMODIFIED)


def told(text, kind=Kind.ANNUAL, conclusion=Conclusion.UNMODIFIED):
    return [(fault.line, fault.text) for fault in faults(text, kind, conclusion)]


def lines_of(text):
    return [line for line, _text in told(text)]


@pytest.mark.parametrize("line", [
    "本公司{不存在之欄位}。",
    "本公司{}。",
    "本公司{受查者。",
    "本公司受查者}。",
    "本公司{{受查者}}。",
    "〔選用：不存在之段〕本公司。",
    "〔選用：直接案件本公司。",
    "選用：直接案件〕本公司。",
    "本公司〔選用：直接案件〕。",
    "本公司<b>重大</b>。",
    "<script>alert(1)</script>",
    "本公司<!-- 註 -->。",
])  # fmt: skip
def test_what_is_wrong_in_a_line_is_told_at_that_line(line):
    assert lines_of(f"{TEXT}\n{line}\n") == [len(TEXT.splitlines()) + 2]


def test_a_paragraph_that_runs_on_is_told_at_its_line():
    assert lines_of(TEXT.replace("## 簽署\n\n", "## 簽署\n")) == [TEXT.splitlines().index("## 簽署") + 2]


def test_comparison_signs_are_no_html():
    assert told(TEXT.replace("詢問、觀察", "詢問（樣本 < 25）、觀察")) == []


@pytest.mark.parametrize("section", [
    "# 會計師獨立確信報告", "公鑒", "、適用基準", "、管理階層及治理單位之責任", "、會計師之責任",
    "、獨立性及品質管理", "、先天限制", "、結論", "、報告用途及使用限制", "## 簽署",
])  # fmt: skip
def test_a_letter_without_one_of_its_sections_is_held_up(section):
    lines = [line for line in TEXT.splitlines() if not line.endswith(section) and section not in line[:20]]
    assert 0 in lines_of("\n".join(lines))


@pytest.mark.parametrize("name", ["{受查者}", "{期間}", "{報告編號}", "{報告日期}", "{事務所名稱}", "{會計師姓名}"])
def test_a_letter_that_leaves_out_what_makes_it_this_one_is_held_up(name):
    (missing,) = told(TEXT.replace(name, "某"))
    assert name in missing[1]


@pytest.mark.parametrize("conclusion", [Conclusion.QUALIFIED, Conclusion.ADVERSE, Conclusion.DISCLAIMER])
def test_a_modified_letter_needs_its_basis_and_its_conclusion_by_name(conclusion):
    assert len(told(TEXT, conclusion=conclusion)) == 2


@pytest.mark.parametrize("kind", [Kind.ESTABLISHMENT, Kind.RELOCATION])
def test_an_as_of_letter_that_claims_tested_operation_is_held_up(kind):
    (missing,) = told(supplied(kind, Conclusion.UNMODIFIED).replace("未測試執行有效性", "已測試"), kind)
    assert "未測試執行有效性" in missing[1]


def test_a_letter_that_is_too_long_is_held_up():
    assert lines_of(TEXT + "文" * LONGEST) == [0]


@pytest.mark.parametrize(("conclusion", "line"), [
    (Conclusion.UNMODIFIED, "除「保留結論之基礎」段所述事項之影響外，"),
    (Conclusion.UNMODIFIED, "並未在所有重大方面依適用基準適當設計。"),
    (Conclusion.QUALIFIED, "## 九、否定結論"),
    (Conclusion.ADVERSE, "在所有重大方面係依適用基準適當設計。"),
    (Conclusion.DISCLAIMER, "在所有重大方面係依適用基準適當設計。"),
    (Conclusion.DISCLAIMER, "## 九、保留結論"),
    (Conclusion.UNMODIFIED, "## 八、查核意見"),
])  # fmt: skip
def test_words_of_another_conclusion_are_warned_of_at_their_line(conclusion, line):
    assert [warning.line for warning in warnings(f"一\n\n{line}", conclusion)][:1] == [3]


def test_an_unmodified_conclusion_by_its_full_name_is_no_qualified_one():
    assert warnings("本報告為無保留結論。", Conclusion.UNMODIFIED) == []
