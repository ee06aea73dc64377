"""The engagement page: where it stands, what is next and what is in the way, the map of its papers."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk.live import Known, overview
from desk.loading import engagement_with_team
from desk.sentences import Sentence, sentences
from engagements.models import Engagement, Stage
from engagements.queries import answered, by_rank
from evidence.models import Request
from findings.models import Finding, Severity
from foundation.accounts.http import PersonRequest
from foundation.accounts.policy import Role
from foundation.trail.models import Event
from foundation.trail.queries import events_of
from foundation.web.blockers import Blocker
from foundation.web.guards import guarded
from reports.filed import with_standing
from signoff.forms import ReasonForm, WithdrawalForm
from signoff.gates import blockers_into
from signoff.lifecycle import BACK, BY_VERB, NEXT, WITHDRAWN
from signoff.models import ReportReturn, ReportVersion
from signoff.standing import Standing

RECENT = 8
NO_NEWS = ("evidence.viewed", "evidence.downloaded")  # kept in the trail; on the first page they would drown the rest
TYPED = frozenset({"result.saved", "conclusion.saved", "matrix.saved"})  # again and again, while somebody types
TYPED_LATELY = 60  # events


@guarded("engagement.view", engagement_with_team)
@require_GET
def engagement(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show one engagement."""
    early = engagement.fieldwork_opened_at is None
    standing = Standing(engagement, known_lines=[] if early else None)
    issued = issued_report(engagement)
    context = {
        "live": Known.of(engagement.seq),  # type: ignore[attr-defined]  # annotated
        "engagement": engagement,
        "stages": stages(engagement),
        "gate": gate(standing),
        "issued": issued,
        "returned": waiting_return(issued),
        "back": BACK.get(Stage(engagement.stage)),
        "back_form": ReasonForm(),
        "withdrawn": withdrawal(engagement),
        "withdrawal_form": WithdrawalForm(),
        "team": by_rank(member for member in engagement.team.all() if member.is_current),
        "recent": recent(engagement),
        **(_on_the_way(standing) if early else _fieldwork(standing)),
    }
    return render(request, "desk/engagement.html", context)


def _on_the_way(standing: Standing) -> dict[str, object]:
    """What leads to fieldwork; from a file that was closed before, nothing does."""
    return {"steps": next_steps(standing)} if standing.engagement.is_open_for_work else {}


def _fieldwork(standing: Standing) -> dict[str, object]:
    return {
        **overview(standing.engagement, standing.lines, []),
        "requests": requests_at_a_glance(standing),
        "findings": findings_at_a_glance(standing.findings),
    }


def recent(engagement: Engagement) -> list[Sentence]:
    """The last events, newest first. Typing is told if it is among the very last: what one person typed on one paper
    once, at its last state.
    """
    lately = Q(seq__gt=(engagement.seq or 0) - TYPED_LATELY)  # type: ignore[attr-defined]  # annotated
    events = events_of(engagement.chain).exclude(name__in=NO_NEWS).filter(~Q(name__in=TYPED) | lately)
    told: dict[object, Event] = {}
    for event in events[: TYPED_LATELY + RECENT]:
        told.setdefault((event.actor, event.name, event.object_id) if event.name in TYPED else event.seq, event)
    return sentences(list(told.values())[:RECENT])


@dataclass(frozen=True, slots=True)
class StageMark:
    """One stage of the bar: done, now or todo."""

    label: str
    state: str


def stages(engagement: Engagement) -> list[StageMark]:
    """Return the stage bar; of a withdrawn engagement no stage but that."""
    if engagement.is_withdrawn:
        return [StageMark(str(Stage.WITHDRAWN.label), "now")]
    order: list[Stage] = [stage for stage in Stage if stage != Stage.WITHDRAWN]
    now = order.index(Stage(engagement.stage))
    states = ["done"] * now + ["now"] + ["todo"] * (len(order) - now - 1)
    return [StageMark(str(stage.label), state) for stage, state in zip(order, states, strict=True)]


