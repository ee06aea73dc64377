"""The catalogue over the API: read only."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers, viewsets

from controls.models import CatalogueVersion, ControlPoint, Procedure


class ProcedureSerializer(serializers.ModelSerializer[Procedure]):
    """A prescribed procedure: the regulator's words, and which methods they name."""

    class Meta:
        model = Procedure
        fields = ("no", "label", "text", "steps", "methods", "nature", "sampling")


class ControlPointSerializer(serializers.ModelSerializer[ControlPoint]):
    """A control point with its printed reference lines and its procedures."""

    chapter = serializers.IntegerField(source="chapter.number")
    area = serializers.IntegerField(source="area.number", allow_null=True, default=None)
    title = serializers.CharField()
    references = serializers.SerializerMethodField()
    procedures = ProcedureSerializer(many=True)

    class Meta:
        model = ControlPoint
        fields = ("code", "chapter", "area", "title", "control_text", "references", "procedure_preamble", "procedures")

    def get_references(self, point: ControlPoint) -> list[str]:
        """The lines as printed."""
        return [line.printed for line in point.references.all()]


class CatalogueViewSet(viewsets.ReadOnlyModelViewSet[ControlPoint]):
    """The control points of the current catalogue version, by code."""

    permission = "catalogue.view"
    serializer_class = ControlPointSerializer
    lookup_field = "code"
    lookup_value_regex = r"[0-9A-Z.]+"

    def get_queryset(self) -> QuerySet[ControlPoint]:
        """Everything a page of control points needs, in four queries."""
        points: QuerySet[ControlPoint] = ControlPoint.objects.filter(version=self._version())
        procedures = Prefetch("procedures", Procedure.objects.order_by("no"))
        related = points.select_related("chapter", "area").order_by("position")
        return related.prefetch_related("references", procedures)

    def _version(self) -> Any:
        """None, hence no points, while no catalogue is published."""
        return CatalogueVersion.objects.published().order_by("-published_at").first()
