"""Every URL declares its permission, and every object is fetched through what the person may see.

`@guarded(permission, loader)` turns `view(request, obj)` into a URL's view: not signed in → login page;
not visible → 404; visible but not allowed → 403. `@public` declares that a URL needs no sign-in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

View = Callable[..., HttpResponseBase]
Loader = Callable[..., Any]

PUBLIC = "public"


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
                return redirect_to_login(request.get_full_path())
            obj = load(request.user, **arguments) if load else None
            if not request.user.can(permission, obj):
                raise PermissionDenied
            return view(request, obj) if load else view(request, **arguments)

        guard.permission = permission  # type: ignore[attr-defined]  # the declaration the start-up check reads
        return guard

    return decorate
