"""URLs of citing evidence and of downloading it."""

from django.urls import path

from evidence import views_citations

urlpatterns = [
    path("results/<uuid:result>/citations/", views_citations.citation_list, name="citation-list"),
    path("citations/<uuid:citation>/", views_citations.citation, name="citation"),
    path("evidence/<uuid:evidence>/file/", views_citations.evidence_download, name="evidence-download"),
]
