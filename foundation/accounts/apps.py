"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to the login machinery, check the settings."""
        import_module("foundation.accounts.checks")
        import_module("foundation.accounts.receivers")
