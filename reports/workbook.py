"""A binder as a workbook: the regulator's own table, row by row with what was done, and the lists around it."""

from collections.abc import Iterator
from datetime import date

from foundation.spreadsheets.writing import Column, Sheet, Value, write
from foundation.web import roc
from reports import clauses, contents, wording
from reports.binder import Binder, Chapter, Citation, ControlPoint, EvidenceItem, Procedure, Reference, Signed

Row = tuple[Value, ...]


def render(binder: Binder) -> bytes:
    """The workbook's bytes. Raises foundation.spreadsheets.writing.BadCell for a text that no cell can hold."""
    sheets = (_cover, _papers, _matrices, _findings, _follow_ups, _evidence, _open_items)
    return write([sheet(binder) for sheet in sheets], title=f"{binder.auditee.name} {wording.TITLE}")


def _cover(binder: Binder) -> Sheet:
    return Sheet("封面", (Column("項目", 24), Column("內容", 80)), _cover_rows(binder))


def _cover_rows(binder: Binder) -> Iterator[Row]:
    yield "報告", f"{wording.TITLE}（{wording.KINDS[binder.kind]}）"
    yield "狀態", "草稿" if binder.draft else "正式"
    yield "受查者", binder.auditee.name
    yield "會計師事務所", binder.firm.name
    yield ("評估期間" if binder.since else "基準日"), wording.span(binder.since, binder.until)
    yield "評估內容", wording.assessed(binder.kind)
    yield "報告編號", binder.number
    yield "報告日期", _day(binder.report_date)
    if binder.superseded:
        yield "取代之報告", wording.supersession(binder.superseded)
    yield "結論類型", wording.CONCLUSIONS[binder.conclusion] if binder.conclusion else wording.PENDING
    yield "適用基準版本", binder.criteria_version
    yield "控制重點數", sum(1 for _ in binder.points())
    yield from _counts(binder)
    yield "稽核軌跡", f"{binder.trail.chain} #{binder.trail.sequence}"
    yield "軌跡首端雜湊值", binder.trail.head
    yield "佐證清冊雜湊值", binder.trail.manifest
    yield "報告內容雜湊值", binder.digest()


def _counts(binder: Binder) -> Iterator[Row]:
    total = contents.total(binder)
    yield "執行程序數", total.total
    for result, word in wording.results(binder.kind).items():
        yield f"　{word}", total.results[result]
    if total.pending:
        yield f"　{wording.PENDING}", total.pending


# The first four columns are the regulator's own, in its order and words.
_PAPER_COLUMNS = (
    Column("內部控制制度", 22),
    Column("控制重點", 46),
    Column("相關規定/參酌來源", 34),
    Column("執行程序", 46),
    Column("底稿索引", 14),
    Column("項次", 6),
    Column("結果", 14),
    Column("執行情形", 50),
    Column("理由", 30),
    Column("抽核", 22),
    Column("佐證", 30),
    Column("執行日期", 11),
    Column("執行人員", 11),
    Column("控制重點結論", 36),
    Column("編製", 18),
    Column("覆核", 18),
)


def _papers(binder: Binder) -> Sheet:
    return Sheet("控制重點及執行程序", _PAPER_COLUMNS, _paper_rows(binder))


def _paper_rows(binder: Binder) -> Iterator[Row]:
    for chapter in binder.chapters:
        for area in chapter.areas:
            place = _place(chapter, area.number, area.title)
            for point in area.points:
                for procedure in point.procedures:
                    yield _paper_row(binder, place, point, procedure)


def _place(chapter: Chapter, number: int | None, title: str) -> str:
    head = f"{roc.number_in_words(chapter.number)}、{chapter.title}"
    return f"{head}\n（{roc.number_in_words(number)}）{title}" if number else head


def _paper_row(binder: Binder, place: str, point: ControlPoint, procedure: Procedure) -> Row:
    """The control point's own texts stand in its first row only, as in the regulator's table."""
    first = procedure is point.procedures[0]
    return (
        place,
        point.text if first else None,
        "\n".join(map(_reference, point.references)) if first else None,
        _procedure_text(point if first else None, procedure),
        point.index,
        procedure.number,
        wording.results(binder.kind)[procedure.result] if procedure.result else wording.PENDING,
        procedure.work,
        _reason(procedure),
        _sample(procedure),
        "\n".join(_citation(binder, citation) for citation in procedure.citations),
        _day(procedure.performed_on),
        procedure.performer,
        point.conclusion if first else None,
        _signed(point.prepared) if first else None,
        _signed(point.reviewed) if first else None,
    )


