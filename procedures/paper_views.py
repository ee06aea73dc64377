"""Beginning a file: an engagement with its general papers; adding one to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from engagements.forms import EngagementForm
from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.web.answers import invalid
from foundation.web.errors import refusals_as_errors
from foundation.web.guards import guarded, visible
from procedures.forms import PaperForm
from procedures.general import add_paper, begin_engagement


@guarded("engagement.create")
@require_http_methods(["GET", "POST"])
def engagement_new(request: PersonRequest) -> HttpResponse:
    """Create an engagement; what was typed stays when something is wrong with it."""
    form = EngagementForm(request.POST or None, firm=request.user.organization)
    if form.is_valid():
        with refusals_as_errors(form):
            engagement = begin_engagement(form.save(commit=False), by=request.user)
            messages.success(request, _("%(engagement)s is created. Now name its team.") % {"engagement": engagement})
            return redirect("engagement-team", engagement=engagement.pk)
    return render(request, "engagements/new.html", {"form": form}, status=422 if form.errors else 200)


@guarded("workpaper.change", visible(Engagement, pk="engagement"))
@require_http_methods(["GET", "POST"])
def paper_new(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Add a general paper and go there: in a dialog of the index (htmx), or from the list on a page of its own."""
    typed = request.POST if request.method == "POST" else None
    form = PaperForm(typed, initial={"section": request.GET.get("section", "")})
    if form.is_valid():
        with refusals_as_errors(form):
            paper = add_paper(engagement, **form.cleaned_data, by=request.user)
            return HttpResponseClientRedirect(paper.get_absolute_url()) if request.htmx else redirect(paper)
    if request.htmx and form.errors:
        return invalid(form)
    template = "procedures/paper_new.html" if request.htmx else "procedures/paper_new_page.html"
    return render(request, template, {"form": form, "engagement": engagement}, status=422 if form.errors else 200)
