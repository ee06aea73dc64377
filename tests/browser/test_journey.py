"""The whole job through the pages, once for each kind of engagement: from its creation to the report at the exchange.

The steps are tests in order, each by somebody else on a computer of their own, all on one installation. What fills
weeks in between is done by performing.py; every kind of act is done by hand once.
"""

import hashlib
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from foundation.web import roc
from tests.browser.paths import (
    BROKER_COMPANY,
    SCAN,
    TODAY,
    Engagement,
    advance,
    every_kind,
    hand_in,
    is_sound,
    pdf_text,
)

STAFF, SECOND, INCHARGE, MANAGER, PARTNER, EQR = (
    f"{who}@firm.example" for who in ("staff", "staff2", "incharge", "manager", "partner", "eqr")
)
BROKER, EXCHANGE = "broker@anshin.example", "staff@exchange.example"
TEAM = {"李佳穎": "manager", "黃士銘": "incharge", "陳柏翰": "staff", "蔡宜庭": "staff", "周文彬": "eqr"}
WORK = "重新執行節點同步查驗，第七節點落後 412 個區塊，逾公司所訂容許值。"
FINDING = "第七節點同步落後逾容許值"
RESPONSE = "已更換節點儲存裝置並納入每日監控。"
FOLLOWED = "檢視改善證據並抽核本期紀錄，未再發現相同情形。"
RENDER_MS = 180_000


@pytest.fixture(scope="module", params=every_kind(), ids=lambda path: path.kind)
def path(request) -> Engagement:
    return request.param


@pytest.fixture
def on(page_of, path):
    """Return a maker of pages: somebody's page, open on a page of the engagement."""

    def opened(who: str, where: str = "") -> Page:
        page = page_of(who)
        page.goto(path.url + where)
        return page

    return opened


def sign_paper(page: Page) -> None:
    page.locator("form[data-signoff] button").click()
    expect(page.locator("#acts form[data-signoff]")).to_have_count(0)


def test_01_the_partner_creates_the_engagement_and_names_its_team(page_of, path):
    page = page_of(PARTNER)
    page.goto("/engagements/new/")
    page.locator("[name=auditee]").select_option(label=BROKER_COMPANY)
    page.locator(f"[name=kind][value={path.kind}]").check(force=True)
    for name, day in path.dates.items():
        page.locator(f"[name={name}]").fill(roc.short(day))
    page.get_by_role("button", name="建立案件").click()
    page.wait_for_url("**/engagements/*-*/**")
    path.url = page.url.split("team/")[0]
    for name, role in TEAM.items():
        page.goto(f"{path.url}team/")
        page.locator("[name=user]").select_option(label=name)
        page.locator("[name=role]").select_option(role)
        page.get_by_role("button", name="加入團隊").click()
        expect(page.locator("main table")).to_contain_text(name)


@pytest.mark.parametrize("who", [STAFF, SECOND, INCHARGE, MANAGER, EQR, PARTNER])
def test_02_everybody_declares_independence_and_competence(on, who):
    page = on(who, "acceptance/")
    form = page.locator("form[action$='/acceptance/declaration/']")
    form.locator("[name=are_there][value=no]").check(force=True)
    form.locator("button").click()
    expect(page.locator("#messages")).to_contain_text("已")


def test_03_the_partner_accepts_once_the_engagement_letter_is_recorded(on, path):
    manager = on(MANAGER, "acceptance/")
    manager.locator("details:has(form[action$='/acceptance/letter/']) summary").click()
    manager.locator("[name=dated_on]").fill(path.day)
    manager.locator("[name=has_clause]").check()
    hand_in(manager, "委任書.pdf", SCAN, "application/pdf")
    expect(manager.locator("main")).to_contain_text("委任書.pdf")
    partner = on(PARTNER, "acceptance/")
    partner.locator("details:has(form[action$='/acceptance/firm/']) summary").click()
    partner.locator("[name=firm-are_there][value=no]").check(force=True)
    partner.locator("form[action$='/acceptance/firm/'] button").click()
    partner.locator("[name=criteria]").fill("公告之控制重點及執行程序，攸關、完整且可了解。")
    partner.locator("[name=rationale]").fill("管理階層誠信無虞，團隊時間及專業足敷所需。")
    partner.locator("form[action$='/acceptance/decision/'] button").click()
    advance(partner, path, "規劃")


