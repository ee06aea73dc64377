"""The report letter: one template per kind and conclusion, whole paragraphs in or out, nothing left blank."""

import re
from dataclasses import replace
from itertools import pairwise, product

import pytest

from reports import letter, letter_check
from reports.binder import Conclusion, Kind, Result, Value
from reports.letter import compose
from reports.letter_parts import Option, Style
from reports.problems import Cause, Problem
from signoff.letters import supplied
from tests.reports.binders import annual
from tests.reports.kinds import establishment, every, qualified, reissued, relocation
from tests.reports.modified import adverse, disclaimer

LETTERS = [annual, qualified, establishment, relocation]
COMPLETE = [*LETTERS, reissued, adverse, disclaimer]
EVERY = [pytest.param(kind, conclusion, id=f"{kind}-{conclusion}") for kind, conclusion in product(Kind, Conclusion)]
HEADINGS = {
    Conclusion.UNMODIFIED: ["結論"],
    Conclusion.QUALIFIED: ["保留結論之基礎", "保留結論"],
    Conclusion.ADVERSE: ["否定結論之基礎", "否定結論"],
    Conclusion.DISCLAIMER: ["無法表示結論之基礎", "無法表示結論"],
}


def body(binder):
    return "\n".join(paragraph.text for paragraph in compose(binder).paragraphs)


@pytest.mark.parametrize("binder", COMPLETE)
def test_a_complete_letter_has_no_problems_and_no_braces(binder):
    assert compose(binder()).problems == ()
    assert not set("{}〔〕*#") & set(body(binder()))


@pytest.mark.parametrize("binder", COMPLETE)
def test_a_letter_reaches_a_conclusion_not_an_opinion(binder):
    headings = [p.text for p in compose(binder()).paragraphs if p.style is Style.HEADING]
    assert any("結論" in heading for heading in headings)
    assert not any("意見" in heading for heading in headings)


@pytest.mark.parametrize("binder", COMPLETE)
def test_sections_are_numbered_without_a_gap(binder):
    headings = [p.text.split("、")[0] for p in compose(binder()).paragraphs if p.style is Style.HEADING]
    assert headings == ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"][: len(headings)]


# Every kind and conclusion -------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "conclusion"), EVERY)
def test_there_is_a_whole_letter_for_every_kind_and_conclusion(kind, conclusion):
    composed = compose(every(kind, conclusion))
    assert composed.problems == ()
    assert not set("{}〔〕*#") & set(body(every(kind, conclusion)))


@pytest.mark.parametrize(("kind", "conclusion"), EVERY)
def test_each_letter_has_the_conclusion_of_its_own_with_its_basis_and_no_other(kind, conclusion):
    headings = [p.text.split("、")[-1] for p in compose(every(kind, conclusion)).paragraphs if p.style is Style.HEADING]
    assert [heading for heading in headings if "結論" in heading] == HEADINGS[conclusion]


@pytest.mark.parametrize(("kind", "conclusion"), EVERY)
def test_only_a_disclaimer_does_not_claim_sufficient_evidence(kind, conclusion):
    claims = "相信已取得足夠及適切之證據" in body(every(kind, conclusion))
    assert claims is (conclusion is not Conclusion.DISCLAIMER)


@pytest.mark.parametrize("kind", [*Kind])
def test_a_disclaimer_draws_no_conclusion_anywhere_in_the_letter(kind):
    text = body(every(kind, Conclusion.DISCLAIMER))
    assert "本結論" not in text
    assert "在所有重大方面係依" not in text
    assert "本會計師無法取得足夠及適切之證據，以作為作成結論之基礎" in text


@pytest.mark.parametrize("kind", [*Kind])
def test_an_adverse_letter_denies_what_an_unmodified_one_affirms(kind):
    text = body(every(kind, Conclusion.ADVERSE))
    assert "並未在所有重大方面依適用基準適當設計" in text
    assert "係依適用基準" not in text


@pytest.mark.parametrize("kind", [Kind.ESTABLISHMENT, Kind.RELOCATION])
@pytest.mark.parametrize("conclusion", [*Conclusion])
def test_every_as_of_letter_says_that_operation_was_not_tested(kind, conclusion):
    assert "未測試執行有效性" in body(every(kind, conclusion))
    assert "有效執行。" not in body(every(kind, conclusion)).replace("持續有效執行", "")


@pytest.mark.parametrize(("kind", "conclusion"), EVERY)
def test_scope_and_conclusion_both_name_the_period_or_the_day(kind, conclusion):
    day = "中華民國一一五年三月三十一日"
    told = "中華民國一一四年一月一日至一一四年十二月三十一日" if kind is Kind.ANNUAL else day
    sections = {"": ""}
    for paragraph in compose(every(kind, conclusion)).paragraphs:
        if paragraph.style is Style.HEADING:
            sections[paragraph.text.split("、")[-1]] = ""
        else:
            sections[[*sections][-1]] += paragraph.text
    assert f"就{told}（以下簡稱" in sections["確信標的及範圍"]
    assert f"於{told}，" in sections[HEADINGS[conclusion][-1]]


