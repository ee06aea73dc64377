"""Pages of requests and evidence."""

from django.urls import include, path

from evidence import views, views_requests

urlpatterns = [
    path("engagements/<uuid:engagement>/requests/", views_requests.request_list, name="request-list"),
    path("requests/<uuid:request_id>/", views_requests.request_page, name="request"),
    path("requests/<uuid:request_id>/answers/", views_requests.request_answer, name="request-answer"),
    path("requests/<uuid:request_id>/acceptance/", views_requests.request_acceptance, name="request-acceptance"),
    path("requests/<uuid:request_id>/return/", views_requests.request_return, name="request-return"),
    path("requests/<uuid:request_id>/closure/", views_requests.request_closure, name="request-closure"),
    path("engagements/<uuid:engagement>/evidence/", views.evidence_list, name="evidence-list"),
    path("engagements/<uuid:engagement>/evidence/files/", views.evidence_add, name="evidence-add"),
    path("", include("evidence.citation_urls")),
]
