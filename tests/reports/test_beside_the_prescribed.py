"""What the PDF says beside the prescribed: procedures added, departures, tickmarks, the time of evidence."""

from datetime import date

import pytest

from reports import pdf
from reports.binder import Citation, EvidenceItem, Time
from tests.reports.binders import small, with_procedures
from tests.reports.test_pdf import text_of

pytestmark = pytest.mark.usefixtures("shared_parts")
MARCH, SEPTEMBER = date(2025, 3, 1), date(2025, 9, 1)
BOTH = (MARCH, SEPTEMBER)


def printed(binder) -> str:
    return text_of(pdf.render(binder).content)


def test_added_procedures_and_departures_are_listed_in_the_summary_and_said_at_their_places():
    binder = with_procedures({"added": True, "text": "另取得會議紀錄。"}, {"departure": "改以系統畫面檢查。"})
    text = printed(binder)
    assert "（含會計師追加1項）" in text
    assert "五、偏離規定程序（1項）" in text
    assert (text.count("另取得會議紀錄。"), text.count("改以系統畫面檢查。")) == (2, 2)
    assert "會計師追加程序另取得會議紀錄。" in text
    assert "偏離規定程序改以系統畫面檢查。" in text


def test_where_there_are_none_the_report_says_so():
    text = printed(small())
    assert "未追加執行程序。" in text
    assert "未記錄偏離。" in text


def test_tickmarks_are_explained_and_those_of_two_meanings_at_each_citation():
    cited = tuple(Citation(f"E-00{n}", tickmark="✓", meaning=word) for n, word in enumerate(("相符", "正本相符"), 1))
    text = printed(with_procedures({"citations": cited}))
    assert "查核符號✓相符；或正本相符" in text
    assert "E-002✓（正本相符）" in text


def test_the_file_s_own_copy_says_what_kind_of_time_each_piece_speaks_about():
    months = tuple(date(2025, month, 1) for month in range(1, 13))
    pieces = (
        EvidenceItem("E-1", "紀錄", "演練", since=MARCH, until=SEPTEMBER, time=Time.OCCURRENCE, days=BOTH),
        EvidenceItem("E-2", "紀錄", "檢視", since=months[0], until=months[-1], time=Time.OCCURRENCE, days=months),
        EvidenceItem("E-3", "紀錄", "日誌", since=MARCH, until=SEPTEMBER, time=Time.SPAN),
        EvidenceItem("E-4", "設定", "畫面", since=MARCH, until=MARCH, time=Time.STATE),
        EvidenceItem("E-5", "紀錄", "舊檔", until=MARCH),
    )
    text = printed(small(evidence=pieces))
    said = (
        "演練114/03/01、114/09/01發生日",
        "114/03/01、114/04/01等12日，至114/12/01發生日",
        "日誌114/03/01–114/09/01期間紀錄",
        "畫面114/03/01當日狀況",
        "舊檔114/03/01",
    )
    assert [each for each in said if each not in text] == []
