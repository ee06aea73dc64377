"""How the API knows its caller: knox's tokens, and 401 for what no token can be."""

from typing import Any

from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # knox ships no types
    """Tokens are ASCII; knox would stumble over anything else."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the person and the token, or None without one."""
        try:
            found: tuple[Any, Any] | None = super().authenticate(request)
        except UnicodeDecodeError as error:
            raise AuthenticationFailed from error
        return found
