"""The workbook of all papers: the regulator's columns in its order, and everything typed as typed."""

import io
from dataclasses import replace

import openpyxl
import pytest

from foundation.spreadsheets.writing import BadCell
from reports import workbook
from tests.reports.binders import annual, final, with_procedures, with_work
from tests.reports.kinds import establishment, reissued

PAPERS = "控制重點及執行程序"


def opened(binder):
    return openpyxl.load_workbook(io.BytesIO(workbook.render(binder)))


def rows(binder, sheet):
    return list(opened(binder)[sheet].iter_rows(values_only=True))


def test_the_regulator_s_four_columns_come_first_in_its_order():
    assert rows(annual(), PAPERS)[0][:4] == ("內部控制制度", "控制重點", "相關規定/參酌來源", "執行程序")


def test_one_row_for_each_procedure_with_its_text_and_steps():
    found = rows(annual(), PAPERS)[1:]
    procedures = [procedure for point in annual().points() for procedure in point.procedures]
    assert len(found) == 230
    for row, procedure in zip(found, procedures, strict=True):
        assert row[3].endswith("\n".join((procedure.label + procedure.text, *procedure.steps)))
        assert row[7] == (procedure.work or None)


def test_a_control_point_s_own_texts_stand_in_its_first_row():
    texts = [row[1] for row in rows(annual(), PAPERS)[1:] if row[1]]
    assert texts == [point.text for point in annual().points()]


def test_results_read_as_in_the_report():
    assert {row[6] for row in rows(annual(), PAPERS)[1:]} == {
        "未發現例外", "發現例外", "不適用", "本期未發生", "尚未運作", "範圍受限制",
    }  # fmt: skip
    assert "截至基準日未發生" in {row[6] for row in rows(establishment(), PAPERS)[1:]}


def test_the_cover_says_what_was_not_tested_and_which_report_is_replaced():
    told = dict(rows(reissued(), "封面"))
    assert told["評估內容"] == "設計及付諸實行；未測試控制之執行有效性。"
    assert "取代本會計師於中華民國一一五年四月二十四日出具之第 115-STO-0031 號報告" in told["取代之報告"]
    assert "取代之報告" not in dict(rows(annual(), "封面"))


def test_the_lists_around_the_table_are_complete():
    book = opened(annual())
    assert {sheet.title: sheet.max_row - 1 for sheet in book if sheet.title not in {"封面", PAPERS}} == {
        "逐項測試": 14, "缺失": 3, "前期缺失追蹤": 2, "佐證索引": 120, "未作成有無例外之項目": 9,
    }  # fmt: skip


def test_names_and_hashes_of_evidence_are_left_out_where_they_are_not_disclosed():
    assert len(rows(annual(), "佐證索引")[0]) == 7
    assert rows(final(), "佐證索引")[0] == ("編號", "種類")


def test_each_piece_says_what_kind_of_time_it_speaks_about():
    assert {row[6] for row in rows(annual(), "佐證索引")[1:]} == {"期間紀錄", "當日狀況"}


def test_each_clause_of_each_item_tested_has_a_row_of_its_own():
    found = rows(annual(), "逐項測試")[1:]
    assert {row[3] for row in found} == {"區塊鏈平台維運契約", "資安監控中心契約"}
    assert [row for row in found if row[4] == "×"] == [("C-3.14.3", 1, "(7)其他約定事項。", "資安監控中心契約", "×")]


def test_a_citation_says_what_its_tickmark_means():
    cited = "\n".join(row[10] for row in rows(annual(), PAPERS)[1:] if row[10])
    assert "✓ 核對相符" in cited


def test_an_added_procedure_and_a_departure_are_marked_as_such():
    binder = with_procedures({"added": True}, {"departure": "改以系統畫面檢查。"})
    first, second = rows(binder, PAPERS)[1:3]
    assert first[3].startswith("〔會計師追加〕") or "\n〔會計師追加〕" in first[3]
    assert second[8] == "偏離規定程序：改以系統畫面檢查。"


def test_the_cover_says_whose_what_and_when():
    cover = dict(rows(annual(), "封面")[1:])
    assert cover["受查者"] == "大安證券股份有限公司"
    assert cover["狀態"] == "草稿"
    assert cover["報告日期"] == "115/03/20"
    assert cover["執行程序數"] == 230
    assert cover["報告內容雜湊值"] == annual().digest()


def test_a_formula_typed_as_work_stays_text():
    cell = opened(with_work('=HYPERLINK("http://x","y")'))[PAPERS]["H2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x","y")', "s")


def test_a_text_that_no_cell_can_hold_names_the_cell():
    with pytest.raises(BadCell, match=f"{PAPERS}!H2: 40000 characters"):
        workbook.render(with_work("字" * 40_000))


def test_findings_carry_what_article_22_asks_for():
    head, first, *_ = rows(annual(), "缺失")
    finding = annual().findings[0]
    assert dict(zip(head, first, strict=True))["風險說明"] == finding.risk
    assert first[4] == finding.category


def test_an_engagement_without_papers_still_gives_a_workbook():
    assert opened(replace(annual(), chapters=(), findings=(), evidence=()))[PAPERS].max_row == 1
