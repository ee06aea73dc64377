"""The page: a person's engagements at a glance; for the firm's administrator all of the firm's, as shells."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.overview.calendar import axis_of, rows_of, shown
from desk.overview.overdue import overdue_in
from desk.overview.yearly import findings_over_years
from engagements.models import Engagement
from findings.models import Severity
from foundation.accounts.http import PersonRequest
from foundation.web.guards import guarded


@guarded("overview.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """Show deadlines; to whoever reads the files also what is overdue in them and what was found."""
    everything = Engagement.objects.staffable_by(request.user).select_related("auditee")
    current = shown(everything)
    axis = axis_of(current)
    context: dict[str, Any] = {"axis": axis, "rows": rows_of(current, axis)}
    if request.user.can("engagement.view"):
        context |= {
            "overdue": overdue_in(current),
            "yearly": findings_over_years(everything),
            "severities": Severity.choices,
        }
    return render(request, "desk/overview/page.html", context)
