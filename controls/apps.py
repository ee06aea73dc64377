"""Django's handle on this package."""

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    name = "controls"
