"""A result that nobody saved says only what the opening of fieldwork made it say; anything else is found."""

from datetime import date

import pytest

from engagements.models import Engagement, ProfileAnswer
from foundation.trail.models import Event
from procedures.models import Outcome, ProcedureResult
from procedures.untouched import OPENED
from signoff.lifecycle import open_fieldwork
from tests.tampering import answers_told, found, unguarded

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(planned, partner) -> Engagement:
    """Opened for a broker that uses no cloud: what is about the cloud starts as not applicable."""
    ProfileAnswer.objects.filter(engagement=planned, condition__key="cloud").update(applies=False, reason="未用雲端。")
    answers_told(planned, by=partner)
    return open_fieldwork(planned, by=partner)


def past_the_trail(row: ProcedureResult) -> list[str]:
    return [f"procedures.ProcedureResult {row.pk} ({row}): it was filled in past the trail"]


def switched_off(engagement: Engagement) -> ProcedureResult:
    return ProcedureResult.objects.filter(workpaper__engagement=engagement, outcome=Outcome.NOT_APPLICABLE).first()


def test_what_the_profile_switched_off_is_as_the_trail_tells(fieldwork):
    assert switched_off(fieldwork).reason == "未用雲端。"
    assert found() == []


@pytest.mark.parametrize(
    "forged",
    [
        {"outcome": Outcome.NO_EXCEPTION},
        {"outcome": Outcome.NOT_APPLICABLE, "reason": "無此業務。"},
        {"work": "已檢視。"},
        {"departure": "未執行。"},
        {"performed_on": date(2026, 11, 2)},
    ],
)
def test_an_untouched_result_that_was_filled_in_is_found(result, forged):
    ProcedureResult.objects.filter(pk=result.pk).update(**forged)
    assert found() == past_the_trail(result)


@pytest.mark.parametrize("forged", [{"outcome": "", "reason": ""}, {"reason": "無此業務。"}])
def test_what_the_profile_switched_off_and_says_something_else_is_found(fieldwork, forged):
    row = switched_off(fieldwork)
    ProcedureResult.objects.filter(pk=row.pk).update(**forged)
    assert found() == past_the_trail(row)


def test_an_opening_that_told_of_no_results_is_believed_what_does_not_apply_and_nothing_else(
    fieldwork, result, monkeypatch
):
    """As before the event was there: another name hides it from whoever looks for it."""
    assert Event.objects.filter(name=OPENED).exists()
    monkeypatch.setattr("procedures.untouched.OPENED", "paper.never-told")
    assert found() == []
    ProcedureResult.objects.filter(pk=result.pk).update(outcome=Outcome.NO_EXCEPTION)
    assert found() == past_the_trail(result)


@pytest.mark.parametrize("body", [b"{}", b"nothing", b'{"facts": []}', b'{"facts": {"switched_off": 3}}'])
def test_a_forged_opening_is_told_of_and_breaks_no_verification(fieldwork, body):
    with unguarded("trail_event"):
        Event.objects.filter(name=OPENED).update(body=body)
    assert any("trail" in problem or "event" in problem for problem in found())