@pytest.mark.parametrize(("kind", "conclusion"), EVERY)
def test_a_letter_refers_to_nothing_that_the_report_does_not_hold(kind, conclusion):
    assert "附件" not in supplied(kind, conclusion)


@pytest.mark.parametrize(("kind", "conclusion"), EVERY)
def test_a_supplied_letter_passes_the_check_that_the_firm_s_own_have_to(kind, conclusion):
    text = supplied(kind, conclusion)
    assert (letter_check.faults(text, kind, conclusion), letter_check.warnings(text, conclusion)) == ([], [])


@pytest.mark.parametrize("conclusion", [*Conclusion])
def test_a_value_s_own_full_stop_does_not_end_the_template_s_sentence(conclusion):
    assert not re.search(r"。[。，、之]", body(every(Kind.ANNUAL, conclusion)))


# What fills in -------------------------------------------------------------------------------


def test_the_letter_is_addressed_to_the_board_and_names_the_period_in_words():
    assert "大安證券股份有限公司董事會　公鑒：" in body(annual())
    assert "就中華民國一一四年一月一日至一一四年十二月三十一日（以下簡稱「評估期間」）" in body(annual())


def test_counts_come_from_the_binder():
    assert "三章共69項控制重點" in body(annual())
    assert "執行適用基準所列230項執行程序" in body(annual())
    assert "發現例外4項，彙整為缺失3項" in body(annual())


def items(binder):
    return [paragraph.text for paragraph in compose(binder).paragraphs if paragraph.style is Style.ITEM]


def with_every_result(binder, result):
    """The binder as if every procedure had come out alike, and nothing had been found."""

    def of(point):
        return replace(point, procedures=tuple(replace(one, result=result) for one in point.procedures))

    def chapter(one):
        return replace(one, areas=tuple(replace(area, points=tuple(map(of, area.points))) for area in one.areas))

    return replace(binder, chapters=tuple(map(chapter, binder.chapters)), findings=())


@pytest.mark.parametrize("binder", LETTERS)
def test_where_nothing_was_found_the_letter_says_so_and_counts_no_zero(binder):
    clean = with_every_result(binder(), Result.NO_EXCEPTION)
    assert items(clean)[0] == "1. 本會計師執行程序未發現例外。"
    assert not re.search(r"(?<!\d)0項", body(clean))
    assert "尚不影響前段結論" not in body(clean)


@pytest.mark.parametrize("binder", LETTERS)
def test_exceptions_without_a_finding_are_told_apart_from_findings(binder):
    first = items(replace(with_every_result(binder(), Result.EXCEPTION), findings=()))[0]
    assert first.startswith("1. 本會計師執行程序發現例外230項")
    assert "未列為缺失" in first


@pytest.mark.parametrize("result", [Result.NOT_APPLICABLE, Result.NO_OCCURRENCE, Result.NOT_YET_OPERATING])
def test_each_reason_for_no_verdict_is_told_only_where_it_occurs(result):
    told = [item for item in items(with_every_result(annual(), result)) if "項程序" in item]
    assert len(told) == 1
    assert "230項程序" in told[0]


@pytest.mark.parametrize("binder", LETTERS)
def test_items_are_numbered_without_a_gap_whatever_is_left_out(binder):
    for one in (binder(), with_every_result(binder(), Result.NO_EXCEPTION)):
        numbers = [int(item.split(".")[0]) for item in items(one)]
        assert all(number in {1, before + 1} for before, number in pairwise([0, *numbers]))


def test_what_follows_from_the_results_is_not_offered_as_a_choice():
    offered = letter.blanks(supplied(Kind.ANNUAL, Conclusion.UNMODIFIED)).options
    assert not {Option.NOTHING_FOUND, Option.FINDINGS, Option.NOT_APPLICABLE} & set(offered)


def test_chapters_are_referred_to_by_their_numbers():
    assert "詳第六章。經個別及彙總評估" in body(annual())


@pytest.mark.parametrize(("binder", "phrase"), [
    (establishment, "本案件不包括控制之執行有效性。"),
    (relocation, "本案件不包括控制於遷移後之執行有效性。"),
])  # fmt: skip
def test_an_as_of_letter_says_in_bold_that_operation_was_not_tested(binder, phrase):
    strong = [run.text for paragraph in compose(binder()).paragraphs for run in paragraph.runs if run.strong]
    assert strong == [phrase]


