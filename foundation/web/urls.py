"""Health and language."""

from django.urls import path
from django.views.i18n import set_language

from foundation.web.guards import public
from foundation.web.health import healthz

urlpatterns = [
    path("healthz/", healthz, name="healthz"),
    path("language/", public(set_language), name="set_language"),
]
