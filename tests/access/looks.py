"""What our people see on their pages: taken before the other firm comes, and again to compare."""

from typing import Any

from tests.access.cast import OTHERS
from tests.access.matrix import ANY, SHARED, cases, matrix

LOOKING = ("partner", "admin", "broker", "exchange")
# Nobody's data: the doors, and one's own account but for its page.
NO_DATA = (matrix().before_second_factor | {"patterns"}) - {"account"}
# The register of brokers and exchanges grows, and every firm may know.
APART = NO_DATA | {"engagement-new", "catalogue-point"}


def look(world: Any) -> dict[str, str]:
    """The text of every page, list and file that our people may open, as they read it; of everybody's home."""
    return {
        f"{who}: {case}": world.ask(who, "GET", world.url(case)).without()
        for case in cases()
        if case.method == "GET" and case.state in {ANY, *SHARED} and case.endpoint not in APART
        for who in (world.cast.people if case.endpoint == "home" else LOOKING)
        if who not in OTHERS and case.expected[who] == "in"
    }