@dataclass(frozen=True, slots=True)
class Gate:
    """The way into the next stage: what is in it, and the act that opens it: advance, fieldwork or report."""

    stage: Stage
    blockers: list[Blocker]

    @property
    def act(self) -> str:
        if self.stage not in BY_VERB:
            return "advance"
        return "fieldwork" if self.stage == Stage.FIELDWORK else "report"


def gate(standing: Standing) -> Gate | None:
    """Return the next gate with its blockers, or None where nothing follows."""
    following = NEXT.get(Stage(standing.engagement.stage))
    return Gate(following, blockers_into(following, standing)) if following else None


def issued_report(engagement: Engagement) -> ReportVersion | None:
    """Return the last report that was issued and not replaced, if any, and how it stands (one query)."""
    states = (ReportVersion.State.ISSUED, ReportVersion.State.WITHDRAWN)
    versions = with_standing(ReportVersion.objects.filter(engagement=engagement, state__in=states))
    return versions.select_related("withdrawal").order_by("-number").first()


def waiting_return(report: ReportVersion | None) -> ReportReturn | None:
    """Return what the exchange wants corrected, if an answer is awaited."""
    if report is None or not report.is_returned:  # type: ignore[attr-defined]  # annotated
        return None
    return report.returns.filter(answered_at=None).select_related("returned_by").first()


def withdrawal(engagement: Engagement) -> Sentence | None:
    """Return who withdrew from the engagement and why, if somebody did."""
    events = events_of(engagement.chain, event=WITHDRAWN)[:1] if engagement.is_withdrawn else ()
    return next(iter(sentences(events)), None)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do before fieldwork."""

    is_done: bool
    text: str
    detail: str
    url: str


def next_steps(standing: Standing) -> list[NextStep]:
    """Return what leads to fieldwork, in order (two queries beside what the gates know)."""
    engagement = standing.engagement
    roles = {member.role for member in engagement.team.all() if member.is_current}
    profile = answered(engagement)
    place = {"engagement": engagement.pk}
    return [
        NextStep(
            roles >= {Role.PARTNER, Role.EQR},
            _("Name the team"),
            _("Partner, quality reviewer, and who does the work"),
            reverse("engagement-team", kwargs=place),
        ),
        NextStep(
            engagement.stage != Stage.ACCEPTANCE,
            _("Accept the engagement"),
            _("Everybody declares, the engagement letter is recorded, the partner accepts"),
            reverse("engagement-acceptance", kwargs=place),
        ),
        NextStep(
            profile.number == profile.total,
            _("Answer the profile"),
            _("%(n)d of %(total)d answered; they decide what applies to this broker")
            % {"n": profile.number, "total": profile.total},
            reverse("engagement-profile", kwargs=place),
        ),
        NextStep(
            standing.plan.approval is not None,
            _("Plan the work"),
            _("%(n)d of 22 areas have their risk; the partner approves it with papers B-1 to B-4")
            % {"n": len(standing.plan.risks)},
            reverse("engagement-plan", kwargs=place),
        ),
        NextStep(False, _("Open fieldwork"), _("69 papers, 230 procedures and the request list are created"), ""),
    ]


def requests_at_a_glance(standing: Standing) -> dict[str, int]:
    """Count the requests as the page says them."""
    states = standing.requests
    return {
        "total": sum(number for state, number in states.items() if state != "overdue"),
        "accepted": states[Request.State.ACCEPTED],
        "submitted": states[Request.State.SUBMITTED],
        "waiting": sum(states[state] for state in Request.OPEN_STATES),
        "overdue": states["overdue"],
    }


def findings_at_a_glance(findings: list[Finding]) -> dict[str, object]:
    """Count the findings by severity, the heaviest first, and those without management's response."""
    counts = Counter(finding.severity for finding in findings)
    return {
        "total": len(findings),
        "by_severity": [(severity, severity.label, counts[severity]) for severity in Severity if counts[severity]],
        "silent": len([finding for finding in findings if not finding.answered]),  # type: ignore[attr-defined]  # annotated,
    }
