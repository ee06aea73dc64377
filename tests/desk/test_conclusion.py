"""The page on which the file is concluded and signed: who may, what it proposes, what stands in the way."""

import re

import pytest

from engagements.models import Engagement
from foundation.accounts.models import Organization
from procedures.models import Workpaper
from reports.actions import save_letter_entries
from signoff.fingerprint import fingerprint
from signoff.models import Conclusion, EngagementSignOff
from tests.stages import represent


def url(engagement, page: str) -> str:
    return f"/engagements/{engagement.pk}/{page}"


def seen_by(client, engagement) -> str:
    """The fingerprint that the conclusion page shows to be signed."""
    page = client.get(url(engagement, "conclusion/")).content.decode()
    return re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page).group(1)


# Conclusion ----------------------------------------------------------------------------------


def test_the_partner_records_the_conclusion(sign_in, reporting, partner):
    sign_in(partner).post(url(reporting, "conclusion/decision/"), {"kind": "unmodified", "rationale": "無重大缺失"})
    assert Conclusion.objects.get(engagement=reporting).decided_by == partner


def test_a_conclusion_without_rationale_keeps_the_choice(sign_in, reporting, partner):
    answer = sign_in(partner).post(url(reporting, "conclusion/decision/"), {"kind": "adverse", "rationale": ""})
    assert answer.status_code == 422
    assert re.search(r'value="adverse"[^>]*checked', answer.content.decode())
    assert not Conclusion.objects.exists()


@pytest.mark.parametrize("who", ["reviewer", "preparer", "quality_reviewer"])
def test_nobody_else_decides(sign_in, reporting, who, request):
    posted = {"kind": "unmodified", "rationale": "無重大缺失"}
    answer = sign_in(request.getfixturevalue(who)).post(url(reporting, "conclusion/decision/"), posted)
    assert (answer.status_code, Conclusion.objects.exists()) == (403, False)


def test_no_conclusion_is_chosen_for_the_partner(sign_in, reporting, partner):
    page = sign_in(partner).get(url(reporting, "conclusion/")).content.decode()
    assert len(re.findall(r'<input type="radio" name="kind"', page)) == 4
    assert not re.search(r'name="kind"[^>]*checked', page)


def test_a_decision_that_differs_from_the_proposal_is_said_to(sign_in, reporting, partner):
    signed_in, said = sign_in(partner), r'class="note warn">[^<]*合計重大且廣泛。'
    decided = {"rationale": "個別及彙總評估。", "departure": "合計重大且廣泛。"}
    signed_in.post(url(reporting, "conclusion/decision/"), {"kind": "unmodified", **decided})
    assert not re.search(said, signed_in.get(url(reporting, "conclusion/")).content.decode())
    signed_in.post(url(reporting, "conclusion/decision/"), {"kind": "adverse", **decided})
    assert re.search(said, signed_in.get(url(reporting, "conclusion/")).content.decode())


def test_before_fieldwork_there_is_nothing_to_conclude(sign_in, engagement, partner):
    assert "請先開啟執行階段" in sign_in(partner).get(url(engagement, "conclusion/")).content.decode()


def test_the_page_lists_the_blockers_that_the_verb_enforces(sign_in, review, partner):
    page = sign_in(partner).get(url(review, "conclusion/")).content.decode()
    assert "78 份底稿尚未覆核（A-1 …）" in page
    assert 'name="fingerprint"' not in page


# Signatures ----------------------------------------------------------------------------------


@pytest.fixture
def concluded(reporting, partner, sign_in) -> Engagement:
    """Decided, and the letter filled in: nothing is missing but the signatures."""
    sign_in(partner).post(url(reporting, "conclusion/decision/"), {"kind": "unmodified", "rationale": "無重大缺失"})
    Organization.objects.filter(pk=reporting.firm_id).update(address="臺北市信義區松仁路 100 號")
    scope = {"評估系統": "交易平台", "場所": "總公司"}
    save_letter_entries(reporting, values=scope, options=["直接案件"], by=partner)
    represent(reporting, by=partner)
    return reporting


def test_the_partner_signs_what_the_page_shows(sign_in, concluded, partner):
    signed_in = sign_in(partner)
    signed_in.post(url(concluded, "conclusion/final-signoff/"), {"fingerprint": seen_by(signed_in, concluded)})
    assert EngagementSignOff.objects.get().user == partner


def test_the_partner_is_not_asked_to_sign_what_the_report_would_lack(sign_in, concluded, partner):
    save_letter_entries(concluded, values={"評估系統": "交易平台"}, options=["直接案件"], by=partner)
    signed_in = sign_in(partner)
    page = signed_in.get(url(concluded, "conclusion/")).content.decode()
    assert f'<a href="{url(concluded, "reports/letter/")}">評估範圍章尚未填列「場所」。</a>' in page
    assert 'name="fingerprint"' not in page
    signed_in.post(url(concluded, "conclusion/final-signoff/"), {"fingerprint": fingerprint(concluded)})
    assert not EngagementSignOff.objects.exists()


def test_a_signature_on_an_old_page_is_refused(sign_in, concluded, partner):
    signed_in = sign_in(partner)
    seen = seen_by(signed_in, concluded)
    Workpaper.objects.filter(engagement=concluded, code="3.8.2").update(content_version=99)
    answer = signed_in.post(url(concluded, "conclusion/final-signoff/"), {"fingerprint": seen}, follow=True)
    assert "檔案" in answer.content.decode()
    assert not EngagementSignOff.objects.exists()


def test_the_quality_reviewer_signs_in_turn(sign_in, quality_review, quality_reviewer):
    signed_in = sign_in(quality_reviewer)
    signed_in.post(
        url(quality_review, "conclusion/quality-signoff/"), {"fingerprint": seen_by(signed_in, quality_review)}
    )
    assert EngagementSignOff.objects.get(role="quality").user == quality_reviewer


def test_the_partner_cannot_sign_for_the_quality_reviewer(sign_in, quality_review, partner):
    answer = sign_in(partner).post(url(quality_review, "conclusion/quality-signoff/"), {"fingerprint": "x"})
    assert answer.status_code == 403


def test_a_stale_signature_is_shown_as_such(sign_in, quality_review, partner):
    Workpaper.objects.filter(engagement=quality_review, code="3.8.2").update(content_version=99)
    assert "其後檔案已有異動" in sign_in(partner).get(url(quality_review, "conclusion/")).content.decode()


def test_a_viewer_is_not_told_why_somebody_else_could_not_sign(sign_in, quality_review, reviewer):
    assert "曾參與" not in sign_in(reviewer).get(url(quality_review, "conclusion/")).content.decode()
