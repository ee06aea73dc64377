"""URLs of findings and of raising them from exceptions."""

from django.urls import path

from findings import raise_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/findings/", views.finding_list, name="finding-list"),
    path("findings/<uuid:finding>/", views.finding, name="finding"),
    path("findings/<uuid:finding>/wording/", views.finding_wording, name="finding-wording"),
    path("findings/<uuid:finding>/response/", views.finding_response, name="finding-response"),
    path("findings/<uuid:finding>/links/", views.finding_links, name="finding-links"),
    path("findings/<uuid:finding>/links/removal/", views.finding_unlinking, name="finding-unlinking"),
    path("results/<uuid:result>/findings/", raise_views.finding_raise, name="finding-raise"),
    path("results/<uuid:result>/findings/links/", raise_views.finding_link, name="finding-link"),
    path("results/<uuid:result>/findings/<uuid:finding>/", raise_views.finding_unlink, name="finding-unlink"),
]
