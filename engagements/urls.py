"""URLs of engagements as such."""

from django.urls import include, path

from engagements import views

urlpatterns = [
    path("engagements/new/", views.new, name="engagement-new"),
    path("engagements/<uuid:engagement>/team/", views.team, name="engagement-team"),
    path("engagements/<uuid:engagement>/team/members/", views.team_join, name="team-join"),
    path("engagements/<uuid:engagement>/team/members/<int:member>/departure/", views.team_leave, name="team-leave"),
    path("engagements/<uuid:engagement>/profile/", views.profile, name="engagement-profile"),
    path("engagements/<uuid:engagement>/profile/<slug:condition>/", views.answer, name="profile-answer"),
    path("", include("engagements.note_urls")),
]
