"""The texts of a finding by name, and the digests by which the trail tells them."""

import hashlib
from collections.abc import Iterable, Mapping

import rfc8785

from findings.models import Finding

WORDED = ("title", "condition", "criterion", "severity", "type", "risk", "recommendation")
JUDGED = ("obligation", "bears", "bears_because", "remedied_on", "retested")
SAVED = (*WORDED, *JUDGED)


def digest(finding: Finding, names: Iterable[str] = WORDED) -> str:
    """SHA-256 (hex) of what the finding says, or with JUDGED of what it does to the conclusion."""
    return digest_of({name: str(finding.serializable_value(name)) for name in names})


def digest_of(texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) of texts by name, by which the trail tells them."""
    return hashlib.sha256(rfc8785.dumps(dict(texts))).hexdigest()


def words(finding: Finding) -> dict[str, str]:
    """What the finding says now, by field name, as a release keeps it."""
    return {name: str(getattr(finding, name)) for name in WORDED}
