"""The life of a report version: asked for, rendered by a worker, issued by the partner, downloaded by the exchange."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, Stage
from engagements.validators import check_letters_open
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from foundation.files.models import StoredFile
from foundation.jobs.actions import request_job
from foundation.trail.actions import record
from foundation.trail.hashing import JSON
from foundation.trail.models import Event
from foundation.web.blockers import Blocker, refuse
from foundation.web.refusals import Refused
from signoff.checks import representation
from signoff.fingerprint import fingerprint
from signoff.gates import FINAL_REPORT, blockers_of
from signoff.lifecycle import enter_issued
from signoff.models import Cosigner, EngagementSignOff, Reissue, ReportVersion, Signature
from signoff.sealing import SEAL_TASK
from signoff.standing import Standing

RENDER_TASK = "reports.render"
State = ReportVersion.State


def _locked(report: ReportVersion) -> ReportVersion:
    return ReportVersion.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=report.pk)


@transaction.atomic
def request_report(engagement: Engagement, *, final: bool = False, by: User) -> ReportVersion:
    """Ask for a rendering of the file as it is now. A draft at any time after fieldwork began; a final one gated."""
    current = Engagement.objects.locked(engagement.pk)
    if current.fieldwork_opened_at is None:
        raise Refused(_("There is nothing to report before fieldwork is opened."))
    if current.is_issued:
        raise Refused(_("The report is issued."))
    check_letters_open(current)
    if final:
        refuse(final_blockers(current))
    last = ReportVersion.objects.filter(engagement=current).aggregate(last=Max("number"))["last"] or 0
    report = ReportVersion.objects.create(
        engagement=current,
        number=last + 1,
        final=final,
        fingerprint=fingerprint(current),
        report_number=_next_report_number(current.firm_id) if final else "",
        report_date=timezone.localdate() if final else None,
        requested_by=by,
    )
    report.job = request_job(RENDER_TASK, {"report": str(report.pk)}, by=by, key=f"{RENDER_TASK}:{report.pk}")
    report.save(update_fields=["job"])
    facts: dict[str, JSON] = {"version": report.number, "final": final, "fingerprint": report.fingerprint}
    record("report.requested", chain=current.chain, by=by, about=report, facts=facts)
    return report


def final_blockers(engagement: Engagement) -> list[Blocker]:
    """Return what keeps the final report from being rendered."""
    standing = Standing(engagement)
    early = engagement.stage != Stage.QUALITY_REVIEW
    text = _("The final report is rendered in the stage of quality review.")
    stage = [Blocker("stage.early", text, standing.url("engagement"))] if early else []
    return [*stage, *blockers_of(FINAL_REPORT, standing), *representation.dated(standing, timezone.localdate())]


def _next_report_number(firm_id: UUID) -> str:
    """115-003: the firm's third final report of the ROC year. The firm's row is locked, so no number is given twice."""
    Organization.objects.select_for_update().get(pk=firm_id)
    year = timezone.localdate().year
    given = ReportVersion.objects.filter(engagement__firm=firm_id, final=True, report_date__year=year).count()
    return f"{year - 1911}-{given + 1:03}"


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a worker made of one report version."""

    binder: StoredFile
    pdf: StoredFile
    workbook: StoredFile
    pages: int
    problems: list[str]
    docx: StoredFile | None = None
    outline: list[list[int | str]] = field(default_factory=list)  # as the model's


@transaction.atomic
def freeze_binder(report: ReportVersion, binder: StoredFile) -> ReportVersion:
    """Keep the binder that this version is rendered from; the first one stays, whatever a retry brings."""
    current = _locked(report)
    if current.binder_id is None:
        current.binder = binder
        current.save(update_fields=["binder"])
        facts = {"binder": binder.sha256}
        record("report.frozen", chain=current.engagement.chain, by=current.requested_by, about=current, facts=facts)
    return current


@transaction.atomic
def record_rendering(report: ReportVersion, rendering: Rendering) -> ReportVersion:
    """Take what the worker rendered; a version that is rendered already keeps what it has."""
    current = _locked(report)
    if current.pdf_id is not None:
        return current
    current.state, current.pages, current.problems = State.RENDERED, rendering.pages, rendering.problems
    current.binder, current.pdf, current.workbook = rendering.binder, rendering.pdf, rendering.workbook
    current.docx, current.outline = rendering.docx, rendering.outline
    current.save(update_fields=["state", "pages", "problems", "binder", "pdf", "workbook", "docx", "outline"])
    facts: dict[str, JSON] = {
        "binder": rendering.binder.sha256,
        "pdf": rendering.pdf.sha256,
        "workbook": rendering.workbook.sha256,
        "docx": rendering.docx.sha256 if rendering.docx else None,
        "pages": rendering.pages,
    }
    record("report.rendered", chain=current.engagement.chain, by=current.requested_by, about=current, facts=facts)
    return current


