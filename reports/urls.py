"""URLs of report versions and of the report letter's entries."""

from django.urls import path

from reports import page_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/reports/", views.report_list, name="report-list"),
    path("engagements/<uuid:engagement>/reports/request/", views.report_request, name="report-request"),
    path("engagements/<uuid:engagement>/reports/letter/", views.report_letter, name="report-letter"),
    path("reports/<uuid:report>/", views.report, name="report"),
    path("reports/<uuid:report>/progress/", views.report_progress, name="report-progress"),
    path("reports/<uuid:report>/files/<slug:kind>/", views.report_download, name="report-download"),
    path("reports/<uuid:report>/pages/<int:page>/", page_views.report_page, name="report-page"),
    path("reports/<uuid:report>/issue/", views.report_issue, name="report-issue"),
    path("reports/<uuid:report>/retry/", views.report_retry, name="report-retry"),
]
