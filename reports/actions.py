"""What people do to a report here: fill in its letter, and ask for the final version once nothing is missing."""

import hashlib
from collections.abc import Mapping, Sequence

import rfc8785
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.validators import check_letters_open
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.blockers import Blocker, refuse
from foundation.web.refusals import Conflict, Refused
from reports import readiness
from reports.compilation import compile_binder
from reports.letter_parts import Option
from reports.models import LetterEntries
from reports.problems import Cause, Problem
from reports.typefaces import TypefaceMissing
from signoff.conclusions import sign_file, signoff_blockers
from signoff.models import EngagementSignOff, ReportVersion
from signoff.reporting import final_blockers, request_report
from signoff.standing import Standing

# The pages on which these problems are solved.
_PLACES = {
    Cause.FORM_UNDECIDED: "engagement-acceptance",
    **dict.fromkeys((Cause.NO_BASIS, Cause.PLACEHOLDER_UNFILLED, Cause.SCOPE_UNFILLED), "report-letter"),
}


@transaction.atomic
def save_letter_entries(
    engagement: Engagement, *, values: Mapping[str, str], options: Sequence[str], seen: str | None = None, by: User
) -> LetterEntries:
    """Keep what was entered for the letter, if it is new. Reports that are rendered already keep their own words.

    `seen` is the digest of the entries on the page: Conflict if somebody saved others since.
    """
    current = Engagement.objects.locked(engagement.pk)
    check_letters_open(current)
    if unknown := set(options) - set(Option):
        raise Refused(_("The report letter has no paragraph “%(name)s”.") % {"name": ", ".join(sorted(unknown))})
    kept = {name: text.strip() for name, text in values.items() if text.strip()}
    before = LetterEntries.objects.filter(engagement=current).first()
    if before and (before.values, before.options) == (kept, sorted(options)):
        return before  # an event would undo the signatures on the file
    if seen not in {None, digest_of(before)}:
        raise Conflict(
            _("Somebody else saved this in the meantime."), version=0, theirs=before.values if before else {}
        )
    entered = {"values": kept, "options": sorted(options), "saved_by": by, "saved_at": timezone.now()}
    entries, _created = LetterEntries.objects.update_or_create(engagement=current, defaults=entered)
    record("letter.saved", chain=current.chain, by=by, about=entries, facts={"entries": digest(entries)})
    return entries


def digest_of(entries: LetterEntries | None) -> str:
    """The digest of the entries; nothing of none."""
    return digest(entries) if entries else ""


def digest(entries: LetterEntries) -> str:
    """SHA-256 (hex) of what was entered for the letter."""
    return hashlib.sha256(rfc8785.dumps({"values": entries.values, "options": entries.options})).hexdigest()


def report_blockers(engagement: Engagement) -> list[Blocker]:
    """What keeps the final report from being asked for: first the file's gates, then what its pages would lack."""
    return final_blockers(engagement) or _of_content(engagement)


def request_final_report(engagement: Engagement, *, by: User) -> ReportVersion:
    """Ask for the final version. Refused while anything is missing that its pages need."""
    refuse(report_blockers(engagement))
    return request_report(engagement, final=True, by=by)


def partner_blockers(standing: Standing) -> list[Blocker]:
    """What keeps the partner from signing the file: its own gates, then what the report's pages would lack, since
    filling that in afterwards would undo the signature.
    """
    return signoff_blockers(standing, EngagementSignOff.Role.FINAL, by=None) or _of_content(standing.engagement)


@transaction.atomic
def sign_as_partner(engagement: Engagement, *, seen: str, by: User) -> EngagementSignOff:
    """Give the partner's signature on the file. `seen` is the fingerprint on their page."""
    current = Engagement.objects.locked(engagement.pk)
    refuse(partner_blockers(Standing(current)))
    return sign_file(current, EngagementSignOff.Role.FINAL, seen=seen, by=by)


def _of_content(engagement: Engagement) -> list[Blocker]:
    final = ReportVersion(
        engagement=engagement, number=0, final=True, report_number="—", report_date=timezone.localdate()
    )
    try:
        problems = readiness.problems(compile_binder(final))
    except TypefaceMissing as error:
        return [Blocker("report.typeface_missing", str(error))]
    return [_blocker(engagement, problem) for problem in problems]


def _blocker(engagement: Engagement, problem: Problem) -> Blocker:
    place = _PLACES.get(problem.cause)
    url = reverse(place, kwargs={"engagement": engagement.pk}) if place else ""
    return Blocker(f"report.{problem.cause}", str(problem), url)
