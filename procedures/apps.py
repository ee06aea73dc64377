"""Django's handle on this package."""

from typing import Any

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"

    def ready(self) -> None:
        """Every new engagement gets its general papers: acceptance begins on them."""
        from engagements.signals import engagement_created  # noqa: PLC0415 -- no models before

        engagement_created.connect(_open_general_papers, dispatch_uid="general papers")


def _open_general_papers(*, engagement: Any, **_signal: Any) -> None:
    from procedures.general import open_general_papers  # noqa: PLC0415 -- no models before

    open_general_papers(engagement)
