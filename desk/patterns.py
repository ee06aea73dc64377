"""The pattern page: every component in every state, with text as it really occurs.

What stands here are samples, not data of anybody; the page touches no database.
"""

from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.heatmap import Cell
from foundation.web.guards import guarded

OUTCOMES = (
    ("no_exception", "無例外"),
    ("exception", "有例外"),
    ("not_applicable", "不適用"),
    ("no_occurrence", "本期未發生"),
    ("not_yet_operating", "尚未運作"),
    ("scope_limitation", "範圍受限"),
)
STAGES = ("承接", "規劃", "執行", "覆核", "報告編製", "案件品質複核", "出具", "檔案彙整", "封存")
MARKS = ("none", "doing", "prepared", "reviewed", "stale", "na")

# (area, cells as "code state", "!" for an exception, a number for how far a started paper is)
AREAS = (
    ("一、組織與人員管理", (("組織與人員", "1.1 none|1.2 doing 50"),)),
    ("二、客戶註冊程序、契約簽訂及身分驗證", (("註冊與身分驗證", "2.1.1 doing 33|2.1.2 none|2.2 reviewed"),)),
    (
        "三、資通安全作業",
        (
            ("（一）法規盤點", "3.1 prepared !"),
            ("（五）機房管理", "3.5 reviewed"),
            (
                "（七）系統開發生命週期管理",
                "3.7.1 none|3.7.2 reviewed|3.7.4.1.A doing 20|3.7.4.1.B reviewed|3.7.4.2 prepared|3.7.4.3 na",
            ),
            (
                "（八）系統平台維運之安全管理",
                "3.8.1 reviewed|3.8.2 doing 66 !|3.8.3 reviewed|3.8.4 reviewed|3.8.5 stale|3.8.6 reviewed",
            ),
            ("（十二）資訊安全事件通報、應變管理", "3.12.1 reviewed|3.12.2 doing 75|3.12.3 prepared|3.12.4 stale !"),
        ),
    ),
)


def _cell(text: str) -> Cell:
    code, state, *rest = text.split(" ")
    done = next((int(word) for word in rest if word.isdigit()), 0)
    return Cell(code=code, url="#heatmap", title=f"底稿 {code}", state=state, done=done, exception="!" in rest)


def _area(title: str, cells: str) -> Sample:
    """The area on operations is of high risk."""
    risk = {"risk": "high", "risk_word": "高風險"} if title.startswith("（八）") else {}
    return Sample(title=title, cells=[_cell(cell) for cell in cells.split("|")], **risk)


def _map() -> list[Sample]:
    return [
        Sample(
            title=chapter,
            areas=[_area(area, cells) for area, cells in areas],
        )
        for chapter, areas in AREAS
    ]


def _stages() -> list[Sample]:
    now = STAGES.index("執行")
    states = ["done"] * now + ["now"] + ["todo"] * (len(STAGES) - now - 1)
    return [Sample(label=label, state=state) for label, state in zip(STAGES, states, strict=True)]


def _job(state: str, label: str, *, done: int = 0, total: int = 0, cause: str = "") -> Sample:
    ended = state in {"已完成", "失敗"}
    return Sample(
        pk=state,
        get_state_display=state,
        label=label,
        done=done,
        total=total,
        cause=cause,
        is_finished=ended,
        has_failed=bool(cause),
    )


def _jobs() -> list[Sample]:
    return [
        _job("執行中", "排版第 3 章：3.8 系統平台維運之安全管理", done=41, total=69),
        _job("等待中", "前面還有 2 件工作"),
        _job("已完成", "評估報告 第 2 版，148 頁，SHA-256 9f2c…e41a"),
        _job(
            "失敗",
            "第 3 次嘗試，已停止",
            cause="3.8.2 程序 3 的執行情形含有字型缺字 U+2B81F，無法排版。請改用其他字後重新產製。",
        ),
    ]


class SampleForm(forms.Form):
    """Fields in the states that a form can have."""

    name = forms.CharField(label="案件名稱", initial="115 年度資訊系統及安全控管作業評估")
    start = forms.CharField(
        label="期間起日",
        help_text="民國或西元皆可，例如 115/01/01",
        widget=forms.TextInput({"class": "short"}),
    )
    end = forms.CharField(label="期間迄日")
    kind = forms.ChoiceField(
        label="案件類型", choices=[("annual", "年度評估"), ("setup", "設置"), ("move", "遷移營業處所")]
    )
    scope = forms.CharField(label="評估範圍", widget=forms.Textarea, required=False)
    basis = forms.ChoiceField(
        label="承辦方式",
        widget=forms.RadioSelect,
        choices=[("direct", "直接報導"), ("attest", "認證聲明")],
        initial="direct",
    )

    def clean_end(self) -> str:
        raise forms.ValidationError("115/02/29 不是日期：115 年 2 月只有 28 日。")


def _form() -> SampleForm:
    form = SampleForm(
        {
            "name": "115 年度資訊系統及安全控管作業評估",
            "start": "115/01/01",
            "end": "115/02/29",
            "kind": "annual",
            "basis": "direct",
        }
    )
    form.is_valid()
    return form


def _coverage() -> dict[str, Any]:
    return {
        "summary": "應執行 2 次：上半年已涵蓋，下半年缺一次",
        "needs": [
            Sample(x=25 * index, width=25, label=f"第 {index + 1} 季", kind=kind)
            for index, kind in enumerate(("covered", "refused", "gap", "not_due"))
        ],
        "haves": [Sample(x=5, width=8, label="115/01/20–02/18")],
        "gaps": [
            Sample(x=25, width=8, label="", kind="not_performed"),
            Sample(x=33, width=8, label="", kind="unrecorded"),
            Sample(x=41, width=9, label="", kind="refused"),
            Sample(x=50, width=25, label="無佐證", kind="gap"),
            Sample(x=75, width=10, label="", kind="not_provided"),
            Sample(x=85, width=15, label="", kind="not_due"),
        ],
        "points": [
            Sample(x=20, kind="occurrence", label="115/03/12"),
            Sample(x=23, kind="seen", label="115/03/25"),
            Sample(x=90, kind="state", label="115/11/23"),
        ],
        "today": Sample(x=92, label="115/11/28"),
        "months": [Sample(x=round(index * 100 / 12, 1), label=index + 1) for index in range(12)],
    }


def _blockers() -> list[Sample]:
    texts = ("62 項程序尚無結果", "2 項例外未連結缺失", "3.8.5 簽核後內容異動，須重新簽核")
    return [Sample(text=text, url="#blockers") for text in texts]


@guarded("patterns.view")
@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(
        request,
        "desk/patterns.html",
        {
            "outcomes": OUTCOMES,
            "marks": MARKS,
            "chapters": _map(),
            "stages": _stages(),
            "jobs": _jobs(),
            "blockers": _blockers(),
            "coverage": _coverage(),
            "form": _form(),
            "page": Paginator(range(300), 25).page(6),
        },
    )
