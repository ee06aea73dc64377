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
    return {found.name: found for found in _walk(get_resolver(urlconf).url_patterns)}


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
            by_method = {method.upper(): action for method, action in actions.items()}
            yield Endpoint(name, taken, by_method, is_api=here.startswith("/api/"))
