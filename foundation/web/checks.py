"""Start-up check: a URL without a declared permission stops the server."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver


def all_patterns(patterns: Sequence[URLPattern | URLResolver], prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """Yield (route, callback) of every URL below `patterns`."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_patterns(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def declared_permission(callback: Any) -> Any:
    """Return what a URL's callback declares: a permission, PUBLIC, a mapping of API actions, or None."""
    if declared := getattr(callback, "permission", None):
        return declared
    view_class = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    return getattr(view_class, "permissions", None) or getattr(view_class, "permission", None)


@register("security")
def every_url_declares_its_permission(**_kwargs: Any) -> list[CheckMessage]:
    """Report each URL that nobody decided about."""
    return [
        Error(f"{route} declares no permission", hint="Use @guarded(…) or @public.", id="digao.E001")
        for route, callback in all_patterns(get_resolver().url_patterns)
        if declared_permission(callback) is None
    ]
