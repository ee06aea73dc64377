"""What allauth's pages of second factors leave open: the last passkey stays, and signing asks for one that is fresh."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from foundation.accounts.factors import has_fresh_passkey
from foundation.accounts.http import PersonRequest

View = Callable[..., HttpResponse]


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    """Remove a passkey, unless the person's role can't do without it."""

    http_method_names = ("get", "post", "head", "options")  # Django's own DELETE asks nobody and records nothing

    def form_valid(self, form: Any) -> HttpResponse:
        """Refuse what would lock the person out."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, _("This is your last passkey; your role needs one. Set up another one first."))
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)  # type: ignore[no-any-return]


remove_passkey = RemovePasskeyView.as_view()


def signed_with_passkey(view: View) -> View:
    """Let a signature through only minutes after the signer has touched a passkey in this session.

    A form waits in the session while the person does so, then goes on; a part of a page is asked for again. Where
    second factors are eased (a demonstration), nothing is asked.
    """

    @wraps(view)
    def check(request: PersonRequest, *args: Any) -> HttpResponse:
        if has_fresh_passkey(request, request.user):
            return view(request, *args)
        messages.info(request, _("Signing takes your passkey, touched within the last ten minutes."))
        if request.htmx:
            page = request.htmx.current_url_abs_path or "/"
            way = urlencode({"next": page})
            return HttpResponseClientRedirect(f"{reverse('mfa_reauthenticate_webauthn')}?{way}")
        raise ReauthenticationRequired

    return check
