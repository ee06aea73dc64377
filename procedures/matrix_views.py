"""The matrix of a procedure that lists clauses, as the workpaper's page asks for it and sends it."""

from collections.abc import Iterator, Mapping
from itertools import count

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.accounts.http import PersonRequest
from foundation.web.answers import invalid, refusals_answered
from foundation.web.guards import guarded, visible
from foundation.web.refusals import Conflict
from procedures.answers import conflicting
from procedures.forms import SeenForm
from procedures.matrices import MOST, Column, matrix_of, save_matrix
from procedures.matrix_tables import Table
from procedures.models import ProcedureResult


@guarded("workpaper.change", visible(ProcedureResult, pk="result"))
@require_http_methods(["GET", "POST"])
@refusals_answered
def result_matrix(request: PersonRequest, result: ProcedureResult) -> HttpResponse:
    """GET: the form as it is now. POST: save it; 200, 409 with the other person's cells, 422 with the reasons."""
    if request.method == "GET":
        table = Table(matrix_of(result), is_open=True)
        return render(request, "procedures/matrix.html", {"table": table, "reopened": "reopened" in request.GET})
    form = SeenForm(request.POST)
    if not form.is_valid():
        return invalid(form)
    try:
        matrix = save_matrix(result, list(_columns(request.POST, len(result.steps))), **form.seen, by=request.user)
    except Conflict as conflict:
        return conflicting(conflict)
    changes = int(matrix.version > form.cleaned_data["version"])
    saved = {"version": matrix.version, "saved_at": timezone.localtime().isoformat(timespec="seconds")}
    told = {"content_version": matrix.result.workpaper.content_version, "changes": changes, "items": len(matrix.items)}
    return JsonResponse(saved | told)


def _columns(typed: Mapping[str, str], clauses: int) -> Iterator[Column]:
    """Read the columns as they were typed, up to one more than a matrix may have: that one is refused."""
    for place in count():
        if f"item-{place}" not in typed or place > MOST + 1:
            return
        yield Column(typed[f"item-{place}"], tuple(typed.get(f"mark-{each}-{place}", "") for each in range(clauses)))
