"""How often one person may ask for what is dear: uploads and rendered reports (rates in config/sign_in.py)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from foundation.accounts.http import PersonRequest
from foundation.web.answers import refused

View = Callable[..., HttpResponseBase]


def limited(action: str) -> Callable[[View], View]:
    """Answer 429 to a person who does `action` (by POST) more often than its rate allows; nothing is done then."""

    def decorate(view: View) -> View:
        @wraps(view)
        def count(request: PersonRequest, *args: Any) -> HttpResponseBase:
            if ratelimit.consume(request, action=action, user=request.user):
                return view(request, *args)
            if request.htmx or not request.accepts("text/html"):
                return refused(_("Too many attempts. Wait a few minutes, then try again."), status=429)
            answer: HttpResponseBase = ratelimit.respond_429(request)
            return answer

        return count

    return decorate
