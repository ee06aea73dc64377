"""Annual reports whose conclusion is adverse, or which reach none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from reports import binder as b
from reports import wording
from tests.reports.binders import annual

# Procedures that found the keys and the all-powerful accounts in one man's hands.
_FOUND = {
    ("3.6", 1): "私密金鑰管理程序於 112 年核定後未曾施行：無核發、停用、銷毀及備份之紀錄。",
    ("3.6", 2): "私密金鑰由資訊處主管於個人筆記型電腦產生，未使用硬體安全模組，亦無產生過程之紀錄。",
    ("3.6", 4): "現場檢視該筆記型電腦：客戶私密金鑰 1,284 組以明文存放於單一檔案，磁碟未加密，無分持亦無備份。",
    ("3.8.5", 5): "最高權限帳號未列冊；交易平台、資料庫及聯盟鏈節點之最高權限帳號均由同一人單獨持有。",
    ("3.8.5", 6): "全年使用最高權限帳號 37 次，均無權責主管之事前同意。",
    ("3.8.5", 10): "操作紀錄存放於該員可修改之主機，114 年 8 月計 9 日之紀錄不存在，原因無從查明。",
}
# Areas of chapter 3 that ran on the machines which nobody can reach any more.
_OUT_OF_REACH = (8, 9, 10, 13, 20)
_UNREACHED = (
    "受託維運廠商經裁定破產，機房封存，破產管理人拒絕進場及調閱；公司未留存設定及日誌之副本，無其他程序可取代。"
)


@cache
def adverse() -> b.Binder:
    """Adverse: what every other control rests on had failed all year."""
    entered = {
        "受影響控制重點": "C-3.6（金鑰管理）及C-3.8.5（存取管制）",
        "應有情況": "公司應僅允許必要之管理人員存取客戶私密金鑰，並落實其備份、停用及銷毀之處理機制；"
        "最高權限帳號應列冊保管，使用前應取得權責主管同意，並保留稽核軌跡",
        "實際情況": "客戶私密金鑰1,284組以明文存放於資訊處主管一人保管之筆記型電腦，未分持、未備份；"
        "同一人並單獨持有交易平台、資料庫及聯盟鏈節點之最高權限帳號，全年使用37次均無事前同意，"
        "且得自行刪除操作紀錄",
        "影響": "該員得單獨移轉全部客戶資產並抹除紀錄；該電腦毀損時，全部客戶資產無法動用",
        "廣泛之理由": "私密金鑰及最高權限帳號為認購、交易、移轉及紀錄留存各項控制共同依賴之基礎，"
        "其失效使第三章多數控制無法達成目的，且無補償性控制",
        "改善日期": "中華民國一一五年二月十六日",
    }
    return replace(
        _with_points(annual(), _exposed),
        conclusion=b.Conclusion.ADVERSE,
        number="115-STO-0018",
        letter_options=("直接案件", "核准文號", "已採取改善措施"),
        letter_values=(*annual().letter_values, *(b.Value(name, text) for name, text in entered.items())),
        findings=(*annual().findings, *_pervasive()),
    )


@cache
def disclaimer() -> b.Binder:
    """No conclusion: the machines stand sealed in the premises of a bankrupt provider."""
    limits = {
        "受限原因": "貴公司交易平台、資料庫及聯盟鏈節點之唯一受託維運廠商於中華民國一一五年一月八日經法院裁定破產，"
        "其機房隨即封存，破產管理人拒絕本會計師進場及調閱紀錄，貴公司亦未自行留存系統設定及日誌之副本",
        "受限控制重點": "C-3.8（系統平台維運）、C-3.9（備份管理）、C-3.10（網路安全管理）、C-3.13（紀錄留存）"
        "及C-3.20（區塊鏈平台底層）各控制重點",
        "受限期間": "中華民國一一四年一月一日至一一四年十二月三十一日",
        "已嘗試之替代程序": "兩度函請破產管理人提供紀錄、向電信業者函證連線紀錄，"
        "並以貴公司留存之維運月報及帳務紀錄交叉比對",
        "受限影響範圍": "客戶資產之保管、交易紀錄之完整性及系統之持續營運",
        "廣泛之理由": "所涉程序逾全部執行程序之三成，且為其他控制所依賴之系統環境",
    }
    return replace(
        _with_points(annual(), _unreached),
        conclusion=b.Conclusion.DISCLAIMER,
        number="115-STO-0019",
        letter_options=("直接案件", "核准文號"),
        letter_values=(*annual().letter_values, *(b.Value(name, text) for name, text in limits.items())),
        findings=annual().findings[-1:],
    )


def _with_points(binder: b.Binder, change: Callable[[b.Area, b.ControlPoint], b.ControlPoint]) -> b.Binder:
    def chapter(one: b.Chapter) -> b.Chapter:
        areas = (replace(area, points=tuple(change(area, point) for point in area.points)) for area in one.areas)
        return replace(one, areas=tuple(areas))

    return replace(binder, chapters=tuple(map(chapter, binder.chapters)))


def _exposed(_area: b.Area, point: b.ControlPoint) -> b.ControlPoint:
    if not any(code == point.code for code, _number in _FOUND):
        return point
    procedures = (
        replace(each, result=b.Result.EXCEPTION, work=_FOUND[point.code, each.number])
        if (point.code, each.number) in _FOUND
        else each
        for each in point.procedures
    )
    return replace(point, procedures=tuple(procedures), conclusion="控制之設計及執行不符合控制重點之規定，已列為缺失。")


def _unreached(area: b.Area, point: b.ControlPoint) -> b.ControlPoint:
    if area.number not in _OUT_OF_REACH:
        return point
    limited = {"result": b.Result.SCOPE_LIMITATION, "work": "", "reason": _UNREACHED, "sample": None, "citations": ()}
    procedures = tuple(replace(each, **limited) for each in point.procedures)
    return replace(point, procedures=procedures, conclusion="範圍受限制，未能取得足夠及適切之證據。")


def _pervasive() -> tuple[b.Finding, ...]:
    refused = wording.DECLINED.format(reason="公司主張該員為負責人所信任，不認為有另行控管之必要")
    return (
        b.Finding(
            "F-04", "客戶私密金鑰由一人以明文保管", ("C-3.6",),
            "受託管理之客戶私密金鑰 1,284 組以明文存放於資訊處主管一人保管之筆記型電腦，未分持、未備份，磁碟未加密。",
            "應評估私密金鑰儲存地點之安全性，僅允許必要之管理人員存取，並落實遺失、停用、銷毀及備份等處理機制。",
            "重大", "設計", "該員得單獨移轉全部客戶資產；電腦毀損或遺失時，全部客戶資產無法動用。",
            "一、於三十日內將全部金鑰移入硬體安全模組，並採三人分持。\n二、移轉完成前暫停客戶資產之提領。",
            "同意。已於 115 年 2 月 16 日完成移入硬體安全模組，分持制度於第二季施行。", "總經理室", date(2026, 6, 30),
        ),
        b.Finding(
            "F-05", "最高權限帳號由一人單獨持有，使用未經核准", ("C-3.8.5", "C-3.13"),
            "全年使用最高權限帳號 37 次均無事前同意；操作紀錄存放於該員可修改之主機，有 9 日之紀錄不存在。",
            "最高權限帳號應列冊保管，使用時須先取得權責主管同意，並保留稽核軌跡。",
            "重大", "執行", "得於無人知悉下異動交易紀錄及系統參數，並抹除其軌跡。",
            "由資訊安全處列冊保管，操作紀錄即時傳送至該員無權存取之主機。",
            wording.RECORDED.format(said=refused, source="115 年 3 月 2 日電子郵件"), "", None,
        ),
    )  # fmt: skip
