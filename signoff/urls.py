"""URLs of the lifecycle and of the plan."""

from django.urls import path

from signoff import plan_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/stage/next/", views.next_stage, name="stage-next"),
    path("engagements/<uuid:engagement>/stage/previous/", views.previous_stage, name="stage-previous"),
    path("engagements/<uuid:engagement>/stage/withdrawal/", views.withdrawal, name="stage-withdrawal"),
    path("engagements/<uuid:engagement>/fieldwork/", views.fieldwork, name="fieldwork"),
    path("engagements/<uuid:engagement>/plan/", plan_views.plan, name="engagement-plan"),
    path("engagements/<uuid:engagement>/plan/areas/<str:area>/", plan_views.plan_risk, name="plan-risk"),
    path("engagements/<uuid:engagement>/plan/approval/", plan_views.plan_approval, name="plan-approval"),
]
