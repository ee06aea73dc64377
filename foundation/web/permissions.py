"""The API's edge: the same declared permissions as the pages.

A view declares `permission` (one name) or `permissions` (action → name). Objects come from `visible_to(user)`.
"""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.web.guards import PUBLIC


def _declared(view: Any) -> str | None:
    """Return the permission that the view declares for the action under way."""
    permissions: dict[str, str] = getattr(view, "permissions", {})
    action: str = getattr(view, "action", None) or ""
    return permissions.get(action, getattr(view, "permission", None))


class DeclaredPermission(BasePermission):
    """Ask the policy about the declared permission; an undeclared action is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let signed-in people near objects, and ask about actions that concern none."""
        declared = _declared(view)
        if declared == PUBLIC:
            return True
        if declared is None or not request.user.is_authenticated:
            return False
        return getattr(view, "object_level", False) or request.user.can(declared)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Ask about this object."""
        declared = _declared(view)
        if declared == PUBLIC:
            return True
        if declared is None:
            return False
        return request.user.is_authenticated and request.user.can(declared, obj if hasattr(obj, "roles_of") else None)
