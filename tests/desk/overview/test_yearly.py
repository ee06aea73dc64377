"""Findings of each broker over the years."""

from django.utils import timezone

from desk.overview.yearly import findings_over_years
from engagements.models import Engagement
from findings.models import Finding
from tests import stages


def write(engagement: Engagement, *severities: str, by) -> list[Finding]:
    told = {"condition": "—", "criterion": "—", "type": "design", "risk": "—", "recommendation": "—"}
    rows = [
        Finding(engagement=engagement, number=place, title="缺失", severity=severity, raised_by=by, **told)
        for place, severity in enumerate(severities, start=1)
    ]
    return Finding.objects.bulk_create(rows)


def table():
    return findings_over_years(Engagement.objects.select_related("auditee"))


def test_findings_are_counted_by_year_and_severity(fieldwork, partner):
    write(fieldwork, "minor", "material", "minor", by=partner)
    [(broker, [[column]])] = table().rows
    assert (broker.short_name, table().years, column.total, column.in_words) == (
        "安信數位證券",
        [115],
        3,
        "重大 1、輕微 2",
    )


def test_withdrawn_findings_do_not_count(fieldwork, partner):
    write(fieldwork, "minor", by=partner)
    Finding.objects.update(withdrawn_at=timezone.now(), withdrawn_by=partner, withdrawn_because="重複")
    [(_broker, [[column]])] = table().rows
    assert column.total == 0


def test_columns_are_to_one_scale(fieldwork, partner):
    write(fieldwork, "material", "minor", "minor", "minor", by=partner)
    [(_broker, [[column]])] = table().rows
    assert [(part.y, part.height) for part in column.parts] == [("75.00%", "25.00%"), ("0.00%", "75.00%")]


def test_a_year_without_an_engagement_is_an_empty_place(fieldwork, partner, other_broker_company, exchange_company):
    other = stages.annual(other_broker_company, exchange_company, by=partner, year=2024)
    Engagement.objects.filter(pk=other.pk).update(fieldwork_opened_at=timezone.now())
    places = {broker.short_name: [len(columns) for columns in years] for broker, years in table().rows}
    assert (table().years, places) == ([113, 115], {"安信數位證券": [0, 1], "海岳證券": [1, 0]})


def test_before_fieldwork_there_is_nothing_to_count(engagement):
    assert table().rows == []
