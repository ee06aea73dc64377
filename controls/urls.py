"""Pages of the catalogue."""

from django.urls import path

from controls import views

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/<code:code>/", views.catalogue_point, name="catalogue-point"),
]
