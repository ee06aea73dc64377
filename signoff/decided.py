"""What a decided conclusion says, for the trail and for the fingerprint that signatures cover."""

import hashlib

import rfc8785

from foundation.trail.hashing import JSON
from signoff.models import Conclusion

GROUNDS = ("pervasive_because", "departure")


def facts_of(conclusion: Conclusion) -> dict[str, JSON]:
    """What the trail tells besides the rationale: the choices in words of ours, the longer grounds as a digest."""
    choices = {"kind": conclusion.kind, "pervasive": conclusion.pervasive, "proposed": conclusion.proposed}
    return {**choices, "grounds": grounds_digest(conclusion)}


def grounds_digest(conclusion: Conclusion) -> str:
    """SHA-256 (hex) of why the effects reach so far, and of why the decision isn't the one proposed."""
    return hashlib.sha256(rfc8785.dumps({name: getattr(conclusion, name) for name in GROUNDS})).hexdigest()


def signed_content(conclusion: Conclusion | None) -> list[str]:
    """What of the conclusion is part of the file's fingerprint; nothing while there is none."""
    if conclusion is None:
        return []
    return [
        conclusion.kind,
        conclusion.rationale,
        conclusion.pervasive,
        conclusion.proposed,
        grounds_digest(conclusion),
    ]
