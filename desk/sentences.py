"""The trail in readable words: who did what to what, in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from controls.models import Condition
from engagements.models import Acceptance, Declaration, Engagement, RiskLevel, Stage
from findings.models import FollowUp, ManagementResponse
from foundation.accounts.policy import Role
from foundation.trail.models import Event
from foundation.web import roc
from procedures.models import Occurrence, Outcome, StatedFrequency
from signoff.models import ConclusionKind, EngagementSignOff

Labels = Mapping[str, Mapping[str, Any]]
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# What each event says after its actor's name. `object` is the object's label at that time, the rest are facts.
PHRASES: Mapping[str, Promise] = {
    "catalogue.published": gettext_lazy("published the catalogue %(object)s"),
    "engagement.created": gettext_lazy("created the engagement"),
    "engagement.moved": gettext_lazy("moved the engagement from “%(from)s” to “%(to)s”"),
    "engagement.withdrawn": gettext_lazy("withdrew from the engagement"),
    "engagement.accepted": gettext_lazy("accepted the engagement: %(form)s"),
    "engagement.acceptance-lapsed": gettext_lazy("ended the acceptance, as the engagement went back"),
    "declaration.made": gettext_lazy("declared independence: %(of)s"),
    "terms.recorded": gettext_lazy("recorded the engagement letter dated %(dated)s"),
    "terms.downloaded": gettext_lazy("downloaded the engagement letter"),
    "risk.assessed": gettext_lazy("assessed the risk of area %(area)s: %(level)s"),
    "plan.approved": gettext_lazy("approved the plan"),
    "plan.lapsed": gettext_lazy("ended the approval of the plan, as the engagement went back"),
    "engagement.reissued": gettext_lazy("opened the file again, to issue another report in place of the issued one"),
    "engagement.reissue-cancelled": gettext_lazy("closed the file again; the report isn't reissued after all"),
    "engagement.returned": gettext_lazy("sent the engagement back from “%(from)s” to “%(to)s”"),
    "member.joined": gettext_lazy("put %(object)s on the team"),
    "member.left": gettext_lazy("took %(object)s off the team"),
    "profile.answered": gettext_lazy("answered the profile: %(condition)s, %(applies)s"),
    "note.written": gettext_lazy("wrote a review note on %(object)s"),
    "note.answered": gettext_lazy("replied to a review note on %(object)s"),
    "note.resolved": gettext_lazy("closed a review note on %(object)s"),
    "note.reopened": gettext_lazy("opened a review note on %(object)s again"),
    "note.directed": gettext_lazy("said for whom a review note on %(object)s is, and by when"),
    "review.submitted": gettext_lazy("submitted a review: papers %(papers)s, notes %(notes)s, signed %(signed)s"),
    "workpaper.assigned": gettext_lazy("gave %(object)s to %(name)s"),
    "workpaper.unassigned": gettext_lazy("took %(object)s back from whoever had it"),
    "result.saved": gettext_lazy("saved a result on %(object)s: %(outcome)s"),
    "conclusion.saved": gettext_lazy("saved the conclusion of %(object)s"),
    "paper.opened": gettext_lazy("opened %(papers)s workpapers on the control points"),
    "paper.added": gettext_lazy("added the paper %(object)s: %(title)s"),
    "procedure.added": gettext_lazy("added a procedure to %(object)s"),
    "procedure.reworded": gettext_lazy("changed the wording of an added procedure on %(object)s"),
    "procedure.dropped": gettext_lazy("took an added procedure off %(object)s"),
    "matrix.saved": gettext_lazy("saved a matrix on %(object)s"),
    "gap.declined": gettext_lazy("declined a suggested procedure on %(object)s"),
    "gap.reconsidered": gettext_lazy("took back that a suggested procedure on %(object)s was declined"),
    "duty.occurrence-told": gettext_lazy("told of “%(duty)s” from %(starts_on)s on, on %(object)s: %(known)s"),
    "duty.occurrence-withdrawn": gettext_lazy(
        "took back what was told of “%(duty)s” from %(starts_on)s on, on %(object)s"
    ),
    "duty.frequency-stated": gettext_lazy("recorded on %(object)s how often the broker sets “%(duty)s”: %(frequency)s"),
    "workpaper.prepared": gettext_lazy("signed %(object)s as prepared"),
    "workpaper.reviewed": gettext_lazy("signed %(object)s as reviewed"),
    "workpaper.approved": gettext_lazy("approved %(object)s as partner"),
    "evidence.received": gettext_lazy("handed in %(object)s"),
    "evidence.cited": gettext_lazy("cited %(evidence)s on %(object)s"),
    "evidence.uncited": gettext_lazy("took the citation of %(evidence)s off %(object)s"),
    "evidence.restated": gettext_lazy("restated on %(object)s what %(evidence)s says"),
    "evidence.viewed": gettext_lazy("looked at %(object)s"),
    "evidence.downloaded": gettext_lazy("downloaded %(object)s"),
    "evidence.described": gettext_lazy("described %(object)s: %(covered_from)s – %(covered_to)s"),
    "evidence.withdrawn": gettext_lazy("withdrew %(object)s"),
    "evidence.released": gettext_lazy("released %(object)s from quarantine"),
    "evidence.sealed": gettext_lazy("sealed %(files)s files until %(until)s (%(lock)s)"),
    "request.answered": gettext_lazy("answered the request %(object)s"),
    "request.accepted": gettext_lazy("accepted what was handed in for %(object)s"),
    "request.returned": gettext_lazy("returned %(object)s for completion"),
    "request.disposed": gettext_lazy("closed the request %(object)s"),
    "finding.raised": gettext_lazy("raised the finding %(object)s"),
    "finding.saved": gettext_lazy("changed the finding %(object)s"),
    "finding.withdrawn": gettext_lazy("withdrew the finding %(object)s"),
    "finding.linked": gettext_lazy("tied %(finding)s to an exception on %(object)s"),
    "finding.unlinked": gettext_lazy("untied %(finding)s from %(object)s"),
    "finding.released": gettext_lazy("released %(object)s to the broker; an answer is asked for by %(due_on)s"),
    "finding.answered": gettext_lazy("put management's answer to %(object)s on record: %(answer)s"),
    "finding.grouped": gettext_lazy("judged findings together as %(object)s"),
    "finding.ungrouped": gettext_lazy("took the findings of %(object)s apart again"),
    "followup.added": gettext_lazy("entered the earlier finding %(object)s to be followed up"),
    "followup.assessed": gettext_lazy("said where the earlier finding %(object)s stands: %(status)s"),
    "conclusion.decided": gettext_lazy("decided the conclusion: %(kind)s"),
    "file.signed": gettext_lazy("signed the whole file: %(role)s"),
    "letter.saved": gettext_lazy("saved what the report's letter says"),
    "representation.drafted": gettext_lazy("kept draft %(number)s of the representation letter"),
    "representation.signed": gettext_lazy("recorded the representation letter, signed by %(signatory)s"),
    "template.written": gettext_lazy("wrote version %(version)s of the letter template %(template)s"),
    "template.approved": gettext_lazy("approved version %(version)s of the letter template %(template)s"),
    "report.requested": gettext_lazy("asked for the report %(object)s"),
    "report.frozen": gettext_lazy("froze the binder of the report %(object)s"),
    "report.rendered": gettext_lazy("rendered the report %(object)s, %(pages)s pages"),
    "report.failed": gettext_lazy("couldn't render the report %(object)s"),
    "cosigner.named": gettext_lazy("named %(name)s as second signer of the report"),
    "cosigner.removed": gettext_lazy("decided that one partner signs the report"),
    "report.signed": gettext_lazy("signed the report %(object)s; another signature issues it"),
    "report.issued": gettext_lazy("issued the report %(object)s"),
    "report.superseded": gettext_lazy("put the report %(number)s in the place of the report %(object)s"),
    "report.scanned": gettext_lazy("linked a scan of the signed paper to the report %(object)s"),
    "report.released": gettext_lazy("released the report %(object)s to the broker"),
    "report.returned": gettext_lazy("returned the report %(object)s for correction"),
    "report.return-answered": gettext_lazy("answered that the report %(object)s was returned"),
    "report.withdrawn": gettext_lazy("withdrew the report %(object)s; the board was told by %(told_by)s"),
    "report.downloaded": gettext_lazy("downloaded the report %(object)s"),
    "checkpoint.made": gettext_lazy("made a checkpoint of %(chains)s chains"),
    "organization.registered": gettext_lazy("registered %(object)s"),
    "tickmark.added": gettext_lazy("added the tickmark %(sign)s to the library: %(meaning)s"),
    "tickmark.retired": gettext_lazy("took a tickmark out of use"),
    "tickmark.moved": gettext_lazy("moved a tickmark in the library"),
    "phrase.added": gettext_lazy("added the phrase “%(title)s” to the library"),
    "phrase.retired": gettext_lazy("took a phrase out of use"),
    "phrase.moved": gettext_lazy("moved a phrase in the library"),
    "organization.changed": gettext_lazy("corrected the particulars of %(object)s"),
    "person.invited": gettext_lazy("invited %(object)s as %(role)s"),
    "person.changed": gettext_lazy("changed their own particulars"),
    "person.role-changed": gettext_lazy("changed the role of %(object)s from “%(from)s” to “%(role)s”"),
    "person.renamed": gettext_lazy("corrected the name of %(from)s to %(name)s"),
    "person.acknowledged": gettext_lazy("let %(object)s answer the requests of the firm %(firm)s too"),
    "person.disabled": gettext_lazy("disabled the account of %(object)s"),
    "person.enabled": gettext_lazy("let %(object)s in again"),
    "person.sessions-ended": gettext_lazy("ended the sessions and tokens of %(object)s"),
    "person.session-ended": gettext_lazy("ended one of their own sessions"),
    "person.signed-in": gettext_lazy("signed in"),
    "person.signed-out": gettext_lazy("signed out"),
    "person.timed-out": gettext_lazy("was signed out after a time without use"),
    "person.refused": gettext_lazy("refused a sign-in as %(object)s%(address)s"),
    "person.locked-out": gettext_lazy("refused a sign-in as %(object)s%(address)s after too many attempts"),
    "person.password-chosen": gettext_lazy("chose a new password"),
    "factor.used": gettext_lazy("confirmed with a second factor: %(factor)s"),
    "factor.refused": gettext_lazy("failed at the second factor: %(factor)s"),
    "factor.added": gettext_lazy("set up a second factor: %(factor)s"),
    "factor.removed": gettext_lazy("removed a second factor: %(factor)s"),
    "factor.renewed": gettext_lazy("made new recovery codes"),
    "recovery.requested": gettext_lazy("asked for new second factors for %(object)s"),
    "recovery.confirmed": gettext_lazy("confirmed new second factors for %(object)s"),
    "recovery.declined": gettext_lazy("dropped the request for new second factors for %(object)s"),
    "token.made": gettext_lazy("made an API token"),
    "token.ended": gettext_lazy("ended an API token"),
    "access.denied": gettext_lazy("was denied: %(method)s %(path)s"),
    "access.flooded": gettext_lazy("was denied so often that not every denial of this minute is recorded"),
    "access.hidden": gettext_lazy("asked for what isn't there for them: %(method)s %(path)s"),
}
REFUSED_AT_THE_DOOR = frozenset({"person.refused", "person.locked-out"})
NOUNS: Mapping[str, Promise] = {
    "catalogue": pgettext_lazy("trail", "Catalogue"),
    "engagement": pgettext_lazy("trail", "Engagement"),
    "declaration": pgettext_lazy("trail", "Declarations"),
    "terms": pgettext_lazy("trail", "Engagement letter"),
    "risk": pgettext_lazy("trail", "Risks of areas"),
    "plan": pgettext_lazy("trail", "Approval of the plan"),
    "member": pgettext_lazy("trail", "Team"),
    "profile": pgettext_lazy("trail", "Profile"),
    "note": pgettext_lazy("trail", "Review notes"),
    "review": pgettext_lazy("trail", "Reviews"),
    "paper": pgettext_lazy("trail", "Workpapers added"),
    "result": pgettext_lazy("trail", "Results"),
    "conclusion": pgettext_lazy("trail", "Conclusions"),
    "procedure": pgettext_lazy("trail", "Added procedures"),
    "matrix": pgettext_lazy("trail", "Matrices"),
    "gap": pgettext_lazy("trail", "Suggested procedures"),
    "duty": pgettext_lazy("trail", "Recurring duties"),
    "workpaper": pgettext_lazy("trail", "Sign-offs on papers"),
    "evidence": pgettext_lazy("trail", "Evidence"),
    "request": pgettext_lazy("trail", "Requests"),
    "finding": pgettext_lazy("trail", "Findings"),
    "followup": pgettext_lazy("trail", "Earlier findings"),
    "file": pgettext_lazy("trail", "Signatures on the file"),
    "letter": pgettext_lazy("trail", "Report letter"),
    "representation": pgettext_lazy("trail", "Representation letter"),
    "template": pgettext_lazy("trail", "Letter templates"),
    "report": pgettext_lazy("trail", "Reports"),
    "cosigner": pgettext_lazy("trail", "Second signer"),
    "checkpoint": pgettext_lazy("trail", "Checkpoints"),
    "tickmark": pgettext_lazy("trail", "Tickmarks"),
    "phrase": pgettext_lazy("trail", "Phrases"),
    "organization": pgettext_lazy("trail", "Organization"),
    "person": pgettext_lazy("trail", "People and sign-ins"),
    "factor": pgettext_lazy("trail", "Second factors"),
    "recovery": pgettext_lazy("trail", "Lost second factors"),
    "token": pgettext_lazy("trail", "API tokens"),
    "access": pgettext_lazy("trail", "Denials"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One event as a person reads it."""

    seq: int
    at: datetime
    actor: str
    text: str
    reason: str
    event: Event
    place: str = ""

    @property
    def content(self) -> dict[str, Any]:
        return self.event.content

    @property
    def hash(self) -> str:
        return bytes(self.event.hash).hex()


