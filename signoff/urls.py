"""URLs of the lifecycle and of the conclusion."""

from django.urls import path

from signoff import views

urlpatterns = [
    path("engagements/<uuid:engagement>/stage/next/", views.next_stage, name="stage-next"),
    path("engagements/<uuid:engagement>/stage/previous/", views.previous_stage, name="stage-previous"),
    path("engagements/<uuid:engagement>/fieldwork/", views.fieldwork, name="fieldwork"),
    path("engagements/<uuid:engagement>/conclusion/", views.conclusion, name="conclusion"),
    path("engagements/<uuid:engagement>/conclusion/decision/", views.decision, name="conclusion-decision"),
    path("engagements/<uuid:engagement>/conclusion/final-signoff/", views.final_signoff, name="final-signoff"),
    path("engagements/<uuid:engagement>/conclusion/quality-signoff/", views.quality_signoff, name="quality-signoff"),
]
