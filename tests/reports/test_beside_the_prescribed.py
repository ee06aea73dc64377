"""What the PDF says beside the prescribed: procedures added, departures, tickmarks, the time of evidence."""

from datetime import date

import pytest

from reports import pdf
from reports.binder import Citation, EvidenceItem, Time
from tests.reports.binders import small, with_procedures
from tests.reports.test_pdf import squeezed, text_of

MARCH, SEPTEMBER = date(2025, 3, 1), date(2025, 9, 1)


def printed(binder) -> str:
    return text_of(pdf.render(binder).content)


def test_added_procedures_and_departures_are_listed_in_the_summary_and_said_at_their_places():
    binder = with_procedures({"added": True, "text": "另取得會議紀錄。"}, {"departure": "改以系統畫面檢查。"})
    text = printed(binder)
    assert "（含會計師追加1項，見四）；其中1項偏離規定程序，見五。" in text
    summary, details = text.split("第四章　評估結果彙總".replace("　", ""))[-1].split("第五章控制重點評估結果明細", 1)
    assert "另取得會議紀錄。" in summary
    assert "改以系統畫面檢查。" in summary
    assert "會計師追加程序另取得會議紀錄。" in details
    assert "偏離規定程序改以系統畫面檢查。" in details


def test_where_there_are_none_the_report_says_so():
    text = printed(small())
    assert "未追加執行程序。" in text
    assert "未記錄偏離。" in text


def test_tickmarks_are_explained_and_those_of_two_meanings_at_each_citation():
    cited = tuple(Citation(f"E-00{n}", tickmark="✓", meaning=word) for n, word in enumerate(("相符", "正本相符"), 1))
    text = printed(with_procedures({"citations": cited}))
    assert "查核符號✓相符；或正本相符" in text
    assert "E-002✓（正本相符）" in text


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (EvidenceItem("E-1", "紀錄", "演練", since=MARCH, until=SEPTEMBER, time=Time.OCCURRENCE, days=(MARCH, SEPTEMBER)),
         "114/03/01、114/09/01 發生日"),
        (EvidenceItem("E-1", "紀錄", "日誌", since=MARCH, until=SEPTEMBER, time=Time.SPAN), "114/03/01–114/09/01 期間紀錄"),
        (EvidenceItem("E-1", "設定", "畫面", since=MARCH, until=MARCH, time=Time.STATE), "114/03/01 當日狀況"),
        (EvidenceItem("E-1", "紀錄", "舊檔", until=MARCH), "114/03/01"),
    ],
)  # fmt: skip
def test_the_file_s_own_copy_says_what_kind_of_time_each_piece_speaks_about(item, said):
    assert squeezed(f"{item.name} {said}") in printed(small(evidence=(item,)))


def test_many_days_of_one_piece_are_counted():
    days = tuple(date(2025, month, 1) for month in range(1, 13))
    item = EvidenceItem("E-1", "紀錄", "檢視", since=days[0], until=days[-1], time=Time.OCCURRENCE, days=days)
    assert "114/04/01等12日，至114/12/01" in printed(small(evidence=(item,)))
