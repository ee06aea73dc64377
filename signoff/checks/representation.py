"""The representation letter: drafted before the quality review, signed and dated near the report for its issue."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.web import roc
from foundation.web.blockers import Blocker
from signoff.models import EngagementSignOff, SignedRepresentation
from signoff.standing import Standing


def drafted(standing: Standing) -> list[Blocker]:
    """Return that no representation letter is drafted."""
    text = _("The representation letter isn't drafted.")
    return [] if standing.representation else [_at_letter(standing, "representation.undrafted", text)]


def signed(standing: Standing) -> list[Blocker]:
    """Return that the last draft hasn't come back signed."""
    text = _("The representation letter isn't recorded as signed.")
    return [] if standing.representation_signed else [_at_letter(standing, "representation.unsigned", text)]


def dated(standing: Standing, report_date: date) -> list[Blocker]:
    """Return what a report of this date would contradict: the letter, the last evidence, the quality review."""
    letter = standing.representation_signed
    found = _letter_dates(standing, letter, report_date) if letter else []
    if (received := standing.last_evidence) and localdate(received) > report_date:
        text = _("Evidence came in on %(day)s, after the report's date.")
        url = standing.url("evidence-list")
        found.append(Blocker("report.before_evidence", text % {"day": roc.short(localdate(received))}, url))
    reviewed = standing.signed_at.get(EngagementSignOff.Role.QUALITY)
    if reviewed and localdate(reviewed) > report_date:
        text = _("The quality review was signed on %(day)s, after the report's date.")
        place = standing.url("conclusion")
        found.append(Blocker("report.before_quality", text % {"day": roc.short(localdate(reviewed))}, place))
    return found


def dates_hold(standing: Standing) -> list[Blocker]:
    """Return the same for the last final version that was asked for, or for one of today."""
    newest = next(iter(standing.final_versions), None)
    return dated(standing, (newest and newest.report_date) or localdate())


def _letter_dates(standing: Standing, letter: SignedRepresentation, report_date: date) -> list[Blocker]:
    days, dates = settings.REPRESENTATION_DAYS, {"day": roc.short(letter.dated_on), "report": roc.short(report_date)}
    if letter.dated_on > report_date:
        text = _("The representation letter is dated %(day)s, after the report's date %(report)s.")
        return [_at_letter(standing, "representation.late", text % dates)]
    if letter.dated_on < report_date - timedelta(days=days):
        text = ngettext(
            "The representation letter is dated %(day)s, more than %(n)d day before the report's date %(report)s.",
            "The representation letter is dated %(day)s, more than %(n)d days before the report's date %(report)s.",
            days,
        )
        return [_at_letter(standing, "representation.early", text % {**dates, "n": days})]
    return []


def _at_letter(standing: Standing, kind: str, text: str) -> Blocker:
    return Blocker(kind, text, standing.url("representation"))
