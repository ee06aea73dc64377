"""The witnesses of all apps, for the verification of the whole trail."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from django.db import connection

import controls.witnesses
import engagements.witnesses
import evidence.witnesses
import findings.witnesses
import foundation.accounts.witnesses
import procedures.witnesses
import reports.witnesses
import signoff.witnesses
from evidence.rested import rested_on
from foundation.files.witnesses import stored_files
from foundation.trail.anchors import Anchor
from foundation.trail.checks import unguarded
from foundation.trail.verification import Verification, verify
from foundation.trail.witnesses import Witness
from procedures.authorship import written_on
from procedures.untouched import untouched_results
from procedures.witnesses import signed_papers

APPS = (
    foundation.accounts.witnesses,
    controls.witnesses,
    engagements.witnesses,
    procedures.witnesses,
    evidence.witnesses,
    findings.witnesses,
    signoff.witnesses,
    reports.witnesses,
)


def witnesses() -> Iterator[Witness]:
    """Yield what every app has to show for its events."""
    for app in APPS:
        yield from app.witnesses()


def verify_everything(anchors: Iterable[Anchor] = (), checkpoints: Iterable[Path] = ()) -> Verification:
    """Verify guards, every chain, rows and events that need one another, signed papers, stored files, anchors."""
    seals = chain(signed_papers(), written_on(), untouched_results(), rested_on())
    files, lost = stored_files(), unguarded(connection)
    return verify(witnesses(), seals=seals, files=files, anchors=anchors, checkpoints=checkpoints, unguarded=lost)
