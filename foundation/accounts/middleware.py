"""What a session must still satisfy at every request: not too old, not idle, with its second factor."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from foundation.accounts.actions import note_timeout
from foundation.accounts.factors import unmet_duty
from foundation.accounts.policy import Permission
from foundation.web.answers import refused
from foundation.web.checks import declared_permission
from foundation.web.guards import PUBLIC

Handler = Callable[[HttpRequest], HttpResponse]

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
SEEN_EVERY_SECONDS = 60  # how exactly a session's last use is known; written no more often
OPEN_WITHOUT_FACTOR = {PUBLIC, Permission.ACCOUNT_OWN.value}


def start_clock(session: SessionBase) -> None:
    """Begin counting a session's age and idleness."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = time.time()


def bounded_sessions(get_response: Handler) -> Handler:
    """End sessions that are too old or were left alone, and remember when each was last used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if _is_over(request.session):
                note_timeout(request.user)
                request.session.flush()
                request.user = AnonymousUser()
            else:
                _note_use(request.session)
        return get_response(request)

    return middleware


def _is_over(session: SessionBase) -> bool:
    now = time.time()
    too_old = now - session.get(SIGNED_IN_AT, 0.0) > settings.SESSION_COOKIE_AGE
    return bool(too_old or now - session.get(SEEN_AT, 0.0) > settings.SESSION_IDLE_SECONDS)


def _note_use(session: SessionBase) -> None:
    now = time.time()
    if now - session[SEEN_AT] >= SEEN_EVERY_SECONDS:
        session[SEEN_AT] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


class second_factor:  # noqa: N801 -- named as the other middleware is
    """Let nobody beyond their own account who hasn't proved the second factor that their role needs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponseBase | None:
        """Send people to what is missing; scripts are told."""
        if not request.user.is_authenticated or _is_open(view):
            return None
        duty = unmet_duty(request, request.user)
        if duty is None:
            return None
        if _asks_for_data(request, view):
            return refused(str(duty.text), status=403)
        messages.warning(request, str(duty.text))
        return redirect(f"{duty.url}?next={_way_back(request)}")


def _is_open(view: Any) -> bool:
    permission = declared_permission(view)  # a mapping where a class of the API answers several actions
    return isinstance(permission, str) and permission in OPEN_WITHOUT_FACTOR


def _asks_for_data(request: HttpRequest, view: Any) -> bool:
    """Whether a script asks, to which the page of second factors means nothing; the API's views carry their class."""
    return "HX-Request" in request.headers or hasattr(view, "cls") or not request.accepts("text/html")


def _way_back(request: HttpRequest) -> str:
    return quote(request.get_full_path() if request.method == "GET" else "/")
