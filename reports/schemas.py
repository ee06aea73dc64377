"""The shapes that binders have had: older ones stay readable, and are written again as they were.

2: what tickmarks say, which kind of time evidence speaks about; 3: the letter's template, matrices of clauses, which
report this one takes the place of.
"""

import json
from collections.abc import Set as AbstractSet
from typing import Any

from reports.frozen import Malformed

SCHEMA = 3
# The fields, of the binder or of a record in it, that came with a schema. Each has a default.
_CAME_WITH: dict[int, frozenset[str]] = {
    2: frozenset(),
    3: frozenset({"letter_template", "letter_version", "matrix", "superseded"}),
}


def read(content: bytes) -> dict[str, Any]:
    """Return the parsed JSON of a binder of any known schema; raises frozen.Malformed for anything else."""
    try:
        document = json.loads(content)
    except ValueError as error:
        raise Malformed(f"Binder is no JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") not in _CAME_WITH:
        raise Malformed("Binder.schema isn't known")
    return document


def later_than(schema: int) -> AbstractSet[str]:
    """Return the fields that a binder of this schema hasn't got."""
    return frozenset().union(*(names for came, names in _CAME_WITH.items() if came > schema))
