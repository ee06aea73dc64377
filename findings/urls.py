"""Pages of findings."""

from django.urls import include, path

from findings import views

urlpatterns = [
    path("", include("findings.raise_urls")),
    path("engagements/<uuid:engagement>/findings/", views.finding_list, name="finding-list"),
    path("findings/<uuid:finding>/", views.finding, name="finding"),
    path("findings/<uuid:finding>/wording/", views.finding_wording, name="finding-wording"),
    path("findings/<uuid:finding>/response/", views.finding_response, name="finding-response"),
    path("findings/<uuid:finding>/links/", views.finding_links, name="finding-links"),
    path("findings/<uuid:finding>/links/removal/", views.finding_unlinking, name="finding-unlinking"),
]
