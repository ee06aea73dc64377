"""The witnesses of all apps, for the verification of the whole trail."""

from collections.abc import Iterable, Iterator

import engagements.witnesses
import evidence.witnesses
import findings.witnesses
import foundation.accounts.witnesses
import procedures.witnesses
import signoff.witnesses
from foundation.files.witnesses import stored_files
from foundation.trail.verification import Anchor, Verification, verify
from foundation.trail.witnesses import Witness

APPS = (
    foundation.accounts.witnesses,
    engagements.witnesses,
    procedures.witnesses,
    evidence.witnesses,
    findings.witnesses,
    signoff.witnesses,
)


def witnesses() -> Iterator[Witness]:
    """Yield what every app has to show for its events."""
    for app in APPS:
        yield from app.witnesses()


def verify_everything(anchors: Iterable[Anchor] = ()) -> Verification:
    """Verify every chain, the rows and events that need one another, signed papers, stored files, and the anchors."""
    return verify(witnesses(), seals=procedures.witnesses.signed_papers(), files=stored_files(), anchors=anchors)
