"""Forms carry no files here: files come in by chunks (foundation/files/upload_views.py).

Django parses a multipart body as soon as its CSRF token is asked for: before the view, its guard and the verb. So size
and sender are judged earlier, by the headers and the session, and a file in it is read past, never written anywhere; a
view may ask that it be hashed (hashed_uploads.py).
"""

from collections.abc import Callable

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.web.answers import refused
from foundation.web.guards import SIGNED_OUT
from foundation.web.hashed_uploads import MOST_HASHED, Hashing, wants_hashes


class NoFiles(FileUploadHandler):
    """Reads past every file of a form."""

    def new_file(self, *_args: object, **_kwargs: object) -> None:
        """Skip it."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: the file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """Never called: the file is skipped."""


def bounded_uploads(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let multipart bodies through that are of somebody signed in and no larger than a form may be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type != "multipart/form-data":
            return get_response(request)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.user.is_authenticated and wants_hashes(request):
            request.upload_handlers, limit = [Hashing(request)], MOST_HASHED
        return _refusal(request, limit) or get_response(request)

    return middleware


def _refusal(request: HttpRequest, limit: int) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return _answer(request, str(SIGNED_OUT), "403_csrf.html", 403)
    if _length(request) > limit:
        text = _("What you sent is larger than this installation accepts (%(limit)s at a time); nothing was stored.")
        return _answer(request, text % {"limit": filesizeformat(limit)}, "413.html", 413)
    return None


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
