"""What is dear can be asked for only so often by one person."""

import pytest

from signoff.models import ReportVersion


@pytest.fixture(autouse=True)
def _small_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {"render": "2/h/user", "upload": "1/h/user"}


def test_the_third_report_within_the_hour_is_refused_and_not_made(sign_in, fieldwork, partner):
    client = sign_in(partner)
    address = f"/engagements/{fieldwork.pk}/reports/request/"
    assert [client.post(address).status_code for _ in range(3)] == [302, 302, 429]
    assert ReportVersion.objects.filter(engagement=fieldwork).count() == 2


def test_another_person_s_reports_do_not_count(sign_in, fieldwork, partner, reviewer):
    address = f"/engagements/{fieldwork.pk}/reports/request/"
    assert [sign_in(partner).post(address).status_code for _ in range(2)] == [302, 302]
    assert sign_in(reviewer).post(address).status_code == 302


def test_a_script_is_told_in_words(sign_in, fieldwork, partner):
    client = sign_in(partner)
    address = f"/engagements/{fieldwork.pk}/evidence/files/"
    client.post(address, headers={"HX-Request": "true"})
    answer = client.post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert answer.json() == {"errors": {"__all__": ["嘗試次數過多，請數分鐘後再試。"]}}


def test_looking_costs_nothing(sign_in, fieldwork, partner):
    client = sign_in(partner)
    assert {client.get(f"/engagements/{fieldwork.pk}/reports/").status_code for _ in range(5)} == {200}
