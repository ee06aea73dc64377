"""The first page after signing in: what concerns this person, by what they are."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk.my_reports import reports_to_cosign, returns_to_answer
from desk.my_work import (
    lapsed_for_me,
    my_engagements,
    my_papers,
    notes_to_me,
    waiting_for_my_approval,
    waiting_for_my_review,
)
from engagements.models import Engagement
from evidence.models import Request
from findings.queries import asked_of_broker
from foundation.accounts.http import PersonRequest
from foundation.accounts.policy import Role
from foundation.web.guards import guarded
from reports.filed import Wanted, filed, mark_new
from reports.issued_forms import FiledFilter

REPORTS_PER_PAGE = 30
REQUESTS_SHOWN = 30


@guarded("home.view")
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Show the start page of the person's role."""
    template, context_of = PAGES.get(Role(request.user.role), ("desk/home.html", _auditor))
    part = "#rows" if request.htmx and request.user.role == Role.EXCHANGE else ""
    return render(request, f"{template}{part}", context_of(request))


def _auditor(request: PersonRequest) -> dict[str, Any]:
    user = request.user
    rows = my_engagements(user)
    return {
        "engagements": rows,
        "to_declare": [row for row in rows if row.awaits_my_declaration],
        "for_signature": [row for row in rows if row.my_signature],
        "to_cosign": reports_to_cosign(user),
        "to_answer": returns_to_answer(user),
        "for_approval": waiting_for_my_approval(user, rows),
        "for_review": waiting_for_my_review(user, rows),
        "lapsed": lapsed_for_me(user, rows),
        "papers": my_papers(user, rows),
        "notes": notes_to_me(user, rows),
    }


def _broker(request: PersonRequest) -> dict[str, Any]:
    """The broker's requests and findings to answer: what it owes first, by due date, then what the auditors look at."""
    user = request.user
    told = asked_of_broker(user)
    requests = Request.objects.visible_to(user).select_related("engagement__firm", "engagement__auditee")
    ours = requests.waiting_for_broker().order_by(_returned_first(), "due_on", "number")
    theirs = requests.filter(state=Request.State.SUBMITTED).order_by("-state_since")
    return {
        "engagements": list(Engagement.objects.visible_to(user).select_related("firm").order_by("-deadline")),
        "unanswered": [line for line in told if line.asked.is_open],
        "told": {line.finding.engagement_id for line in told},
        "ours": list(ours[:REQUESTS_SHOWN]),
        "shown": REQUESTS_SHOWN,
        "reports": list(filed(user, Wanted())[:REPORTS_PER_PAGE]),
        "theirs": list(theirs[:REQUESTS_SHOWN]),
        "counts": requests.order_by().aggregate(
            total=Count("pk"),
            ours=Count("pk", filter=Q(state__in=Request.OPEN_STATES)),
            overdue=Count("pk", filter=Q(state__in=Request.OPEN_STATES, due_on__lt=timezone.localdate())),
            theirs=Count("pk", filter=Q(state=Request.State.SUBMITTED)),
            settled=Count("pk", filter=Q(state__in=Request.SETTLED_STATES)),
        ),
    }


def _returned_first() -> Case:
    return Case(When(state=Request.State.RETURNED, then=0), default=1)


def _exchange(request: PersonRequest) -> dict[str, Any]:
    """Return the reports filed with the exchange, new first, and what of them is new to this person."""
    filtering = FiledFilter(request.GET, user=request.user)
    found = filed(request.user, filtering.wanted)
    page = Paginator(found, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    mark_new(page, request.user)
    return {"page": page, "chosen": filtering, "narrows": filtering.wanted != Wanted()}


def _admin(request: PersonRequest) -> dict[str, Any]:
    """Return the firm's engagements as shells: title, stage and whether somebody leads them."""
    user = request.user
    staffed = Engagement.objects.staffable_by(user).select_related("auditee")
    return {
        "engagements": staffed.annotate(
            members=Count("team", filter=Q(team__ended_on__isnull=True)),
            partners=Count("team", filter=Q(team__ended_on__isnull=True, team__role=Role.PARTNER)),
        ),
    }


def _operator(_request: PersonRequest) -> dict[str, Any]:
    return {}


PAGES: dict[Role, tuple[str, Callable[[PersonRequest], dict[str, Any]]]] = {
    Role.BROKER: ("desk/home_broker.html", _broker),
    Role.EXCHANGE: ("desk/home_exchange.html", _exchange),
    Role.ADMIN: ("desk/home_admin.html", _admin),
    Role.OPERATOR: ("desk/home_operator.html", _operator),
}
