"""What is done to a report that is frozen or issued: its scan, its release, its return, its withdrawal."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.files.models import Upload
from foundation.files.promises import PDF
from foundation.files.uploads import begin, take
from foundation.jobs.actions import request_job
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.web.refusals import Refused
from signoff.models import ReportRelease, ReportReturn, ReportVersion, ReportWithdrawal, ScannedReport
from signoff.sealing import SEAL_TASK

NOTICE_TASK = "signoff.notice"
State = ReportVersion.State
SCANNABLE = frozenset({State.RENDERED, State.ISSUED})


def _locked(report: ReportVersion) -> ReportVersion:
    """Lock the engagement, then the report: in the order of all verbs that change it."""
    engagement = Engagement.objects.locked(report.engagement_id)
    current = ReportVersion.objects.select_for_update(of=("self",)).select_related("pdf").get(pk=report.pk)
    current.engagement = engagement
    return current


def _refuse_unless_in_force(report: ReportVersion) -> None:
    if report.state != State.ISSUED:
        raise Refused(_("The report isn't in force."))


def is_scannable(report: ReportVersion) -> bool:
    """Whether a scan of the signed paper can be linked: the final version is frozen and nothing has replaced it."""
    return report.final and report.state in SCANNABLE and report.pdf_id is not None


def begin_scan(report: ReportVersion, *, name: str, size: int, by: User) -> Upload:
    """Begin to send the scan of a report's signed paper."""
    if not is_scannable(report):
        raise Refused(_("A scan belongs to a final version that is rendered and not replaced."))
    return begin(name=name, size=size, scope=report.pk, by=by)


@transaction.atomic
def link_scan(report: ReportVersion, upload: Upload, *, printed_from: str, note: str, by: User) -> ScannedReport:
    """Keep the scan of the signed paper beside the frozen PDF that it was printed from (`printed_from`: its SHA-256).

    Refused for anything but a PDF without concerns, and for paper that was printed from another file.
    """
    current = _locked(report)
    if not is_scannable(current) or current.pdf is None:
        raise Refused(_("A scan belongs to a final version that is rendered and not replaced."))
    if printed_from != current.pdf.sha256:
        raise Refused(_("The paper was printed from another PDF than this version's; print this one."))
    if upload.media_type != PDF or upload.concerns:
        raise Refused(_("The scan has to be a PDF that nothing is wrong with; nothing was stored."))
    (file,) = take([upload])
    scan = ScannedReport.objects.create(report=current, file=file, pdf_sha256=printed_from, note=note.strip(), by=by)
    if current.is_issued:
        key = f"{SEAL_TASK}:{current.pk}:{scan.pk}"
        request_job(SEAL_TASK, {"report": str(current.pk)}, by=None, key=key)
    facts: dict[str, JSON] = {"scan": scan.pk, "sha256": file.sha256, "pdf": printed_from}
    record("report.scanned", chain=current.engagement.chain, by=by, about=current, facts=facts, reason=scan.note)
    return scan


@transaction.atomic
def release_report(report: ReportVersion, *, by: User) -> ReportRelease:
    """Give the issued report to the broker's people."""
    current = _locked(report)
    _refuse_unless_in_force(current)
    release, is_new = ReportRelease.objects.get_or_create(report=current, defaults={"by": by})
    if is_new:
        record("report.released", chain=current.engagement.chain, by=by, about=current)
    return release


@transaction.atomic
def return_report(report: ReportVersion, *, reason: str, by: User) -> ReportReturn:
    """The exchange asks for a correction. The report stays in force; its team is told."""
    current = _locked(report)
    _refuse_unless_in_force(current)
    if not reason.strip():
        raise Refused(_("Say what has to be corrected."))
    if ReportReturn.objects.filter(report=current, answered_at=None).exists():
        raise Refused(_("The report is returned already; the firm's answer is awaited."))
    returned = ReportReturn.objects.create(report=current, reason=reason.strip(), returned_by=by)
    _notify("returned", returned.pk)
    facts: dict[str, JSON] = {"return": returned.pk}
    record("report.returned", chain=current.engagement.chain, by=by, about=current, facts=facts, reason=returned.reason)
    return returned


@transaction.atomic
def answer_return(report: ReportVersion, *, answer: str, by: User) -> ReportReturn:
    """The partner answers in writing that the exchange returned the report. Once given, an answer stays."""
    current = _locked(report)
    returned = ReportReturn.objects.filter(report=current, answered_at=None).first()
    if returned is None or not returned.is_open:
        raise Refused(_("No return waits for an answer."))
    if not answer.strip():
        raise Refused(_("Write the answer."))
    returned.answer, returned.answered_by, returned.answered_at = answer.strip(), by, timezone.now()
    returned.save(update_fields=["answer", "answered_by", "answered_at"])
    _notify("answered", returned.pk)
    facts: dict[str, JSON] = {"return": returned.pk}
    record(
        "report.return-answered",
        chain=current.engagement.chain,
        by=by,
        about=current,
        facts=facts,
        reason=returned.answer,
    )
    return returned


@transaction.atomic
def withdraw_report(report: ReportVersion, *, reason: str, told_on: date, told_by: str, by: User) -> ReportWithdrawal:
    """Take an issued report back: it stays, marked. The board was told (`told_on`, `told_by` what); a mail tells the
    exchange.
    """
    current = _locked(report)
    _refuse_unless_in_force(current)
    if not reason.strip() or not told_by.strip():
        raise Refused(_("Say why the report is withdrawn, and how the board was told."))
    if told_on > timezone.localdate():
        raise Refused(_("The board is told before the report is withdrawn: the day can't be in the future."))
    if current.report_date and told_on < current.report_date:
        raise Refused(_("The board can't have been told before the report's date."))
    told = {"reason": reason.strip(), "board_told_on": told_on, "board_told_by": told_by.strip()}
    withdrawal = ReportWithdrawal.objects.create(report=current, by=by, **told)
    current.state = State.WITHDRAWN
    current.save(update_fields=["state"])
    _notify("withdrawn", str(current.pk))
    facts: dict[str, JSON] = {"told_on": told_on.isoformat(), "told_by": withdrawal.board_told_by}
    chain = current.engagement.chain
    record("report.withdrawn", chain=chain, by=by, about=current, facts=facts, reason=withdrawal.reason)
    return withdrawal


def _notify(what: str, row: int | str) -> None:
    request_job(NOTICE_TASK, {"what": what, "row": str(row)}, by=None, key=f"{NOTICE_TASK}:{what}:{row}")
