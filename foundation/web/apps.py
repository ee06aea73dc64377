"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig
from django.urls import register_converter

from foundation.web.converters import Code, Day


class WebConfig(AppConfig):
    name = "foundation.web"
    label = "web"

    def ready(self) -> None:
        """Register the start-up checks, and the converters that several apps' URLs use."""
        import_module("foundation.web.checks")
        register_converter(Code, "code")
        register_converter(Day, "day")
