"""Papers and results over the API; a PATCH goes through the same verb as the page."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.http import person
from procedures.actions import ENTERED, Entry, save_result
from procedures.models import Outcome, ProcedureResult, SignOff, Support, Workpaper


class SupportSerializer(serializers.ModelSerializer[Support]):
    """What a result rests on."""

    class Meta:
        model = Support
        fields = ("kind", "source", "label", "digest", "nature", "dates", "covered_from", "covered_to")


class ResultSerializer(serializers.ModelSerializer[ProcedureResult]):
    """One procedure's result. `version` is what a PATCH must name."""

    procedure = serializers.CharField(source="procedure.index", allow_null=True, default=None)
    workpaper = serializers.CharField(source="workpaper.index")
    engagement = serializers.UUIDField(source="workpaper.engagement_id")
    supports = SupportSerializer(many=True)
    performed_by = serializers.CharField(source="performed_by.name", allow_null=True, default=None)

    class Meta:
        model = ProcedureResult
        fields = (
            "id",
            "engagement",
            "workpaper",
            "kind",
            "procedure",
            "text",
            "outcome",
            "work",
            "reason",
            "departure",
            "performed_on",
            "performed_by",
            "saved_at",
            "version",
            "supports",
        )


class ResultChanges(serializers.Serializer[Any]):
    """What a PATCH may change, the version it starts from, and whether it may undo the paper's signatures."""

    version = serializers.IntegerField(min_value=1)
    reopening = serializers.BooleanField(default=False)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True, required=False)
    work = serializers.CharField(allow_blank=True, max_length=20_000, required=False)
    reason = serializers.CharField(allow_blank=True, max_length=4000, required=False)
    departure = serializers.CharField(allow_blank=True, max_length=4000, required=False)
    performed_on = serializers.DateField(allow_null=True, required=False)


class SignOffSerializer(serializers.ModelSerializer[SignOff]):
    """A signature on one content version."""

    user = serializers.CharField(source="user.name")

    class Meta:
        model = SignOff
        fields = ("role", "user", "content_version", "content_hash", "signed_at")


class WorkpaperSerializer(serializers.ModelSerializer[Workpaper]):
    """A paper with its signatures; `content_version` says which of them are valid."""

    title = serializers.CharField(source="heading")
    signoffs = SignOffSerializer(many=True)

    class Meta:
        model = Workpaper
        fields = ("id", "engagement", "index", "code", "title", "conclusion", "content_version", "signoffs")


class WorkpaperViewSet(viewsets.ReadOnlyModelViewSet[Workpaper]):
    """The papers of the engagements whose team the person is on; `?engagement=` narrows."""

    permission = "workpaper.view"
    object_level = True
    serializer_class = WorkpaperSerializer
    queryset = Workpaper.objects.none()

    def get_queryset(self) -> QuerySet[Workpaper]:
        """Three queries for a page of papers."""
        papers = Workpaper.objects.visible_to(person(self.request))
        chosen: QuerySet[Workpaper] = _of_engagement(papers, self.request, "engagement")
        related = chosen.prefetch_related(Prefetch("signoffs", SignOff.objects.select_related("user")))
        return related.order_by("position", "engagement__created_at", "pk")


class ResultViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ProcedureResult]):
    """The results of procedures, of the engagements whose team the person is on; `?engagement=` narrows."""

    permissions = {
        "list": "workpaper.view",
        "retrieve": "workpaper.view",
        "partial_update": "workpaper.change",
        "metadata": "workpaper.view",
    }
    object_level = True
    serializer_class = ResultSerializer
    queryset = ProcedureResult.objects.none()

    def get_queryset(self) -> QuerySet[ProcedureResult]:
        """Three queries for a page of results."""
        results = ProcedureResult.objects.visible_to(person(self.request)).exclude(kind=ProcedureResult.Kind.MEMO)
        chosen: QuerySet[ProcedureResult] = _of_engagement(results, self.request, "workpaper__engagement")
        related = chosen.select_related("procedure__point", "workpaper__engagement", "performed_by")
        return related.prefetch_related("supports").order_by(
            "workpaper__position", "position", "workpaper__engagement__created_at", "pk"
        )

    def partial_update(self, request: Request, **_lookup: str) -> Response:
        """Save through the page's verb: 409 with the other text when somebody saved since `version`."""
        result = self.get_object()
        changes = ResultChanges(data=request.data)
        changes.is_valid(raise_exception=True)
        values = dict(changes.validated_data)
        seen = {name: values.pop(name) for name in ("version", "reopening")}
        kept = {name: getattr(result, name) for name in ENTERED}
        saved = save_result(result, Entry(**(kept | values)), **seen, by=person(request))
        return Response(self.get_serializer(self.get_queryset().get(pk=saved.pk)).data)


def _of_engagement(rows: Any, request: Request, path: str) -> Any:
    """Narrow to one engagement where the query names one; a malformed key is the client's error."""
    if chosen := request.query_params.get("engagement"):
        return rows.filter(**{path: serializers.UUIDField().to_internal_value(chosen)})
    return rows
