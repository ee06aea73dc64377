"""How the API says no: the verbs' refusals as JSON with the right status."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from foundation.web.denials import note_denial
from foundation.web.refusals import Conflict, Refused


def _denial(error: Exception) -> str:
    if isinstance(error, exceptions.PermissionDenied):
        return "access.denied"
    return "access.hidden" if isinstance(error, Http404) else ""


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """409 with the other person's text for a conflict, 422 with the reasons for a refusal, 400 for bad values.

    Denials are recorded.
    """
    if event := _denial(error):
        request = context["request"]
        note_denial(request, event, by=request.user)
    if isinstance(error, Conflict):
        body = {"detail": str(error), "version": error.version, "theirs": error.theirs}
        return Response(body, status=status.HTTP_409_CONFLICT)
    if isinstance(error, Refused):
        return Response({"detail": str(error), "reasons": error.reasons}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    if isinstance(error, ValidationError):
        return Response({"detail": error.messages}, status=status.HTTP_400_BAD_REQUEST)
    return exception_handler(error, context)