def sentences(events: Iterable[Event], places: Mapping[UUID, str] | None = None) -> list[Sentence]:
    """Put events into words (a query for the titles of conditions, when one of them is about the profile).

    `places` says by chain where events happened, for a list of events of several chains.
    """
    events = list(events)
    keys = {event.content["facts"].get("condition") for event in events if event.name == "profile.answered"}
    conditions = Condition.objects.filter(key__in=keys) if keys else ()
    titles = {condition.key: condition.title for condition in conditions}
    return [_sentence(event, {"condition": titles}, (places or {}).get(event.chain_id, "")) for event in events]


def _sentence(event: Event, titles: Labels, place: str) -> Sentence:
    told = event.content
    actor = told["actor"]["label"] if told["actor"]["id"] else _("The system")
    return Sentence(event.seq, event.at, actor, _phrase(event, titles), told["reason"], event, place)


def _phrase(event: Event, titles: Labels) -> str:
    """An event that has no phrase is told by its name."""
    told = event.content
    phrase = PHRASES.get(event.name)
    if phrase is None:
        return f"{event.name} {told['object']['label']}"
    if event.name in REFUSED_AT_THE_DOOR:  # by whom isn't known: it is told of the address
        told["facts"].setdefault("address", "")
    return str(phrase) % _Words(told["facts"], told["object"]["label"], titles)


