"""URLs of findings and of raising them from exceptions."""

from django.urls import path

from findings import raise_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/findings/", views.finding_list, name="finding-list"),
    path("findings/<uuid:finding>/", views.finding, name="finding"),
    path("findings/<uuid:finding>/text/", views.finding_text, name="finding-text"),
    path("findings/<uuid:finding>/withdrawal/", views.finding_withdrawal, name="finding-withdrawal"),
    path("findings/<uuid:finding>/links/", views.finding_links, name="finding-links"),
    path("findings/<uuid:finding>/links/removal/", views.finding_unlinking, name="finding-unlinking"),
    path("results/<uuid:result>/findings/", raise_views.finding_raise, name="finding-raise"),
    path("results/<uuid:result>/findings/links/", raise_views.finding_link, name="finding-link"),
    path("results/<uuid:result>/findings/<uuid:finding>/", raise_views.finding_unlink, name="finding-unlink"),
]
