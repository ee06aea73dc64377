"""URLs of engagements as such and of review notes."""

from django.urls import path

from engagements import acceptance_views, note_views, views

urlpatterns = [
    path("engagements/<uuid:engagement>/team/", views.team, name="engagement-team"),
    path("engagements/<uuid:engagement>/team/members/", views.team_join, name="team-join"),
    path("engagements/<uuid:engagement>/team/members/<int:member>/departure/", views.team_leave, name="team-leave"),
    path("engagements/<uuid:engagement>/auditee/people/", views.auditee_invite, name="auditee-invite"),
    path(
        "engagements/<uuid:engagement>/auditee/people/<uuid:person>/acknowledgement/",
        views.auditee_acknowledge,
        name="auditee-acknowledge",
    ),
    path("engagements/<uuid:engagement>/acceptance/", acceptance_views.acceptance, name="engagement-acceptance"),
    path(
        "engagements/<uuid:engagement>/acceptance/declaration/",
        acceptance_views.acceptance_declaration,
        name="acceptance-declaration",
    ),
    path("engagements/<uuid:engagement>/acceptance/firm/", acceptance_views.acceptance_firm, name="acceptance-firm"),
    path(
        "engagements/<uuid:engagement>/acceptance/decision/",
        acceptance_views.acceptance_decision,
        name="acceptance-decision",
    ),
    path(
        "engagements/<uuid:engagement>/acceptance/letter/", acceptance_views.acceptance_letter, name="acceptance-letter"
    ),
    path(
        "engagements/<uuid:engagement>/acceptance/letters/<int:terms>/file/",
        acceptance_views.acceptance_letter_file,
        name="acceptance-letter-file",
    ),
    path("engagements/<uuid:engagement>/profile/", views.profile, name="engagement-profile"),
    path("engagements/<uuid:engagement>/profile/<slug:condition>/", views.answer, name="profile-answer"),
    path("notes/<uuid:note>/replies/", note_views.note_reply, name="note-reply"),
    path("notes/<uuid:note>/resolution/", note_views.note_resolve, name="note-resolve"),
    path("notes/<uuid:note>/reopening/", note_views.note_reopen, name="note-reopen"),
    path("notes/<uuid:note>/direction/", note_views.note_direct, name="note-direct"),
    path("notes/<uuid:note>/discarding/", note_views.note_discard, name="note-discard"),
]
