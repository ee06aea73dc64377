"""The shapes that binders have had: older ones stay readable, and are written again as they were.

2: what tickmarks say, which kind of time evidence speaks about; 3: the letter's template, matrices of clauses, which
report this one takes the place of.
"""

from collections.abc import Set as AbstractSet

SCHEMA = 3
# The fields, of the binder or of a record in it, that came with a schema. Each has a default.
_CAME_WITH: dict[int, frozenset[str]] = {
    2: frozenset(),
    3: frozenset({"letter_template", "letter_version", "matrix", "superseded"}),
}


def is_known(schema: object) -> bool:
    """Whether a binder of this schema can be read."""
    return isinstance(schema, int) and schema in _CAME_WITH


def later_than(schema: int) -> AbstractSet[str]:
    """Return the fields that a binder of this schema hasn't got."""
    return frozenset().union(*(names for came, names in _CAME_WITH.items() if came > schema))
