"""One upload over HTTP: how far it has come, its next chunk, its end. Scripts ask; all answers are JSON.

Everything about a chunk that can be refused by its headers is, before its body is read.
"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.http import PersonRequest
from foundation.files.checking import failure
from foundation.files.chunks import announced, read_chunk
from foundation.files.concerns import in_words
from foundation.files.models import CHUNK, Upload
from foundation.files.refusals import OutOfStep
from foundation.files.uploads import abandon, append
from foundation.web.answers import refusals_answered
from foundation.web.guards import guarded, visible

State = Upload.State


@guarded("upload.send", visible(Upload, pk="upload"))
@require_http_methods(["GET", "PUT", "DELETE"])
@refusals_answered
def upload(request: PersonRequest, sent: Upload) -> HttpResponse:
    """GET: how far it is. PUT: take the next chunk (see chunks.py). DELETE: end it; nothing of it stays."""
    if request.method == "DELETE":
        abandon(sent)
        return HttpResponse(status=204)
    if request.method == "PUT":
        return _receive(request, sent)
    return JsonResponse(_told(sent))


def _receive(request: PersonRequest, sent: Upload) -> HttpResponse:
    try:
        chunk = read_chunk(request, announced(request, sent))
        return JsonResponse(_told(append(sent, chunk)))
    except OutOfStep as refusal:
        return JsonResponse({"received": refusal.received, "errors": {"__all__": refusal.reasons}}, status=409)


def _told(sent: Upload) -> dict[str, Any]:
    """What a page's script shows: the state, bytes received, and when it is over what was found."""
    gave_up = failure(sent) if sent.state == State.CHECKING else ""
    state, cause = (State.REFUSED, gave_up) if gave_up else (State(sent.state), _(sent.cause) if sent.cause else "")
    found = {"sha256": sent.sha256, "concerns": in_words(sent.concerns), "cause": cause}
    return {"state": state.value, "received": sent.received, "size": sent.size, **found}


def begun(sent: Upload) -> JsonResponse:
    """201: where the chunks go, and how large each but the last one is."""
    url = reverse("upload", kwargs={"upload": sent.pk})
    said = {"id": str(sent.pk), "url": url, "chunk_size": CHUNK, "received": 0}
    return JsonResponse(said, status=201, headers={"Location": url})
