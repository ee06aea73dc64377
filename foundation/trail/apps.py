"""Django's handle on this package."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TrailConfig(AppConfig):
    name = "foundation.trail"
    label = "trail"

    def ready(self) -> None:
        """Register the start-up check; it needs the models, which are ready only now."""
        from foundation.trail.checks import check_guards  # noqa: PLC0415

        register(check_guards, Tags.database)
