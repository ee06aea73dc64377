"""URLs of the lifecycle."""

from django.urls import path

from signoff import views

urlpatterns = [
    path("engagements/<uuid:engagement>/stage/next/", views.next_stage, name="stage-next"),
    path("engagements/<uuid:engagement>/stage/previous/", views.previous_stage, name="stage-previous"),
    path("engagements/<uuid:engagement>/fieldwork/", views.fieldwork, name="fieldwork"),
]
