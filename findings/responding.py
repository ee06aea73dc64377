"""Management's answers: written by the broker's own people, or recorded by the team with where they come from."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from findings.actions import check_upheld, locked_engagement
from findings.asking import asked_of
from findings.models import Finding, FindingRelease, ManagementResponse
from findings.words import digest_of
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused

Kind = ManagementResponse.Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What management says: a response with who does it until when, or a refusal with its reason."""

    kind: str
    text: str = ""
    owner: str = ""
    due_on: date | None = None


@transaction.atomic
def respond(finding: Finding, answer: Answer, *, seen: int, by: User) -> ManagementResponse:
    """The broker answers the release that it read (`seen`, its key); refused when another one came meanwhile."""
    release = _locked_release(finding)
    if Role.BROKER not in finding.roles_of(by):
        raise Refused(_("Only the broker's own people answer for it."))
    if release.pk != seen:
        raise Refused(
            _("The audit team released this finding in other words meanwhile. Read it again; nothing was sent.")
        )
    return _keep(release, answer, by=by)


@transaction.atomic
def record_response(finding: Finding, answer: Answer, *, source: str, by: User) -> ManagementResponse:
    """The team records an answer that came by letter or in a meeting; `source` says by which."""
    release = _locked_release(finding)
    if not source.strip():
        raise Refused(_("Say how the answer came: by which letter, in which meeting."))
    return _keep(release, answer, source=source.strip(), by=by)


@transaction.atomic
def record_silence(finding: Finding, *, by: User) -> ManagementResponse:
    """The team records that nothing came until the due date; refused before it has passed, or where something came."""
    release = _locked_release(finding)
    if asked_of(release.finding).response is not None:
        raise Refused(_("There is an answer on record already."))
    if not release.is_late:
        raise Refused(_("The day by which an answer is asked for hasn't passed yet."))
    return _keep(release, Answer(Kind.OVERDUE), by=by)


def _locked_release(finding: Finding) -> FindingRelease:
    """Return the finding's last release, with its engagement locked."""
    locked_engagement(finding.engagement_id)
    check_upheld(finding)
    release = FindingRelease.objects.filter(finding=finding).order_by("-number").first()
    if release is None:
        raise Refused(_("%(finding)s isn't released to the broker.") % {"finding": finding.label})
    return release


def _keep(release: FindingRelease, answer: Answer, *, source: str = "", by: User) -> ManagementResponse:
    said: dict[str, Any] = {**asdict(answer), "text": answer.text.strip(), "owner": answer.owner.strip()}
    if answer.kind != Kind.OVERDUE and not said["text"]:
        raise Refused(_("Say what management answers, or why it doesn't."))
    response = ManagementResponse(release=release, source=source, recorded_by=by, **said)
    response.full_clean(exclude=["release", "recorded_by"])
    response.save(force_insert=True)
    finding = release.finding
    facts = response_facts(response)
    record("finding.answered", chain=finding.engagement.chain, by=by, about=finding, facts=facts)
    return response


def response_facts(response: ManagementResponse) -> dict[str, JSON]:
    """What the trail tells of an answer; its texts as a digest."""
    said = {name: str(getattr(response, name)) for name in ("text", "owner", "due_on", "source")}
    return {
        "response": response.pk,
        "answer": response.kind,
        "release": response.release_id,
        "digest": digest_of(said),
    }