def test_04_the_manager_plans_and_the_partner_approves_and_opens_fieldwork(on, path, installation, watch):
    installation.perform("plan", path.key)
    manager = on(MANAGER, "plan/")
    watch.allow("422.*areas")  # a high risk isn't saved until it says why
    area = manager.locator("[id='area-3.6']")
    area.locator("[name=level][value=high]").check(force=True)
    area.locator("[name=why]").fill("私鑰遭不當存取即為客戶資產損失。")
    area.locator("[name=why]").blur()
    expect(area.locator(".saved")).to_have_attribute("data-state", "saved")
    partner = on(PARTNER, "plan/")
    partner.locator("form[action$='/plan/approval/'] button").click()
    partner.goto(path.url)
    partner.locator("summary", has_text="開啟執行階段").click()
    partner.locator("form[action$='/fieldwork/'] button").click()
    expect(partner.locator(".stages [aria-current]")).to_contain_text("執行")


def test_05_an_auditor_types_a_result_that_is_saved_and_raises_a_finding_from_it(on, path, installation):
    installation.perform("fieldwork", path.key)
    page = on(STAFF, "papers/3.20/?reopened=1")
    procedure = page.locator(".procedure").first
    procedure.get_by_text("有例外", exact=True).click()
    procedure.locator("textarea[name=work]").fill(WORK)
    procedure.locator("textarea[name=work]").blur()
    expect(procedure.locator("[data-save-state]")).to_contain_text("已儲存")
    page.reload()
    expect(page.locator(".procedure textarea[name=work]").first).to_have_value(WORK)
    _cite(page, path)
    _raise(page)
    sign_paper(page)
    expect(page.locator("#signs")).to_contain_text("陳柏翰")


def _cite(page: Page, path: Engagement) -> None:
    procedure = page.locator(".procedure").first
    procedure.get_by_role("button", name="佐證").click()
    row = {"name": "節點同步紀錄.csv", "mimeType": "text/csv", "buffer": "節點,區塊高度\n7,8123588\n".encode()}
    page.locator("#dialog input[type=file]").set_input_files(row)
    page.locator("#dialog [name=nature][value=occurrence]").check()
    page.locator("#dialog [name=covered_from]").fill(path.day)
    page.locator("#dialog").get_by_role("button", name="引用", exact=True).click()
    expect(procedure.locator(".cites")).to_contain_text("節點同步紀錄.csv")


def _raise(page: Page) -> None:
    procedure = page.locator(".procedure").first
    procedure.locator(".raise").click()
    dialog = page.locator("#dialog")
    dialog.locator("[name=title]").fill(FINDING)
    dialog.locator("[name=condition]").fill("第七節點落後 412 個區塊。")
    dialog.locator("[name=criterion]").fill("控制重點 3.20")
    dialog.locator("[name=severity]").select_option("minor")
    dialog.locator("[name=type]").select_option("implementation")
    dialog.locator("[name=risk]").fill("交易狀態可能延遲反映。")
    dialog.locator("[name=recommendation]").fill("建立節點落後之自動告警。")
    dialog.get_by_role("button", name="提列缺失").click()
    expect(procedure.locator(".finding")).to_contain_text(FINDING)


def test_06_the_broker_hands_over_what_was_asked_and_the_team_accepts_it(page_of, on, path):
    content = f"區塊鏈平台評估文件 {path.title}".encode()
    broker = page_of(BROKER)
    broker.goto(f"{path.url}requests/")
    broker.locator(".turns.broker a[href^='/requests/']").first.click()
    form = broker.locator("form[data-drop]")
    file = {"name": "平台評估.txt", "mimeType": "text/plain", "buffer": content}
    form.locator("input[type=file]").first.set_input_files(file)
    form.locator(".covers [name=nature][value=state]").check()
    form.locator(".covers [name=covered_from]").fill(path.day)
    form.locator("button.send").click()
    expect(broker.locator(".receipt")).to_contain_text(hashlib.sha256(content).hexdigest())
    staff = on(STAFF, "requests/?state=submitted")
    staff.locator("table a[href^='/requests/']").first.click()
    staff.get_by_role("button", name="收妥").click()
    expect(staff.locator("main")).to_contain_text("已收妥")


def test_07_the_manager_releases_the_finding_and_the_broker_answers(page_of, on, path):
    manager = on(MANAGER, "findings/")
    row = manager.locator("#rows tbody tr", has_text=FINDING)
    row.locator("[name=findings]").check()
    manager.locator("#releasing button").click()
    expect(row).to_contain_text("待回覆")
    broker = page_of(BROKER)
    broker.goto(f"{path.url}responses/")
    broker.get_by_role("link", name=FINDING).click()
    broker.locator("[name=kind][value=given]").check(force=True)
    broker.locator("[name=text]").fill(RESPONSE)
    broker.locator("[name=owner]").fill("資訊部經理　林資安")
    broker.locator("[name=due_on]").fill(roc.short(TODAY))
    broker.locator("form[action$='/response/'] button").click()
    broker.get_by_role("link", name=FINDING).click()
    expect(broker.locator("main")).to_contain_text(RESPONSE)


