"""Django's handle on this package."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "findings"
