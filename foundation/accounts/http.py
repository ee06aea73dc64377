"""What a guarded view receives: a request of somebody who is signed in."""

from typing import Any, cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from foundation.accounts.models import User


class PersonRequest(HttpRequest):
    """An HTTP request behind a guard: `user` is a person, `htmx` tells whether a page's part is wanted."""

    user: User
    htmx: HtmxDetails


def person(request: Any) -> User:
    """The person behind an API request, once its permission class has let it in."""
    return cast("User", request.user)
