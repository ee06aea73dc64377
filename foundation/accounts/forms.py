"""Forms of people and organizations; those of the sign-in change allauth's words and looks only."""

from functools import partial
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from foundation.accounts.actions import note_own, roles_to_give
from foundation.accounts.models import Organization, User

Kind = Organization.Kind


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Mail address and password; the refusal never says which of the two was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class LinkForm(allauth_forms.UserTokenForm):  # type: ignore[misc]
    """The link to choose a password: of no use to somebody who was disabled since it was sent."""

    def clean(self) -> Any:
        """Check the link, then the person."""
        cleaned = super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A password of one's own, typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("password1", _("New password")), ("password2", _("The same once more"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].help_text = ""


def _said_by_a_browser(answer: Any, *, kind: type[AuthenticationResponse] | type[RegistrationResponse]) -> None:
    """Refuse what no browser says of a passkey; allauth would stumble over it."""
    try:
        kind.from_dict(answer)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_factor_adapter().validation_error("incorrect_code") from error


class PasskeyForm(passkeys.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey and what to call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What to call it")
        self.fields["credential"].validators.append(partial(_said_by_a_browser, kind=RegistrationResponse))


class _Touch(passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey's answer to a challenge. allauth tells of wrong codes, but not of wrong answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].validators.append(partial(_said_by_a_browser, kind=AuthenticationResponse))

    def clean_credential(self) -> Authenticator:
        """Check the answer; record a wrong one about the person, where it is known who that is."""
        try:
            return super().clean_credential()
        except forms.ValidationError:
            if self.user is not None:
                note_own("factor.refused", self.user, factor=Authenticator.Type.WEBAUTHN.value)
            raise


class PasskeyLoginForm(_Touch, passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with it alone."""


class PasskeyStepForm(_Touch):
    """The second step, after the password."""


class PasskeyConfirmationForm(_Touch, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Confirming in a session."""


class OwnParticularsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What people say of themselves."""

    class Meta:
        model = User
        fields = ("certificate", "experience")  # a name stands under signatures: others give it


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, organization: Organization, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in roles_to_give(organization, by=by)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["role"].initial = choices[0][0]
            self.fields["role"].widget = forms.HiddenInput()


class RoleForm(forms.Form):
    """Another role for somebody."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, person: User, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"role": person.role}
        roles = roles_to_give(person.organization, by=by)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another name for somebody."""

    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": _("Name")}


class ReasonForm(forms.Form):
    """Why something is done to somebody's account."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and address, as reports print them."""

    class Meta:
        model = Organization
        fields: tuple[str, ...] = ("name", "short_name", "address")
        labels = {"name": _("Full name"), "short_name": _("Short name"), "address": _("Address")}


class RegistrationForm(OrganizationForm):
    """A new organization, of a kind that the person may register."""

    class Meta(OrganizationForm.Meta):
        fields = ("kind", "tax_id", *OrganizationForm.Meta.fields)
        labels = {**OrganizationForm.Meta.labels, "kind": _("Kind"), "tax_id": _("Tax ID number")}
        error_messages = {"tax_id": {"unique": _("An organization with this number is registered already.")}}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.can("organization.register"):
            self.fields["kind"].choices = [(Kind.BROKER.value, Kind.BROKER.label)]  # type: ignore[attr-defined]
            self.fields["kind"].initial = Kind.BROKER
            self.fields["kind"].widget = forms.HiddenInput()
