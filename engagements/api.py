"""Engagements over the API: read only."""

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from engagements.models import Engagement


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    """An engagement; dates are ISO."""

    title = serializers.CharField()
    auditee = serializers.CharField(source="auditee.name")
    auditee_tax_id = serializers.CharField(source="auditee.tax_id")
    catalogue = serializers.CharField(source="catalogue.key")

    class Meta:
        model = Engagement
        fields = (
            "id",
            "title",
            "kind",
            "stage",
            "auditee",
            "auditee_tax_id",
            "period_start",
            "period_end",
            "as_of",
            "deadline",
            "catalogue",
        )


class EngagementViewSet(viewsets.ReadOnlyModelViewSet[Engagement]):
    """The engagements whose team the person is on."""

    permission = "engagement.view"
    object_level = True
    serializer_class = EngagementSerializer
    queryset = Engagement.objects.none()

    def get_queryset(self) -> QuerySet[Engagement]:
        """Only what the person may see, and works on: the audited broker reads nothing here."""
        user = self.request.user
        if not user.is_authenticated or not user.can("engagement.view"):
            return Engagement.objects.none()
        return Engagement.objects.visible_to(user).select_related("auditee", "catalogue")
