"""Facts about the guideline that pages, requests and reports rely on."""

from collections import Counter
from datetime import date

import pytest
from django.db.models import Count

from controls.models import ControlPoint, ExpectedDocument, InstrumentVersion, Procedure, ReferenceLine

pytestmark = pytest.mark.django_db


def test_104_documents_are_populations(version):
    assert ExpectedDocument.objects.of(version).filter(population=True).count() == 104


def test_16_procedures_ask_for_a_sample(version):
    assert Procedure.objects.of(version).filter(sampling=True).count() == 16


def test_a_document_per_occurrence_belongs_to_a_duty_of_its_own_control_point(version):
    per_occurrence = ExpectedDocument.objects.of(version).exclude(occurrence_of=None)
    codes = per_occurrence.values_list("procedure__point__code", "occurrence_of__point__code")
    assert [mine for mine, _theirs in codes] == [theirs for _mine, theirs in codes]
    assert len(codes) == 17


def test_39_lines_cite_the_regulation_repealed_on_112_04_25():
    repealed = ReferenceLine.objects.repealed().with_instruments()
    assert {line.repealed_on for line in repealed} == {date(2023, 4, 25)}
    assert {line.instrument_version.since_roc for line in repealed} == {"112/04/25"}
    assert len(repealed) == 39


def test_an_instrument_that_nobody_checked_says_so():
    standings = InstrumentVersion.objects.all()
    assert Counter(standing.is_checked for standing in standings) == {True: 5, False: 7}


def test_a_date_known_to_the_month_shows_no_day():
    outsourcing = InstrumentVersion.objects.get(instrument__key="FI_OUTSRC")
    assert outsourcing.since_roc == "112/08"
    assert outsourcing.amended_on == date(2023, 8, 1)
    assert outsourcing.repealed_on is None


def test_only_chapter_3_has_areas():
    without = ControlPoint.objects.filter(area=None).values("chapter__number").annotate(points=Count("pk"))
    assert list(without.order_by("chapter__number")) == [
        {"chapter__number": 1, "points": 2},
        {"chapter__number": 2, "points": 3},
    ]


def test_indexes_are_those_of_the_workpapers(version):
    procedure = Procedure.objects.select_related("point").get(point__code="3.8.2", no=3)
    assert (procedure.point.index, procedure.index, str(procedure)) == ("C-3.8.2", "3.8.2/P3", "3.8.2/P3")


def test_the_condition_of_a_whole_row_is_known_to_its_control_point():
    assert ControlPoint.objects.get(code="3.18.1.2").applicability.key == "cloud"
    assert ControlPoint.objects.get(code="3.8.2").applicability is None
