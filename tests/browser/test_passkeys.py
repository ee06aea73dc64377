"""Getting in for real: invited by mail, a password, a passkey from a (virtual) authenticator, signing with it.

The web server here is a second one on the same installation, which eases nothing.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, annual_of
from tests.browser.servers import ROOT, Installation, free_port

ADMIN, PARTNER = "admin@firm.example", "partner@firm.example"
NEW_PASSWORD = "seven bridges over a quiet river"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def strict(installation: Installation) -> Iterator[str]:
    """The address of a web server that asks everybody for a second factor."""
    port = free_port()
    environment = installation.environment | {"DIGAO_MFA_EASED": "0", "DIGAO_PORT": str(port)}
    command = ["-m", "gunicorn", "config.wsgi:application", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    with (installation.folder / "strict.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
    deadline = time.monotonic() + 30
    while not installation.answers_on(port):
        assert time.monotonic() < deadline, (installation.folder / "strict.log").read_text()
        time.sleep(0.1)
    yield f"http://localhost:{port}"
    server.terminate()
    server.wait(30)
    # The demonstration's people are as they were for the tests after these.
    forget = "from allauth.mfa.models import Authenticator; Authenticator.objects.all().delete()"
    installation.manage("shell", "--no-imports", "-c", forget)


@pytest.fixture
def computer(chromium: Browser, strict: str, watch) -> Iterator[Callable[[], Page]]:
    """A maker of pages on computers of their own, each with an authenticator built in."""
    contexts = []

    def make() -> Page:
        context = chromium.new_context(base_url=strict, locale="zh-TW", timezone_id="Asia/Taipei")
        context.set_default_timeout(15_000)
        watch.listen(context)
        contexts.append(context)
        page = context.new_page()
        devices = context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        return page

    yield make
    for context in contexts:
        context.close()


def give_password(page: Page, who: str, password: str = PASSWORD) -> None:
    page.goto("/login/")
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")


def set_up_passkey(page: Page, *, alone: bool = False) -> None:
    """On the page that the guard leads to: make the passkey, keep the recovery codes."""
    expect(page.locator("h1")).to_have_text("新增通行密鑰")
    page.get_by_label("僅以此密鑰登入").set_checked(alone)
    page.get_by_role("button", name="設定通行密鑰").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    page.get_by_role("link", name="我已妥善保存").click()


def link_mailed_to(installation: Installation, name: str) -> str:
    """The path of the link in the last mail to somebody: a demonstration's mail goes to the worker's log."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        said = (installation.folder / "log" / "worker.log").read_text(errors="replace")
        if found := re.findall(rf"{name} 您好.*?https?://[^/]+(/password/\S+)", said, re.DOTALL):
            return found[-1]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {name}")


def test_an_invited_partner_gets_in_with_a_passkey_and_nothing_less(computer, installation):
    administrator = computer()
    give_password(administrator, ADMIN)
    set_up_passkey(administrator)
    administrator.get_by_role("link", name="人員", exact=True).click()
    administrator.get_by_label("姓名").fill("許新任")
    administrator.get_by_label("電子郵件").fill("new@firm.example")
    administrator.get_by_label("角色").select_option("partner")
    administrator.get_by_role("button", name="寄送邀請").click()
    expect(administrator.locator(".flash.success")).to_contain_text("new@firm.example")

    partner = computer()
    link = link_mailed_to(installation, "許新任")
    partner.goto(link)
    partner.get_by_label("新密碼").fill(NEW_PASSWORD)
    partner.get_by_label("再輸入一次").fill(NEW_PASSWORD)
    partner.get_by_role("button", name="儲存密碼").click()
    partner.goto("/catalogue/")
    set_up_passkey(partner, alone=True)
    expect(partner.locator(".account .name")).to_have_text("許新任")

    partner.goto(link)
    expect(partner.locator("h1")).to_have_text("此連結已失效")
    partner.goto("/logout/")
    partner.get_by_role("button", name="登出").click()
    partner.get_by_role("button", name="以通行密鑰登入").click()
    expect(partner.locator(".account .name")).to_have_text("許新任")


# As if the passkey had been touched long ago, in all sessions.
FORGET = """
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    session = row.get_decoded()
    if at := session.get("second_factors", {}).get("at"):
        at.update(dict.fromkeys(at, 0.0))
        row.session_data = Session.get_session_store_class()().encode(session)
        row.save()
"""
# What the button does that isn't offered while something stands in the signature's way.
PRESS = """path => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = path;
    form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
    document.body.append(form);
    form.submit();
}"""


def test_a_signature_waits_for_the_passkey_and_then_goes_on_by_itself(computer, installation):
    page = computer()
    give_password(page, PARTNER)
    set_up_passkey(page)
    conclusion = f"{annual_of(page)}conclusion/"
    page.goto(conclusion)
    installation.manage("shell", "--no-imports", "-c", FORGET)
    page.evaluate(PRESS, f"{conclusion}final-signoff/")
    expect(page.locator("h1")).to_have_text("以通行密鑰確認")
    page.get_by_role("button", name="使用通行密鑰").click()
    page.wait_for_url(f"**{conclusion}")
    expect(page.locator(".flash.error").first).to_be_visible()  # the gate has answered: papers are open


def test_whoever_cancels_the_passkey_is_told_and_stays(computer, strict):
    page = computer()
    page.goto("/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no')) }")
    page.get_by_role("button", name="以通行密鑰登入").click()
    expect(page.locator("#messages .flash.error")).to_contain_text("未能使用通行密鑰")
    assert page.url == f"{strict}/login/"
