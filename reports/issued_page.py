"""What the page of a report shows beside its files: who signs it, what became of it, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form

from engagements.models import Engagement
from foundation.accounts.models import User
from reports.issued_forms import AnswerForm, CancellationForm, ReissueForm, ReturnForm, ScanForm, WithdrawalForm
from reports.receipts import own_receipts
from signoff.issued import is_scannable
from signoff.models import Reissue, ReportVersion
from signoff.reporting import signers_of

State = ReportVersion.State


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who has to sign the report, or has."""

    name: str
    signed_at: datetime | None


def after_issue(user: User, report: ReportVersion, forms: Mapping[str, Form]) -> dict[str, Any]:
    """Return the page's parts about signing, issue and what follows it; `forms` that were refused take their places."""
    reissues = list(report.reissues.select_related("version__engagement", "version__release", "opened_by"))
    is_auditee = user.organization_id == report.engagement.auditee_id  # what board and firm write is theirs
    returns = [] if is_auditee else list(report.returns.select_related("returned_by", "answered_by"))
    for returned in returns:
        returned.report = report
    report.is_returned = any(returned.is_open for returned in returns)  # type: ignore[attr-defined]  # as filed.with_standing
    report.is_reissued = any(reissue.is_under_way for reissue in reissues)  # type: ignore[attr-defined]
    shown = {
        "signers": signers(report) if report.final else [],
        "scans": list(report.scans.select_related("file", "by")),
        "returns": returns,
        "superseded_by": next((reissue for reissue in reissues if reissue.version), None),
        "reissue": next((reissue for reissue in reissues if reissue.is_under_way), None),
        "replaces": Reissue.objects.select_related("of__engagement", "of__release").filter(version=report).first(),
        "receipts": own_receipts(user, report),
    }
    return shown | _acts(user, report, forms)


def signers(report: ReportVersion) -> list[Signer]:
    """Those who signed, in that order, then those who still have to (two queries, four before the issue)."""
    signatures = list(report.signatures.select_related("user"))
    signed = [Signer(signature.user.name, signature.signed_at) for signature in signatures]
    if report.is_issued:
        return signed
    missing = signers_of(report) - {signature.user_id for signature in signatures}
    return signed + [Signer(person.name, None) for person in User.objects.filter(pk__in=missing).order_by("name")]


def reissue_under_way(user: User, engagement: Engagement) -> dict[str, Any]:
    """Return the engagement's reissue under way, for its list of reports, and whether the person may cancel it."""
    under_way = Reissue.objects.under_way().filter(engagement=engagement).select_related("of", "opened_by").first()
    may_cancel = under_way is not None and user.can("report.reissue", engagement)
    return {"reissue": under_way, "cancelling": CancellationForm() if may_cancel else None}


def _acts(user: User, report: ReportVersion, forms: Mapping[str, Form]) -> dict[str, Any]:
    """Return the form of everything that the person may do now; none where they may not."""
    in_force, waits = report.state == State.ISSUED, report.is_returned  # type: ignore[attr-defined]  # annotated
    may_lead = user.can("report.issue", report)
    replaceable = report.state in {State.ISSUED, State.WITHDRAWN} and report.engagement.is_issued
    offered: dict[str, Form | None] = {
        "returning": ReturnForm() if in_force and not waits and user.can("report.return", report) else None,
        "answering": AnswerForm() if waits and may_lead else None,
        "withdrawing": WithdrawalForm() if in_force and user.can("report.withdraw", report) else None,
        "reissuing": ReissueForm() if replaceable and user.can("report.reissue", report.engagement) else None,
        "scanning": ScanForm(report=report, by=user) if _may_scan(user, report) else None,
    }
    return {**offered, **forms, "may_release": in_force and may_lead and not report.is_released}


def _may_scan(user: User, report: ReportVersion) -> bool:
    return is_scannable(report) and user.can("report.render", report)
