"""The risk of the area that a paper belongs to: papers of high-risk areas need the partner's signature."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from engagements.models import AreaRisk, RiskLevel


def _of_paper() -> QuerySet[AreaRisk]:
    """The risk of the area of a paper in the outer query; of its chapter, where that has no areas."""
    of_area = Q(area=OuterRef("control_point__area"))
    of_chapter = Q(area=None, chapter=OuterRef("control_point__chapter"))
    return AreaRisk.objects.filter(of_area | of_chapter, engagement=OuterRef("engagement")).order_by()


def risk_level() -> Subquery:
    """The level of a paper's area, to be annotated to papers; None for general ones and where nobody set it."""
    return Subquery(_of_paper().values("level")[:1])


def in_high_risk() -> Exists:
    """Whether a paper's area is of high risk, to filter papers by."""
    return Exists(_of_paper().filter(level=RiskLevel.HIGH))
