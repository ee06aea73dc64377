"""URLs of workpapers: what is typed on them, signed and noted. The page itself is desk's."""

from django.urls import path

from procedures import addition_views, duty_views, library_views, matrix_views, paper_views, views

urlpatterns = [
    path("engagements/new/", paper_views.engagement_new, name="engagement-new"),
    path("engagements/<uuid:engagement>/papers/new/", paper_views.paper_new, name="paper-new"),
    path("results/<uuid:result>/", views.result_save, name="result-save"),
    path("papers/<uuid:workpaper>/conclusion/", views.conclusion_save, name="conclusion-save"),
    path("papers/<uuid:workpaper>/signoff/", views.paper_signoff, name="paper-signoff"),
    path(
        "papers/<uuid:workpaper>/duties/<int:duty>/<day:starts_on>/", duty_views.duty_occurrence, name="duty-occurrence"
    ),
    path("papers/<uuid:workpaper>/duties/<int:duty>/frequency/", duty_views.duty_frequency, name="duty-frequency"),
    path("papers/<uuid:workpaper>/notes/", views.note_write, name="paper-note"),
    path("papers/<uuid:workpaper>/procedures/", addition_views.procedure_add, name="procedure-add"),
    path("results/<uuid:result>/wording/", addition_views.procedure_added, name="procedure-added"),
    path("library/", library_views.library, name="library"),
    path("library/tickmarks/", library_views.tickmark_add, name="tickmark-add"),
    path("library/tickmarks/own/", library_views.tickmark_own, name="tickmark-own"),
    path("library/tickmarks/<uuid:tickmark>/", library_views.tickmark_change, name="tickmark-change"),
    path("library/phrases/", library_views.phrase_add, name="phrase-add"),
    path("library/phrases/list/", library_views.phrase_list, name="phrase-list"),
    path("library/phrases/<uuid:phrase>/", library_views.phrase_change, name="phrase-change"),
    path("results/<uuid:result>/matrix/", matrix_views.result_matrix, name="result-matrix"),
    path("papers/<uuid:workpaper>/gaps/", addition_views.gap_declining, name="gap-declining"),
    path("papers/<uuid:workpaper>/gaps/reconsidered/", addition_views.gap_reconsidering, name="gap-reconsidering"),
]
