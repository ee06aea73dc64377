"""The report's own words. A report is a Traditional Chinese document whatever language its reader's pages
are in, so these aren't translated; the pages around it are.
"""

from datetime import date

from foundation.web import roc
from reports.binder import Conclusion, Kind, Result, Superseded, Time

TITLE = "資訊系統及安全控管作業評估報告"

KINDS = {
    Kind.ANNUAL: "年度評估",
    Kind.ESTABLISHMENT: "設置營業處所評估",
    Kind.RELOCATION: "遷移營業處所評估",
}

CONCLUSIONS = {
    Conclusion.UNMODIFIED: "無保留結論",
    Conclusion.QUALIFIED: "保留結論",
    Conclusion.ADVERSE: "否定結論",
    Conclusion.DISCLAIMER: "無法表示結論",
}

PENDING = "尚未作成"

# What kind of time evidence speaks about; in the order of the binder's.
TIMES = {
    Time.OCCURRENCE: "發生日",
    Time.SPAN: "期間紀錄",
    Time.STATE: "當日狀況",
}

# In the lines that they take at the head of a narrow column: Chinese has no spaces to break at.
_RESULTS: dict[Result, tuple[str, ...]] = {
    Result.NO_EXCEPTION: ("未發現", "例外"),
    Result.EXCEPTION: ("發現", "例外"),
    Result.NOT_APPLICABLE: ("不適用",),
    Result.NO_OCCURRENCE: ("本期", "未發生"),
    Result.NOT_YET_OPERATING: ("尚未", "運作"),
    Result.SCOPE_LIMITATION: ("範圍", "受限制"),
}


def result_lines(kind: Kind) -> dict[Result, tuple[str, ...]]:
    """How each result reads in a report of this kind: an as-of report has no period in which nothing occurred."""
    if kind is Kind.ANNUAL:
        return _RESULTS
    return _RESULTS | {Result.NO_OCCURRENCE: ("截至", "基準日", "未發生")}


def results(kind: Kind) -> dict[Result, str]:
    """The same on one line."""
    return {result: "".join(words) for result, words in result_lines(kind).items()}


def assessed(kind: Kind) -> str:
    """What was looked at; never left unsaid where operation over time was not."""
    return "設計及執行。" if kind is Kind.ANNUAL else "設計及付諸實行；未測試控制之執行有效性。"


def span(since: date | None, until: date) -> str:
    """Return 中華民國一一四年一月一日至一一四年十二月三十一日, or the as-of date alone."""
    if since is None:
        return roc.in_words(until)
    return f"{roc.in_words(since)}至{year_to_day(until)}"


def year_to_day(day: date) -> str:
    """一一四年十二月三十一日, for a sentence that already says 中華民國."""
    return roc.in_words(day).removeprefix("中華民國")


# The catalogue keeps the issuers of instruments as short English names.
ISSUERS = {
    "TPEx": "櫃買中心",
    "TWSE": "臺灣證券交易所",
    "FSC": "金融監督管理委員會",
    "FSC/SFB": "金融監督管理委員會證券期貨局",
    "CSA": "中華民國證券商業同業公會",
    "Associations": "證券期貨市場相關公會",
    "Bankers Assoc.": "中華民國銀行商業同業公會全國聯合會",
    "Legislative Yuan": "立法院",
    "Executive Yuan / MODA": "行政院／數位發展部",
}

NOT_CHECKED = "未查核現況"
WITHOUT_REQUEST = "查核人員取得"

# What a finding of an earlier report comes to while nobody has assessed it.
NOT_YET_KNOWN = "本期尚未查明"

NO_ANSWER = "（逾期未回覆）"
DECLINED = "（拒絕回覆：{reason}）"
RECORDED = "{said}\n（由查核團隊依「{source}」紀錄）"


def supersession(superseded: Superseded) -> str:
    """The sentence that names the report which this one takes the place of, and why."""
    kind = "內容之重大更正" if superseded.material else "文字之更正"
    told = f"本報告取代本會計師於{roc.in_words(superseded.report_date)}出具之第 {superseded.number} 號報告"
    return f"{told}（{kind}），原因：{superseded.reason.rstrip('。')}。原報告不再有效，並予保留。"
