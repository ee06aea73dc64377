"""Django's handle on this package."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
