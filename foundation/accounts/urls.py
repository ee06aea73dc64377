"""Signing in and out, one's own account, and the organization's people.

allauth's views are named one by one: what isn't here doesn't exist. Signing in and links to a new password are public;
everything about factors is the signed-in person's own.
"""

from allauth.account import views as sign_in
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as provider
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path, re_path

from foundation.accounts import own_views, people_views
from foundation.accounts.factor_views import remove_passkey
from foundation.web.guards import guarded, public

own = guarded("account.own")

doors = [
    path("login/", public(sign_in.login), name="account_login"),
    path("login/second-factor/", public(mfa.authenticate), name="mfa_authenticate"),
    path("login/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("logout/", public(sign_in.logout), name="account_logout"),
    path("password/", public(sign_in.password_reset), name="account_reset_password"),
    path("password/sent/", public(sign_in.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(sign_in.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/chosen/", public(sign_in.password_reset_from_key_done), name="account_reset_password_from_key_done"),
]

# A firm's own identity provider, where the installation names one (OpenID Connect).
doors += [
    path("login/<str:provider_id>/", public(oidc.login), name="openid_connect_login"),
    path("login/<str:provider_id>/callback/", public(oidc.callback), name="openid_connect_callback"),
    path("login/provider/unknown/", public(provider.signup), name="socialaccount_signup"),
    path("login/provider/cancelled/", public(provider.login_cancelled), name="socialaccount_login_cancelled"),
    path("login/provider/error/", public(provider.login_error), name="socialaccount_login_error"),
]

factors = [
    path("account/password/", own(sign_in.password_change), name="account_change_password"),
    path("account/factors/", own(mfa.index), name="mfa_index"),
    path("account/factors/confirmation/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/factors/app/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("account/factors/app/removal/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/factors/codes/", own(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/factors/codes/new/", own(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/factors/passkeys/", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/factors/passkeys/new/", own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/factors/passkeys/confirmation/",
        own(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/factors/passkeys/<int:pk>/name/", own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/factors/passkeys/<int:pk>/removal/", own(remove_passkey), name="mfa_remove_webauthn"),
]

urlpatterns = [
    *doors,
    *factors,
    path("account/", own_views.account, name="account"),
    path("account/particulars/", own_views.particulars, name="account-particulars"),
    path("account/sessions/<int:session>/end/", own_views.session_end, name="session-end"),
    path("account/tokens/<str:token>/end/", own_views.token_end, name="own-token-end"),
    path("organizations/", people_views.organization_list, name="organization-list"),
    path("organizations/new/", people_views.organization_new, name="organization-new"),
    path("organizations/<uuid:organization>/", people_views.organization, name="organization"),
    path(
        "organizations/<uuid:organization>/particulars/", people_views.organization_change, name="organization-change"
    ),
    path("organizations/<uuid:organization>/people/", people_views.person_invite, name="person-invite"),
    path("people/<uuid:person>/", people_views.person, name="person"),
    path("people/<uuid:person>/name/", people_views.person_rename, name="person-rename"),
    path("people/<uuid:person>/role/", people_views.person_role, name="person-role"),
    path("people/<uuid:person>/disabling/", people_views.person_disable, name="person-disable"),
    path("people/<uuid:person>/enabling/", people_views.person_enable, name="person-enable"),
    path("people/<uuid:person>/sign-out/", people_views.person_sign_out, name="person-sign-out"),
    path("people/<uuid:person>/invitation/", people_views.person_reinvite, name="person-reinvite"),
    path("people/<uuid:person>/recovery/", people_views.recovery_ask, name="recovery-ask"),
    path("people/<uuid:person>/recovery/confirmation/", people_views.recovery_confirm, name="recovery-confirm"),
    path("people/<uuid:person>/recovery/refusal/", people_views.recovery_decline, name="recovery-decline"),
]
