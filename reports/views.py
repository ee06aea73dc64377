"""Report versions: asked for, watched, downloaded, issued; and the entries of the report letter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from engagements.models import Engagement
from foundation.accounts.factor_views import signed_with_passkey
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.files.downloads import attachment
from foundation.files.models import StoredFile
from foundation.jobs.actions import NotFailed, retry_job
from foundation.jobs.models import Job
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Conflict
from reports.actions import report_blockers, request_final_report, save_letter_entries
from reports.forms import LetterForm
from reports.issued_forms import CosignerForm
from reports.issued_page import after_issue, reissue_under_way
from reports.models import LetterEntries
from reports.queries import rendering_of, versions_of, visible_versions
from signoff.models import Conclusion, ConclusionKind, ReportVersion
from signoff.reporting import issue_blockers, issue_report, note_download, request_report
from signoff.standing import Standing

State = ReportVersion.State
of_engagement = visible(Engagement, pk="engagement")


def by_id(user: User, *, report: UUID) -> ReportVersion:
    """Load a version that the person may see."""
    return get_object_or_404(visible_versions(user), pk=report)


def file_by_kind(user: User, *, report: UUID, kind: str) -> ReportVersion:
    """The same; which file of it is wanted travels along."""
    version = by_id(user, report=report)
    version.wanted = _file_of(version, kind)  # type: ignore[attr-defined]  # for the view
    return version


def _file_of(version: ReportVersion, kind: str) -> StoredFile | None:
    if kind == "scan":
        last = version.scans.select_related("file").first()
        return last.file if last else None
    return version.files.get(kind)


@guarded("report.draft_view", of_engagement)
@require_GET
def report_list(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Every version with its job, and what stands before the final one."""
    versions = [(version, rendering_of(version.job) if version.job else None) for version in versions_of(engagement)]
    may_render = request.user.can("report.render", engagement) and not engagement.is_closed
    context = {
        "engagement": engagement,
        "versions": versions,
        "may_render": may_render,
        "to_issue": _to_issue([version for version, _job in versions]) if may_render else None,
        "blockers": report_blockers(engagement) if may_render else [],
        **reissue_under_way(request.user, engagement),
        "cosigner_form": CosignerForm(engagement=engagement) if may_render else None,
    }
    return render(request, "reports/list.html", context)


def _to_issue(versions: list[ReportVersion]) -> ReportVersion | None:
    """The newest final version, where it is rendered and waits to be issued."""
    newest = next((version for version in versions if version.final), None)
    return newest if newest and newest.state == State.RENDERED else None


@guarded("report.render", of_engagement)
@require_POST
@limited("render")
def report_request(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Ask for a draft, or with `final` for the final version."""
    ask = request_final_report if request.POST.get("final") else request_report
    to = reverse("report-list", kwargs={"engagement": engagement.pk})
    with refusals_as_messages(request):
        to = ask(engagement, by=request.user).get_absolute_url()
    return redirect(to)


@guarded("report.view", by_id)
@require_GET
def report(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """One version: its job, its files, the way to issue it, and what became of it."""
    return report_page(request, version)


def report_page(request: PersonRequest, version: ReportVersion, *, status: int = 200, **forms: Form) -> HttpResponse:
    """The version's page; `forms` are those that were sent and refused, under the names that the page knows."""
    issuable = version.final and version.state == State.RENDERED
    may_issue = issuable and request.user.can("report.issue", version)
    has_failed = version.pdf_id is None and version.job is not None and version.job.state == Job.State.FAILED
    context = {
        "report": version,
        "engagement": version.engagement,
        "rendering": rendering_of(version.job) if version.job else None,
        "issuable": issuable,
        "may_issue": may_issue,
        "blockers": issue_blockers(version) if issuable else [],
        "numbers": range(1, (version.pages or 0) + 1) if version.pdf_id else (),
        "may_retry": has_failed and request.user.can("report.render", version),
        **after_issue(request.user, version, forms),
    }
    return render(request, "reports/report.html", context, status=status)


@guarded("report.view", by_id)
@require_GET
def report_progress(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """The job's fragment; once the job is over the page around it is loaded anew."""
    if version.job is None:
        raise Http404
    rendering = rendering_of(version.job)
    if rendering.is_finished:
        return HttpResponseClientRefresh()
    url = reverse("report-progress", kwargs={"report": version.pk})
    return render(request, "components/job.html", {"job": rendering, "url": url})


@guarded("report.view", file_by_kind)
@require_GET
def report_download(request: PersonRequest, version: ReportVersion) -> FileResponse:
    """Hand out the PDF, the workbook or the docx, and record who took it."""
    stored = version.wanted  # type: ignore[attr-defined]  # the loader has set it
    if stored is None:
        raise Http404
    note_download(version, file=stored, by=request.user)
    return attachment(stored)


@guarded("report.issue", by_id)
@require_POST
@signed_with_passkey
def report_issue(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Sign, and with the last signature issue."""
    with refusals_as_messages(request):
        signed = issue_report(version, by=request.user)
        issued, waiting = _("Report %(number)s is issued."), _("You have signed report %(number)s; another signs too.")
        messages.success(request, (issued if signed.is_issued else waiting) % {"number": signed.report_number})
    return redirect(version)


@guarded("report.render", by_id)
@require_POST
@limited("render")
def report_retry(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Try a failed rendering again, from the same frozen binder."""
    try:
        if version.job:
            retry_job(version.job, by=request.user)
    except NotFailed:
        messages.info(request, _("It is being rendered already."))
    return redirect(version)


@guarded("report.render", of_engagement)
@require_http_methods(["GET", "POST"])
def report_letter(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """What the report letter leaves to people."""
    decided = Conclusion.objects.filter(engagement=engagement).first()
    form = LetterForm(
        request.POST or None,
        engagement=engagement,
        conclusion=decided.kind if decided else ConclusionKind.UNMODIFIED,
        entries=LetterEntries.objects.filter(engagement=engagement).first(),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_as_errors(form):
            _save_entries(engagement, form, by=request.user)
            messages.success(request, _("The entries of the report letter are saved."))
            return redirect("report-list", engagement=engagement.pk)
    if engagement.is_closed:
        for field in form.fields.values():
            field.disabled = True
    context: dict[str, Any] = {
        "engagement": engagement,
        "form": form,
        "conclusion": decided,
        "standing": Standing(engagement),
    }
    return render(request, "reports/letter.html", context, status=422 if form.errors else 200)


def _save_entries(engagement: Engagement, form: LetterForm, *, by: User) -> None:
    seen = form.cleaned_data["seen"]
    try:
        save_letter_entries(engagement, values=form.values, options=form.chosen, seen=seen, by=by)
    except Conflict:
        form.show_theirs(LetterEntries.objects.filter(engagement=engagement).first())
        raise
