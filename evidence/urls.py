"""URLs of requests, of evidence and of citing it."""

from django.urls import path

from evidence import citation_views, piece_views, request_views, upload_views, viewer_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/requests/", request_views.request_list, name="request-list"),
    path("requests/<uuid:request_id>/", request_views.request_page, name="request"),
    path("requests/<uuid:request_id>/answers/", request_views.request_answer, name="request-answer"),
    path("requests/<uuid:request_id>/acceptance/", request_views.request_acceptance, name="request-acceptance"),
    path("requests/<uuid:request_id>/return/", request_views.request_return, name="request-return"),
    path("requests/<uuid:request_id>/closure/", request_views.request_closure, name="request-closure"),
    path("engagements/<uuid:engagement>/evidence/", views.evidence_list, name="evidence-list"),
    path("engagements/<uuid:engagement>/evidence/files/", views.evidence_add, name="evidence-add"),
    path("engagements/<uuid:engagement>/evidence/archive/", views.evidence_archive, name="evidence-archive"),
    path("engagements/<uuid:engagement>/uploads/", upload_views.engagement_uploads, name="engagement-uploads"),
    path("requests/<uuid:request_id>/uploads/", upload_views.request_uploads, name="request-uploads"),
    path("results/<uuid:result>/citations/", citation_views.citation_list, name="citation-list"),
    path("citations/<uuid:citation>/", citation_views.citation, name="citation"),
    path("citations/<uuid:citation>/renewal/", citation_views.citation_renewal, name="citation-renewal"),
    path("evidence/<uuid:evidence>/file/", piece_views.evidence_download, name="evidence-download"),
    path("evidence/<uuid:evidence>/viewer/", viewer_views.evidence_viewer, name="evidence-viewer"),
    path("evidence/<uuid:evidence>/pages/<int:page>/", viewer_views.evidence_picture, name="evidence-page"),
    path("evidence/<uuid:evidence>/pages/<int:page>/text/", viewer_views.evidence_text, name="evidence-text"),
    path("evidence/<uuid:evidence>/masks/", viewer_views.evidence_masks, name="evidence-masks"),
    path("evidence/<uuid:evidence>/", piece_views.evidence_page, name="evidence"),
    path("evidence/<uuid:evidence>/description/", piece_views.evidence_description, name="evidence-description"),
    path("evidence/<uuid:evidence>/versions/", piece_views.evidence_versions, name="evidence-versions"),
    path("evidence/<uuid:evidence>/withdrawal/", piece_views.evidence_withdrawal, name="evidence-withdrawal"),
    path("evidence/<uuid:evidence>/release/", piece_views.evidence_release, name="evidence-release"),
]
