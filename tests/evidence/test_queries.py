"""What the lists find, and that a number is given under a lock."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import queries
from evidence.models import Request
from evidence.requests import accept_request, dispose_request, return_request
from tests.uploads import answer_request, deposit, filed, pdf, text


@pytest.mark.only_on("postgresql")
def test_the_engagement_is_locked_before_the_last_number_is_read(fieldwork, preparer):
    with CaptureQueriesContext(connection) as captured:
        deposit(fieldwork, [pdf()], by=preparer)
    statements = [query["sql"] for query in captured]
    locked = next(n for n, sql in enumerate(statements) if 'OF "engagements_engagement"' in sql)
    counted = next(n for n, sql in enumerate(statements) if "MAX(" in sql)
    assert locked < counted


# The request list --------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["R-012", "r-12", "12", "R-12"])
def test_a_number_may_be_written_in_any_way(fieldwork, written):
    assert [request.number for request in queries.requests_matching(fieldwork, text=written)] == [12]


@pytest.mark.parametrize("written", ["R-99999999999999999999", "٣", "%%", "_", "'; DROP TABLE evidence_request; --"])
def test_no_text_breaks_the_search(fieldwork, written):
    assert list(queries.requests_matching(fieldwork, text=written)) == []


def test_a_title_is_found_by_its_words(fieldwork):
    found = list(queries.requests_matching(fieldwork, text="弱點掃描"))
    assert found
    assert all("弱點掃描" in request.title for request in found)


def test_a_control_point_finds_what_it_needs_once(fieldwork):
    found = list(queries.requests_matching(fieldwork, point="3.8.2"))
    assert len(found) == len({request.pk for request in found})
    assert {request.pk for request in found} == set(
        Request.objects.filter(documents__procedure__point__code="3.8.2").values_list("pk", flat=True)
    )
    assert list(queries.requests_matching(fieldwork, point="9.9.9")) == []


def test_filters_narrow_one_another(fieldwork, answered):
    assert list(queries.requests_matching(fieldwork, state="submitted")) == [answered]
    assert list(queries.requests_matching(fieldwork, state="submitted", point="1.1")) == [answered]
    assert list(queries.requests_matching(fieldwork, state="submitted", point="3.8.2")) == []


def test_overdue_is_what_waits_for_the_broker_and_is_late(fieldwork, answered):
    late = Request.objects.get(engagement=fieldwork, number=2)
    yesterday = timezone.localdate() - timedelta(days=1)
    Request.objects.filter(pk__in=[late.pk, answered.pk]).update(due_on=yesterday)

    assert list(queries.requests_matching(fieldwork, state="overdue")) == [late]
    assert queries.request_counts(fieldwork)["overdue"] == 1


def test_the_groups_hold_every_request_once_in_the_order_of_the_guideline(fieldwork):
    groups = queries.request_groups(fieldwork, queries.requests_matching(fieldwork))
    numbers = [line.request.number for group in groups for line in group.lines]

    assert numbers == list(range(1, Request.objects.filter(engagement=fieldwork).count() + 1))
    areas = [(group.point.chapter.number, group.point.area.number if group.point.area else 0) for group in groups]
    assert areas == sorted(set(areas))


def test_a_line_names_every_control_point_that_needs_it(fieldwork):
    groups = queries.request_groups(fieldwork, queries.requests_matching(fieldwork))
    for line in (line for group in groups for line in group.lines):
        needed = line.request.documents.values_list("procedure__point__code", flat=True)
        assert {point.code for point in line.points} == set(needed)
        if line.request.number > 30:
            break


def test_a_request_of_no_procedure_stands_with_the_others(fieldwork):
    extra = Request.objects.create(
        engagement=fieldwork, number=999, title="總經理訪談", kind="record", due_on=timezone.localdate()
    )
    last = queries.request_groups(fieldwork, queries.requests_matching(fieldwork))[-1]
    assert (last.point, [line.request for line in last.lines]) == (None, [extra])


def test_the_counts_are_of_the_whole_list(fieldwork, answered, broker, preparer, reviewer):
    total = Request.objects.filter(engagement=fieldwork).count()
    one, two, three = Request.objects.filter(engagement=fieldwork, number__in=[2, 3, 4])
    for request in (one, two):
        answer_request(request, [pdf()], by=broker)
    accept_request(one, by=preparer)
    return_request(two, reason="缺簽呈", by=preparer)
    dispose_request(three, disposition="obtained", reason="不需要", by=reviewer)

    assert queries.request_counts(fieldwork) == {
        "all": total,
        "draft": 0,
        "requested": total - 4,
        "submitted": 1,
        "accepted": 1,
        "returned": 1,
        "disposed": 1,
        "overdue": 0,
        "limitation": 0,
        "settled": 2,
    }


def test_the_next_to_inspect_goes_round(fieldwork, answered, broker):
    assert queries.next_to_inspect(answered) is None
    third, fifth = Request.objects.filter(engagement=fieldwork, number__in=[3, 5])
    for request in (third, fifth):
        answer_request(request, [pdf()], by=broker)
    assert queries.next_to_inspect(answered) == third
    assert queries.next_to_inspect(third) == fifth
    assert queries.next_to_inspect(fifth) == answered


def test_the_history_keeps_every_reason(answered, preparer, broker):
    return_request(answered, reason="缺簽呈", by=preparer)
    answer_request(answered, [pdf("新.pdf", b"2")], by=broker)
    accept_request(answered, by=preparer)
    assert [(one.event.name, one.actor, one.reason) for one in queries.history(answered)] == [
        ("request.accepted", "陳柏翰", ""),
        ("request.answered", "林資安", ""),
        ("request.returned", "陳柏翰", "缺簽呈"),
        ("request.answered", "林資安", "如附件。"),
    ]
    assert all(str(one.word) for one in queries.history(answered))


# The broker --------------------------------------------------------------------------------


def test_the_broker_s_requests_stand_by_who_acts_next_most_urgent_first(fieldwork, answered, broker, preparer):
    urgent = Request.objects.get(engagement=fieldwork, number=40)
    Request.objects.filter(pk=urgent.pk).update(due_on=timezone.localdate())
    Request.objects.filter(engagement=fieldwork, number=41).update(state="draft")
    own, theirs, settled = queries.broker_sections(fieldwork, broker)

    assert [section.turn for section in (own, theirs, settled)] == ["broker", "auditor", "settled"]
    assert own.requests[0] == urgent
    assert theirs.requests == [answered]
    assert 41 not in {request.number for request in own.requests}
    assert settled.requests == []


def test_the_broker_counts_only_its_own_files(fieldwork, answered, broker, preparer):
    filed(fieldwork, text(), request=answered, by=preparer)
    [request] = [one for one in queries.broker_requests(broker) if one == answered]
    assert request.files == 1
