"""The whole job through the pages: what is typed and uploaded ends up in the report that the exchange downloads.

It plays on the demonstration's establishment, which waits for a document, a review, the conclusion and two signatures.
The steps are tests in order, each by somebody else on a computer of their own, all on one installation.
"""

import hashlib
import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

STAFF, MANAGER, PARTNER, EQR = (f"{who}@firm.example" for who in ("staff", "manager", "partner", "eqr"))
BROKER, EXCHANGE = "broker@haiyue.example", "staff@exchange.example"
WORK = "於基準日重新執行節點同步查驗，第七節點落後 412 個區塊，逾公司所訂容許值。"
FINDING = "第七節點同步落後逾容許值"
RESPONSE = "已更換節點儲存裝置並納入每日監控。"
RENDER_MS = 180_000


def open_engagement(page: Page) -> str:
    """Go to the establishment's page; return its address."""
    page.goto("/")
    page.locator("table").get_by_role("link", name="海岳證券 設置評估", exact=True).click()
    page.wait_for_url(re.compile(r"/engagements/[0-9a-f-]+/$"))
    return page.url


def sign_paper(page: Page) -> None:
    page.locator("form[data-signoff] button").click()
    expect(page.locator("#acts form[data-signoff]")).to_have_count(0)


def advance(page: Page, stage: str) -> None:
    """Move the engagement on and see the stage that it enters."""
    open_engagement(page)
    page.locator("form[action$='/stage/next/'] button").click()
    expect(page.locator(".stages [aria-current]")).to_contain_text(stage)


def pdf_text(path: Path) -> str:
    """The text of a PDF without line breaks, which fall anywhere in Chinese."""
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", "", text)


@pytest.fixture
def last_paper(page_of):
    """Return a maker of pages: somebody's page, open on the engagement's last paper."""

    def opened(who: str, query: str = "") -> Page:
        page = page_of(who)
        page.goto(f"{open_engagement(page)}papers/3.20/{query}")
        return page

    return opened


def test_1_an_auditor_types_a_result_and_it_is_saved(last_paper):
    page = last_paper(STAFF, "?reopened=1")
    procedure = page.locator(".procedure").first
    procedure.get_by_text("有例外", exact=True).click()
    procedure.locator("textarea[name=work]").fill(WORK)
    procedure.locator("textarea[name=work]").blur()
    expect(procedure.locator("[data-save-state]")).to_contain_text("已儲存")
    page.reload()
    expect(page.locator(".procedure textarea[name=work]").first).to_have_value(WORK)


