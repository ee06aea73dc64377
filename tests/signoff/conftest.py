"""Engagements in each later stage."""

import pytest

from engagements.models import Engagement
from tests import stages


@pytest.fixture
def review(fieldwork, preparer, partner) -> Engagement:
    """All procedures concluded, all papers prepared, in REVIEW."""
    return stages.in_review(fieldwork, preparer=preparer, partner=partner)


@pytest.fixture
def reporting(review, reviewer, partner) -> Engagement:
    """All papers reviewed, all requests settled, in REPORTING."""
    return stages.in_reporting(review, reviewer=reviewer, partner=partner)


@pytest.fixture
def quality_review(reporting, partner) -> Engagement:
    """Concluded and signed by the partner, in QUALITY_REVIEW."""
    return stages.in_quality_review(reporting, partner=partner)
