"""Adding a general paper to a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from engagements.models import Engagement
from foundation.accounts.http import PersonRequest
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded, visible
from procedures.forms import PaperForm
from procedures.general import add_paper


@guarded("workpaper.change", visible(Engagement, pk="engagement"))
@require_http_methods(["GET", "POST"])
@refusals_answered
def paper_new(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """GET: the form, for the section that was chosen. POST: add the paper and send the page there, or 422."""
    if request.method == "GET":
        form = PaperForm(initial={"section": request.GET.get("section", "")})
        return render(request, "procedures/paper_new.html", {"form": form, "engagement": engagement})
    form = PaperForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    paper = add_paper(engagement, **form.cleaned_data, by=request.user)
    return HttpResponseClientRedirect(paper.get_absolute_url())
