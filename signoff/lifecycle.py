"""The one table of stages and the one function that moves an engagement along it."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from controls.applicability import State, applicable, wanted_documents
from engagements.accepting import lapse_acceptance
from engagements.models import Engagement, ProfileAnswer, Stage
from engagements.validators import check_open
from evidence.requests import close_all, open_requests
from findings.following_up import carry_over
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.blockers import refuse
from foundation.web.refusals import Refused
from procedures.workflow import open_papers
from signoff.gates import blockers_into
from signoff.models import ReportVersion
from signoff.planning import lapse_approvals
from signoff.standing import Standing

NEXT = {
    Stage.ACCEPTANCE: Stage.PLANNING,
    Stage.PLANNING: Stage.FIELDWORK,
    Stage.FIELDWORK: Stage.REVIEW,
    Stage.REVIEW: Stage.REPORTING,
    Stage.REPORTING: Stage.QUALITY_REVIEW,
    Stage.QUALITY_REVIEW: Stage.ISSUED,
}
BACK = {
    Stage.PLANNING: Stage.ACCEPTANCE,
    Stage.FIELDWORK: Stage.PLANNING,
    Stage.REVIEW: Stage.FIELDWORK,
    Stage.REPORTING: Stage.REVIEW,
    Stage.QUALITY_REVIEW: Stage.REPORTING,
}
# Reached by their own verbs only: opening fieldwork creates the papers, issuing signs the report.
BY_VERB = frozenset({Stage.FIELDWORK, Stage.ISSUED})
# What the partner decided in a stage ends when the engagement comes back to it.
LAPSES = {Stage.ACCEPTANCE: lapse_acceptance, Stage.PLANNING: lapse_approvals}
MOVED, RETURNED, WITHDRAWN = "engagement.moved", "engagement.returned", "engagement.withdrawn"
REISSUED, NOT_REISSUED = "engagement.reissued", "engagement.reissue-cancelled"
REQUEST_DUE = timedelta(days=14)


def _locked(engagement: Engagement) -> Engagement:
    return Engagement.objects.select_related("catalogue", "auditee").locked(engagement.pk)


def _enter(
    engagement: Engagement,
    stage: Stage,
    *,
    by: User | None,
    event: str = MOVED,
    reason: str = "",
    more: Mapping[str, JSON] | None = None,
) -> None:
    """Write the stage of the locked engagement and record it, with what `more` there is to tell."""
    facts: dict[str, JSON] = {"from": engagement.stage, "to": str(stage), **(more or {})}
    engagement.stage = stage
    engagement.save(update_fields=["stage", "fieldwork_opened_at", "issued_on", "wording_only"])
    record(event, chain=engagement.chain, by=by, about=engagement, facts=facts, reason=reason)


@transaction.atomic
def advance(engagement: Engagement, *, expected: str, by: User) -> Engagement:
    """Move to the next stage, if the engagement is still in the stage `expected` and nothing stands in the way."""
    current = _locked(engagement)
    following = NEXT.get(Stage(current.stage))
    if current.stage != expected or following is None or following in BY_VERB:
        raise Refused(_("The engagement has moved on. Look at the page again."))
    refuse(blockers_into(following, Standing(current)))
    _enter(current, following, by=by)
    return current


@transaction.atomic
def send_back(engagement: Engagement, *, reason: str, by: User) -> Engagement:
    """Send the engagement back one stage, with the reason; never once issued. The file's signatures lapse, and what was
    decided in the stage that it comes back to; papers, results and requests stay.
    """
    current = _locked(engagement)
    earlier = BACK.get(Stage(current.stage))
    if earlier is None or (current.wording_only and earlier == Stage.REVIEW):
        raise Refused(_("From here the engagement can't be sent back."))
    if not reason.strip():
        raise Refused(_("Say why the engagement goes back."))
    _enter(current, earlier, by=by, event=RETURNED, reason=reason.strip())
    if earlier in LAPSES:
        LAPSES[earlier](current)
    return current


@transaction.atomic
def withdraw_engagement(engagement: Engagement, *, reason: str, by: User) -> Engagement:
    """Give the engagement up, before its report is issued; it can't be taken back. The file stays and is closed, and
    nothing more is asked of the broker, which isn't told why.
    """
    current = _locked(engagement)
    check_open(current)
    if not reason.strip():
        raise Refused(_("Say why the engagement is withdrawn."))
    if ReportVersion.objects.filter(engagement=current, issued_at__isnull=False).exists():
        raise Refused(_("A report was issued: it can be withdrawn, the engagement can't any more."))
    close_all(current, reason=_("The engagement was withdrawn."), by=by)
    _enter(current, Stage.WITHDRAWN, by=by, event=WITHDRAWN, reason=reason.strip())
    return current


@transaction.atomic
def open_fieldwork(engagement: Engagement, *, by: User) -> Engagement:
    """Create the papers, their results and the request list in one transaction, and enter FIELDWORK. An engagement that
    was sent back to planning has them already.
    """
    current = _locked(engagement)
    if current.stage != Stage.PLANNING:
        raise Refused(_("Fieldwork can be opened once, after planning."))
    refuse(blockers_into(Stage.FIELDWORK, Standing(current)))
    if current.fieldwork_opened_at is None:
        _create_papers(current, by=by)
        current.fieldwork_opened_at = timezone.now()
    _enter(current, Stage.FIELDWORK, by=by)
    return current


def _create_papers(current: Engagement, *, by: User) -> None:
    """What the profile switches off starts as 不適用 with the profile's reason, and is asked of nobody."""
    answers = _answers(current)
    yes_or_no = {key: answer.applies for key, answer in answers.items()}
    open_papers(current, not_applicable=_switched_off(current, answers), by=by)
    documents = wanted_documents(current.catalogue, yes_or_no)
    open_requests(current, documents, due_on=timezone.localdate() + REQUEST_DUE)
    carry_over(current, by=by)


