"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "foundation.web"
    label = "web"

    def ready(self) -> None:
        """Register the start-up checks."""
        import_module("foundation.web.checks")
