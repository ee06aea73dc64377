"""Who gets in and how: settings that are the same in every installation."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # invitations too

# A session ends after half an hour without a request, and after twelve hours in any case.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# How old the touch of a passkey may be when somebody signs with it.
SIGNING_PASSKEY_SECONDS = 10 * 60

ACCOUNT_ADAPTER = "foundation.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # nobody signs up; people are invited
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation went to the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the others end by themselves: their hash no longer fits
ACCOUNT_REAUTHENTICATION_METHODS = ["mfa"]
ACCOUNT_RATE_LIMITS = {  # beside allauth's own
    "upload": "5000/h/user",
    "render": "60/h/user",
    "export": "60/h/user",
    "check": "600/h/user",  # files compared with what was issued
    "presence": "7200/h/user",  # a page tells three times a minute where its reader is
    "preview": "600/h/user",  # batches of pages
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "foundation.accounts.forms.LoginForm",
    "user_token": "foundation.accounts.forms.LinkForm",
    "reset_password_from_key": "foundation.accounts.forms.NewPasswordForm",
}

MFA_ADAPTER = "foundation.accounts.adapters.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "foundation.accounts.forms.PasskeyForm",
    "login_webauthn": "foundation.accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "foundation.accounts.forms.PasskeyStepForm",
    "reauthenticate_webauthn": "foundation.accounts.forms.PasskeyConfirmationForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Digao"
MFA_TOTP_TOLERANCE = 1

SOCIALACCOUNT_ADAPTER = "foundation.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # whoever the firm's own provider vouches for, by mail address
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads elsewhere would break the content security policy
