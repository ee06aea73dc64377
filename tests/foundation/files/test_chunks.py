"""Chunks over HTTP: what their headers say is judged before anything of them is read."""

import hashlib
import io

import pytest
from django.conf import settings
from django.test import Client

from foundation.files.models import CHUNK, Upload
from tests.sending import Sender, Unread, digest_of, upload_at


@pytest.fixture
def url(sender, fieldwork) -> str:
    """An upload of three chunks, the last of 1000 bytes."""
    return sender.begin(fieldwork, 2 * CHUNK + 1000)


def headers_only(client: Client, url: str, **changes: str):
    """PUT what would be the first chunk, as far as its headers say; whoever reads it fails the test."""
    said = {
        "wsgi.input": Unread(),
        "CONTENT_TYPE": "application/octet-stream",
        "CONTENT_LENGTH": str(CHUNK),
        "HTTP_UPLOAD_OFFSET": "0",
        "HTTP_CONTENT_DIGEST": digest_of(b""),
    }
    return client.request(REQUEST_METHOD="PUT", PATH_INFO=url, **said | changes)


def test_chunks_add_up_to_the_file(sender, url, large):
    said = sender.go_on(url, large)
    assert said == {
        "state": "ready",
        "received": len(large),
        "size": len(large),
        "sha256": hashlib.sha256(large).hexdigest(),
        "concerns": [],
        "cause": "",
    }


def test_after_each_chunk_the_sender_knows_how_far_it_is(sender, url, large):
    assert sender.put(url, large[:CHUNK]).json()["received"] == CHUNK
    assert (sender.look(url)["state"], sender.look(url)["received"]) == ("receiving", CHUNK)


def test_a_small_file_is_ready_at_once(sender, fieldwork):
    url = sender.begin(fieldwork, 7, "備忘.txt")
    said = sender.put(url, b"content").json()
    assert (said["state"], said["sha256"]) == ("ready", hashlib.sha256(b"content").hexdigest())


def test_what_gives_pause_is_told_in_words(sender, fieldwork):
    content = b"\x7fELF\x02\x01\x01" + bytes(100)
    (concern,) = sender.put(sender.begin(fieldwork, len(content), "a.pdf"), content).json()["concerns"]
    assert "application/octet-stream" in concern


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"CONTENT_TYPE": "text/plain"}, 415),
        ({"CONTENT_LENGTH": ""}, 411),
        ({"CONTENT_LENGTH": "many"}, 411),
        ({"CONTENT_LENGTH": str(CHUNK + 1)}, 413),
        ({"CONTENT_LENGTH": str(3 * 1024**3)}, 413),
        ({"CONTENT_LENGTH": "1000"}, 422),
        ({"HTTP_UPLOAD_OFFSET": ""}, 422),
        ({"HTTP_UPLOAD_OFFSET": "-1"}, 422),
        ({"HTTP_UPLOAD_OFFSET": "٣"}, 422),
        ({"HTTP_UPLOAD_OFFSET": str(CHUNK)}, 409),
        ({"HTTP_CONTENT_DIGEST": ""}, 422),
        ({"HTTP_CONTENT_DIGEST": "sha-512=:AAAA:"}, 422),
        ({"HTTP_CONTENT_DIGEST": "sha-256=:AAAA:"}, 422),
    ],
)
def test_what_can_not_be_right_is_refused_unread(sender, url, changes, status):
    answer = headers_only(sender.client, url, **changes)
    assert (answer.status_code, upload_at(url).received) == (status, 0)
    assert answer.json()["errors"]["__all__"]


def test_more_than_was_announced_is_refused_unread(sender, fieldwork):
    url = sender.begin(fieldwork, 10)
    assert headers_only(sender.client, url, CONTENT_LENGTH="11").status_code == 413


def test_of_somebody_not_signed_in_nothing_is_read(url):
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    token = client.cookies["csrftoken"].value
    assert headers_only(client, url, HTTP_X_CSRFTOKEN=token).status_code == 302
    assert headers_only(client, url, HTTP_X_CSRFTOKEN=token, HTTP_HX_REQUEST="true").status_code == 403


def test_of_another_site_s_page_nothing_is_read(sender, preparer, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(preparer)
    assert headers_only(client, url).status_code == 403


def test_of_somebody_else_s_file_nothing_is_read_and_nothing_known(url, reviewer):
    """Not even a colleague's: who began to send a file sends it."""
    colleague = Sender.of(reviewer).client
    assert headers_only(colleague, url).status_code == 404
    assert (colleague.get(url).status_code, colleague.delete(url).status_code) == (404, 404)
    assert upload_at(url).received == 0


def test_a_file_that_is_whole_takes_no_more_unread(sender, fieldwork):
    url = sender.begin(fieldwork, 7)
    sender.put(url, b"content")
    answer = headers_only(sender.client, url, CONTENT_LENGTH="7")
    assert (answer.status_code, answer.json()["received"]) == (409, 7)


def test_a_damaged_chunk_is_refused_and_can_be_sent_again(sender, url, large, on_disk):
    answer = sender.put(url, large[:CHUNK], **{"Content-Digest": digest_of(b"other")})
    assert (answer.status_code, on_disk()) == (422, [])
    assert sender.put(url, large[:CHUNK]).status_code == 200


def test_a_chunk_that_is_cut_off_counts_nothing(sender, url, large, on_disk):
    answer = headers_only(sender.client, url, **{"wsgi.input": io.BytesIO(large[: CHUNK // 2])})
    assert (answer.status_code, upload_at(url).received, on_disk()) == (400, 0, [])


def test_a_sender_that_goes_away_counts_nothing(sender, url, on_disk):
    class Gone(Unread):
        def read(self, *_size: int) -> bytes:
            raise ConnectionResetError("gone")

    assert headers_only(sender.client, url, **{"wsgi.input": Gone()}).status_code == 400
    assert (upload_at(url).received, on_disk()) == (0, [])


def test_a_chunk_whose_answer_was_lost_is_not_counted_twice(sender, url, large):
    sender.put(url, large[:CHUNK])
    again = sender.put(url, large[:CHUNK])
    assert (again.status_code, again.json()["received"]) == (409, CHUNK)
    assert sender.go_on(url, large)["sha256"] == hashlib.sha256(large).hexdigest()


def test_the_last_chunk_whose_answer_was_lost_is_found_ready(sender, fieldwork):
    url = sender.begin(fieldwork, 7)
    sender.put(url, b"content")
    assert sender.put(url, b"content").json()["received"] == 7
    assert sender.look(url)["state"] == "ready"


def test_giving_up_leaves_nothing(sender, url, large, on_disk):
    sender.put(url, large[:CHUNK])
    assert sender.client.delete(url).status_code == 204
    assert (Upload.objects.count(), on_disk()) == (0, [])
    assert sender.put(url, large[CHUNK : 2 * CHUNK], CHUNK).status_code == 404


def test_giving_up_a_file_that_is_ready_leaves_nothing(sender, fieldwork, on_disk):
    url = sender.begin(fieldwork, 7)
    sender.put(url, b"content")
    sender.client.delete(url)
    assert on_disk() == []


def test_refusals_speak_the_reader_s_language(sender, url, large):
    sender.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = sender.put(url, large[:CHUNK], **{"Content-Digest": digest_of(b"other")})
    assert answer.json()["errors"]["__all__"] == ["A part of the file was damaged on its way; send it again."]
