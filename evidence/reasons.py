"""Acts that say why: withdraw, release, return, close."""

from collections.abc import Callable

from django.contrib import messages

from evidence.forms import ReasonForm
from foundation.accounts.http import PersonRequest
from foundation.web.errors import refusals_as_errors


def done(request: PersonRequest, form: ReasonForm, act: Callable[[str], object], *, said: str) -> bool:
    """Do `act` with the reason typed and tell the person; False when the form has the reasons why it wasn't done."""
    if form.is_valid():
        with refusals_as_errors(form, "reason"):
            act(form.cleaned_data["reason"])
            messages.success(request, said)
    return not form.errors
