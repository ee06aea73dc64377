"""What a worker does for evidence: make masked copies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

from evidence.masking import TASK, keep_copy
from evidence.models import Evidence
from foundation.accounts.models import User
from foundation.files.kinds import kind_of
from foundation.files.models import CHUNK
from foundation.files.previews import QUEUE, REASONS
from foundation.files.rendering.outcomes import Reason
from foundation.files.rendering.version import version
from foundation.files.sandbox import is_plain, rendered, workshop
from foundation.jobs.execution import Hopeless, job_task
from foundation.jobs.lease import RunningJob
from foundation.web.refusals import Refused

NO_LONGER = gettext_noop("The person who asked for this may no longer do so.")
DRAWN_ANEW = gettext_noop("Since then pages are drawn in another way. Look at them again, and mask them anew.")


@job_task(TASK, queue=QUEUE)
def mask(job: RunningJob, *, evidence: str, derivation: str, drawn: str = "") -> None:
    """Make a masked copy. Safe to run again: a copy that is there already is not made twice.

    `drawn` is the version of what drew the pages on which the areas were marked.
    """
    if drawn != version():
        raise Hopeless(DRAWN_ANEW)
    piece = Evidence.objects.select_related("engagement", "file").get(pk=evidence)
    by = _requester(job, piece)
    with workshop() as folder:
        out = folder / "out"
        try:
            _check(rendered(piece.file, _kind(piece), out, "--mask", derivation), out / "masked.pdf")
            keep_copy(piece, _chunks(out / "masked.pdf"), json.loads(derivation), by=by)
        except Refused as refusal:
            raise Hopeless("\n".join(map(str, refusal.reasons))) from refusal


def _requester(job: RunningJob, piece: Evidence) -> User:
    """Whoever asked may have left the team since, or the piece may have been sealed off."""
    by = User.objects.get(pk=job.requested_by)
    if not by.can("evidence.add", piece) or not piece.is_usable:
        raise Hopeless(NO_LONGER)
    return by


def _kind(piece: Evidence) -> str:
    kind = kind_of(piece.file.media_type, piece.file.name)
    if kind is None:
        raise Hopeless(REASONS["unsupported"])
    return kind


def _check(outcome: dict[str, Any], copy: Path) -> None:
    reason = outcome.get("reason") or (None if is_plain(copy) else Reason.BROKE)
    if reason:
        raise Hopeless(REASONS[reason])


def _chunks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
