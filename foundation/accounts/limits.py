"""How often one person may ask for what is dear: uploads, reports, pictures of pages (rates in config/sign_in.py)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counting
from django.http import HttpResponseBase, JsonResponse
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
                return too_many()
            answer: HttpResponseBase = ratelimit.respond_429(request)
            return answer

        return count

    return decorate


def allowed(request: PersonRequest, action: str) -> bool:
    """Count an `action` that a person causes by whatever request; False: more often than its rate allows."""
    counted = counting.consume(request, app="allauth.account", action=action, user=request.user, limit_get=True)
    return counted is not None


def too_many() -> JsonResponse:
    """429, to a script."""
    return refused(_("Too many attempts. Wait a few minutes, then try again."), status=429)
