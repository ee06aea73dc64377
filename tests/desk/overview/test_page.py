"""The page of engagements at a glance: who finds what on it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from findings.models import Finding
from tests import stages
from tests.desk.overview.test_yearly import write


def page(client) -> str:
    answer = client.get("/overview/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_team_sees_deadlines_what_is_overdue_and_findings(sign_in, fieldwork, preparer, partner):
    write(fieldwork, "material", by=partner)
    shown = page(sign_in(preparer))
    assert f'href="/engagements/{fieldwork.pk}/"' in shown
    assert "重大 1" in shown


def test_the_administrator_sees_shells_and_no_findings(sign_in, fieldwork, admin, partner):
    write(fieldwork, "material", by=partner)
    assert Finding.objects.count() == 1
    shown = page(sign_in(admin))
    assert f'href="/engagements/{fieldwork.pk}/team/"' in shown
    assert "重大 1" not in shown


def test_engagements_of_other_teams_are_not_there(sign_in, fieldwork, quality_reviewer, other_firm):
    assert str(fieldwork.pk) in page(sign_in(quality_reviewer))
    assert str(fieldwork.pk) not in page(sign_in(other_firm))


def test_more_engagements_take_no_more_queries(sign_in, fieldwork, partner, broker_company, exchange_company):
    client = sign_in(partner)
    page(client)
    with CaptureQueriesContext(connection) as before:
        page(client)
    for year in (2023, 2024, 2025):
        stages.annual(broker_company, exchange_company, by=partner, year=year)
    with CaptureQueriesContext(connection) as after:
        page(client)
    assert len(after) == len(before)