def test_08_an_auditor_follows_up_what_the_earlier_report_found(on, path):
    page = on(STAFF, "follow-ups/")
    expect(page.locator("main tbody tr")).to_have_count(path.earlier)
    for number in range(path.earlier):
        page.goto(f"{path.url}follow-ups/")
        page.locator("main tbody a[href^='/follow-ups/']").nth(number).click()
        page.locator("[name=status]").select_option(label="已改善")
        page.locator("[name=checked_on]").fill(roc.short(TODAY))
        page.locator("[name=work]").fill(FOLLOWED)
        page.locator("form[action$='/assessment/'] button").click()
        expect(page.locator("#messages")).to_contain_text("已")


def test_09_the_manager_reviews_and_the_partner_approves(on, path):
    advance(on(MANAGER), path, "覆核")
    for who in (MANAGER, PARTNER):
        sign_paper(on(who, "papers/3.20/"))
    expect(on(STAFF, "papers/3.20/").locator("#signs")).to_contain_text("王怡君")


def test_10_the_broker_signs_the_representation_letter(on, path, installation):
    advance(on(PARTNER), path, "報告編製")
    installation.perform("complete", path.key)
    manager = on(MANAGER, "representation/")
    manager.locator("form[action$='/representation/draft/'] button").click()
    with manager.expect_download() as download:
        manager.get_by_role("link", name="PDF").click()
    assert "聲明" in pdf_text(download.value.path())
    manager.locator("[name=dated_on]").fill(roc.short(TODAY))
    manager.locator("[name=signatory]").fill("董事長　許安信")
    hand_in(manager, "客戶聲明書.pdf", SCAN, "application/pdf")
    expect(manager.locator("main")).to_contain_text("許安信")


def test_11_the_partner_concludes_and_signs_and_the_quality_reviewer_signs(on, path):
    partner = on(PARTNER, "conclusion/")
    partner.locator("[name=kind][value=unmodified]").check(force=True)
    partner.locator("[name=rationale]").fill("例外輕微，經個別及彙總評估不影響結論。")
    partner.locator("form.decision button").click()
    partner.locator("#final form button").click()
    expect(partner.locator("#final")).to_contain_text("王怡君")
    advance(partner, path, "案件品質複核")
    reviewer = on(EQR, "conclusion/")
    reviewer.locator("#quality form button").click()
    expect(reviewer.locator("#quality")).to_contain_text("周文彬")


def test_12_the_partner_renders_the_report_watches_it_and_issues_it(on, path):
    page = on(PARTNER, "reports/")
    page.locator("form:has(input[name=final]) button").click()
    expect(page.locator("progress, .job").first).to_be_visible()
    page.locator("a[href$='/files/pdf/']").wait_for(timeout=RENDER_MS)
    with page.expect_download() as download:
        page.locator("a[href$='/files/pdf/']").click()
    text = pdf_text(download.value.path())
    assert [words for words in (WORK.replace(" ", ""), FINDING, RESPONSE, path.letter) if words not in text] == []
    assert is_sound(download.value.path())
    issue = page.locator("form[action$='/issue/'] button")
    expect(issue).to_be_hidden()
    page.locator("summary", has_text="出具報告").click()
    issue.click()
    expect(page.locator("main")).to_contain_text("王怡君 於")


def test_13_the_exchange_downloads_the_report_and_its_hash_agrees(page_of, path, tmp_path):
    page = page_of(EXCHANGE)
    page.goto("/")
    page.locator("main :is(tr, li, article)", has_text=path.title).first.get_by_role("link").first.click()
    with page.expect_download() as download:
        page.locator("a[href$='/files/pdf/']").first.click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF-1.7")
    expect(page.locator("main")).to_contain_text(hashlib.sha256(content).hexdigest())
    with page.expect_download() as workbook:
        page.locator("a[href$='/files/xlsx/']").first.click()
    assert "xl/workbook.xml" in ZipFile(workbook.value.path()).namelist()
    _check(page, download.value.path(), "逐位元組")
    changed = tmp_path / "改過.pdf"
    changed.write_bytes(content + b"\n")
    _check(page, changed, "不符")


def _check(page: Page, file: Path, answer: str) -> None:
    """Choose a file on the page that says whether it was issued; its hash is sent by itself."""
    page.goto("/filed/check/")
    page.locator("#check-file").set_input_files(file)
    expect(page.locator("#answer")).to_contain_text(answer)


def test_the_trail_of_it_all_is_whole(installation):
    assert installation.manage("verify_trail")
