"""The one way out for stored bytes: as an attachment that no browser interprets in our origin."""

from django.http import FileResponse

from foundation.files.models import StoredFile


def attachment(stored: StoredFile, *, name: str = "") -> FileResponse:
    """Stream the file as a download. Whoever calls has asked the policy and records the event."""
    response = FileResponse(
        stored.open(), as_attachment=True, filename=name or stored.name, content_type="application/octet-stream"
    )
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-SHA256"] = stored.sha256
    return response
