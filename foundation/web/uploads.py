"""What is refused before anything of it reaches the disk: forms with files that are too large, or of nobody.

Django reads such a form, files and all, to disk as soon as its CSRF token is asked for: before the view, its guard and
the verb. So size and sender are judged earlier, by the headers and the session. A server reads no more of a body than
its Content-Length says, and nothing of one without.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.web.answers import refused
from foundation.web.guards import SIGNED_OUT

# Bytes for what stands around the files: the other fields, and the headers of each part.
FORM_OVERHEAD = 256 * 1024
_CHUNK = 1024**2
_PATIENCE = 4 * 1024  # chunks: whoever announces more than 4 GiB isn't heard out


def bounded_uploads(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let forms with files through that are of somebody signed in and no larger than an upload may be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type != "multipart/form-data":
            return get_response(request)
        return _refusal(request) or get_response(request)

    return middleware


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return _answer(request, str(SIGNED_OUT), "403_csrf.html", 403)
    if _length(request) > settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD:
        text = _("What you sent is larger than this installation accepts (%(limit)s at a time); nothing was stored.")
        _discard(request)
        limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
        return _answer(request, text % {"limit": limit}, "413.html", 413)
    return None


def _discard(request: HttpRequest) -> None:
    """Hear a signed-in sender out: a browser that can't finish sending shows a broken connection, not our answer."""
    for _chunk in range(_PATIENCE):
        if not request.read(_CHUNK):
            return


def _length(request: HttpRequest) -> int:
    """Bytes announced; nothing is read of a body whose length is none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _answer(request: HttpRequest, text: str, template: str, status: int) -> HttpResponse:
    """A page for browsers; for scripts what they are told of refusals."""
    if "HX-Request" in request.headers or not request.accepts("text/html"):
        return refused(text, status=status)
    return render(request, template, {"reason": text}, status=status)
