"""What a page's script is answered: errors at their fields, refusals as a whole, changes as an event.

One contract for autosave and for htmx forms: 422 `{"errors": {field: [text], "__all__": [text]}}` leaves what was typed
where it is; 204 with the event `digao:changed` lets the page fetch its parts anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django_htmx.http import trigger_client_event

from foundation.web.refusals import Refused


def invalid(form: forms.BaseForm) -> JsonResponse:
    """422 with the form's errors by field."""
    return JsonResponse({"errors": form.errors}, status=422)


def refused(*reasons: str, status: int = 422) -> JsonResponse:
    """Why nothing was done, as a whole: no field is at fault."""
    return JsonResponse({"errors": {"__all__": list(reasons)}}, status=status)


def refusals_answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer with the reasons, 422 unless the refusal says otherwise, when a verb that `view` calls refuses."""

    @wraps(view)
    def answer(*arguments: Any) -> HttpResponse:
        try:
            return view(*arguments)
        except Refused as refusal:
            return refused(*refusal.reasons, status=refusal.status)

    return answer


def changed(**facts: int) -> HttpResponse:
    """204 and the event `digao:changed` with `facts` as its detail."""
    return trigger_client_event(HttpResponse(status=204), "digao:changed", facts)
