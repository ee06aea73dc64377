"""Every URL of the product, by app; each declares its permission (see foundation/web/checks.py)."""

from django.urls import include, path

urlpatterns = [
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.web.urls")),
    path("", include("foundation.files.urls")),
    path("", include("controls.urls")),
    path("", include("engagements.urls")),
    path("", include("procedures.urls")),
    path("", include("evidence.urls")),
    path("", include("findings.urls")),
    path("", include("signoff.urls")),
    path("", include("reports.urls")),
    path("", include("desk.urls")),
    path("api/", include("config.api")),
]

handler403 = "foundation.web.errors.forbidden"
