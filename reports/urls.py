"""URLs of report versions and of the report letter's entries."""

from django.urls import path

from reports import exchange_views, issued_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/reports/", views.report_list, name="report-list"),
    path("engagements/<uuid:engagement>/reports/request/", views.report_request, name="report-request"),
    path("engagements/<uuid:engagement>/reports/letter/", views.report_letter, name="report-letter"),
    path("reports/<uuid:report>/", views.report, name="report"),
    path("reports/<uuid:report>/progress/", views.report_progress, name="report-progress"),
    path("reports/<uuid:report>/files/<slug:kind>/", views.report_download, name="report-download"),
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
