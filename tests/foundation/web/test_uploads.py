"""Forms carry no files: what is too large or of nobody is refused by its headers, and a file in a form is read past."""

import tempfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.files.models import StoredFile, Upload
from tests.sending import Unread

HTMX = {"HTTP_HX_REQUEST": "true"}
TOO_MANY = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


@pytest.fixture
def url(fieldwork) -> str:
    return reverse("evidence-add", kwargs={"engagement": fieldwork.pk})


def send(client: Client, url: str, *, size: str, **headers: str):
    """POST a form with files that announces `size` bytes."""
    sent = {
        "wsgi.input": Unread(),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": size,
    }
    return client.request(REQUEST_METHOD="POST", PATH_INFO=url, **sent, **headers)


def test_what_is_too_large_is_refused_unread_and_says_how_much_is_taken(sign_in, preparer, url):
    answer = send(sign_in(preparer), url, size=TOO_MANY)
    assert (answer.status_code, "2.0\xa0MB" in answer.content.decode()) == (413, True)


def test_the_page_that_sent_it_is_told_in_its_own_form(sign_in, preparer, url):
    answer = send(sign_in(preparer), url, size=TOO_MANY, **HTMX)
    (reason,) = answer.json()["errors"]["__all__"]
    assert (answer.status_code, "未儲存" in reason) == (413, True)


def test_it_is_told_in_the_reader_s_language(sign_in, preparer, url):
    client = sign_in(preparer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "larger than this installation accepts" in send(client, url, size=TOO_MANY).content.decode()


@pytest.mark.parametrize("path", ["/login/", "/nowhere/", None])
def test_of_somebody_not_signed_in_nothing_is_read(url, path):
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


def test_a_file_in_a_form_is_read_past(sign_in, preparer, url, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # writing there would fail
    file = SimpleUploadedFile("a.txt", b"x" * 100_000)
    answer = sign_in(preparer).post(url, {"uploads": file, "files": file, "covered_from": "115/01/01"})
    assert (answer.status_code, answer.wsgi_request.FILES.keys()) == (422, set())
    assert (StoredFile.objects.count(), Upload.objects.count()) == (0, 0)


def test_what_else_the_form_says_is_read(sign_in, preparer, url):
    answer = sign_in(preparer).post(url, {"files": SimpleUploadedFile("a.txt", b"x"), "covered_from": "115/01/01"})
    assert answer.wsgi_request.POST["covered_from"] == "115/01/01"


@pytest.mark.parametrize("size", ["", "many"])
def test_a_body_without_a_length_is_none(sign_in, preparer, url, size):
    assert send(sign_in(preparer), url, size=size).status_code == 422
