"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"

    def ready(self) -> None:
        """Listen to what happens to engagements."""
        import_module("procedures.receivers")
