"""URLs of findings and of raising them from exceptions."""

from django.urls import path

from findings import (
    broker_views,
    follow_up_views,
    group_views,
    raise_views,
    register_views,
    release_views,
    views,
)

urlpatterns = [
    path("engagements/<uuid:engagement>/findings/", register_views.finding_list, name="finding-list"),
    path("engagements/<uuid:engagement>/findings/releases/", register_views.finding_releases, name="finding-releases"),
    path("engagements/<uuid:engagement>/findings/groups/", group_views.finding_group_new, name="finding-group-new"),
    path("finding-groups/<uuid:group>/", group_views.finding_group, name="finding-group"),
    path(
        "finding-groups/<uuid:group>/dissolution/",
        group_views.finding_group_dissolution,
        name="finding-group-dissolution",
    ),
    path("engagements/<uuid:engagement>/follow-ups/", follow_up_views.follow_up_list, name="follow-up-list"),
    path("engagements/<uuid:engagement>/follow-ups/new/", follow_up_views.follow_up_add, name="follow-up-add"),
    path("engagements/<uuid:engagement>/follow-ups/carried/", follow_up_views.follow_up_carry, name="follow-up-carry"),
    path("follow-ups/<uuid:follow_up>/", follow_up_views.follow_up, name="follow-up"),
    path("follow-ups/<uuid:follow_up>/assessment/", follow_up_views.follow_up_assessment, name="follow-up-assessment"),
    path("engagements/<uuid:engagement>/responses/", broker_views.response_list, name="response-list"),
    path("findings/<uuid:finding>/response/", broker_views.finding_response, name="finding-response"),
    path("findings/<uuid:finding>/", views.finding, name="finding"),
    path("findings/<uuid:finding>/text/", views.finding_text, name="finding-text"),
    path("findings/<uuid:finding>/release/", release_views.finding_release, name="finding-release"),
    path("findings/<uuid:finding>/answer/", release_views.finding_answer, name="finding-answer"),
    path("findings/<uuid:finding>/silence/", release_views.finding_silence, name="finding-silence"),
    path("findings/<uuid:finding>/withdrawal/", views.finding_withdrawal, name="finding-withdrawal"),
    path("findings/<uuid:finding>/links/", views.finding_links, name="finding-links"),
    path("findings/<uuid:finding>/links/removal/", views.finding_unlinking, name="finding-unlinking"),
    path("results/<uuid:result>/findings/", raise_views.finding_raise, name="finding-raise"),
    path("results/<uuid:result>/findings/links/", raise_views.finding_link, name="finding-link"),
    path("results/<uuid:result>/findings/<uuid:finding>/", raise_views.finding_unlink, name="finding-unlink"),
]
