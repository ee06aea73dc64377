"""The shapes that binders have had: older ones stay readable, and are written again as they were.

2: what tickmarks say, which kind of time evidence speaks about; 3: the letter's template, which report
this one takes the place of.
"""

from collections.abc import Mapping
from typing import Any

from reports.frozen import Malformed

SCHEMA = 3
# What the binders of an older schema don't say: schema → field of the binder → its value there.
_ABSENT: Mapping[int, Mapping[str, Any]] = {
    2: {"letter_template": "", "letter_version": 0, "superseded": None},
    SCHEMA: {},
}


def absent(schema: int) -> Mapping[str, Any]:
    """Return the fields that a binder of this schema hasn't got, with the values that stand for them."""
    return _ABSENT[schema]


def whole(document: Any) -> dict[str, Any]:
    """Return a binder's parsed JSON with every field of today; raises frozen.Malformed where no schema is known."""
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(schema, int) or schema not in _ABSENT:
        raise Malformed("Binder.schema isn't known")
    return {**absent(schema), **document}
