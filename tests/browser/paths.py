"""The engagements that the journeys go through, one of each kind, and what people do on their pages."""

import re
import subprocess
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from foundation.web import roc

BROKER_COMPANY = "安信數位證券股份有限公司（22099131）"
TODAY = datetime.now(ZoneInfo("Asia/Taipei")).date()  # as the people of the journey type it
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\
 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Engagement:
    """One engagement on its way; `url` is known once it is created."""

    kind: str
    title: str
    dates: dict[str, date]
    letter: str  # words of its report letter alone
    earlier: int = 0  # findings of last year's report, which it follows up
    url: str = ""

    @property
    def key(self) -> str:
        return self.url.split("/")[-2]

    @property
    def day(self) -> str:
        """A day that its evidence may speak about: the period's last, or the as-of date."""
        return roc.short(self.dates.get("period_end") or self.dates["as_of"])


def as_of(kind: str, title: str, purpose: str) -> Engagement:
    """Three weeks ago, to be filed in three weeks."""
    dates = {"as_of": TODAY - timedelta(days=21), "deadline": TODAY + timedelta(days=21)}
    return Engagement(kind, title, dates, purpose, earlier=3)


def every_kind() -> list[Engagement]:
    """A year that is over, an establishment, a relocation."""
    year = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    return [
        Engagement("annual", "113 年度評估", year, "適當設計並有效執行"),
        as_of("establishment", "設置評估", "設置營業處所"),
        as_of("relocation", "遷移營業處所評估", "遷移營業處所"),
    ]


def advance(page: Page, path: Engagement, stage: str) -> None:
    """Move the engagement on and see the stage that it enters."""
    page.goto(path.url)
    page.locator("form[action$='/stage/next/'] button").click()
    expect(page.locator(".stages [aria-current]")).to_contain_text(stage)


def hand_in(page: Page, name: str, content: bytes, mime: str) -> None:
    """Choose a file in the page's upload form, wait until it has arrived, and send the form."""
    form = page.locator("form[data-drop]:visible").first
    form.locator("input[type=file]").set_input_files({"name": name, "mimeType": mime, "buffer": content})
    form.locator("button.send").click()


def pdf_text(path: Path) -> str:
    """The text of a PDF without line breaks, which fall anywhere in Chinese."""
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", "", text)


def is_sound(path: Path) -> bool:
    """Whether qpdf finds nothing wrong with a PDF."""
    return subprocess.run(["qpdf", "--check", path], check=False, capture_output=True).returncode == 0
