"""Stored bytes leave as an attachment that nothing interprets."""

import pytest

from foundation.files.actions import store
from foundation.files.downloads import attachment
from foundation.files.models import StoredFile
from foundation.files.names import safe_name
from tests.uploads import PDF, pdf, text


def receive(file, *, by) -> StoredFile:
    return store([file.read()], name=file.name, by=by)


def test_a_download_is_a_sandboxed_attachment(preparer):
    stored = receive(text("page.html", b"<!doctype html><script>alert(1)</script>"), by=preparer)
    response = attachment(stored)

    assert stored.media_type == "text/html"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-SHA256"] == stored.sha256
    response.close()


def test_a_download_holds_the_bytes(preparer):
    response = attachment(receive(pdf(), by=preparer))

    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Length"] == str(len(PDF))
    response.close()


@pytest.mark.parametrize(
    "name", ["弱點 掃描.pdf", 'say "cheese".pdf', "<img onerror=alert(1)>.pdf", "a;b=c.pdf", "a\r\nX-Evil: 1.pdf"]
)
def test_no_name_breaks_out_of_its_header(preparer, name):
    stored = receive(pdf(name), by=preparer)
    response = attachment(stored)

    assert stored.name == safe_name(name)
    assert "\n" not in response.headers["Content-Disposition"]
    assert "X-Evil" not in response.headers
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    response.close()


def test_the_browser_is_told_not_to_guess(sign_in, fieldwork, preparer):
    """The header comes from the security middleware, on every answer."""
    response = sign_in(preparer).get(f"/engagements/{fieldwork.pk}/evidence/")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
