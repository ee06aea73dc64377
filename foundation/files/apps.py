"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "foundation.files"
    label = "files"

    def ready(self) -> None:
        """Register the deploy check."""
        import_module("foundation.files.checks")
