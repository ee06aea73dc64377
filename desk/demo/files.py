"""Files that a broker would hand over: small, real PDF and CSV documents."""

from datetime import date
from html import escape

from weasyprint import HTML

from foundation.web import roc

_TABULAR = {"list", "record", "setting"}


def document_file(title: str, kind: str, *, company: str, day: date) -> tuple[str, bytes]:
    """Return name and content of the document: a CSV where it is a list, a record or a setting, else a PDF."""
    stem = title.split("（", maxsplit=1)[0][:60].replace("/", "／")
    if kind in _TABULAR:
        return f"{stem}.csv", _csv(title, day).encode("utf-8-sig")
    return f"{stem}.pdf", _pdf(title, company, day)


def _csv(title: str, day: date) -> str:
    rows = [f"{number},{roc.short(day)},{title},資訊部,已覆核" for number in range(1, 26)]
    return "\n".join(["序號,日期,項目,單位,狀態", *rows]) + "\n"


def _pdf(title: str, company: str, day: date) -> bytes:
    html = f"""<!doctype html><html lang="zh-TW"><style>
        @page {{ size: A4; margin: 25mm }} body {{ font: 12pt/1.8 "Noto Sans CJK TC" }} h1 {{ font-size: 18pt }}
        </style><h1>{escape(title)}</h1><p>{escape(company)}　{roc.long(day)}核定</p>
        <p>一、目的：確保資訊系統與客戶資料之機密性、完整性及可用性。</p>
        <p>二、適用範圍：本公司經營自行買賣具證券性質之虛擬通貨業務之系統、人員及受託機構。</p>
        <p>三、權責：資訊安全處負責訂定、宣導及定期檢討；各單位依本文件辦理並留存紀錄。</p></html>"""
    pdf: bytes = HTML(string=html).write_pdf()
    return pdf
