"""The one way out for stored bytes: as an attachment that no browser interprets in our origin."""

from collections.abc import Iterator

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from foundation.files.models import StoredFile

SANDBOX = "sandbox; default-src 'none'"


def attachment(stored: StoredFile, *, name: str = "") -> FileResponse:
    """Stream the file as a download. Whoever calls has asked the policy and records the event."""
    response = FileResponse(
        stored.open(), as_attachment=True, filename=name or stored.name, content_type="application/octet-stream"
    )
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-SHA256"] = stored.sha256
    return response


def streamed(blocks: Iterator[bytes], *, name: str) -> StreamingHttpResponse:
    """Send what is made while it is sent, like `attachment`."""
    response = StreamingHttpResponse(blocks, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
