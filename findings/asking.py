"""What management was told of findings and what it answered, read from releases and responses.

A release that asks starts anew; one that only put words right leaves the answer to what was asked before standing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from findings.models import AnswerState, Finding, FindingRelease, ManagementResponse
from findings.words import words

Findings = TypeVar("Findings", bound="QuerySet[Finding]")


@dataclass(frozen=True, slots=True)
class Asked:
    """The releases of a finding, newest first, and the answer that counts for what was last asked."""

    history: tuple[FindingRelease, ...]
    response: ManagementResponse | None
    is_changed: bool  # reworded since: the broker still reads the last release

    @property
    def release(self) -> FindingRelease | None:
        """What the broker reads; None as long as the finding was never released."""
        return self.history[0] if self.history else None

    @property
    def state(self) -> AnswerState:
        """Where the answer stands today."""
        if self.release is None:
            return AnswerState.UNRELEASED
        if self.response is not None:
            return self.response.state
        return AnswerState.LATE if self.release.is_late else AnswerState.AWAITED

    @property
    def is_open(self) -> bool:
        """Whether management still owes an answer."""
        return self.state in {AnswerState.AWAITED, AnswerState.LATE}


def with_releases(findings: Findings) -> Findings:
    """Fetch releases and responses along, so that `asked_of` costs nothing (two queries for all findings)."""
    responses = ManagementResponse.objects.select_related("recorded_by").order_by("pk")
    releases = FindingRelease.objects.select_related("released_by").order_by("number")
    return findings.prefetch_related(Prefetch("releases", releases.prefetch_related(Prefetch("responses", responses))))


def asked_of(finding: Finding) -> Asked:
    """Return where the dialogue with management about the finding stands."""
    releases = list(finding.releases.all())
    if not releases:
        return Asked((), None, is_changed=False)
    answers = [response for release in _since_asked(releases) for response in release.responses.all()]
    changed = releases[-1].wording != words(finding)
    return Asked(tuple(reversed(releases)), answers[-1] if answers else None, is_changed=changed)


def _since_asked(releases: list[FindingRelease]) -> list[FindingRelease]:
    """The last release that asks, and those after it that only put words right."""
    start = max((place for place, release in enumerate(releases) if release.asks), default=0)
    return releases[start:]


def with_standing(findings: Findings) -> Findings:
    """Annotate `answered` (to what was last asked) and `released_wording` (the last, or None); no further query."""
    last = FindingRelease.objects.filter(finding=OuterRef("pk")).order_by("-number").values("wording")[:1]
    return findings.annotate(answered=answered(), released_wording=Subquery(last))


def answered(finding: str = "pk") -> Exists:
    """Whether a finding, named from the outer query by `finding`, has a response to what was last asked."""
    asked_since = FindingRelease.objects.filter(
        finding=OuterRef("release__finding"), asks=True, number__gt=OuterRef("release__number")
    )
    return Exists(ManagementResponse.objects.filter(~Exists(asked_since), release__finding=OuterRef(finding)))


def awaited(engagements: Any) -> Iterator[tuple[UUID, date]]:
    """Yield the engagement of each finding that management was asked about and didn't answer, and by when it was to."""
    last = FindingRelease.objects.filter(finding=OuterRef("pk")).order_by("-number").values("due_on")[:1]
    silent = Finding.objects.upheld().filter(~answered(), engagement__in=engagements).annotate(due_on=Subquery(last))
    yield from silent.filter(due_on__isnull=False).order_by().values_list("engagement", "due_on")


def is_changed(finding: Any) -> bool:
    """Whether a finding annotated by `with_standing` was reworded since its last release."""
    return finding.released_wording is not None and finding.released_wording != words(finding)
