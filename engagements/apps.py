"""Django's handle on this package."""

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"
