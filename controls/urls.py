"""Pages of the catalogue."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from controls import views


class CodeConverter(StringConverter):
    """A control point's code, e.g. 3.7.4.1.A; anything else is no page."""

    regex = r"[0-9]+(?:\.[0-9A-Z]+)*"


register_converter(CodeConverter, "code")

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/<code:code>/", views.catalogue_point, name="catalogue-point"),
]
