"""What completes the file: findings, requests, the conclusion, the signatures on the whole, the issued report."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.models import Request
from foundation.web.blockers import Blocker
from signoff.models import EngagementSignOff, ReportVersion
from signoff.standing import Standing

State = ReportVersion.State


def findings_tied(standing: Standing) -> list[Blocker]:
    """Return the findings tied to no exception."""
    loose = [finding for finding in standing.findings if not finding.tied]  # type: ignore[attr-defined]  # annotated
    text = ngettext(
        "%(n)d finding is tied to no exception (%(first)s …): tie it to one or withdraw it.",
        "%(n)d findings are tied to no exception (%(first)s …): tie them or withdraw them.",
        len(loose),
    )
    if not loose:
        return []
    return [Blocker("finding.unlinked", text % {"n": len(loose), "first": loose[0].label}, loose[0].get_absolute_url())]


def requests_settled(standing: Standing) -> list[Blocker]:
    """Return how many requests are neither closed nor disposed of."""
    settled = {"overdue", *Request.SETTLED_STATES}
    pending = sum(number for state, number in standing.requests.items() if state not in settled)
    text = ngettext("%(n)d request isn't settled.", "%(n)d requests aren't settled.", pending)
    return [Blocker("request.open", text % {"n": pending}, standing.url("request-list"))] if pending else []


def concluded(standing: Standing) -> list[Blocker]:
    """Return that the conclusion isn't decided."""
    missing = Blocker("conclusion.missing", _("The conclusion isn't decided."), standing.url("conclusion"))
    return [] if standing.conclusion else [missing]


def cosigner_fit(standing: Standing) -> list[Blocker]:
    """Return that whoever was named as second signer may be none any more, having become the first one, say."""
    unfit = standing.unfit_cosigner
    if unfit is None:
        return []
    text = _("%(name)s can't be the second signer any more: name another partner, or nobody.")
    return [Blocker("cosigner.unfit", text % {"name": unfit.user.name}, standing.url("report-list"))]


def final_signed(standing: Standing) -> list[Blocker]:
    """Return that the partner's final signature is missing."""
    if EngagementSignOff.Role.FINAL in standing.signed:
        return []
    text = _("The partner hasn't signed the file as it is now.")
    return [Blocker("final.unsigned", text, standing.url("conclusion"))]


def quality_signed(standing: Standing) -> list[Blocker]:
    """Return that the quality reviewer's signature is missing."""
    if EngagementSignOff.Role.QUALITY in standing.signed:
        return []
    text = _("The quality reviewer hasn't signed the file as it is now.")
    return [Blocker("quality.unsigned", text, standing.url("conclusion"))]


def report_issued(standing: Standing) -> list[Blocker]:
    """Return that no report is issued of the file as it is worked on now: one that is reissued doesn't count."""
    in_force = (version for version in standing.final_versions if version.state == State.ISSUED)
    if any(not version.is_reissued for version in in_force):  # type: ignore[attr-defined]  # annotated
        return []
    return [Blocker("report.unissued", _("The report isn't issued."), standing.url("report-list"))]
