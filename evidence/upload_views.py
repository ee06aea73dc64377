"""Where a file for an engagement, or for a request, begins to come in.

The body is JSON, {"name": text, "size": bytes}. What follows goes to foundation/files/upload_views.py.
"""

from http import HTTPStatus
from typing import IO, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework.exceptions import APIException

from engagements.models import Engagement
from evidence.models import Request
from evidence.receiving import begin_answer, begin_upload
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.files.refusals import BadChunk
from foundation.files.upload_views import begun
from foundation.web.answers import refusals_answered
from foundation.web.guards import guarded, visible
from foundation.web.json_bodies import JSONBody


@guarded("evidence.add", visible(Engagement, pk="engagement"))
@require_POST
@limited("upload")
@refusals_answered
def engagement_uploads(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The team announces a file: 201 with the address that its chunks go to."""
    name, size = announced(request)
    return begun(begin_upload(engagement, name=name, size=size, by=request.user))


@guarded("request.answer", visible(Request, pk="request_id"))
@require_POST
@limited("upload")
@refusals_answered
def request_uploads(request: PersonRequest, asked: Request) -> HttpResponse:
    """The broker announces a file: 201 with the address that its chunks go to."""
    name, size = announced(request)
    return begun(begin_answer(asked, name=name, size=size, by=request.user))


def announced(request: PersonRequest) -> tuple[str, int]:
    """Return the name and the size that a request announces for a file."""
    if request.content_type != "application/json":
        raise BadChunk("application/json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        said = JSONBody().parse(cast("IO[bytes]", request))
    except APIException as error:
        raise BadChunk(str(error.detail), error.status_code) from error
    match said:
        case {"name": str(name), "size": int(size)} if not isinstance(size, bool):
            return name, size
    raise BadChunk(_("Say the name and the size of the file."))
