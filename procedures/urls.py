"""URLs of workpapers: what is typed on them, signed and noted. The page itself is desk's."""

from django.urls import path

from procedures import paper_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/papers/new/", paper_views.paper_new, name="paper-new"),
    path("results/<uuid:result>/", views.result_save, name="result-save"),
    path("papers/<uuid:workpaper>/conclusion/", views.conclusion_save, name="conclusion-save"),
    path("papers/<uuid:workpaper>/signoff/", views.paper_signoff, name="paper-signoff"),
    path("papers/<uuid:workpaper>/notes/", views.note_write, name="paper-note"),
]
