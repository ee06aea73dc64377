"""What people see when something is denied or refused: the page for 403, refusals as messages or at a form."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from foundation.web.denials import note_denial
from foundation.web.refusals import Refused


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 and tell nothing about what was asked for, in the form that the client asked for; record it."""
    note_denial(request, "access.denied")
    if request.accepts("text/html"):
        return render(request, "403.html", status=403)
    return JsonResponse({"detail": "forbidden"}, status=403)


@contextmanager
def refusals_as_messages(request: HttpRequest) -> Iterator[None]:
    """Run a verb; when it refuses, the page that follows says why, one message per reason."""
    try:
        yield
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)


@contextmanager
def refusals_as_errors(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """Run a verb; when it refuses, the form says why, at `field` or as a whole, and keeps what was typed."""
    try:
        yield
    except Refused as refusal:
        form.add_error(field, list(refusal.reasons))
