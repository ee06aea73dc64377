"""Django's handle on this package."""

from django.apps import AppConfig


class SignoffConfig(AppConfig):
    name = "signoff"
