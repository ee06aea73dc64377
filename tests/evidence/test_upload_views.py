"""A file begins to come in for an engagement, or for a request, where there is room and somebody may send it."""

import pytest

from engagements.models import Engagement, Stage
from evidence.actions import deposit
from evidence.models import Request
from evidence.requests import dispose_request
from foundation.files.models import CHUNK, Upload
from tests.sending import Sender, Unread
from tests.uploads import sent, text


@pytest.fixture
def sender(preparer) -> Sender:
    return Sender.of(preparer)


def reasons(answer) -> str:
    return " ".join(answer.json()["errors"]["__all__"])


def test_the_answer_says_where_the_chunks_go(sender, fieldwork, preparer):
    answer = sender.announce(fieldwork, "日誌.bin", 10)
    upload = Upload.objects.get()
    url = f"/uploads/{upload.pk}/"
    assert answer.json() == {"id": str(upload.pk), "url": url, "chunk_size": CHUNK, "received": 0}
    assert (answer.status_code, answer.headers["Location"]) == (201, url)
    assert (upload.by, upload.scope, upload.name, upload.size) == (preparer, fieldwork.pk, "日誌.bin", 10)


def test_what_one_person_only_announces_takes_no_more_than_so_much_room(sender, fieldwork, monkeypatch):
    monkeypatch.setattr("evidence.receiving.MOST_UNDER_WAY", 3)
    for number in range(5):
        assert sender.announce(fieldwork, f"{number}.bin", 10).status_code == 201
    assert [upload.name for upload in Upload.objects.order_by("begun_at")] == ["2.bin", "3.bin", "4.bin"]


def test_what_a_broker_sends_for_a_request_is_for_its_engagement(asked, broker):
    assert Sender.of(broker).announce(asked, "組織圖.pdf", 10).status_code == 201
    assert (Upload.objects.get().by, Upload.objects.get().scope) == (broker, asked.engagement_id)


@pytest.mark.parametrize(
    ("name", "size", "status"),
    [
        ("a", 0, 422),
        ("a", -1, 422),
        ("a", 11, 413),
        ("a", 2**80, 413),
        ("a", "10", 422),
        ("a", 1.5, 422),
        ("a", True, 422),
        ("a", None, 422),
        (7, 10, 422),
        (None, 10, 422),
        ("\ud800", 10, 400),
    ],
)
def test_what_can_not_be_taken_is_refused_with_a_reason_and_nothing_stored(
    sender, fieldwork, settings, name, size, status
):
    settings.MAX_UPLOAD_BYTES = 10
    answer = sender.announce(fieldwork, name, size)
    assert (answer.status_code, Upload.objects.count()) == (status, 0)
    assert reasons(answer)


@pytest.mark.parametrize("body", [" ", "[]", "{", '{"name": "a", "name": "b", "size": 1}', "[" * 10_000])
def test_what_is_no_announcement_is_refused(sender, fieldwork, body):
    answer = sender.client.post(f"/engagements/{fieldwork.pk}/uploads/", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert (bool(reasons(answer)), Upload.objects.count()) == (True, 0)


def test_an_announcement_is_json(sender, fieldwork):
    answer = sender.client.post(f"/engagements/{fieldwork.pk}/uploads/", "name=a&size=1", content_type="text/plain")
    assert (answer.status_code, Upload.objects.count()) == (415, 0)


def test_a_name_is_made_safe(sender, fieldwork):
    sender.announce(fieldwork, "..\\..\\win\0.ini", 10)
    assert Upload.objects.get().name == "win.ini"


# Quota ----------------------------------------------------------------------------------------------------------------


def test_what_is_stored_and_what_is_on_its_way_may_fill_the_engagement_s_quota(
    sender, fieldwork, settings, reviewer, preparer
):
    settings.MAX_ENGAGEMENT_BYTES = 100
    deposit(fieldwork, sent([text(content=b"x" * 40)], to=fieldwork, by=preparer), by=preparer)
    assert Sender.of(reviewer).announce(fieldwork, "a", 30).status_code == 201
    assert sender.announce(fieldwork, "b", 31).status_code == 413
    assert sender.announce(fieldwork, "b", 30).status_code == 201


def test_who_has_used_it_up_is_told_so_and_how_much_it_is(sender, fieldwork, settings):
    settings.MAX_ENGAGEMENT_BYTES = 100
    assert "100\xa0" in reasons(sender.announce(fieldwork, "a", 101))


def test_what_was_given_up_or_refused_takes_no_room(sender, fieldwork, settings):
    settings.MAX_ENGAGEMENT_BYTES = 100
    sender.client.delete(sender.begin(fieldwork, 100))
    sender.begin(fieldwork, 100)
    Upload.objects.update(state=Upload.State.REFUSED)
    assert sender.announce(fieldwork, "a", 100).status_code == 201


def test_another_engagement_has_room_of_its_own(sender, fieldwork, settings):
    settings.MAX_ENGAGEMENT_BYTES = 100
    other = Engagement.objects.get(pk=fieldwork.pk)
    Upload.objects.create(name="a", size=100, scope=other.firm_id, by=other.firm.people.first())
    assert sender.announce(fieldwork, "b", 100).status_code == 201


# Who and when ---------------------------------------------------------------------------------------------------------


def test_nothing_comes_in_for_an_engagement_that_is_over(sender, fieldwork):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    assert (sender.announce(fieldwork, "a", 1).status_code, Upload.objects.count()) == (422, 0)


def test_nothing_comes_in_for_a_request_that_is_closed(asked, broker, reviewer):
    dispose_request(asked, disposition="obtained", reason="已由他處取得。", by=reviewer)
    assert (Sender.of(broker).announce(asked, "a", 1).status_code, Upload.objects.count()) == (422, 0)


def test_nothing_comes_in_for_a_request_that_is_accepted(asked, broker):
    Request.objects.filter(pk=asked.pk).update(state=Request.State.ACCEPTED)
    assert Sender.of(broker).announce(asked, "a", 1).status_code == 422


def test_another_broker_s_request_is_none(asked, other_broker):
    assert Sender.of(other_broker).announce(asked, "a", 1).status_code == 404


def test_an_announcement_of_somebody_without_the_right_is_refused_unread(fieldwork, quality_reviewer):
    said = {"wsgi.input": Unread(), "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "20"}
    client = Sender.of(quality_reviewer).client
    answer = client.request(REQUEST_METHOD="POST", PATH_INFO=f"/engagements/{fieldwork.pk}/uploads/", **said)
    assert answer.status_code == 403


def test_what_was_sent_for_one_engagement_is_handed_in_for_no_other(sender, fieldwork, preparer):
    upload = sender.send(fieldwork, b"content")
    Upload.objects.update(scope=fieldwork.firm_id)
    url = f"/engagements/{fieldwork.pk}/evidence/files/"
    answer = sender.client.post(url, {"uploads": [str(upload.pk)], "covered_from": "115/01/01"})
    assert (answer.status_code, Upload.objects.count()) == (422, 1)


def test_somebody_else_s_file_is_handed_in_by_nobody_but_them(sender, fieldwork, reviewer):
    upload = sender.send(fieldwork, b"content")
    url = f"/engagements/{fieldwork.pk}/evidence/files/"
    answer = Sender.of(reviewer).client.post(url, {"uploads": [str(upload.pk)], "covered_from": "115/01/01"})
    assert (answer.status_code, Upload.objects.count()) == (422, 1)
