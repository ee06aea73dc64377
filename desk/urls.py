"""Pages that show several apps together."""

from django.urls import path

from desk import conclusion, handing_over, live, papers, review, trail
from desk.engagement import engagement
from desk.home import home
from desk.overview.page import overview
from desk.patterns import patterns
from desk.workpaper import workpaper

urlpatterns = [
    path("", home, name="home"),
    path("overview/", overview, name="overview"),
    path("engagements/<uuid:engagement>/", engagement, name="engagement"),
    path("engagements/<uuid:engagement>/conclusion/", conclusion.conclusion, name="conclusion"),
    path("engagements/<uuid:engagement>/conclusion/decision/", conclusion.decision, name="conclusion-decision"),
    path("engagements/<uuid:engagement>/conclusion/final-signoff/", conclusion.final_signoff, name="final-signoff"),
    path(
        "engagements/<uuid:engagement>/conclusion/quality-signoff/", conclusion.quality_signoff, name="quality-signoff"
    ),
    path("engagements/<uuid:engagement>/trail/", trail.trail, name="trail"),
    path("engagements/<uuid:engagement>/trail/verification/", trail.verification, name="trail-verification"),
    path("organizations/<uuid:organization>/trail/", trail.security, name="security"),
    path(
        "organizations/<uuid:organization>/trail/verification/",
        trail.security_verification,
        name="security-verification",
    ),
    path("trail/", trail.platform, name="platform"),
    path("trail/verification/", trail.platform_verification, name="platform-verification"),
    path("acts/", trail.acts, name="acts"),
    path("patterns/", patterns, name="patterns"),
    path("engagements/<uuid:engagement>/papers/<code:code>/", workpaper, name="workpaper"),
    path("engagements/<uuid:engagement>/papers/", papers.papers, name="paper-list"),
    path("engagements/<uuid:engagement>/papers/assignment/", papers.papers_assign, name="paper-assignment"),
    path("engagements/<uuid:engagement>/papers/handover/", handing_over.handing_over, name="hand-over"),
    path("engagements/<uuid:engagement>/presence/", live.presence, name="presence"),
    path("engagements/<uuid:engagement>/review/", review.review, name="review"),
    path("engagements/<uuid:engagement>/review/start/", review.review_start, name="review-start"),
    path("engagements/<uuid:engagement>/review/discarding/", review.review_discard, name="review-discard"),
]
