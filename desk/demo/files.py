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


def letter_file(*, company: str, firm: str, day: date) -> tuple[str, bytes]:
    """Return name and content of the signed engagement letter."""
    pdf: bytes = HTML(
        string=f"""<!doctype html><html lang="zh-TW"><style>
        @page {{ size: A4; margin: 25mm }} body {{ font: 12pt/1.8 "Noto Sans CJK TC" }} h1 {{ font-size: 18pt }}
        </style><h1>委任書</h1><p>{escape(company)}委任{escape(firm)}評估其資訊系統及安全控管作業。</p>
        <p>一、案件性質：直接案件。二、雙方責任：控制作業由委任人負責，評估結論由會計師負責。</p>
        <p>三、主管機關及櫃買中心得要求會計師說明，並得要求提供工作底稿，委任人同意不為反對之表示。</p>
        <p>{roc.long(day)}　委任人、會計師簽章（略）</p></html>"""
    ).write_pdf()
    return "委任書.pdf", pdf


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
