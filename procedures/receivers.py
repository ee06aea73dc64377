"""What papers do when something happens to their engagement."""

from typing import Any

from django.dispatch import receiver

from engagements.models import Engagement
from engagements.signals import engagement_created
from procedures.general import open_general_papers


@receiver(engagement_created)
def give_general_papers(*, engagement: Engagement, **_signal: Any) -> None:
    """Every engagement has its general papers from the beginning: its acceptance is written on them."""
    open_general_papers(engagement)
