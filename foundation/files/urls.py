"""URLs of files on their way in."""

from django.urls import path

from foundation.files import upload_views

urlpatterns = [
    path("uploads/<uuid:upload>/", upload_views.upload, name="upload"),
]
