"""manage.py write_access: docs/access.md and docs/access.en.md, the policy as an auditor reads it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.policy import GRANTS, PASSKEY_ROLES, Permission, Role
from foundation.web.checks import all_patterns, declared_permission
from foundation.web.guards import PUBLIC

FILES = {"zh-hant": "access.md", "en": "access.en.md"}


class Command(BaseCommand):
    """Write what foundation/accounts/policy.py and the URLs say; a test compares."""

    help = "Write docs/access.md and docs/access.en.md from the policy and the URLs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for language, name in FILES.items():
            (settings.BASE_DIR / "docs" / name).write_text(access_document(language))


def access_document(language: str) -> str:
    """Return the document in a language."""
    with translation.override(language):
        return "\n".join([*_introduction(), *_grants(), "", *_addresses()]) + "\n"


def _introduction() -> Iterator[str]:
    yield "# " + _("Who may do what")
    yield ""
    yield _(
        "Written by `manage.py write_access` from `foundation/accounts/policy.py`, the one table that pages, API,"
        " downloads and workers ask; a test compares the two."
    )
    yield ""
    yield "- " + _("A role comes from the object: on an engagement its team of today decides, else the organization.")
    yield "- " + _(
        "What a person may not see doesn't exist for them (404); what they see but may not do is refused (403)."
    )
    yield "- " + _("Whoever prepares a paper doesn't review it; the quality reviewer works on nothing they review.")
    passkeys = _(", ").join(str(role.label) for role in Role if role in PASSKEY_ROLES)
    yield "- " + _("Everybody needs a second factor; these need a passkey: %(roles)s.") % {"roles": passkeys}
    yield ""


def _grants() -> Iterator[str]:
    yield _row(_("Permission"), _("lets a person"), *(str(role.label) for role in Role))
    yield _row("---", "---", *(":-:" for _role in Role))
    for permission in Permission:
        marks = ("●" if role in GRANTS[permission] else "" for role in Role)
        yield _row(f"`{permission.value}`", str(permission.label), *marks)


def _addresses() -> Iterator[str]:
    """Every address and what it asks for, by permission."""
    routes = defaultdict(set)
    for route, view in all_patterns(get_resolver().url_patterns):
        declared = declared_permission(view)
        for permission in declared.values() if isinstance(declared, dict) else [declared]:
            routes[permission].add(route.replace("^", "").replace("$", "").replace(r"\Z", ""))
    yield "## " + _("Which address asks for what")
    yield ""
    yield _row(_("Permission"), _("Addresses"))
    yield _row("---", "---")
    for permission in [PUBLIC, *Permission.values]:
        addresses = "<br>".join(f"`{route}`" for route in sorted(routes[permission]))
        yield _row(f"`{permission}`", addresses)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
