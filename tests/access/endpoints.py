"""Every address that the product answers, as the URL configuration says it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Endpoint:
    """One URL: its name (its route where it has none), its arguments, and the actions of an API view by method."""

    name: str
    arguments: frozenset[str]
    actions: dict[str, str]
    is_api: bool


def endpoints(urlconf: Any = None) -> dict[str, Endpoint]:
    """Every URL by name; two of one name would hide one another."""
    found: dict[str, Endpoint] = {}
    for endpoint in _walk(get_resolver(urlconf).url_patterns):
        assert endpoint.name not in found, f"two URLs are called {endpoint.name}"
        found[endpoint.name] = endpoint
    return found


def _walk(
    patterns: Sequence[URLPattern | URLResolver],
    names: tuple[str, ...] = (),
    route: str = "/",
    arguments: frozenset[str] = frozenset(),
) -> Iterator[Endpoint]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        taken = arguments | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            within = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern.url_patterns, within, here, taken)
        else:
            name = ":".join((*names, pattern.name)) if pattern.name else here
            actions = getattr(pattern.callback, "actions", None) or {}
            # A view adds HEAD, which is GET, when it is asked for the first time.
            by_method = {method.upper(): action for method, action in actions.items() if method != "head"}
            yield Endpoint(name, taken, by_method, is_api=here.startswith("/api/"))