@transaction.atomic
def record_failure(report: ReportVersion, *, cause: str) -> None:
    """Mark a version whose rendering failed for good; its job keeps the cause."""
    current = _locked(report)
    if current.state == State.QUEUED:
        current.state = State.FAILED
        current.save(update_fields=["state"])
        record("report.failed", chain=current.engagement.chain, by=None, about=current, reason=cause[:500])


def issue_blockers(report: ReportVersion) -> list[Blocker]:
    """Return what keeps this version from being issued."""
    standing = Standing(report.engagement)
    versions, found = standing.url("report-list"), []
    if not report.final or report.state != State.RENDERED:
        found.append(Blocker("report.unfit", _("Only a rendered final version can be issued."), versions))
    found += [Blocker("report.problem", problem, versions) for problem in report.problems]
    if report.fingerprint != fingerprint(report.engagement):
        text = _("The file changed since this version was frozen. Render it again.")
        found.append(Blocker("report.outdated", text, versions))
    dates = representation.dated(standing, report.report_date) if report.report_date else []
    return [*found, *blockers_of(FINAL_REPORT, standing), *dates]


def signers_of(report: ReportVersion) -> set[UUID]:
    """Return the keys of those who have to sign this version: the partner whose final signature is on the file, and the
    second signer where one is named. The letter is signed by whoever signed the file: a partner who came later signs
    the file first.
    """
    final = EngagementSignOff.objects.filter(
        engagement=report.engagement, fingerprint=report.fingerprint, role=EngagementSignOff.Role.FINAL
    )
    second = Cosigner.objects.filter(engagement=report.engagement)
    return {*final.values_list("user", flat=True), *second.values_list("user", flat=True)}


def _refuse_to_sign(report: ReportVersion, by: User) -> None:
    if Role.EQR in report.engagement.roles_of(by):
        raise Refused(_("The quality reviewer signs no report."))
    if by.pk not in signers_of(report):
        raise Refused(_("The report is issued by the partner whose final signature is on the file."))
    if Signature.objects.filter(report=report, user=by).exists():
        raise Refused(_("You have signed this report already."))


@transaction.atomic
def issue_report(report: ReportVersion, *, by: User) -> ReportVersion:
    """Sign a final version. Its last signer issues it: the engagement enters ISSUED, the exchange can download the
    report, and a job seals the bytes under it.
    """
    engagement = Engagement.objects.locked(report.engagement_id)
    current = ReportVersion.objects.select_for_update(of=("self",)).select_related("binder", "pdf").get(pk=report.pk)
    current.engagement = engagement
    if engagement.stage != Stage.QUALITY_REVIEW:
        raise Refused(_("The report is issued from the stage of quality review."))
    refuse(issue_blockers(current))
    _refuse_to_sign(current, by)
    signature = _sign(current, by)
    signed = set(Signature.objects.filter(report=current).values_list("user", flat=True))
    if signers_of(current) - signed:
        record("report.signed", chain=engagement.chain, by=by, about=current, facts=_facts(signature))
        return current
    _supersede(current, by=by)
    current.state, current.issued_by, current.issued_at = State.ISSUED, by, timezone.now()
    current.save(update_fields=["state", "issued_by", "issued_at"])
    enter_issued(engagement, by=by)
    request_job(SEAL_TASK, {"report": str(current.pk)}, by=None, key=f"{SEAL_TASK}:{current.pk}")
    facts = {"number": current.report_number, **_facts(signature)}
    record("report.issued", chain=engagement.chain, by=by, about=current, facts=facts)
    return current


def _sign(report: ReportVersion, by: User) -> Signature:
    assert report.binder is not None and report.pdf is not None  # noqa: S101, PT018 -- rendered, says issue_blockers
    hashes = {"binder_sha256": report.binder.sha256, "pdf_sha256": report.pdf.sha256}
    return Signature.objects.create(report=report, user=by, organization=by.organization, **hashes)


def _facts(signature: Signature) -> dict[str, JSON]:
    return {"signature": signature.pk, "binder": signature.binder_sha256, "pdf": signature.pdf_sha256}


def _supersede(report: ReportVersion, *, by: User) -> None:
    """Put a version that is about to be issued in the place of the one that it reissues, if it is a reissue."""
    engagement = report.engagement
    reissue = Reissue.objects.under_way().select_related("of").filter(engagement=engagement).first()
    if reissue is None:
        return
    reissue.version, reissue.closed_by, reissue.closed_at = report, by, timezone.now()
    reissue.save(update_fields=["version", "closed_by", "closed_at"])
    reissue.of.state = State.SUPERSEDED
    reissue.of.save(update_fields=["state"])
    facts: dict[str, JSON] = {"reissue": reissue.pk, "version": str(report.pk), "number": report.report_number}
    record("report.superseded", chain=engagement.chain, by=by, about=reissue.of, facts=facts)


@transaction.atomic
def note_download(report: ReportVersion, *, file: StoredFile, by: User) -> Event:
    """Record who took a copy of which file; the event is the receipt."""
    facts: dict[str, JSON] = {"file": file.name, "sha256": file.sha256, "size": file.size}
    return record("report.downloaded", chain=report.engagement.chain, by=by, about=report, facts=facts)
