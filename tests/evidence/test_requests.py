"""The request list: made from the guideline, answered by the broker, judged by the team."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from controls.applicability import wanted_documents
from controls.models import DocumentGroup, ExpectedDocument
from engagements.models import Engagement, Stage
from evidence.decisions import withdraw
from evidence.models import Evidence, Request
from evidence.requests import accept_request, dispose_request, open_requests, return_request
from foundation.files.models import StoredFile
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from tests.uploads import answer_request, pdf, text

# Made --------------------------------------------------------------------------------------


def test_every_requestable_document_is_asked_for_exactly_once(fieldwork):
    documents = wanted_documents(fieldwork.catalogue, {})
    asked = Request.documents.through.objects.filter(request__engagement=fieldwork)
    assert sorted(asked.values_list("expecteddocument", flat=True)) == sorted(document.pk for document in documents)


def test_nothing_is_asked_for_that_the_auditor_does_alone(fieldwork):
    kinds = set(Request.objects.filter(engagement=fieldwork).values_list("documents__kind", flat=True))
    assert not kinds & {ExpectedDocument.Kind.AUDITOR_TEST, ExpectedDocument.Kind.ONSITE}


def test_a_group_is_one_request_for_all_its_procedures(fieldwork):
    documents = wanted_documents(fieldwork.catalogue, {})
    groups = {document.group_id for document in documents if document.group_id}
    alone = [document for document in documents if not document.group_id]
    requests = Request.objects.filter(engagement=fieldwork)

    assert requests.count() == len(groups) + len(alone)
    for group in DocumentGroup.objects.filter(pk__in=groups):
        [request] = requests.filter(documents__group=group).distinct()
        assert request.title == group.title_zh
        assert set(request.documents.all()) == {document for document in documents if document.group_id == group.pk}


def test_two_documents_that_only_share_a_name_stay_two_requests(engagement):
    documents = list(wanted_documents(engagement.catalogue, {}))
    one, other = [document for document in documents if not document.group_id][:2]
    one.name = other.name = "同名文件"
    requests = open_requests(engagement, [one, other], due_on=date(2026, 12, 7))
    assert [request.title for request in requests] == ["同名文件", "同名文件"]
    assert [list(request.documents.all()) for request in requests] == [[one], [other]]


def test_requests_are_numbered_in_the_guideline_s_order_and_due_in_two_weeks(fieldwork):
    requests = list(Request.objects.filter(engagement=fieldwork))
    assert [request.number for request in requests] == list(range(1, len(requests) + 1))
    opened = timezone.localdate(fieldwork.fieldwork_opened_at)
    assert {request.due_on for request in requests} == {opened + timedelta(days=14)}
    assert {request.state for request in requests} == {"requested"}
    assert str(requests[0]).startswith("R-001 ")


# Answered ----------------------------------------------------------------------------------


def test_an_answer_turns_files_into_numbered_evidence(asked, broker, state_of):
    pieces = answer_request(asked, [pdf("a.pdf"), text("b.txt")], answer="  如附件。 ", by=broker)

    assert [(piece.label, piece.title, piece.request) for piece in pieces] == [
        ("E-001", "a.pdf", asked),
        ("E-002", "b.txt", asked),
    ]
    assert state_of(asked) == "submitted"
    assert Request.objects.get(pk=asked.pk).answer == "如附件。"
    event = Event.objects.get(name="request.answered")
    assert event.content["facts"] == {"files": [piece.file.sha256 for piece in pieces]}
    assert event.content["actor"] == {"id": str(broker.pk), "label": "林資安", "role": "broker"}


def test_more_files_may_follow_while_the_team_inspects(answered, broker, state_of):
    answer_request(answered, [text("補充.txt")], by=broker)
    assert (Evidence.objects.filter(request=answered).count(), state_of(answered)) == (2, "submitted")


def test_an_answer_without_a_file_or_a_word_is_none(asked, broker, state_of):
    with pytest.raises(Refused):
        answer_request(asked, [], answer=" ", by=broker)
    assert state_of(asked) == "requested"


def test_a_remark_without_a_file_waits_for_the_team_which_can_not_accept_it(asked, broker, preparer, state_of):
    answer_request(asked, [], answer="無此文件", by=broker)
    asked.refresh_from_db()
    with pytest.raises(Refused):
        accept_request(asked, by=preparer)
    assert state_of(asked) == "submitted"


def test_what_is_in_quarantine_or_withdrawn_is_nothing_to_accept(asked, broker, preparer, partner):
    answer_request(asked, [text("帳單.pdf", b"MZ" * 40)], by=broker)
    withdrawn = answer_request(asked, [pdf()], by=broker)[0]
    withdraw(withdrawn, reason="誤傳", by=partner)
    asked.refresh_from_db()
    with pytest.raises(Refused):
        accept_request(asked, by=preparer)


def test_a_request_whose_last_file_was_withdrawn_waits_for_the_broker_again(asked, broker, state_of):
    first, second = answer_request(asked, [pdf(), pdf(extra=b"2")], by=broker)
    withdraw(first, reason="誤傳", by=broker)
    assert state_of(asked) == "submitted"
    withdraw(second, reason="也誤傳", by=broker)
    assert state_of(asked) == "returned"
    assert "也誤傳" in Request.objects.get(pk=asked.pk).returned_because


def test_one_bad_file_refuses_the_whole_answer(asked, broker, state_of):
    with pytest.raises(Refused, match=r"空\.pdf"):
        answer_request(asked, [pdf("好.pdf"), text("空.pdf", b"")], by=broker)
    assert (state_of(asked), StoredFile.objects.count(), Evidence.objects.count()) == ("requested", 0, 0)


@pytest.mark.parametrize("state", ["accepted", "disposed", "draft"])
def test_a_closed_request_takes_no_file_and_stores_none(asked, broker, state):
    asked.state = state
    asked.save()
    with pytest.raises(Refused):
        answer_request(asked, [pdf()], by=broker)
    assert StoredFile.objects.count() == 0


def test_a_request_closed_meanwhile_takes_no_file_and_stores_none(asked, broker):
    Request.objects.filter(pk=asked.pk).update(state="accepted")
    assert asked.state == "requested"
    with pytest.raises(Refused):
        answer_request(asked, [pdf()], by=broker)
    assert (StoredFile.objects.count(), Evidence.objects.count()) == (0, 0)


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ARCHIVED])
def test_a_closed_engagement_takes_no_file(fieldwork, asked, broker, stage):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=stage)
    with pytest.raises(Refused):
        answer_request(Request.objects.get(pk=asked.pk), [pdf()], by=broker)
    assert StoredFile.objects.count() == 0


# Judged ------------------------------------------------------------------------------------


def test_the_team_accepts(answered, preparer, state_of):
    accept_request(answered, by=preparer)
    assert state_of(answered) == "accepted"
    assert Event.objects.filter(name="request.accepted").count() == 1


def test_nothing_is_accepted_that_was_not_handed_over(asked, preparer, state_of):
    with pytest.raises(Refused):
        accept_request(asked, by=preparer)
    assert state_of(asked) == "requested"


def test_a_return_gives_the_broker_the_reason_and_the_turn(answered, preparer):
    return_request(answered, reason=" 請附核定簽呈。 ", by=preparer)

    returned = Request.objects.get(pk=answered.pk)
    assert (returned.state, returned.returned_because, returned.is_open) == ("returned", "請附核定簽呈。", True)
    assert Event.objects.get(name="request.returned").content["reason"] == "請附核定簽呈。"


def test_what_is_returned_late_is_due_in_a_week_and_what_is_early_when_it_was(answered, preparer):
    today = timezone.localdate()
    for due_on, expected in ((today - timedelta(days=30), 7), (today + timedelta(days=30), 30)):
        Request.objects.filter(pk=answered.pk).update(due_on=due_on, state="submitted")
        return_request(answered, reason="缺下半年。", by=preparer)
        assert Request.objects.get(pk=answered.pk).due_on == today + timedelta(days=expected)


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_return_or_a_closure_without_a_reason_is_refused(answered, reviewer, reason, state_of):
    for verb in (return_request, partial(dispose_request, disposition="obtained")):
        with pytest.raises(Refused):
            verb(answered, reason=reason, by=reviewer)
    assert state_of(answered) == "submitted"


def test_the_database_refuses_a_return_without_a_reason(answered):
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=answered.pk).update(state="returned", returned_because="")


def test_what_was_accepted_may_still_be_returned(answered, preparer, state_of):
    accept_request(answered, by=preparer)
    return_request(answered, reason="版本有誤。", by=preparer)
    assert state_of(answered) == "returned"


def test_what_is_returned_may_be_answered_and_accepted(answered, preparer, broker):
    return_request(answered, reason="版本有誤。", by=preparer)
    answer_request(answered, [pdf("新版.pdf", b"2")], by=broker)
    accept_request(answered, by=preparer)
    settled = Request.objects.get(pk=answered.pk)
    assert (settled.state, settled.returned_because) == ("accepted", "")


def test_a_request_is_closed_with_its_reason_once(asked, reviewer):
    dispose_request(asked, disposition="obtained", reason="替代取得：系統匯出。", by=reviewer)
    with pytest.raises(Refused):
        dispose_request(asked, disposition="obtained", reason="再一次", by=reviewer)
    assert Request.objects.get(pk=asked.pk).returned_because == "替代取得：系統匯出。"


@pytest.mark.parametrize("disposition", ["", "lost"])
def test_a_closure_says_what_becomes_of_the_request(asked, reviewer, disposition, state_of):
    with pytest.raises(Refused):
        dispose_request(asked, disposition=disposition, reason="未提供。", by=reviewer)
    assert state_of(asked) == "requested"


@pytest.mark.parametrize("verb", [accept_request, return_request, partial(dispose_request, disposition="obtained")])
def test_a_closed_engagement_judges_nothing(fieldwork, answered, reviewer, verb, state_of):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    with pytest.raises(Refused):
        verb(answered, by=reviewer, **({} if verb is accept_request else {"reason": "理由"}))
    assert state_of(answered) == "submitted"


# Who sees it -------------------------------------------------------------------------------


def test_a_request_is_there_for_its_broker_and_its_team_only(
    asked, broker, preparer, other_broker, other_firm, exchange, admin
):
    people = (broker, preparer, other_broker, other_firm, exchange, admin)
    seen = [who.name for who in people if asked in Request.objects.visible_to(who)]
    assert seen == [broker.name, preparer.name]


def test_a_draft_is_the_team_s_alone(asked, broker, preparer):
    Request.objects.filter(pk=asked.pk).update(state="draft")
    assert asked in Request.objects.visible_to(preparer)
    assert asked not in Request.objects.visible_to(broker)


def test_only_what_waits_for_the_broker_is_overdue(answered, asked):
    yesterday = timezone.localdate() - timedelta(days=1)
    for state, overdue in {"requested": True, "returned": True, "submitted": False, "accepted": False}.items():
        asked.state, asked.due_on = state, yesterday
        assert asked.is_overdue is overdue
    asked.state, asked.due_on = "requested", timezone.localdate()
    assert asked.is_overdue is False
