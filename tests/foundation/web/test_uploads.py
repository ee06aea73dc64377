"""Forms with files are refused by what their headers say: not a byte of the body is kept, of nobody's even read."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evidence.models import Evidence
from foundation.files.models import StoredFile
from foundation.web.uploads import FORM_OVERHEAD
from tests.uploads import text

HTMX = {"HTTP_HX_REQUEST": "true"}


class Unread:
    """A body that nobody may read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body is read")

    readline = read


class Endless(Unread):
    """A body as long as announced, which nobody may parse: where a line would end is never asked."""

    def read(self, size: int) -> bytes:
        return b"x" * size


@pytest.fixture(autouse=True)
def _small(settings):
    settings.MAX_UPLOAD_BYTES = 1000


@pytest.fixture
def url(fieldwork) -> str:
    return reverse("evidence-add", kwargs={"engagement": fieldwork.pk})


def send(client: Client, url: str, *, size: str, **headers: str):
    """POST a form with files that announces `size` bytes."""
    sent = {
        "wsgi.input": Endless() if size == "5000000" else Unread(),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": size,
    }
    return client.request(REQUEST_METHOD="POST", PATH_INFO=url, **sent, **headers)


def test_what_is_too_large_is_refused_unparsed_and_says_how_much_is_taken(sign_in, preparer, url, monkeypatch):
    monkeypatch.setattr("django.http.request.MultiPartParser", None)
    answer = send(sign_in(preparer), url, size="5000000")
    assert answer.status_code == 413
    assert "1000\xa0位元組" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_the_page_that_sent_it_is_told_in_its_own_form(sign_in, preparer, url):
    answer = send(sign_in(preparer), url, size="5000000", **HTMX)
    (reason,) = answer.json()["errors"]["__all__"]
    assert (answer.status_code, "未儲存" in reason) == (413, True)


def test_it_is_told_in_the_reader_s_language(sign_in, preparer, url):
    client = sign_in(preparer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "larger than this installation accepts" in send(client, url, size="5000000").content.decode()


@pytest.mark.parametrize("path", ["/login/", "/nowhere/", None])
def test_of_somebody_not_signed_in_no_file_is_read(url, path):
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    answer = send(client, path or url, size="500", HTTP_X_CSRFTOKEN=client.cookies["csrftoken"].value)
    assert answer.status_code == 403


def test_somebody_signed_out_meanwhile_is_told_so_where_they_wait(client, url):
    answer = send(client, url, size="500", **HTMX)
    assert (answer.status_code, "登出" in answer.json()["errors"]["__all__"][0]) == (403, True)


def test_somebody_disabled_meanwhile_sends_nothing_either(sign_in, preparer, url):
    client = sign_in(preparer)
    preparer.is_active = False
    preparer.save()
    assert send(client, url, size="500").status_code == 403


def test_a_file_of_the_largest_size_is_taken_with_its_form(sign_in, preparer, url):
    sign_in(preparer).post(url, {"uploads": text(content=b"x" * 1000), "covered_from": "115/01/01"})
    assert Evidence.objects.get().file.size == 1000


def test_a_larger_one_that_still_is_read_is_refused_by_the_verb(sign_in, preparer, url):
    answer = sign_in(preparer).post(url, {"uploads": text(content=b"x" * (FORM_OVERHEAD // 2))})
    assert (answer.status_code, StoredFile.objects.count()) == (422, 0)


@pytest.mark.parametrize("size", ["", "many"])
def test_a_body_without_a_length_is_none(sign_in, preparer, url, size):
    assert send(sign_in(preparer), url, size=size).status_code == 422
