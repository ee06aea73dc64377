"""A signature for the firm takes a passkey that was touched minutes ago; what was being sent waits, then goes on."""

import json
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from foundation.accounts.models import Organization
from procedures.models import SignOff, Workpaper
from reports.actions import save_letter_entries
from signoff.conclusions import conclude
from signoff.fingerprint import fingerprint
from signoff.models import EngagementSignOff, ReportVersion
from tests import stages
from tests.doors import challenge_of, names, passkey_of, prove, send
from tests.stages import sign_all

pytestmark = pytest.mark.usefixtures("strict")

CONFIRM = "/account/factors/passkeys/confirmation/"


def final(engagement):
    return f"/engagements/{engagement.pk}/conclusion/final-signoff/", {"fingerprint": fingerprint(engagement)}


def with_touch(client, user, *, ago=0):
    """A session of somebody who touched the passkey so many seconds ago."""
    key = passkey_of(user)
    client.force_login(user)
    prove(client, user, ago=ago)
    return key


@pytest.fixture
def concluded(reporting, partner):
    """Everything is ready for the partner's signature."""
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    stages.represent(reporting, by=partner)
    Organization.objects.filter(pk=reporting.firm_id).update(address="臺北市信義區松仁路 100 號")
    save_letter_entries(reporting, values={"評估系統": "交易平台", "場所": "總公司"}, options=["直接案件"], by=partner)
    return reporting


def signed(engagement):
    return list(EngagementSignOff.objects.filter(engagement=engagement).values_list("role", flat=True))


def goes_on(client, key, suspended):
    """Touch the key where the suspended form led."""
    challenge = challenge_of(client.get(suspended.url))
    return client.post(suspended.url, {"credential": json.dumps(key.touch(challenge))})


# The partner's signature ------------------------------------------------------------------------


def test_just_after_a_touch_it_is_given_at_once(client, concluded, partner):
    with_touch(client, partner)
    url, form = final(concluded)
    client.post(url, form)
    assert signed(concluded) == ["final"]


@pytest.mark.parametrize(("minutes", "expected"), [(9, ["final"]), (11, [])])
def test_a_touch_is_good_for_ten_minutes(client, concluded, partner, minutes, expected):
    with_touch(client, partner, ago=minutes * 60)
    url, form = final(concluded)
    client.post(url, form)
    assert signed(concluded) == expected


def test_later_the_form_waits_for_a_touch_and_then_goes_on_by_itself(client, concluded, partner):
    key = with_touch(client, partner, ago=3600)
    url, form = final(concluded)
    suspended = send(client, url, form)
    assert suspended.url.startswith(CONFIRM)
    assert signed(concluded) == []
    assert goes_on(client, key, suspended).url == f"/engagements/{concluded.pk}/conclusion/"
    assert signed(concluded) == ["final"]


def test_the_page_says_why_it_asks(client, concluded, partner):
    with_touch(client, partner, ago=3600)
    page = client.get(send(client, *final(concluded)).url).content.decode()
    assert "十分鐘" in page


def test_the_touch_and_the_signature_are_both_recorded(client, concluded, partner, firm):
    key = with_touch(client, partner, ago=3600)
    goes_on(client, key, send(client, *final(concluded)))
    assert names(firm.chain)[-1] == "factor.used"
    assert names(concluded.chain)[-1] == "file.signed"


def test_a_form_that_went_on_does_not_go_on_again(client, concluded, partner):
    key = with_touch(client, partner, ago=3600)
    suspended = send(client, *final(concluded))
    goes_on(client, key, suspended)
    assert goes_on(client, key, suspended).status_code == 302
    assert signed(concluded) == ["final"]


def test_what_changed_meanwhile_is_not_signed(client, concluded, partner):
    key = with_touch(client, partner, ago=3600)
    suspended = send(client, *final(concluded))
    conclude(concluded, kind="unmodified", rationale="換了理由。", by=partner)
    goes_on(client, key, suspended)
    assert signed(concluded) == []


