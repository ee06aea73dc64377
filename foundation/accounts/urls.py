"""Signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from foundation.accounts.forms import LoginForm
from foundation.web.guards import public

urlpatterns = [
    path(
        "login/",
        public(LoginView.as_view(authentication_form=LoginForm, redirect_authenticated_user=True)),
        name="login",
    ),
    path("logout/", public(LogoutView.as_view()), name="logout"),
]
