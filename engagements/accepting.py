"""How an engagement is accepted: members and firm declare, the engagement letter is recorded, the partner decides."""

import hashlib
from datetime import date

import rfc8785
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.accepted import decision
from engagements.models import Acceptance, Declaration, Engagement, EngagementLetter, Stage
from engagements.validators import check_member, check_open
from foundation.accounts.models import User
from foundation.files.models import StoredFile, Upload
from foundation.files.promises import PDF
from foundation.files.uploads import take
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused

LAPSED = "engagement.acceptance-lapsed"


@transaction.atomic
def declare(engagement: Engagement, *, threats: str, safeguards: str, competence: str, by: User) -> Declaration:
    """Declare one's own independence and competence, in person. A threat may be named before it has a safeguard."""
    if not competence.strip():
        raise Refused(_("Say what qualifies you for this engagement."))
    current = Engagement.objects.locked(engagement.pk)
    check_member(current, by)
    return _declared(current, Declaration.Of.MEMBER, threats, safeguards, competence, by=by)


@transaction.atomic
def declare_for_firm(engagement: Engagement, *, threats: str, safeguards: str, by: User) -> Declaration:
    """Declare which other services the firm renders to the broker, if any, and what safeguards its independence."""
    return _declared(Engagement.objects.locked(engagement.pk), Declaration.Of.FIRM, threats, safeguards, "", by=by)


def _declared(
    current: Engagement, of: Declaration.Of, threats: str, safeguards: str, competence: str, *, by: User
) -> Declaration:
    check_open(current)
    said = {"threats": threats.strip(), "safeguards": safeguards.strip(), "competence": competence.strip()}
    row = Declaration.objects.create(engagement=current, of=of, declared_by=by, **said)
    facts: dict[str, JSON] = {"declaration": row.pk, "of": str(of), "texts": declared_digest(row)}
    record("declaration.made", chain=current.chain, by=by, about=current, facts=facts)
    return row


def declared_digest(row: Declaration) -> str:
    """SHA-256 (hex) of what was declared."""
    return _digest([row.threats, row.safeguards, row.competence])


def _digest(texts: list[str]) -> str:
    return hashlib.sha256(rfc8785.dumps(texts)).hexdigest()


@transaction.atomic
def record_letter(
    engagement: Engagement, upload: Upload, *, dated_on: date, has_clause: bool, by: User
) -> EngagementLetter:
    """Keep the signed engagement letter: a PDF in which nothing gives pause. One that it replaces stays."""
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    if dated_on > timezone.localdate():
        raise Refused(_("The engagement letter can't be dated in the future."))
    (file,) = take([upload])
    _check_letter(file)
    letter = EngagementLetter.objects.create(
        engagement=current, file=file, dated_on=dated_on, has_clause=has_clause, recorded_by=by
    )
    facts: dict[str, JSON] = {
        "letter": letter.pk,
        "sha256": file.sha256,
        "dated": dated_on.isoformat(),
        "clause": has_clause,
    }
    record("terms.recorded", chain=current.chain, by=by, about=current, facts=facts)
    return letter


def _check_letter(file: StoredFile) -> None:
    if file.media_type != PDF:
        raise Refused(_("“%(name)s” isn't a PDF.") % {"name": file.name})
    if file.concerns:
        found = _(", ").join(file.concerns_in_words)
        raise Refused(_("“%(name)s” wasn't taken: %(concerns)s") % {"name": file.name, "concerns": found})


@transaction.atomic
def note_letter_download(letter: EngagementLetter, *, by: User) -> None:
    """Record who took a copy of the engagement letter."""
    engagement = letter.engagement
    facts: dict[str, JSON] = {"sha256": letter.file.sha256}
    record("terms.downloaded", chain=engagement.chain, by=by, about=engagement, facts=facts)


@transaction.atomic
def accept(engagement: Engagement, *, form: str, criteria: str, rationale: str, by: User) -> Acceptance:
    """Accept the engagement as its partner: its form, why the criteria suit, and why. Whether everything else is there
    is what the gate into planning asks.
    """
    current = Engagement.objects.locked(engagement.pk)
    check_open(current)
    _check_decision(current, form, criteria, rationale)
    said = {"criteria": criteria.strip(), "rationale": rationale.strip()}
    row = Acceptance.objects.create(engagement=current, form=form, accepted_by=by, **said)
    facts: dict[str, JSON] = {"acceptance": row.pk, "form": form, "criteria": criteria_digest(row)}
    record("engagement.accepted", chain=current.chain, by=by, about=current, facts=facts, reason=row.rationale)
    return row


def _check_decision(engagement: Engagement, form: str, criteria: str, rationale: str) -> None:
    if engagement.stage != Stage.ACCEPTANCE and decision(engagement):
        raise Refused(_("The engagement is accepted already; send it back to acceptance to decide anew."))
    if form not in Acceptance.Form.values:
        raise Refused(_("Choose the form of the engagement."))
    if not criteria.strip():
        raise Refused(_("Say why the criteria are suitable."))
    if not rationale.strip():
        raise Refused(_("Say why the engagement is accepted."))


def criteria_digest(row: Acceptance) -> str:
    """SHA-256 (hex) of why the criteria are suitable."""
    return _digest([row.criteria])


def lapse_acceptance(engagement: Engagement) -> None:
    """End what the partner decided; called inside the verb that sends the engagement back to acceptance."""
    for row in Acceptance.objects.filter(engagement=engagement, lapsed_at=None):
        row.lapsed_at = timezone.now()
        row.save(update_fields=["lapsed_at"])
        record(LAPSED, chain=engagement.chain, by=None, about=engagement, facts={"acceptance": row.pk})
