"""The other kinds and conclusions, made from the annual binder."""

from dataclasses import replace
from datetime import date
from functools import cache

from reports import binder as b
from reports import letter
from reports.letter_parts import Option
from signoff.letters import supplied
from tests.reports.binders import annual


@cache
def establishment() -> b.Binder:
    """An as-of report: nothing has run yet, so what needs history is 尚未運作."""
    return replace(
        annual(),
        kind=b.Kind.ESTABLISHMENT,
        since=None,
        until=date(2026, 3, 31),
        report_date=date(2026, 4, 24),
        number="115-STO-0031",
        chapters=tuple(_without_history(chapter) for chapter in annual().chapters),
        findings=(),
        follow_ups=(),
    )


@cache
def relocation() -> b.Binder:
    """An as-of report after moving the premises, resting partly on the previous one."""
    return replace(
        establishment(),
        kind=b.Kind.RELOCATION,
        letter_options=("直接案件", "核准文號", "沿用前次報告"),
        letter_values=(
            *annual().letter_values,
            b.Value("沿用控制重點", "C-1.1、C-1.2 及 C-3.1"),
            b.Value("前次報告", "中華民國一一五年三月二十日第115-STO-0012號報告"),
        ),
        follow_ups=annual().follow_ups,
    )


@cache
def reissued() -> b.Binder:
    """A report on a statement of management's, put right after it was issued."""
    old = establishment()
    assert old.report_date
    return replace(
        old,
        number="115-STO-0044",
        report_date=date(2026, 5, 15),
        letter_options=("管理階層聲明案件", "核准文號"),
        letter_values=(*old.letter_values, b.Value("聲明日期", "中華民國一一五年四月二十日")),
        superseded=b.Superseded(old.number, old.report_date, True, "原報告漏列異地備援機房之評估結果"),
    )


@cache
def qualified() -> b.Binder:
    """An annual report qualified for a deficiency and a scope limitation."""
    entered = {
        "受影響控制重點": "C-3.9.2（備份回存測試）",
        "保留事項": "應定期測試備份之回存；評估期間辦理二次，均未涵蓋金鑰管理系統（樣本二次，例外二次）",
        "風險": "金鑰管理系統毀損時無法於目標時間內復原",
        "影響範圍": "金鑰管理系統之備份",
        "受限原因": "雲端業者未提供獨立第三人查核報告全文",
        "受限控制重點": "C-3.18.1.4（雲端獨立第三人查核）",
        "受限期間": "中華民國一一四年七月至十二月",
        "受限影響範圍": "推播服務",
    }
    return replace(
        annual(),
        conclusion=b.Conclusion.QUALIFIED,
        letter_options=("直接案件", "缺失", "範圍受限制"),
        letter_values=(*annual().letter_values, *(b.Value(name, text) for name, text in entered.items())),
    )


@cache
def every(kind: b.Kind, conclusion: b.Conclusion) -> b.Binder:
    """A binder of this kind and conclusion with every entry that its letter asks for, and all its paragraphs."""
    base = {b.Kind.ANNUAL: annual, b.Kind.ESTABLISHMENT: establishment, b.Kind.RELOCATION: relocation}[kind]()
    wanted = letter.blanks(supplied(kind, conclusion))
    entered = tuple(b.Value(name, f"{name}之說明。") for name in wanted.names if name not in letter.DEFAULTS)
    options = tuple(option.value for option in wanted.options if option is not Option.ATTESTATION)
    known = tuple(value for value in base.letter_values if value.name in {"會計師姓名", "會計師證書"})
    return replace(base, conclusion=conclusion, letter_values=(*known, *entered), letter_options=options)


def _without_history(chapter: b.Chapter) -> b.Chapter:
    return replace(chapter, areas=tuple(replace(a, points=tuple(map(_unrun, a.points))) for a in chapter.areas))


def _unrun(point: b.ControlPoint) -> b.ControlPoint:
    said = "依所執行之程序，控制於基準日之設計及付諸實行符合控制重點之規定，未發現例外。"
    return replace(point, procedures=tuple(map(_as_of, point.procedures)), conclusion=said)


def _as_of(procedure: b.Procedure) -> b.Procedure:
    if procedure.result is b.Result.NO_OCCURRENCE:
        return replace(procedure, reason="截至基準日未發生重大資安事件；經查詢事件單系統及主管機關通報平台確認。")
    if procedure.result is not b.Result.EXCEPTION:
        return replace(procedure, sample=None)
    reason = "尚未對客戶提供服務，無執行紀錄可供測試；首次應執行時點為開始營業後六個月內。"
    return replace(procedure, result=b.Result.NOT_YET_OPERATING, work="", reason=reason, sample=None, citations=())
