"""What the exchange does with the reports filed with it: return one, keep receipts, compare a file with them.

A broker reads what was released to it on the same pages.
"""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.accounts.models import User
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded
from foundation.web.hashed_uploads import MOST_HASHED, hashes_files
from reports.filed import matches
from reports.issued_forms import CheckForm, ReturnForm
from reports.receipts import own_downloads, own_receipts, receipts
from reports.views import by_id, report_page
from signoff.issued import return_report
from signoff.models import ReportVersion

PER_PAGE = 50


@guarded("report.return", by_id)
@require_POST
def report_return(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """Return a report for correction, with the reason."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form, "reason"):
            return_report(version, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The report is returned; the firm is told."))
            return redirect(version)
    return report_page(request, version, status=422, returning=form)


@guarded("report.view", by_id)
@require_GET
def report_receipts(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """The list of one's own downloads of a report, fetched anew after a download."""
    shown = {"report": version, "receipts": own_receipts(request.user, version)}
    return render(request, "reports/issued/receipts.html", shown)


def by_receipt(user: User, *, report: UUID, seq: int) -> ReportVersion:
    """Load the report of one's own receipt; which one is wanted travels along."""
    version = by_id(user, report=report)
    own = [receipt for receipt in own_receipts(user, version) if receipt.seq == seq]
    if not own:
        raise Http404
    version.receipt = own[0]  # type: ignore[attr-defined]  # for the view
    return version


@guarded("report.view", by_receipt)
@require_GET
def report_receipt(request: PersonRequest, version: ReportVersion) -> HttpResponse:
    """One receipt, to be printed."""
    shown = {"report": version, "receipt": version.receipt, "engagement": version.engagement}  # type: ignore[attr-defined]  # the loader has set it
    return render(request, "reports/issued/receipt.html", shown)


@guarded("report.issued_list")
@require_GET
def download_list(request: PersonRequest) -> HttpResponse:
    """Everything that the person downloaded, newest first."""
    page = Paginator(own_downloads(request.user).select_related("chain"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/issued/downloads.html", {"page": page, "receipts": receipts(page)})


@guarded("report.issued_list")
@hashes_files
@require_http_methods(["GET", "POST"])
@limited("check")
def report_check(request: PersonRequest) -> HttpResponse:
    """Say whether a file is byte for byte one that was issued and filed here; the file itself isn't kept."""
    form = CheckForm(request.POST or None, request.FILES or None)
    asked = request.method == "POST" and form.is_valid()
    digest = form.cleaned_data["digest"] if asked else ""
    shown = {
        "form": form,
        "digest": digest,
        "matches": matches(request.user, digest) if asked else [],
        "most": MOST_HASHED,
    }
    template = "reports/issued/check.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" and not asked else HTTPStatus.OK
    return render(request, f"{template}#answer" if request.htmx else template, shown, status=status)
