"""The page on which the file is concluded and signed: findings, the gates, and what the report's pages would lack."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements.models import Engagement
from foundation.accounts.factor_views import signed_with_passkey
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.blockers import Blocker
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible
from reports.actions import partner_blockers, sign_as_partner
from signoff.conclusions import Decision, decide, faults, sign_file, signoff_blockers
from signoff.forms import ConclusionForm
from signoff.models import EngagementSignOff
from signoff.standing import Standing

SignedAs = EngagementSignOff.Role
by_id = visible(Engagement, pk="engagement")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the two signatures on the file: who signed, whether that still holds, what is in the way.

    `news` are the blockers that the step before doesn't list already.
    """

    role: str
    label: str
    url_name: str
    may_sign: bool
    blockers: list[Blocker]
    news: list[Blocker]
    signatures: list[EngagementSignOff]
    fingerprint: str

    @property
    def current(self) -> EngagementSignOff | None:
        """The signature on the file as it is now."""
        return next((row for row in self.signatures if row.fingerprint == self.fingerprint), None)

    @property
    def outdated(self) -> list[EngagementSignOff]:
        return [row for row in self.signatures if row.fingerprint != self.fingerprint]


STEPS = (
    (SignedAs.FINAL, "engagement.sign_final", "final-signoff"),
    (SignedAs.QUALITY, "engagement.sign_quality", "quality-signoff"),
)


def _steps(standing: Standing, user: User) -> list[Step]:
    signatures = EngagementSignOff.objects.filter(engagement=standing.engagement).select_related("user")
    rows = list(signatures.order_by("-id"))
    steps: list[Step] = []
    for role, permission, url_name in STEPS:
        may_sign = user.can(permission, standing.engagement)
        shown = {blocker.kind for step in steps for blocker in step.blockers}
        blockers = _blockers(standing, role, by=user if may_sign else None)
        steps.append(
            Step(
                role=role,
                label=str(role.label),
                url_name=url_name,
                may_sign=may_sign,
                blockers=blockers,
                news=[blocker for blocker in blockers if blocker.kind not in shown or blocker.kind == "stage.early"],
                signatures=[row for row in rows if row.role == role],
                fingerprint=standing.fingerprint,
            )
        )
    return steps


def _blockers(standing: Standing, role: str, *, by: User | None) -> list[Blocker]:
    return partner_blockers(standing) if role == SignedAs.FINAL else signoff_blockers(standing, role, by=by)


@guarded("engagement.view", by_id)
@require_GET
def conclusion(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Show the proposal, the decision and the two signatures with what is in their way."""
    return _conclusion_page(request, engagement)


def _conclusion_page(
    request: PersonRequest, engagement: Engagement, form: ConclusionForm | None = None, status: int = 200
) -> HttpResponse:
    standing = Standing(engagement)
    decided = standing.conclusion
    proposal = standing.proposal(decided.pervasive if decided else "")
    context: dict[str, Any] = {
        "engagement": engagement,
        "proposal": proposal,
        "conclusion": decided,
        "form": form or ConclusionForm(initial=model_to_dict(decided) if decided else {}, asks=proposal.asks),
        "departs": decided is not None and decided.kind != proposal.kind,
        "may_decide": engagement.is_open_for_work and request.user.can("engagement.sign_final", engagement),
        "steps": _steps(standing, request.user),
        "fingerprint": standing.fingerprint,
        "fieldwork_is_ahead": engagement.fieldwork_opened_at is None,
        "representation": standing.representation,
        "representation_signed": standing.representation_signed,
    }
    return render(request, "desk/conclusion.html", context, status=status)


@guarded("engagement.sign_final", by_id)
@require_POST
def decision(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """Record the partner's conclusion; what was typed stays when it is refused."""
    standing = Standing(engagement)
    form = ConclusionForm(request.POST, asks=standing.proposal().asks)
    if form.is_valid():
        decided = Decision(**form.cleaned_data)
        for field, fault in faults(decided, standing).items():
            form.add_error(field, fault)
        if form.is_valid() and _recorded(engagement, decided, form, by=request.user):
            messages.success(request, _("The conclusion is recorded."))
            return redirect("conclusion", engagement=engagement.pk)
    return _conclusion_page(request, engagement, form, status=422)


def _recorded(engagement: Engagement, decided: Decision, form: ConclusionForm, *, by: User) -> bool:
    """Whether the verb took the decision; if not, the form says why."""
    with refusals_as_errors(form):
        decide(engagement, decided, by=by)
    return form.is_valid()


@guarded("engagement.sign_final", by_id)
@require_POST
@signed_with_passkey
def final_signoff(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The partner's signature."""
    return _signed(request, engagement, sign_as_partner)


@guarded("engagement.sign_quality", by_id)
@require_POST
@signed_with_passkey
def quality_signoff(request: PersonRequest, engagement: Engagement) -> HttpResponse:
    """The quality reviewer's."""
    return _signed(request, engagement, partial(sign_file, role=SignedAs.QUALITY))


def _signed(request: PersonRequest, engagement: Engagement, sign: Callable[..., EngagementSignOff]) -> HttpResponse:
    with refusals_as_messages(request):
        sign(engagement, seen=request.POST.get("fingerprint", ""), by=request.user)
        messages.success(request, _("Signed."))
    return redirect("conclusion", engagement=engagement.pk)
