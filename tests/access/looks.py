"""What our people see on their lists: taken before the other firm comes, and compared afterwards."""

from typing import Any


def look(world: Any) -> Any:
    return {}