def test_2_the_auditor_attaches_evidence_and_writes_a_finding(last_paper):
    page = last_paper(STAFF)
    procedure = page.locator(".procedure").first
    procedure.get_by_role("button", name="佐證").click()
    content = "節點,區塊高度\n7,8123588\n".encode()
    page.locator("#dialog input[type=file]").set_input_files(
        {"name": "節點同步紀錄.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator("#dialog [name=nature][value=occurrence]").check()
    page.locator("#dialog [name=covered_from]").fill("115/11/20")
    page.locator("#dialog").get_by_role("button", name="引用", exact=True).click()
    expect(procedure.locator(".cites")).to_contain_text("節點同步紀錄.csv")
    procedure.locator(".raise").click()
    page.locator("#dialog [name=title]").fill(FINDING)
    page.locator("#dialog [name=condition]").fill("基準日第七節點落後 412 個區塊。")
    page.locator("#dialog [name=criterion]").fill("控制重點 3.20")
    page.locator("#dialog [name=severity]").select_option("minor")
    page.locator("#dialog [name=type]").select_option("implementation")
    page.locator("#dialog [name=risk]").fill("交易狀態可能延遲反映。")
    page.locator("#dialog [name=recommendation]").fill("建立節點落後之自動告警。")
    page.locator("#dialog").get_by_role("button", name="提列缺失").click()
    expect(procedure.locator(".finding")).to_contain_text(FINDING)


def test_3_the_auditor_signs_the_paper_as_prepared(last_paper):
    page = last_paper(STAFF)
    sign_paper(page)
    expect(page.locator("#signs")).to_contain_text("陳柏翰")


def test_4_the_broker_hands_over_what_was_asked_and_gets_a_receipt(page_of):
    page, content = page_of(BROKER), "區塊鏈平台評估文件".encode()
    page.goto("/")
    page.locator("a[href^='/requests/']").first.click()
    page.locator("form[data-drop] input[type=file]").first.set_input_files(
        {"name": "平台評估.txt", "mimeType": "text/plain", "buffer": content}
    )
    page.locator("form[data-drop] .covers [name=nature][value=state]").check()
    page.locator("form[data-drop] .covers [name=covered_from]").fill("115/11/20")
    page.locator("form[data-drop] button.send").click()
    expect(page.locator(".receipt")).to_contain_text(hashlib.sha256(content).hexdigest())


def test_5_the_team_accepts_the_document_and_releases_the_finding_which_the_broker_answers(page_of):
    page = page_of(MANAGER)
    engagement = open_engagement(page)
    page.goto(f"{engagement}requests/?state=submitted")
    page.locator("table a[href^='/requests/']").first.click()
    page.get_by_role("button", name="收妥").click()
    expect(page.locator("main")).to_contain_text("已收妥")
    page.goto(f"{engagement}findings/")
    page.get_by_role("link", name=FINDING).click()
    page.locator("summary", has_text="發布予受查者").click()
    page.locator("form[action$='/release/'] button").click()
    expect(page.locator("#management")).to_contain_text("待回覆")
    broker = page_of(BROKER)
    broker.goto("/")
    broker.get_by_role("link", name=FINDING).click()
    broker.locator("[name=text]").fill(RESPONSE)
    broker.locator("[name=owner]").fill("資訊部 張經理")
    broker.locator("[name=due_on]").fill("116/01/31")
    broker.locator("form[action$='/response/'] button").click()
    broker.get_by_role("link", name=FINDING).click()
    expect(broker.locator("main")).to_contain_text(RESPONSE)


def test_6_the_manager_reviews_and_the_partner_approves(last_paper):
    for who in (MANAGER, PARTNER):
        sign_paper(last_paper(who))
    expect(last_paper(STAFF).locator("#signs")).to_contain_text("王怡君")


def test_7_the_partner_concludes_and_signs_and_the_quality_reviewer_signs(page_of):
    partner = page_of(PARTNER)
    advance(partner, "報告編製")
    conclusion = f"{open_engagement(partner)}conclusion/"
    partner.goto(conclusion)
    partner.locator("[name=kind][value=unmodified]").check(force=True)
    partner.locator("[name=rationale]").fill("例外輕微，經個別及彙總評估不影響結論。")
    partner.locator("form.decision button").click()
    partner.locator("#final form button").click()
    expect(partner.locator("#final")).to_contain_text("王怡君")
    advance(partner, "案件品質複核")
    reviewer = page_of(EQR)
    reviewer.goto(conclusion)
    reviewer.locator("#quality form button").click()
    expect(reviewer.locator("#quality")).to_contain_text("周文彬")


def test_8_the_partner_renders_the_report_watches_it_and_issues_it(page_of, tmp_path):
    page = page_of(PARTNER)
    page.goto(f"{open_engagement(page)}reports/")
    page.locator("form:has(input[name=final]) button").click()
    expect(page.locator("progress, .job").first).to_be_visible()
    page.locator("a[href$='/files/pdf/']").wait_for(timeout=RENDER_MS)
    with page.expect_download() as download:
        page.locator("a[href$='/files/pdf/']").click()
    text = pdf_text(download.value.path())
    assert [words in text for words in (WORK.replace(" ", ""), FINDING, RESPONSE)] == [True, True, True]
    issue = page.locator("form[action$='/issue/'] button")
    expect(issue).to_be_hidden()
    page.locator("summary", has_text="出具報告").click()
    issue.click()
    expect(page.locator("main")).to_contain_text("王怡君 於")


def test_9_the_exchange_downloads_the_report_and_its_hash_agrees(page_of):
    page = page_of(EXCHANGE)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("海岳證券")
    row = page.locator("main :is(tr, li, article)", has_text="海岳證券").first
    with page.expect_download() as download:
        row.locator("a[href$='/files/pdf/']").first.click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF-1.7")
    expect(row).to_contain_text(hashlib.sha256(content).hexdigest()[:8])
    with page.expect_download() as download:
        row.locator("a[href$='/files/xlsx/']").first.click()
    assert "xl/workbook.xml" in ZipFile(download.value.path()).namelist()


def test_the_trail_of_it_all_is_whole(installation):
    assert installation.manage("verify_trail")
