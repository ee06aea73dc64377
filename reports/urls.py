"""URLs of report versions, of what the report's letter is written with, and of the representation letter."""

from django.urls import path

from reports import exchange_views, issued_views, letter_views, page_views, representation_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/reports/", views.report_list, name="report-list"),
    path("engagements/<uuid:engagement>/reports/request/", views.report_request, name="report-request"),
    path("engagements/<uuid:engagement>/reports/letter/", views.report_letter, name="report-letter"),
    path("engagements/<uuid:engagement>/representation/", representation_views.representation, name="representation"),
    path(
        "engagements/<uuid:engagement>/representation/draft/",
        representation_views.representation_draft,
        name="representation-draft",
    ),
    path(
        "engagements/<uuid:engagement>/representation/signed/",
        representation_views.representation_signed,
        name="representation-signed",
    ),
    path(
        "engagements/<uuid:engagement>/representation/letter.pdf",
        representation_views.representation_pdf,
        name="representation-pdf",
    ),
    path("library/letters/", letter_views.letter_shelf, name="letter-shelf"),
    path("library/letters/<slug:letter>/", letter_views.letter_template, name="letter-template"),
    path("library/letters/<slug:letter>/version/", letter_views.letter_template_save, name="letter-template-save"),
    path("library/letters/<slug:letter>/reset/", letter_views.letter_template_reset, name="letter-template-reset"),
    path(
        "library/letters/<slug:letter>/preview/", letter_views.letter_template_preview, name="letter-template-preview"
    ),
    path(
        "library/letters/approval/<uuid:template>/",
        letter_views.letter_template_approve,
        name="letter-template-approve",
    ),
    path("reports/<uuid:report>/", views.report, name="report"),
    path("reports/<uuid:report>/progress/", views.report_progress, name="report-progress"),
    path("reports/<uuid:report>/files/<slug:kind>/", views.report_download, name="report-download"),
    path("reports/<uuid:report>/pages/<int:page>/", page_views.report_page, name="report-page"),
    path("reports/<uuid:report>/issue/", views.report_issue, name="report-issue"),
    path("reports/<uuid:report>/retry/", views.report_retry, name="report-retry"),
    path("engagements/<uuid:engagement>/reports/cosigner/", issued_views.report_cosigner, name="report-cosigner"),
    path("engagements/<uuid:engagement>/reports/reissue/", issued_views.report_reissue, name="report-reissue"),
    path("engagements/<uuid:engagement>/reports/reissue/end/", issued_views.reissue_cancel, name="reissue-cancel"),
    path("reports/<uuid:report>/uploads/", issued_views.report_uploads, name="report-uploads"),
    path("reports/<uuid:report>/scans/", issued_views.report_scan, name="report-scan"),
    path("reports/<uuid:report>/release/", issued_views.report_release, name="report-release"),
    path("reports/<uuid:report>/withdrawal/", issued_views.report_withdrawal, name="report-withdrawal"),
    path("reports/<uuid:report>/return/", exchange_views.report_return, name="report-return"),
    path("reports/<uuid:report>/return/answer/", issued_views.report_return_answer, name="report-return-answer"),
    path("reports/<uuid:report>/receipts/", exchange_views.report_receipts, name="report-receipts"),
    path("reports/<uuid:report>/receipts/<int:seq>/", exchange_views.report_receipt, name="report-receipt"),
    path("filed/downloads/", exchange_views.download_list, name="download-list"),
    path("filed/check/", exchange_views.report_check, name="report-check"),
]
