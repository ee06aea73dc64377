"""Duties that never stop: one day shows nothing of them."""

from datetime import date

import pytest

from controls.models import FrequencyRule
from foundation.web.refusals import Refused
from procedures.duties import Telling, state_frequency, tell_occurrence
from procedures.models import Workpaper


def test_what_has_to_go_on_all_the_time_is_not_shown_by_one_day_seen(fieldwork, preparer):
    rule = FrequencyRule.objects.filter(frequency="periodic", procedures__isnull=False).first()
    paper = Workpaper.objects.get(engagement=fieldwork, control_point=rule.point_id)
    state_frequency(paper, rule, frequency="continuous", source="每日備份。", by=preparer)
    with pytest.raises(Refused, match="全部期間"):
        tell_occurrence(paper, rule, date(2026, 1, 1), Telling("seen", "現場檢視。", date(2026, 2, 1)), by=preparer)
