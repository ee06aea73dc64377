"""Django's handle on this package."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "foundation.trail"
    label = "trail"
