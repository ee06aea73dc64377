"""Django's handle on this package."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