@pytest.mark.parametrize("binder", [establishment, relocation])
def test_an_as_of_letter_concludes_on_design_and_implementation_only(binder):
    assert "適當設計並付諸實行" in body(binder())
    assert "設計並有效執行" not in body(binder())


def test_optional_paragraphs_are_out_unless_chosen():
    assert "貴公司自" not in body(annual())
    chosen = replace(
        annual(),
        letter_options=(Option.DIRECT, Option.FIRST_YEAR),
        letter_values=(*annual().letter_values, Value("開業日", "中華民國一一四年七月一日")),
    )
    assert "貴公司自中華民國一一四年七月一日開始經營本業務" in body(chosen)


def test_a_chosen_paragraph_with_an_empty_placeholder_blocks():
    chosen = replace(annual(), letter_options=(Option.DIRECT, Option.FIRST_YEAR))
    assert compose(chosen).problems == (Problem(Cause.PLACEHOLDER_UNFILLED, "開業日"),)


def test_a_value_of_spaces_is_no_value():
    blank = replace(annual(), letter_values=(*annual().letter_values[1:], Value("會計師姓名", "　 ")))
    assert compose(blank).problems == (Problem(Cause.PLACEHOLDER_UNFILLED, "會計師姓名"),)


def test_each_unfilled_placeholder_is_named_once():
    names = [problem.subject for problem in compose(replace(annual(), letter_values=())).problems]
    assert names == ["會計師姓名", "核准文號"]


def test_a_report_without_its_date_cannot_be_issued():
    undated = replace(annual(), report_date=None, draft=False)
    assert compose(undated).problems == (Problem(Cause.PLACEHOLDER_UNFILLED, "報告日期"),)


def test_a_draft_has_no_number_and_no_date_yet_and_says_so():
    draft = replace(annual(), number="", report_date=None)
    assert compose(draft).problems == ()
    assert body(draft).count("（出具時填列）") == 2


@pytest.mark.parametrize("options", [(), (Option.DIRECT, Option.ATTESTATION)])
def test_exactly_one_form_of_engagement_is_chosen(options):
    assert Problem(Cause.FORM_UNDECIDED) in compose(replace(annual(), letter_options=options)).problems


def test_a_letter_on_management_s_statement_says_when_that_was_made():
    assert "並於中華民國一一五年四月二十日出具聲明" in body(reissued())
    undated = replace(reissued(), letter_values=establishment().letter_values)
    assert compose(undated).problems == (Problem(Cause.PLACEHOLDER_UNFILLED, "聲明日期"),)


def test_a_reissued_report_says_first_which_one_it_replaces_and_why():
    told = [paragraph.text for paragraph in compose(reissued()).paragraphs]
    place = next(place for place, text in enumerate(told) if text.endswith("其他說明事項"))
    assert told[place + 1] == (
        "本報告取代本會計師於中華民國一一五年四月二十四日出具之第 115-STO-0031 號報告（內容之重大更正），"
        "原因：原報告漏列異地備援機房之評估結果。原報告不再有效，並予保留。"
    )


@pytest.mark.parametrize(("bases", "phrase", "absent"), [
    ((Option.DEFICIENCY,), "除「保留結論之基礎」段所述事項之影響外", "所述事項可能之影響"),
    ((Option.SCOPE_LIMITATION,), "除「保留結論之基礎」段所述事項可能之影響外", "所述事項之影響外"),
    ((Option.DEFICIENCY, Option.SCOPE_LIMITATION), "所述缺失之影響及範圍受限制可能之影響外", "所述事項"),
])  # fmt: skip
def test_a_qualified_conclusion_follows_from_its_basis(bases, phrase, absent):
    text = body(replace(qualified(), letter_options=(Option.DIRECT, *bases)))
    assert phrase in text
    assert absent not in text


def test_a_qualified_conclusion_without_a_basis_is_a_problem():
    assert Problem(Cause.NO_BASIS) in compose(replace(qualified(), letter_options=(Option.DIRECT,))).problems


def test_an_undecided_conclusion_has_no_letter():
    assert compose(replace(annual(), conclusion=None)).problems == (Problem(Cause.NO_CONCLUSION),)


def test_markup_and_placeholders_inside_a_value_stay_text():
    value = Value("排除事項", "**粗體** {受查者} 〔選用：直接案件〕")
    entered = replace(annual(), letter_values=(value, *annual().letter_values[:2]))
    assert value.text in body(entered)
    assert compose(entered).problems == ()
    assert not any(run.strong for p in compose(entered).paragraphs for run in p.runs)


def test_problems_read_in_the_reader_s_language():
    assert str(Problem(Cause.PLACEHOLDER_UNFILLED, "核准文號")) != ""
    assert "核准文號" in str(Problem(Cause.PLACEHOLDER_UNFILLED, "核准文號"))
