"""Masked copies: a piece of evidence of its own, made of pictures of the original's pages with areas painted over."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from evidence.actions import check_usable, number_evidence, open_evidence
from evidence.models import Evidence
from evidence.times import Covered
from foundation.accounts.models import User
from foundation.files.actions import store
from foundation.files.rendering.version import version
from foundation.jobs.actions import request_job, retry_job
from foundation.jobs.models import Job
from foundation.web.refusals import Refused

TASK = "evidence.mask"
TITLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Mask:
    """The pages that a copy shows, and what of them is painted over: page, left, top, right, bottom, the last four in
    ten-thousandths of the page.
    """

    pages: tuple[int, ...]
    areas: tuple[tuple[int, int, int, int, int], ...]

    @property
    def derivation(self) -> dict[str, Any]:
        """What the copy says of how it was made."""
        return {"pages": list(self.pages), "areas": [list(area) for area in self.areas]}


def request_mask(evidence: Evidence, mask: Mask, *, by: User) -> Job:
    """Ask for a masked copy; asked for twice it is made once. Refused where the original may not be looked at.

    The job says what drew the pages: on other pages the areas would cover other words.
    """
    with open_evidence(evidence) as piece:
        check_usable(piece)
        if copy := copy_like(piece, mask.derivation):
            raise Refused(_("%(copy)s is masked like this already.") % {"copy": copy.label})
        Covered.of(piece)
        plan = json.dumps(mask.derivation)
        key = f"{job_key(piece)}{hashlib.sha256(f'{version()} {plan}'.encode()).hexdigest()[:32]}"
        job = request_job(TASK, {"evidence": str(piece.pk), "derivation": plan, "drawn": version()}, by=by, key=key)
        return retry_job(job, by=by) if job.state == Job.State.FAILED else job


def job_key(evidence: Evidence) -> str:
    """How the keys of all jobs that mask this piece begin."""
    return f"{TASK}:{evidence.pk}:"


def latest_job(evidence: Evidence, *, by: User) -> Job | None:
    """Return the masking that somebody asked for last."""
    asked = Job.objects.filter(key__startswith=job_key(evidence), requested_by=str(by.pk))
    return asked.order_by("-created_at").first()


def copy_like(piece: Evidence, derivation: dict[str, Any]) -> Evidence | None:
    """Return the copy that was made this way already."""
    return next((copy for copy in piece.derived.all() if copy.derivation == derivation), None)


def keep_copy(evidence: Evidence, content: Iterable[bytes], derivation: dict[str, Any], *, by: User) -> Evidence:
    """Store a masked copy and number it; one that is there already stays the only one."""
    with open_evidence(evidence) as piece:
        check_usable(piece)
        if copy := copy_like(piece, derivation):
            return copy
        name = _("%(name)s (masked)") % {"name": PurePath(piece.file.name).stem}
        title = _("%(name)s (masked)") % {"name": piece.title}
        stored = store(content, name=f"{name}.pdf", by=by)
        facts: dict[str, Any] = {"title": title[:TITLE_LENGTH], "derived_from": piece, "derivation": derivation}
        return number_evidence(piece.engagement, stored, Covered.of(piece), by=by, **facts)
