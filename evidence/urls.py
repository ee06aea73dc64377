"""Pages of requests and evidence."""

from django.urls import include, path

from evidence import request_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/requests/", request_views.request_list, name="request-list"),
    path("requests/<uuid:request_id>/", request_views.request_page, name="request"),
    path("requests/<uuid:request_id>/answers/", request_views.request_answer, name="request-answer"),
    path("requests/<uuid:request_id>/acceptance/", request_views.request_acceptance, name="request-acceptance"),
    path("requests/<uuid:request_id>/return/", request_views.request_return, name="request-return"),
    path("requests/<uuid:request_id>/closure/", request_views.request_closure, name="request-closure"),
    path("engagements/<uuid:engagement>/evidence/", views.evidence_list, name="evidence-list"),
    path("engagements/<uuid:engagement>/evidence/files/", views.evidence_add, name="evidence-add"),
    path("", include("evidence.citation_urls")),
]
