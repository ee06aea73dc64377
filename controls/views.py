"""The catalogue browser: the tree with its search, and one control point."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from controls.models import CatalogueVersion, ControlPoint
from controls.queries import figures, neighbours, point_with_everything, shared_documents, tree
from controls.search import search
from foundation.accounts.http import PersonRequest
from foundation.web.guards import guarded


@guarded("catalogue.view")
@require_safe
def catalogue(request: PersonRequest) -> HttpResponse:
    """The tree of the current version; with `?q=`, the control points that hold the words."""
    version = CatalogueVersion.objects.published().order_by("published_at").last()
    query = request.GET.get("q", "").strip()
    context = {"version": version, "query": query} | (_shown(version, query) if version else {})
    template = "controls/catalogue.html"
    if request.htmx:
        return render(request, f"{template}#results", context)
    return render(request, template, context | ({"figures": figures(version)} if version else {}))


def _shown(version: CatalogueVersion, query: str) -> dict[str, object]:
    return {"hits": search(version, query)} if query else {"chapters": tree(version)}


@guarded("catalogue.view")
@require_safe
def catalogue_point(request: PersonRequest, code: str) -> HttpResponse:
    """One control point: the regulator's words, and beside them what is ours."""
    try:
        point = point_with_everything(CatalogueVersion.objects.current(), code)
    except (CatalogueVersion.DoesNotExist, ControlPoint.DoesNotExist) as error:
        raise Http404 from error
    context = {
        "point": point,
        "chapters": tree(point.version),
        "shared": shared_documents(point),
        "near": neighbours(point),
    }
    return render(request, "controls/point.html", context)
