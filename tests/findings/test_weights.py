"""What a finding does to the conclusion: by its severity, as judged, alone and together with others."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements.models import Engagement
from findings.actions import raise_finding, save_finding, withdraw_finding
from findings.grouping import Judgement, change_group, dissolve_group, group_findings
from findings.models import Bearing, Finding, FindingGroup
from findings.weights import weights
from foundation.web.refusals import Refused
from procedures.models import ProcedureResult

from .conftest import WORDING

TOGETHER = Judgement("弱點管理", "同一原因，且互無補償。", "material")


@pytest.fixture
def other(exception, preparer) -> Finding:
    return raise_finding(exception, WORDING | {"title": "掃描結果未追蹤"}, by=preparer)


def saved(finding, by, **changes) -> Finding:
    version = Finding.objects.get(pk=finding.pk).version
    return save_finding(finding, changes, version=version, by=by)


@pytest.mark.parametrize(("severity", "bearing"), [("material", "modifies"), ("significant", "disclosed")])
def test_by_default_only_what_is_material_modifies_the_conclusion(finding, reviewer, severity, bearing):
    saved(finding, reviewer, severity=severity)
    (weight,) = weights(finding.engagement)
    assert (weight.label, weight.severity, weight.bearing) == ("F-01", severity, bearing)
    assert weight.bears_on_conclusion == (bearing == "modifies")


def test_another_effect_than_the_severity_s_needs_its_reason(finding, reviewer):
    with pytest.raises(ValidationError) as refusal:
        saved(finding, reviewer, bears="pervasive")
    assert set(refusal.value.message_dict) == {"bears_because"}
    judged = saved(finding, reviewer, bears="pervasive", bears_because="遍及所有系統，無補償性控制。")
    assert judged.bearing == Bearing.PERVASIVE
    assert weights(finding.engagement)[0].pervasive


@pytest.mark.parametrize("change", [{"severity": "material"}, {"bears": "modifies", "bears_because": "甲"}])
def test_what_a_rule_only_recommends_modifies_no_conclusion(finding, reviewer, change):
    with pytest.raises(ValidationError):
        saved(finding, reviewer, obligation="should", **change)


# Fixes -------------------------------------------------------------------------------------


@pytest.fixture
def retested(exception) -> ProcedureResult:
    """Another procedure of the same paper, without exception."""
    result = exception.workpaper.results.get(position=2)
    ProcedureResult.objects.filter(pk=result.pk).update(outcome="no_exception")
    return ProcedureResult.objects.get(pk=result.pk)


def as_of(day: date) -> None:
    Engagement.objects.update(kind="establishment", period_start=None, period_end=None, as_of=day)


def test_a_fix_does_not_cure_what_failed_in_a_period(finding, retested, reviewer):
    fixed = saved(finding, reviewer, severity="material", remedied_on=date(2026, 10, 1), retested=retested)
    assert fixed.bearing == Bearing.MODIFIES


@pytest.mark.parametrize(("day", "bearing"), [(date(2026, 6, 30), "disclosed"), (date(2026, 7, 1), "modifies")])
def test_a_retested_fix_counts_until_the_as_of_date(finding, retested, reviewer, day, bearing):
    as_of(date(2026, 6, 30))
    fixed = saved(finding, reviewer, severity="material", remedied_on=day, retested=retested)
    assert Finding.objects.get(pk=fixed.pk).bearing == bearing


def test_a_fix_that_was_not_retested_does_not_count(finding, reviewer):
    as_of(date(2026, 6, 30))
    saved(finding, reviewer, severity="material", remedied_on=date(2026, 6, 1))
    assert Finding.objects.get().bearing == Bearing.MODIFIES


def test_nothing_was_remedied_on_a_day_to_come(finding, reviewer):
    with pytest.raises(ValidationError) as refusal:
        saved(finding, reviewer, remedied_on=timezone.localdate() + timedelta(days=1))
    assert set(refusal.value.message_dict) == {"remedied_on"}


def test_work_that_is_older_than_the_remedy_does_not_retest_it(finding, retested, reviewer):
    ProcedureResult.objects.filter(pk=retested.pk).update(performed_on=date(2026, 5, 31))
    with pytest.raises(ValidationError) as refusal:
        saved(finding, reviewer, remedied_on=date(2026, 6, 1), retested=ProcedureResult.objects.get(pk=retested.pk))
    assert set(refusal.value.message_dict) == {"retested"}


def test_a_finding_whose_retest_is_older_than_the_remedy_is_not_cured(finding, retested, reviewer):
    as_of(date(2026, 6, 30))
    fixed = saved(finding, reviewer, severity="material", remedied_on=date(2026, 6, 1), retested=retested)
    assert fixed.is_cured
    ProcedureResult.objects.filter(pk=retested.pk).update(performed_on=date(2026, 5, 31))
    assert not Finding.objects.get(pk=fixed.pk).is_cured


def test_a_retest_says_when_it_was_remedied(finding, retested, reviewer):
    with pytest.raises(ValidationError) as refusal:
        saved(finding, reviewer, retested=retested)
    assert set(refusal.value.message_dict) == {"remedied_on"}


# Together ----------------------------------------------------------------------------------


def test_minor_findings_may_be_material_together(finding, other, reviewer):
    group = group_findings(finding.engagement, TOGETHER, [finding, other], by=reviewer)
    (*alone, together) = weights(finding.engagement)
    assert [weight.bears_on_conclusion for weight in alone] == [False, False]
    assert (together.label, together.members, together.bears_on_conclusion) == ("G-01", ("F-01", "F-02"), True)
    assert group.saved_by == reviewer


def test_a_group_has_at_least_two_findings_of_its_engagement_that_stand(finding, other, reviewer):
    withdraw_finding(other, reason="重複。", by=reviewer)
    for members in ([], [finding], [finding, finding], [finding, Finding.objects.get(pk=other.pk)]):
        with pytest.raises(Refused):
            group_findings(finding.engagement, TOGETHER, members, by=reviewer)
    assert not FindingGroup.objects.exists()


def test_together_they_weigh_no_less_than_the_gravest(finding, other, reviewer):
    material = saved(finding, reviewer, severity="material")
    with pytest.raises(Refused):
        group_findings(finding.engagement, Judgement("甲", "乙", "minor"), [material, other], by=reviewer)


def test_judged_anew_a_group_says_something_else(finding, other, reviewer, partner):
    group = group_findings(finding.engagement, TOGETHER, [finding, other], by=reviewer)
    change_group(group, Judgement("弱點管理", "有補償性控制。", "minor"), [finding, other], by=partner)
    stored = FindingGroup.objects.get()
    assert (stored.number, stored.because, stored.saved_by) == (1, "有補償性控制。", partner)


def test_a_group_that_somebody_dissolved_meanwhile_is_neither_judged_anew_nor_dissolved(finding, other, reviewer):
    group = group_findings(finding.engagement, TOGETHER, [finding, other], by=reviewer)
    dissolve_group(FindingGroup.objects.get(pk=group.pk), by=reviewer)
    with pytest.raises(Refused):
        change_group(group, TOGETHER, [finding, other], by=reviewer)
    with pytest.raises(Refused):
        dissolve_group(group, by=reviewer)
    assert not FindingGroup.objects.exists()


def test_a_dissolved_group_leaves_its_findings(finding, other, reviewer):
    dissolve_group(group_findings(finding.engagement, TOGETHER, [finding, other], by=reviewer), by=reviewer)
    assert (FindingGroup.objects.count(), Finding.objects.count()) == (0, 2)


def test_what_was_withdrawn_weighs_nothing(finding, other, reviewer):
    group_findings(finding.engagement, TOGETHER, [finding, other], by=reviewer)
    withdraw_finding(other, reason="重複。", by=reviewer)
    labels = [(weight.label, weight.members) for weight in weights(finding.engagement)]
    assert labels == [("F-01", ()), ("G-01", ("F-01",))]
