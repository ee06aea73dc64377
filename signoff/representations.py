"""The representation letter: drafted for management to sign, recorded when it came back; each time a row of its own."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.validators import check_letters_open
from evidence.actions import number_evidence
from evidence.models import Evidence
from evidence.times import Covered
from foundation.accounts.models import User
from foundation.files.kinds import kind_of
from foundation.files.models import Upload
from foundation.files.uploads import take
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web import roc
from foundation.web.refusals import Refused
from signoff.models import RepresentationLetter, SignedRepresentation

_UNFILLED = re.compile(r"\{[^{}]*\}")
_SCANS = frozenset({"pdf", "picture"})


@dataclass(frozen=True, slots=True)
class ComeBack:
    """What came back: the date on the letter, who signed it, the file with its scan."""

    dated_on: date
    signatory: str
    upload: Upload


def last_draft(engagement: Engagement) -> RepresentationLetter | None:
    """The draft that counts."""
    return RepresentationLetter.objects.filter(engagement=engagement).order_by("-number").first()


@transaction.atomic
def draft_representation(engagement: Engagement, text: str, *, by: User) -> RepresentationLetter:
    """Keep a draft under the next number; the same text again makes none. Refused while a place is unfilled."""
    current = Engagement.objects.locked(engagement.pk)
    check_letters_open(current)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write the letter first."))
    if unfilled := _UNFILLED.findall(text):
        raise Refused(_("Fill in %(places)s first.") % {"places": ", ".join(dict.fromkeys(unfilled))})
    last = last_draft(current)
    if last and last.text == text:
        return last
    number = last.number + 1 if last else 1
    letter = RepresentationLetter.objects.create(engagement=current, number=number, text=text, drafted_by=by)
    record("representation.drafted", chain=current.chain, by=by, about=letter, facts=draft_facts(letter))
    return letter


@transaction.atomic
def record_signed(letter: RepresentationLetter, came: ComeBack, *, by: User) -> SignedRepresentation:
    """Record the letter as it came back; its scan becomes evidence. Refused for any draft but the last."""
    engagement = Engagement.objects.locked(letter.engagement_id)
    check_letters_open(engagement)
    if letter != last_draft(engagement):
        raise Refused(_("There is a newer draft of the letter. Look at the page again."))
    _check_date(engagement, came.dated_on)
    if not came.signatory.strip():
        raise Refused(_("Say who signed the letter."))
    scan = _filed(engagement, came, by=by)
    signed = SignedRepresentation.objects.create(
        letter=letter, dated_on=came.dated_on, signatory=came.signatory.strip(), scan=scan, recorded_by=by
    )
    record("representation.signed", chain=engagement.chain, by=by, about=letter, facts=signed_facts(signed))
    return signed


def _check_date(engagement: Engagement, day: date) -> None:
    """A letter speaks about the whole period or the as-of date, so it isn't older; and none is dated in the future."""
    if day > timezone.localdate():
        raise Refused(_("The letter is dated in the future."))
    if day < engagement.last_day:
        text = _("The letter is dated before %(day)s, the last day that it speaks about.")
        raise Refused(text % {"day": roc.short(engagement.last_day)})


def _filed(engagement: Engagement, came: ComeBack, *, by: User) -> Evidence:
    (file,) = take([came.upload])
    if kind_of(file.media_type, file.name) not in _SCANS or file.concerns:
        raise Refused(_("The scan has to be a PDF or a picture that nothing is wrong with; nothing was stored."))
    return number_evidence(engagement, file, Covered.state(came.dated_on), as_letter=True, by=by)


def draft_facts(letter: RepresentationLetter) -> dict[str, JSON]:
    """What the trail tells of a draft: its number, its text as a digest."""
    return {"number": letter.number, "text": hashlib.sha256(letter.text.encode()).hexdigest()}


def signed_facts(signed: SignedRepresentation) -> dict[str, JSON]:
    """What the trail tells of a letter that came back."""
    told: dict[str, JSON] = {"signed": signed.pk, "dated_on": signed.dated_on.isoformat()}
    return told | {"signatory": signed.signatory, "scan": signed.scan.file.sha256}
