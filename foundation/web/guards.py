"""Every URL declares its permission, and every object is fetched through what the person may see.

`@guarded(permission, loader)` turns `view(request, obj)` into a URL's view: not signed in → the login page and back, or
for htmx the reason; not visible → 404; visible but not allowed → 403. `@public` declares that a URL needs no sign-in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from foundation.web.answers import refused
from foundation.web.denials import note_denial

View = Callable[..., HttpResponseBase]
Loader = Callable[..., Any]

PUBLIC = "public"
SIGNED_OUT = _("You are signed out; nothing was sent. Sign in in another tab, then send it again.")


def public(view: View) -> View:
    """Declare that this URL answers anybody."""
    view.permission = PUBLIC  # type: ignore[attr-defined]  # the declaration the start-up check reads
    return view


def visible(model: type[Model], **lookups: str) -> Loader:
    """Load one `model` object among those the person may see; `lookups` maps field lookups to URL arguments."""

    def load(user: Any, **arguments: Any) -> Model:
        chosen = {lookup: arguments[name] for lookup, name in lookups.items()}
        try:
            found: Model = get_object_or_404(model._default_manager.visible_to(user), **chosen)  # type: ignore[attr-defined]
        except ValidationError as error:  # a malformed key
            raise Http404 from error
        return found

    return load


def guarded(permission: str, load: Loader | None = None) -> Callable[[View], View]:
    """Let only people with `permission` in, on the loaded object where there is one.

    The view receives `(request, obj)` with a loader, `(request, **url arguments)` without.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guard(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _door(request)
            obj = _loaded(request, load, arguments) if load else None
            if not request.user.can(permission, obj):
                raise PermissionDenied
            return view(request, obj) if load else view(request, **arguments)

        guard.permission = permission  # type: ignore[attr-defined]  # the declaration the start-up check reads
        return guard

    return decorate


def _loaded(request: HttpRequest, load: Loader, arguments: dict[str, Any]) -> Any:
    """Load the object, and record that somebody asked for one that isn't there for them."""
    try:
        return load(request.user, **arguments)
    except Http404:
        note_denial(request, "access.hidden")
        raise


def _door(request: HttpRequest) -> HttpResponseBase:
    """Ask somebody who isn't signed in to sign in. A part of a page can't become the login page: it says so instead."""
    if "HX-Request" in request.headers:
        return refused(str(SIGNED_OUT), status=403)
    return redirect_to_login(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """Return what was asked for; where that was a form's act, which no link can repeat, the page with the form."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, "")) if ours else resolve_url("home")
