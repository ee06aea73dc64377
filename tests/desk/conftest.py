"""A second office full of engagements, to see what grows with their number; a place for checkpoints."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engagements.models import Engagement
from tests.stages import annual, in_fieldwork


@pytest.fixture
def more_engagements(
    partner, quality_reviewer, reviewer, broker_company, exchange_company
) -> Callable[[int], list[Engagement]]:
    """Open that many engagements of the same firm, with the same people, in FIELDWORK."""

    def make(number: int) -> list[Engagement]:
        created = [annual(broker_company, exchange_company, by=partner, year=2000 + n) for n in range(number)]
        return [in_fieldwork(one, partner=partner, manager=reviewer, eqr=quality_reviewer) for one in created]

    return make


@pytest.fixture(autouse=True)
def checkpoint_folder(settings, tmp_path) -> Path:
    """Each test's own place for checkpoints; nothing is in it yet."""
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
    return settings.CHECKPOINT_DIR