class _Words(dict[str, str]):
    """An event's facts as words for a phrase; a fact that an event lacks leaves a gap, not an error."""

    def __init__(self, facts: Mapping[str, Any], label: str, titles: Labels) -> None:
        super().__init__({name: _word(name, value, titles) for name, value in facts.items()}, object=label)

    def __missing__(self, _name: str) -> str:
        return "…"


def _word(name: str, value: Any, titles: Labels) -> str:
    """Put one fact into words: codes by their labels, days in ROC years, yes and no, anything else as it stands."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "outcome" and not value:
        return _("not decided")
    if ISO_DAY.fullmatch(str(value)):
        with suppress(ValueError):  # a text of that shape that is no day
            return roc.short(date.fromisoformat(value))
    labels = titles.get(name) or _LABELS.get(name, {})
    return str(labels.get(str(value), value))


_LABELS: Labels = {
    "from": {**dict(Stage.choices), **dict(Role.choices)},
    "to": {**dict(Stage.choices), **dict(Role.choices)},
    "factor": {
        "webauthn": gettext_lazy("passkey"),
        "totp": gettext_lazy("authenticator app"),
        "recovery_codes": gettext_lazy("recovery code"),
    },
    "outcome": dict(Outcome.choices),
    "answer": dict(ManagementResponse.Kind.choices),
    "status": dict(FollowUp.Status.choices),
    "known": dict(Occurrence.Kind.choices),
    "form": dict(Acceptance.Form.choices),
    "of": dict(Declaration.Of.choices),
    "level": dict(RiskLevel.choices),
    "lock": {"read-only": gettext_lazy("read-only"), "none": gettext_lazy("without a lock")},
    "frequency": dict(StatedFrequency.Frequency.choices),
    "kind": {**dict(ConclusionKind.choices), **dict(Engagement.Kind.choices)},
    "role": {**dict(Role.choices), **dict(EngagementSignOff.Role.choices)},
}


def noun_of(event_name: str) -> str:
    """The first half of an event's name, by which the trail is filtered."""
    return event_name.partition(".")[0]
