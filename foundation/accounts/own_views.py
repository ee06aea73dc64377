"""A person's own account: particulars, second factors, sessions, tokens. allauth has the pages of the factors."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from knox.models import AuthToken

from foundation.accounts.actions import note_own, save_own_particulars
from foundation.accounts.forms import OwnParticularsForm
from foundation.accounts.http import PersonRequest
from foundation.accounts.models import User
from foundation.web.guards import guarded


@guarded("account.own")
@require_GET
def account(request: PersonRequest) -> HttpResponse:
    """Show what belongs to the person who is signed in."""
    return _account_page(request, OwnParticularsForm(instance=request.user))


@guarded("home.view")  # reports print them: not before the second factor
@require_POST
def particulars(request: PersonRequest) -> HttpResponse:
    """Save certificate and experience."""
    person = User.objects.get(pk=request.user.pk)
    form = OwnParticularsForm(request.POST, instance=person)
    if not form.is_valid():
        return _account_page(request, form, status=422)
    save_own_particulars(person, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("account")


@guarded("account.own")
@require_POST
def session_end(request: PersonRequest, session: int) -> HttpResponse:
    """End one of the person's own sessions."""
    found = get_object_or_404(UserSession, pk=session, user=request.user)
    found.end()
    note_own("person.session-ended", request.user, ip=found.ip)
    messages.success(request, _("The session has ended."))
    return redirect("account")


@guarded("account.own")
@require_POST
def token_end(request: PersonRequest, token: str) -> HttpResponse:
    """End one of the person's own API tokens, by the beginning that lists show."""
    found = get_object_or_404(AuthToken, token_key=token, user=request.user)
    found.delete()
    note_own("token.ended", request.user, token=token)
    messages.success(request, _("The token has ended."))
    return redirect("account")


def _account_page(request: PersonRequest, form: OwnParticularsForm, *, status: int = 200) -> HttpResponse:
    person = request.user
    context = {
        "form": form,
        "factors": list(Authenticator.objects.filter(user=person).order_by("type", "pk")),
        "sessions": UserSession.objects.purge_and_list(person),
        "current": request.session.session_key,
        "tokens": list(AuthToken.objects.filter(user=person).order_by("created")),
    }
    return render(request, "accounts/account.html", context, status=status)
