"""A whole binder on the real catalogue: an annual engagement, nearly finished, with every kind of result."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings

from reports import binder as b
from reports import wording
from reports.clauses import ClauseMatrix, Mark
from tests.reports import found

CATALOGUE = settings.BASE_DIR / "fixtures" / "tpex-sto.json"
EXCEPTIONS = {("3.8.5", 3), ("3.9.2", 2), ("3.7.1", 3), ("3.11", 3)}
SAMPLED = {("2.1.1", 2): (1284, 25, 0), ("3.7.1", 3): (86, 25, 2), ("3.8.5", 3): (41, 41, 3)}
PEOPLE = ("王怡文", "李承翰", "林佳穎")


@cache
def catalogue() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"))["catalogue"]
    return content


@cache
def annual() -> b.Binder:
    """The draft of an unmodified annual report: 69 control points, 230 procedures, 120 pieces of evidence."""
    return b.Binder(
        kind=b.Kind.ANNUAL,
        title="資訊系統及安全控管作業評估報告",
        draft=True,
        number="115-STO-0012",
        report_date=date(2026, 3, 20),
        since=date(2025, 1, 1),
        until=date(2025, 12, 31),
        auditee=b.Party("大安證券股份有限公司", "04595257", "臺北市大安區敦化南路二段一百號八樓"),
        firm=b.Party("誠信聯合會計師事務所", "", "臺北市信義區松仁路一百號十二樓"),
        criteria_version="公布文字",
        conclusion=b.Conclusion.UNMODIFIED,
        letter_values=(
            b.Value("會計師姓名", "陳明德"),
            b.Value("核准文號", "金管證審字第1090123456號"),
            b.Value("排除事項", "貴公司其他證券業務之資訊系統"),
        ),
        letter_options=("直接案件", "核准文號"),
        evaluators=_evaluators(),
        scope=_scope(),
        conditions=_conditions(),
        chapters=tuple(_chapter(chapter) for chapter in catalogue()["chapters"]),
        findings=found.findings(),
        follow_ups=found.follow_ups(),
        evidence=tuple(_evidence(number) for number in range(1, 121)),
        criteria=tuple(_criterion(instrument) for instrument in catalogue()["instruments"]),
        trail=b.TrailHead("engagement:1f0c9a52-7f5e-4c8e-9c39-3a4f5d1f7a11", 4213, _hash("head"), _hash("manifest")),
        disclose_evidence=True,
    )


@cache
def final() -> b.Binder:
    """The same as it would be issued."""
    return replace(annual(), draft=False, disclose_evidence=False)


def small(**changes: Any) -> b.Binder:
    """A draft with a single control point, for tests that lay pages out."""
    chapter = annual().chapters[0]
    first = replace(chapter, areas=(replace(chapter.areas[0], points=chapter.areas[0].points[:1]),))
    return replace(annual(), **{"chapters": (first,), "evidence": annual().evidence[:2], **changes})


def with_work(text: str, **changes: Any) -> b.Binder:
    """The small binder whose first procedure says `text`."""
    return with_procedures({"work": text}, **changes)


def with_procedures(*differences: dict[str, Any], **changes: Any) -> b.Binder:
    """The small binder with its first procedures differing, one after another."""
    binder = small(**changes)
    area = binder.chapters[0].areas[0]
    point = area.points[0]
    differing = zip(point.procedures, differences, strict=False)
    procedures = (*(replace(each, **fields) for each, fields in differing), *point.procedures[len(differences) :])
    point = replace(point, procedures=procedures)
    return replace(binder, chapters=(replace(binder.chapters[0], areas=(replace(area, points=(point,)),)),))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _evaluators() -> tuple[b.Evaluator, ...]:
    return (
        b.Evaluator("陳明德", "主辦會計師", ("會計師", "CISA 國際電腦稽核師"), "證券業資訊系統查核十八年"),
        b.Evaluator("黃淑芬", "案件品質複核人員", ("會計師", "ISO/IEC 27001 主導稽核員"), "金融業確信案件品質複核十年"),
        b.Evaluator("周志豪", "經理", ("CISA 國際電腦稽核師", "CISSP 資訊系統安全專家"), "券商資安查核九年"),
        b.Evaluator("王怡文", "領組", ("CISA 國際電腦稽核師",), "電腦稽核五年"),
        b.Evaluator("李承翰", "查帳員", ("CEH 駭客技術專家",), "滲透測試及程式碼檢視三年"),
        b.Evaluator("林佳穎", "查帳員", (), "電腦稽核二年"),
    )


def _scope() -> tuple[b.Fact, ...]:
    return (
        b.Fact(
            "評估系統",
            "具證券性質之虛擬通貨交易平台（網頁版、iOS 及 Android 行動應用程式）\n客戶資料庫、金鑰管理系統、聯盟鏈節點",
        ),
        b.Fact("場所", "總公司（臺北市大安區）、主機房（新北市汐止區）、異地備援機房（臺中市）"),
        b.Fact("委外事項", "區塊鏈平台維運、簡訊傳送、資安監控中心（SOC）"),
        b.Fact("雲端服務", "行動應用程式推播及靜態內容傳遞；不含客戶個人資料"),
        b.Fact("排除事項", "貴公司其他證券業務之資訊系統"),
    )


def _conditions() -> tuple[b.Condition, ...]:
    answers = (True, False)
    return tuple(
        b.Condition(
            condition["zh"],
            answers[n % 3 == 2],
            "依契約及現場檢視查明。" if n % 2 else "依管理階層說明及系統清冊查明。",
        )
        for n, condition in enumerate(catalogue()["conditions"])
    )


def _chapter(chapter: dict[str, Any]) -> b.Chapter:
    rows = [row for row in catalogue()["control_points"] if row["chapter"] == chapter["number"]]
    areas = [area for area in catalogue()["areas"] if area["chapter"] == chapter["number"]]
    if not areas:
        return b.Chapter(chapter["number"], chapter["title_zh"], (b.Area(tuple(map(_point, rows))),))
    return b.Chapter(chapter["number"], chapter["title_zh"], tuple(_area(area, rows) for area in areas))


def _area(area: dict[str, Any], rows: list[dict[str, Any]]) -> b.Area:
    points = tuple(_point(row) for row in rows if row["area"] == area["number"])
    return b.Area(points, area["number"], area["title_zh"])


def _point(row: dict[str, Any]) -> b.ControlPoint:
    excepted = any(code == row["code"] for code, _ in EXCEPTIONS)
    return b.ControlPoint(
        code=row["code"],
        index=f"C-{row['code']}",
        title=row["short_title_zh"],
        text=row["control_text"],
        references=tuple(b.Reference(line["raw"], _note(line["instrument"])) for line in row["references"]),
        preamble=row["procedure_preamble"],
        procedures=tuple(_procedure(row, procedure) for procedure in row["procedures"]),
        conclusion="除所列例外外，控制之設計及執行符合控制重點之規定；例外已彙整為缺失。"
        if excepted
        else "依所執行之程序，控制之設計及執行符合控制重點之規定，未發現例外。",
        prepared=b.Signed(PEOPLE[row["n"] % 3], date(2026, 1, 12) + timedelta(row["n"] % 9)),
        reviewed=b.Signed("周志豪", date(2026, 2, 2) + timedelta(row["n"] % 7)),
    )


def _note(instrument: str) -> str:
    notes = {
        "EPI_ISSTD": "112/04/25 廢止（金管銀票字第11202711471號令）",
        "SF_ISCHECK": "114/04/11 修正全文，點次須重新核對",
    }
    return notes.get(instrument, "")


def _procedure(row: dict[str, Any], procedure: dict[str, Any]) -> b.Procedure:
    code, number = row["code"], procedure["no"]
    result = _result(row, number)
    sample = SAMPLED.get((code, number))
    return b.Procedure(
        number=number,
        label=procedure["label"],
        text=procedure["text"],
        steps=tuple(procedure["steps"]),
        result=result,
        work=_work(row, procedure, result),
        reason=_reason(result),
        performed_on=date(2026, 1, 5) + timedelta((row["n"] * 3 + number) % 15),
        performer=PEOPLE[row["n"] % 3],
        sample=b.Sample(*sample, method="隨機選樣（種子 20260105）") if sample else None,
        citations=tuple(_citations(row["n"], procedure)),
        matrix=_matrix(procedure) if (code, number) == ("3.14.3", 1) else None,
    )


def _matrix(procedure: dict[str, Any]) -> ClauseMatrix:
    """Two contracts, of which the second lacks the last clause."""
    whole = (Mark.YES, Mark.YES)
    marks = (*(whole for _step in procedure["steps"][:-1]), (Mark.YES, Mark.NO))
    return ClauseMatrix(("區塊鏈平台維運契約", "資安監控中心契約"), marks)


def _result(row: dict[str, Any], number: int) -> b.Result:
    if (row["code"], number) in EXCEPTIONS:
        return b.Result.EXCEPTION
    if row["code"] in {"3.7.4.3", "3.7.4.4", "3.18.1.7"}:
        return b.Result.NOT_APPLICABLE
    if row["code"] in {"3.12.2", "3.12.3"}:
        return b.Result.NO_OCCURRENCE
    if (row["code"], number) == ("3.19", 7):
        return b.Result.NOT_YET_OPERATING
    if (row["code"], number) == ("3.18.1.4", 3):
        return b.Result.SCOPE_LIMITATION
    return b.Result.NO_EXCEPTION


def _work(row: dict[str, Any], procedure: dict[str, Any], result: b.Result) -> str:
    if result in {b.Result.NOT_APPLICABLE, b.Result.NO_OCCURRENCE}:
        return ""
    documents = "、".join(f"「{document['name']}」" for document in procedure["pbc"][:3]) or "相關文件"
    text = (
        f"取得{documents}，檢查其訂定（核定）日期、適用範圍及版本；"
        f"詢問{PEOPLE[row['n'] % 3]}所列負責單位主管，瞭解實際作業流程，並與系統設定及紀錄比對。"
    )
    if result is b.Result.EXCEPTION:
        return text + "\n比對結果有未依規定辦理之情形，明細及原因詳例外紀錄，已向資訊部門主管確認事實。"
    return text + "所檢視之文件與實際作業一致，未發現例外。"


def _reason(result: b.Result) -> str:
    return {
        b.Result.NOT_APPLICABLE: "公司未提供 QR Code 或境外雲端儲存服務，經檢視系統功能清單及契約確認，本程序不適用。",
        b.Result.NO_OCCURRENCE: "本期未發生重大資安事件；經查詢事件單系統全年紀錄及主管機關通報平台確認。",
        b.Result.NOT_YET_OPERATING: "該項新興科技控管於 114 年 12 月導入，首次應執行日為 115 年 6 月，尚未屆至。",
        b.Result.SCOPE_LIMITATION: "雲端業者僅提供獨立第三人查核報告摘要，未能取得全文；已改以其他程序部分取代。",
    }.get(result, "")


def _citations(n: int, procedure: dict[str, Any]) -> list[b.Citation]:
    signs = (("✓", "核對相符"), ("△", "重新計算相符"))
    return [
        b.Citation(f"E-{(n * 3 + place) % 120 + 1:03}", document["name"][:40], (n + place) % 9 + 1, *signs[place])
        for place, document in enumerate(procedure["pbc"][:2])
    ]


def _evidence(number: int) -> b.EvidenceItem:
    kinds = ("制度文件", "系統設定", "紀錄", "契約", "清單")
    name = f"大安證券_{kinds[number % 5]}_{number:03}_114年度.pdf"
    since, time = (date(2025, 1, 1), b.Time.SPAN) if number % 3 else (date(2025, 12, 31), b.Time.STATE)
    return b.EvidenceItem(f"E-{number:03}", kinds[number % 5], name, _hash(name), since, date(2025, 12, 31), time)


def _criterion(instrument: dict[str, Any]) -> b.Criterion:
    lines = sum(
        reference["instrument"] == instrument["id"]
        for row in catalogue()["control_points"]
        for reference in row["references"]
    )
    issuer = wording.ISSUERS.get(instrument["issuer"], instrument["issuer"])
    return b.Criterion(instrument["name_zh"], issuer, lines, _standing(instrument["validity"]))


def _standing(validity: dict[str, str] | None) -> str:
    """As the catalogue's own is printed: remarks in English are for its readers, not for the report."""
    if not validity:
        return ""
    words = {"repealed": "廢止", "amended": "修正", "in_force_authority_moved": "主管機關移轉"}
    word, decree = words[validity["status"]], validity["doc"].split(" - ", maxsplit=1)[0]
    year, _, rest = validity["date"].partition("-")
    said = word if decree[:1].isascii() else decree if word in decree else f"{word}（{decree}）"
    return f"{int(year) - 1911}/{rest.replace('-', '/')} {said}"
