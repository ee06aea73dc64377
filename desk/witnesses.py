"""The witnesses of all apps, for the verification of the whole trail."""

from collections.abc import Iterable, Iterator

import engagements.witnesses
import evidence.witnesses
import findings.witnesses
import procedures.witnesses
import signoff.witnesses
from foundation.files.witnesses import stored_files
from foundation.trail.verification import Anchor, Verification, Witness, verify

APPS = (engagements.witnesses, procedures.witnesses, evidence.witnesses, findings.witnesses, signoff.witnesses)


def witnesses() -> Iterator[Witness]:
    """Yield what every app has to show for its events."""
    for app in APPS:
        yield from app.witnesses()


def verify_everything(anchors: Iterable[Anchor] = ()) -> Verification:
    """Verify every chain, every row that must have its event, every stored file, and the anchors."""
    return verify(witnesses(), files=stored_files(), anchors=anchors)
