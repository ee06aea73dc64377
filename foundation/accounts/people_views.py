"""An organization's people: invited, given roles, disabled, helped when they lost their second factor."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts import actions
from foundation.accounts.forms import InvitationForm, NameForm, OrganizationForm, ReasonForm, RegistrationForm, RoleForm
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import Organization, Recovery, User
from foundation.accounts.queries import people_of, recoveries_to_decide
from foundation.web.errors import refusals_as_errors, refusals_as_messages
from foundation.web.guards import guarded, visible

an_organization = visible(Organization, pk="organization")
a_person = visible(User, pk="person")


@guarded("organization.list")
@require_GET
def organization_list(request: PersonRequest) -> HttpResponse:
    """Show every organization of the platform."""
    return render(request, "accounts/organizations.html", {"organizations": Organization.objects.all()})


@guarded("organization.register_broker")
@require_http_methods(["GET", "POST"])
def organization_new(request: PersonRequest) -> HttpResponse:
    """Register an organization: a broker, or for the operator any kind."""
    form = RegistrationForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        registered = actions.register_organization(form.save(commit=False), by=request.user)
        messages.success(request, _("%(name)s is registered.") % {"name": registered.name})
        return redirect(_next(request) or (registered if request.user.can("people.view", registered) else "home"))
    return render(request, "accounts/organization_new.html", {"form": form}, status=422 if form.errors else 200)


def _next(request: PersonRequest) -> str:
    """Return the page that sent the person here, if it is one of ours."""
    page = request.GET.get("next", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else ""


@guarded("people.view", an_organization)
@require_GET
def organization(request: PersonRequest, organization: Organization) -> HttpResponse:
    """Show an organization and its people."""
    return _organization_page(request, organization)


@guarded("organization.change", an_organization)
@require_POST
def organization_change(request: PersonRequest, organization: Organization) -> HttpResponse:
    """Correct name and address."""
    form = OrganizationForm(request.POST, instance=organization)
    if not form.is_valid():
        return _organization_page(request, Organization.objects.get(pk=organization.pk), particulars=form)
    actions.change_organization(organization, by=request.user)
    messages.success(request, _("Saved."))
    return redirect(organization)


@guarded("person.invite", an_organization)
@require_POST
def person_invite(request: PersonRequest, organization: Organization) -> HttpResponse:
    """Invite a person by mail."""
    form = InvitationForm(request.POST, organization=organization, by=request.user)
    if form.is_valid():
        with refusals_as_errors(form):
            invited = actions.invite(organization, **form.cleaned_data, by=request.user)
            messages.success(request, _("%(mail)s gets a link to sign in.") % {"mail": invited.email})
            return redirect(organization)
    return _organization_page(request, organization, invitation=form)


def _organization_page(
    request: PersonRequest,
    organization: Organization,
    *,
    invitation: InvitationForm | None = None,
    particulars: OrganizationForm | None = None,
) -> HttpResponse:
    context = {
        "organization": organization,
        "people": people_of(organization),
        "recoveries": recoveries_to_decide(organization),
        "invitation": invitation or InvitationForm(organization=organization, by=request.user),
        "particulars": particulars or OrganizationForm(instance=organization),
    }
    return render(request, "accounts/organization.html", context, status=422 if invitation or particulars else 200)


@guarded("people.view", a_person)
@require_GET
def person(request: PersonRequest, person: User) -> HttpResponse:
    """Show one person's account."""
    return _person_page(request, person)


def _person_page(request: PersonRequest, person: User, *, errors: forms.BaseForm | None = None) -> HttpResponse:
    context = {
        "person": person,
        "factors": list(Authenticator.objects.filter(user=person).order_by("type", "pk")),
        "sessions": UserSession.objects.purge_and_list(person),
        "recovery": Recovery.objects.filter(person=person, confirmed_at=None).select_related("requested_by").first(),
        "name_form": NameForm(instance=person),
        "role_form": RoleForm(person=person, by=request.user),
        "wrong": errors,
    }
    return render(request, "accounts/person.html", context, status=422 if errors else 200)


@guarded("person.change", a_person)
@require_POST
def person_role(request: PersonRequest, person: User) -> HttpResponse:
    """Give the person another role."""
    form = RoleForm(request.POST, person=person, by=request.user)
    return _done(request, person, form, lambda: actions.change_role(person, form.cleaned_data["role"], by=request.user))


@guarded("person.change", a_person)
@require_POST
def person_rename(request: PersonRequest, person: User) -> HttpResponse:
    """Correct the person's name."""
    form = NameForm(request.POST, instance=User.objects.get(pk=person.pk))
    return _done(request, person, form, lambda: actions.rename(person, form.cleaned_data["name"], by=request.user))


@guarded("person.change", a_person)
@require_POST
def person_disable(request: PersonRequest, person: User) -> HttpResponse:
    """Let the person in no more."""
    form = ReasonForm(request.POST)
    return _done(request, person, form, lambda: actions.disable(person, **form.cleaned_data, by=request.user))


@guarded("person.change", a_person)
@require_POST
def person_enable(request: PersonRequest, person: User) -> HttpResponse:
    """Let the person in again."""
    return _done(request, person, None, lambda: actions.enable(person, by=request.user))


@guarded("person.change", a_person)
@require_POST
def person_sign_out(request: PersonRequest, person: User) -> HttpResponse:
    """End the person's sessions and tokens."""
    return _done(request, person, None, lambda: actions.end_access(person, by=request.user))


@guarded("person.invite", a_person)
@require_POST
def person_reinvite(request: PersonRequest, person: User) -> HttpResponse:
    """Mail the invitation again."""
    return _done(request, person, None, lambda: actions.invite_again(person, by=request.user))


@guarded("person.recover", a_person)
@require_POST
def recovery_ask(request: PersonRequest, person: User) -> HttpResponse:
    """Ask for new second factors for the person."""
    form = ReasonForm(request.POST)
    return _done(request, person, form, lambda: actions.ask_recovery(person, **form.cleaned_data, by=request.user))


def an_open_recovery(user: User, *, person: object) -> Recovery:
    """Load what was asked for a person whom the reader may see."""
    recoveries = Recovery.objects.filter(confirmed_at=None).select_related("person__organization")
    return get_object_or_404(recoveries, person=a_person(user, person=person))


@guarded("person.recover", an_open_recovery)
@require_POST
def recovery_confirm(request: PersonRequest, recovery: Recovery) -> HttpResponse:
    """Confirm it as the second person."""
    return _done(request, recovery.person, None, lambda: actions.confirm_recovery(recovery, by=request.user))


@guarded("person.recover", an_open_recovery)
@require_POST
def recovery_decline(request: PersonRequest, recovery: Recovery) -> HttpResponse:
    """Drop it."""
    return _done(request, recovery.person, None, lambda: actions.decline_recovery(recovery, by=request.user))


def _done(request: PersonRequest, person: User, form: forms.BaseForm | None, act: Callable[[], object]) -> HttpResponse:
    """Run a verb with a valid form; refusals and errors are said on the person's page."""
    if form is not None and not form.is_valid():
        return _person_page(request, person, errors=form)
    with refusals_as_messages(request):
        act()
        messages.success(request, _("Done."))
    return redirect(person)
