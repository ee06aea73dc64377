"""URLs of the workpaper page."""

from django.urls import path

from desk import workpaper

urlpatterns = [
    path("engagements/<uuid:engagement>/papers/<str:code>/", workpaper.workpaper, name="workpaper"),
]
