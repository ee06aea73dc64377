"""Start-up checks: production refuses to run where a lockout or a link in a mail would be worth nothing."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

PRIVATE_CACHES = ("LocMemCache", "DummyCache")


@register("security")
def production_can_let_people_in(**_kwargs: Any) -> list[CheckMessage]:
    """Report a cache that processes don't share, and an address that mails can't lead to."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if settings.CACHES["default"]["BACKEND"].endswith(PRIVATE_CACHES):
        text = "Every process would count attempts to sign in by itself"
        found.append(Error(text, hint="Set CACHE_URL to a cache that they share.", id="digao.E010"))
    if not settings.PUBLIC_URL.startswith("https://"):
        text = f"Links in mails would lead to {settings.PUBLIC_URL}"
        found.append(Error(text, hint="Set DIGAO_URL to this installation's https:// address.", id="digao.E011"))
    return found
