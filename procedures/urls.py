"""URLs of workpapers: what is typed on them, signed and noted. The page itself is desk's."""

from django.urls import path

from procedures import duty_views, views

urlpatterns = [
    path("results/<uuid:result>/", views.result_save, name="result-save"),
    path("papers/<uuid:workpaper>/conclusion/", views.conclusion_save, name="conclusion-save"),
    path("papers/<uuid:workpaper>/signoff/", views.paper_signoff, name="paper-signoff"),
    path(
        "papers/<uuid:workpaper>/duties/<int:duty>/<day:starts_on>/", duty_views.duty_occurrence, name="duty-occurrence"
    ),
    path("papers/<uuid:workpaper>/duties/<int:duty>/frequency/", duty_views.duty_frequency, name="duty-frequency"),
    path("papers/<uuid:workpaper>/notes/", views.note_write, name="paper-note"),
]
