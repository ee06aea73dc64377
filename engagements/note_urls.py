"""URLs of review notes."""

from django.urls import path

from engagements import note_views

urlpatterns = [
    path("notes/<uuid:note>/replies/", note_views.note_reply, name="note-reply"),
    path("notes/<uuid:note>/resolution/", note_views.note_resolve, name="note-resolve"),
]
