# ruff: noqa: E501 -- sentences of the demonstration stand on one line each
"""What an auditor writes: work performed for a procedure, from its methods and the documents that it expects."""

from datetime import date, timedelta

from controls.models import Procedure
from foundation.web import roc

_VERSIONS = ("V1.2", "V2.0", "V2.3", "V3.1", "V3.2")
_SYSTEMS = ("交易平台", "錢包管理系統", "客戶開戶系統", "日誌管理平台", "帳務系統")
_POPULATIONS = (48, 86, 127, 212, 365, 1_264, 3_918)

# The outsourcing contracts whose clauses are tested.
CONTRACTS = ("機房代管契約", "弱點掃描及滲透測試契約")
EXCEPTIONS = {
    (
        "3.8.2",
        3,
    ): "下半年度弱點掃描原訂於 9 月執行，截至查核日尚未辦理，亦無經核准之展延紀錄；上半年度掃描之高風險弱點 3 項均已於期限內修補並複掃通過。",
    ("3.8.5", 4): "檢查年度帳號與權限審查紀錄，僅取得上半年之審查紀錄；下半年未留存審查紀錄，資訊部表示已口頭確認。",
    ("3.10.6", 2): "抽核防火牆規則異動 25 筆，其中 2 筆未取得事前核准單，係事後補單（差異日數分別為 3 日及 5 日）。",
    ("3.11", 3): "一般從業人員資訊安全教育訓練時數統計 186 人中，7 人未達三小時，已列入補訓名單。",
}

FINDINGS = {
    ("3.8.2", 3): (
        "下半年度未執行弱點掃描",
        "公司全年度僅於上半年執行一次弱點掃描，下半年度截至查核日未執行，亦無經核准之展延紀錄。",
        "控制重點 3.8.2：每半年應進行弱點掃描，並針對掃描結果進行風險評估。",
        "significant",
        "operation",
        "作業系統及應用程式之新弱點可能未及時發現及修補，增加遭入侵及客戶資產損失之風險。",
        "應於年度資安計畫明定掃描時程並由資安主管追蹤；未能如期辦理時，應留存核准之展延及補償性控制。",
        "同意。已於查核期間完成委外掃描廠商續約，並修訂年度資安工作計畫納入時程管控。",
        "資訊安全處 林資安",
    ),
    ("3.8.5", 4): (
        "下半年度帳號權限審查未留存紀錄",
        "下半年度帳號與權限審查未留存書面紀錄，無法查明審查範圍及結果。",
        "控制重點 3.8.5(2)：應至少每半年定期審查帳號與權限之合理性。",
        "minor",
        "operation",
        "離調職人員之權限可能未及時移除，增加未經授權存取之風險。",
        "應以系統化方式產出權限清單，由權責主管簽核並留存紀錄至少保存年限。",
        "同意。自次一審查週期起改採電子表單簽核。",
        "資訊部 張維運",
    ),
    ("3.10.6", 2): (
        "防火牆規則異動未事前核准",
        "抽核防火牆規則異動 25 筆，2 筆未取得事前核准。",
        "控制重點 3.10.6：防火牆進出規則之變更應經權責主管核准並定期檢視。",
        "minor",
        "operation",
        "未經核准之規則可能擴大對外開放之連線範圍。",
        "緊急異動應建立事後 24 小時內補核准之程序，並由獨立人員按月核對異動紀錄與核准單。",
        "同意。已增訂緊急異動程序，並由稽核室按月抽查。",
        "資訊部 網路組",
    ),
}


def documents_of(procedure: Procedure) -> str:
    """「A」及「B」: the documents that the procedure expects, as one writes them."""
    names = [document.name.split("（")[0] for document in procedure.documents.all()][:2]
    return "及".join(f"「{name}」" for name in names) or "「相關作業紀錄」"


def work_performed(procedure: Procedure, *, seed: int, day: date) -> str:
    """Return what was done for the procedure; `seed` varies versions, systems and counts, `day` is when."""
    documents = documents_of(procedure)
    version, system = _VERSIONS[seed % len(_VERSIONS)], _SYSTEMS[seed % len(_SYSTEMS)]
    approved = roc.short(day - timedelta(days=120 + seed % 90))
    if procedure.sampling:
        population = _POPULATIONS[seed % len(_POPULATIONS)]
        size = min(25, population)
        return (
            f"{roc.short(day)} 取得{documents}全年度清單，母體 {population:,} 筆，與{system}匯出筆數核對相符；"
            f"以隨機方式抽取 {size} 筆，逐筆核對申請、核准及執行紀錄，均屬一致。"
        )
    if "operating" in procedure.nature:
        return (
            f"取得{documents}，檢查查核期間內之執行紀錄；與{system}之系統紀錄核對日期、執行人員及覆核簽章，"
            "紀錄完整且均經權責主管覆核。"
        )
    if "implementation" in procedure.nature:
        return (
            f"{roc.short(day)} 由資訊部人員操作{system}，本所在旁觀察並截取設定畫面；"
            f"設定內容與{documents}所載要求一致。"
        )
    return f"取得{documents}（{version}，{approved} 核定），檢視其內容已涵蓋本程序所列事項，且經權責主管核准並公告。"


def conclusion_of(title: str, *, exceptions: int) -> str:
    """Return the paper's concluding sentence."""
    if exceptions:
        return f"就「{title}」執行上列程序，發現例外 {exceptions} 項，已彙整為缺失，詳缺失登錄；其餘未發現例外。"
    return f"就「{title}」執行上列程序，未發現例外。"
