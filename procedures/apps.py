"""Django's handle on this package."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"
