"""URLs of the workpaper page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
