"""The login form."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """Mail address and password; the refusal never says which of the two was wrong."""

    error_messages = {
        "invalid_login": _("The mail address or the password is wrong."),
        "inactive": _("The mail address or the password is wrong."),
    }