def _procedure_text(point: ControlPoint | None, procedure: Procedure) -> str:
    own = f"{'〔會計師追加〕' if procedure.added else ''}{procedure.label}{procedure.text}"
    return "\n".join(filter(None, (point.preamble if point else "", own, *procedure.steps)))


def _reason(procedure: Procedure) -> str:
    departure = f"偏離規定程序：{procedure.departure}" if procedure.departure else ""
    return "\n".join(filter(None, (departure, procedure.reason)))


def _sample(procedure: Procedure) -> str:
    sample = procedure.sample
    return f"{sample.method}：{sample.size}/{sample.population}，例外 {sample.deviations}" if sample else ""


def _reference(reference: Reference) -> str:
    return f"{reference.text}〔註：{reference.note}〕" if reference.note else reference.text


def _citation(binder: Binder, citation: Citation) -> str:
    page = f"第 {citation.page} 頁" if citation.page else ""
    label = citation.label if binder.disclose_evidence else ""
    return " ".join(filter(None, (citation.number, label, page, citation.tickmark, citation.meaning)))


def _matrices(binder: Binder) -> Sheet:
    columns = (
        Column("底稿索引", 14),
        Column("項次", 6),
        Column("條款", 60),
        Column("受測項目", 30),
        Column("結果", 10),
    )
    return Sheet("逐項測試", columns, _matrix_rows(binder))


def _matrix_rows(binder: Binder) -> Iterator[Row]:
    """A row for each clause of each item, so that they can be filtered."""
    for entry in contents.entries(binder):
        for item, signs in clauses.tested_items(entry.procedure.matrix):
            for step, sign in zip(entry.procedure.steps, signs, strict=True):
                yield entry.point.index, entry.procedure.number, step, item, sign


_FINDING_COLUMNS = (
    Column("編號", 12),
    Column("缺失", 30),
    Column("控制重點", 16),
    Column("嚴重程度", 10),
    Column("類別", 12),
    Column("應有情況", 40),
    Column("實際情況", 40),
    Column("風險說明", 36),
    Column("具體改善建議", 40),
    Column("管理階層回應", 36),
    Column("負責單位", 16),
    Column("預計完成日", 12),
)


def _findings(binder: Binder) -> Sheet:
    rows = (
        (
            finding.number,
            finding.title,
            "、".join(finding.points),
            finding.severity,
            finding.category,
            finding.criterion,
            finding.condition,
            finding.risk,
            finding.recommendation,
            finding.response,
            finding.owner,
            _day(finding.due),
        )
        for finding in binder.findings
    )
    return Sheet("缺失", _FINDING_COLUMNS, rows)


def _follow_ups(binder: Binder) -> Sheet:
    columns = (Column("前期編號", 14), Column("缺失", 40), Column("改善狀態", 12), Column("追蹤說明", 60))
    rows = ((each.number, each.title, each.status, each.remark) for each in binder.follow_ups)
    return Sheet("前期缺失追蹤", columns, rows)


def _evidence(binder: Binder) -> Sheet:
    """In an issued copy numbers and kinds; in the file's own also name, hash, covered period and kind of time."""
    columns = (Column("編號", 12), Column("種類", 16))
    told = (
        Column("名稱", 48),
        Column("SHA-256", 68),
        Column("涵蓋起日", 12),
        Column("涵蓋迄日", 12),
        Column("時間種類", 12),
    )
    shown = columns + told if binder.disclose_evidence else columns
    return Sheet("佐證索引", shown, (_evidence_row(item)[: len(shown)] for item in binder.evidence))


def _evidence_row(item: EvidenceItem) -> Row:
    time = wording.TIMES[item.time] if item.time else None
    return item.number, item.kind, item.name, item.sha256, _day(item.since), _day(item.until), time


def _open_items(binder: Binder) -> Sheet:
    columns = (
        Column("結果", 16),
        Column("底稿索引", 14),
        Column("項次", 8),
        Column("執行程序", 60),
        Column("理由", 60),
    )
    words = wording.results(binder.kind)
    rows = (
        (words[result], entry.point.index, entry.procedure.number, entry.procedure.text, entry.procedure.reason)
        for result, entries in contents.open_items(binder)
        for entry in entries
    )
    return Sheet("未作成有無例外之項目", columns, rows)


def _signed(signed: Signed | None) -> str | None:
    return f"{signed.name} {roc.short(signed.on)}" if signed else None


def _day(day: date | None) -> str | None:
    return roc.short(day) if day else None
