"""The representation letter of an engagement: drafted, printed for management, recorded when it came back signed."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.accounts.limits import limited
from foundation.files.downloads import streamed
from foundation.web.answers import invalid
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible
from reports.representation_forms import DraftForm, SignedForm
from reports.representations import TITLE, draw, paragraphs_of, proposed_text
from signoff.models import SignedRepresentation
from signoff.representations import draft_representation, last_draft, record_signed

of_engagement = visible(Engagement, pk="engagement")


@guarded("report.draft_view", of_engagement)
@require_GET
def representation(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show the letter: its draft, what came back, what was before."""
    return _page(request, engagement)


def _page(
    request: PersonRequest, engagement: Engagement, *, draft: DraftForm | None = None, back: SignedForm | None = None
) -> HttpResponse:
    letter = last_draft(engagement)
    history = list(_history(engagement))
    context = {
        "engagement": engagement,
        "letter": letter,
        "paragraphs": paragraphs_of(letter) if letter else [],
        "history": history,
        "current": next((row for row in history if row.letter == letter and not row.scan.withdrawn), None),
        "draft": draft or DraftForm(initial={"text": letter.text if letter else proposed_text(engagement)}),
        "back": back or SignedForm(engagement=engagement, by=request.user),
        "may_change": not engagement.is_closed and request.user.can("report.render", engagement),
    }
    return render(request, "reports/representation.html", context, status=422 if draft or back else 200)


def _history(engagement: Engagement) -> QuerySet[SignedRepresentation]:
    """Every letter that came back, the newest first."""
    rows = SignedRepresentation.objects.filter(letter__engagement=engagement).order_by("-id")
    return rows.select_related("letter", "scan__file", "recorded_by").prefetch_related("scan__decisions")


def _url(engagement: Engagement) -> str:
    return reverse("representation", kwargs={"engagement": engagement.pk})


@guarded("report.render", of_engagement)
@require_POST
def representation_draft(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Keep a draft."""
    form = DraftForm(request.POST)
    if form.is_valid():
        with refusals_as_errors(form, "text"):
            letter = draft_representation(engagement, form.cleaned_data["text"], by=request.user)
            messages.success(request, _("Draft %(n)d is kept.") % {"n": letter.number})
            return redirect(_url(engagement))
    return _page(request, engagement, draft=form)


@guarded("report.render", of_engagement)
@require_POST
@limited("upload")
def representation_signed(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Record the letter as it came back signed; its scan becomes evidence."""
    form = SignedForm(request.POST, engagement=engagement, by=request.user)
    letter = last_draft(engagement)
    if letter is None or str(letter.pk) != request.POST.get("letter"):
        form.add_error(None, _("There is a newer draft of the letter. Look at the page again."))
    elif form.is_valid():
        with refusals_as_errors(form):
            record_signed(letter, form.came, by=request.user)
            messages.success(request, _("The signed representation letter is recorded; its scan is evidence."))
            return HttpResponseClientRedirect(_url(engagement)) if request.htmx else redirect(_url(engagement))
    if request.htmx:
        return invalid(form)
    return _page(request, engagement, back=form)


@guarded("report.draft_view", of_engagement)
@require_GET
def representation_pdf(request: PersonRequest, engagement: Engagement) -> StreamingHttpResponse:
    """Hand out the draft as a PDF for management to sign."""
    letter = last_draft(engagement)
    if letter is None:
        raise Http404
    letter.engagement = engagement
    name = f"{TITLE}_{engagement.auditee.short_name}_v{letter.number}.pdf"
    return streamed(iter([draw(letter)]), name=name)
