"""URLs of raising findings from exceptions."""

from django.urls import path

from findings import views_raise

urlpatterns = [
    path("results/<uuid:result>/findings/", views_raise.finding_raise, name="finding-raise"),
    path("results/<uuid:result>/findings/links/", views_raise.finding_link, name="finding-link"),
    path("results/<uuid:result>/findings/<uuid:finding>/", views_raise.finding_unlink, name="finding-unlink"),
]