def test_another_persons_key_lets_nothing_go_on(client, concluded, partner, quality_reviewer):
    with_touch(client, partner, ago=3600)
    suspended = send(client, *final(concluded))
    goes_on(client, passkey_of(quality_reviewer, b"key-2"), suspended)
    assert signed(concluded) == []


def test_a_code_is_no_touch(client, concluded, partner):
    with_touch(client, partner, ago=3600)
    prove(client, partner, "totp")
    prove(client, partner, "webauthn", ago=3600)
    send(client, *final(concluded))
    assert signed(concluded) == []


def test_a_part_of_a_page_is_led_to_the_touch_and_back_to_its_page(client, concluded, partner):
    with_touch(client, partner, ago=3600)
    page = f"/engagements/{concluded.pk}/conclusion/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}?a=1"}
    answer = send(client, *final(concluded), **headers)
    assert answer.headers["HX-Redirect"] == f"{CONFIRM}?next=%2Fengagements%2F{concluded.pk}%2Fconclusion%2F%3Fa%3D1"
    assert signed(concluded) == []


def test_a_part_of_a_page_from_elsewhere_is_led_home(client, concluded, partner):
    with_touch(client, partner, ago=3600)
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"}
    assert send(client, *final(concluded), **headers).headers["HX-Redirect"] == f"{CONFIRM}?next=%2F"


def test_a_demonstration_signs_without(client, concluded, partner, settings):
    settings.MFA_EASED = True
    client.force_login(partner)
    client.post(*final(concluded))
    assert signed(concluded) == ["final"]


def test_the_time_counts_from_the_touch_not_from_the_last_request(client, concluded, partner):
    with_touch(client, partner)
    for minutes in (4, 8, 11):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.get("/acts/")
    with time_machine.travel(time.time() + 11 * 60):
        assert send(client, *final(concluded)).url.startswith(CONFIRM)


# The other signatures ---------------------------------------------------------------------------


def test_the_quality_review_waits_too(client, quality_review, quality_reviewer):
    key = with_touch(client, quality_reviewer, ago=3600)
    url = f"/engagements/{quality_review.pk}/conclusion/quality-signoff/"
    suspended = send(client, url, {"fingerprint": fingerprint(quality_review)})
    assert signed(quality_review) == ["final"]
    goes_on(client, key, suspended)
    assert signed(quality_review) == ["final", "quality"]


def sign_paper(client, paper, role):
    return send(client, f"/papers/{paper.pk}/signoff/", {"role": role, "content_version": paper.content_version})


def on_paper(paper):
    return set(SignOff.objects.filter(workpaper=paper).values_list("role", flat=True))


def test_the_partners_approval_of_a_paper_waits_too(client, review, partner, reviewer):
    sign_all(review, "reviewed", by=reviewer)
    paper = Workpaper.objects.get(engagement=review, code="3.8.2")
    key = with_touch(client, partner, ago=3600)
    suspended = sign_paper(client, paper, "approved")
    assert "approved" not in on_paper(paper)
    goes_on(client, key, suspended)
    assert "approved" in on_paper(paper)


def test_issuing_waits_too(client, quality_review, partner):
    with_touch(client, partner, ago=3600)
    version = ReportVersion.objects.create(engagement=quality_review, number=1, fingerprint="ab" * 32)
    assert send(client, f"/reports/{version.pk}/issue/").url.startswith(CONFIRM)
    version.refresh_from_db()
    assert version.issued_at is None


@pytest.mark.parametrize(("who", "role"), [("preparer", "prepared"), ("reviewer", "reviewed")])
def test_staffs_and_managers_signatures_ask_for_none(client, request, review, who, role):
    user = request.getfixturevalue(who)
    paper = Workpaper.objects.get(engagement=review, code="3.8.2")
    client.force_login(user)
    prove(client, user, "totp", ago=3600)
    assert sign_paper(client, paper, role).url == paper.get_absolute_url()
