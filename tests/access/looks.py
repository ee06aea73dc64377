"""What our people see on their pages: taken before the other firm comes, and again to compare."""

from typing import Any

from tests.access.cast import OTHERS
from tests.access.matrix import ANY, SHARED, cases

LOOKING = ("partner", "admin", "broker", "exchange")
# The register of brokers and exchanges grows, and every firm may know; the others show nobody's data.
APART = {"engagement-new", "catalogue-point", "patterns", "schema", "schema-docs"}
# So do these, of which each page has a secret of its own.
APART |= {"mfa_activate_totp", "mfa_add_webauthn"}


def look(world: Any) -> dict[str, str]:
    """The text of every page, list and file that our people may open, as they read it; of everybody's home."""
    return {
        f"{who}: {case}": world.ask(who, "GET", world.url(case)).without()
        for case in cases()
        if case.method == "GET" and case.state in {ANY, *SHARED} and case.endpoint not in APART
        for who in (world.cast.people if case.endpoint == "home" else LOOKING)
        if who not in OTHERS and case.expected[who] == "in"
    }