def _answers(engagement: Engagement) -> dict[str, ProfileAnswer]:
    """Return the profile's answers by condition key."""
    answers = ProfileAnswer.objects.filter(engagement=engagement).select_related("condition")
    return {answer.condition.key: answer for answer in answers}


def _switched_off(engagement: Engagement, answers: dict[str, ProfileAnswer]) -> dict[int, str]:
    """Return the procedures that a fact or a choice of this broker switches off, with the profile's reason.

    Events switch nothing off here: that nothing happened is known, and evidenced, only at the period's end.
    """
    states = applicable(engagement.catalogue, {key: answer.applies for key, answer in answers.items()})
    return {
        procedure: answers[state.condition.key].reason
        for procedure, state in states.items()
        if state.condition and state.state in {State.NOT_APPLICABLE, State.NOT_CHOSEN}
    }


def enter_issued(engagement: Engagement, *, by: User) -> None:
    """Enter ISSUED within the transaction that issues the report; the caller holds the engagement's lock."""
    engagement.wording_only = False
    engagement.issued_on = engagement.issued_on or timezone.localdate()
    _enter(engagement, Stage.ISSUED, by=by)


def reopen(engagement: Engagement, *, wording_only: bool, reason: str, facts: Mapping[str, JSON], by: User) -> None:
    """Go back to REPORTING for a reissue; the file's signatures lapse. The caller holds the engagement's lock."""
    engagement.wording_only = wording_only
    _enter(engagement, Stage.REPORTING, by=by, event=REISSUED, reason=reason, more=facts)


def close_again(engagement: Engagement, *, reason: str, facts: Mapping[str, JSON], by: User) -> None:
    """Go back to ISSUED from a reissue that came to nothing. The caller holds the engagement's lock."""
    engagement.wording_only = False
    _enter(engagement, Stage.ISSUED, by=by, event=NOT_REISSUED, reason=reason, more=facts)
