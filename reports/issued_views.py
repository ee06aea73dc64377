"""What the firm does to a report that is frozen or issued: its second signer, scan, release, withdrawal, reissue."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from engagements.models import Engagement
from evidence.upload_views import announced
from foundation.accounts.factor_views import signed_with_passkey
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.files.upload_views import begun
from foundation.web.answers import invalid, refusals_answered
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from reports.issued_forms import AnswerForm, CancellationForm, CosignerForm, ReissueForm, ScanForm, WithdrawalForm
from reports.views import by_id, report_page
from signoff.cosigning import name_cosigner
from signoff.issued import answer_return, begin_scan, link_scan, release_report, withdraw_report
from signoff.models import ReportVersion
from signoff.reissuing import cancel_reissue, open_reissue

of_engagement = visible(Engagement, pk="engagement")


@guarded("report.issue", of_engagement)
@require_POST
def report_cosigner(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Name the second signer, or nobody."""
    form = CosignerForm(request.POST, engagement=engagement)
    if not form.is_valid():
        messages.error(request, _("Choose another partner of the firm."))
    else:
        with refusals_as_messages(request):
            name_cosigner(engagement, form.cleaned_data["user"], by=request.user)
            messages.success(request, _("The signers of the report are named."))
    return redirect("report-list", engagement=engagement.pk)


@guarded("report.render", by_id)
@require_POST
@limited("upload")
@refusals_answered
def report_uploads(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """The scan of the signed paper is announced: 201 with the address that its chunks go to."""
    name, size = announced(request)
    return begun(begin_scan(version, name=name, size=size, by=request.user))


@guarded("report.render", by_id)
@require_POST
def report_scan(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Link the scan that was received to the frozen PDF."""
    form = ScanForm(request.POST, report=version, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form, "uploads"):
            (upload,) = form.cleaned_data["uploads"]
            told = {"printed_from": form.cleaned_data["printed_from"], "note": form.cleaned_data["note"]}
            link_scan(version, upload, by=request.user, **told)
            messages.success(request, _("The scan is linked to the frozen PDF."))
            target = redirect(version)
            return HttpResponseClientRedirect(target.url) if request.htmx else target
    return invalid(form) if request.htmx else report_page(request, version, status=422, scanning=form)


@guarded("report.issue", by_id)
@require_POST
def report_release(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Give the issued report to the broker."""
    with refusals_as_messages(request):
        release_report(version, by=request.user)
        messages.success(request, _("The broker's people can download the report now."))
    return redirect(version)


@guarded("report.issue", by_id)
@require_POST
def report_return_answer(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Answer the exchange, which returned the report."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form, "answer"):
            answer_return(version, answer=form.cleaned_data["answer"], by=request.user)
            messages.success(request, _("The exchange can read your answer now."))
            return redirect(version)
    return report_page(request, version, status=422, answering=form)


@guarded("report.withdraw", by_id)
@require_POST
@signed_with_passkey
def report_withdrawal(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Withdraw the report."""
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            withdraw_report(version, by=request.user, **form.cleaned_data)
            messages.success(request, _("The report is withdrawn; the exchange is told."))
            return redirect(version)
    return report_page(request, version, status=422, withdrawing=form)


@guarded("report.reissue", of_engagement)
@require_POST
@signed_with_passkey
def report_reissue(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Open the file of the issued report again."""
    form = ReissueForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            open_reissue(engagement, by=request.user, **form.cleaned_data)
            messages.success(request, _("The file is open again; the issued report stays in force until then."))
            return redirect("report-list", engagement=engagement.pk)
    last = ReportVersion.objects.visible_to(request.user).filter(engagement=engagement, issued_at__isnull=False)
    newest = last.order_by("-number").first()
    if newest is None:
        _tell(request, form)
        return redirect("report-list", engagement=engagement.pk)
    return report_page(request, newest, status=422, reissuing=form)


@guarded("report.reissue", of_engagement)
@require_POST
def reissue_cancel(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Close the file again."""
    form = CancellationForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form):
            cancel_reissue(engagement, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The file is closed again; the issued report stays in force."))
    _tell(request, form)
    return redirect("report-list", engagement=engagement.pk)


def _tell(request: PersonRequest, form: Any) -> None:
    """Say above the next page why nothing was done."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
