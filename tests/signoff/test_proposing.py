"""What the rules propose, from what was weighed: which conclusion, and every rule that fired with what it rests on."""

import pytest

from signoff.models import ConclusionKind, Pervasive
from signoff.proposing import Bears, Weighing, propose

FINDING = Weighing("F-01 權限未定期檢視", Bears.MATERIAL, "重大", url="/findings/1/")
LIMITATION = Weighing("C-3.18.1.4-1", Bears.LIMITATION, url="/papers/3.18.1.4/")
SMALLER = Weighing("F-02 紀錄不全", Bears.DISCLOSED, "輕微", url="/findings/2/")
ADVICE = Weighing("F-03 建議", Bears.ADVICE, url="/findings/3/")
REFUSAL = Weighing("C-3.9.2", Bears.REFUSAL, url="/papers/3.9.2/")
NOT_YET = Weighing("C-3.7.1-3", Bears.NOT_YET, url="/papers/3.7.1/")


def rules(*weighings):
    return [rule.name for rule in propose(weighings).rules]


@pytest.mark.parametrize(("weighings", "kind"), [
    ((), ConclusionKind.UNMODIFIED),
    ((SMALLER, SMALLER, ADVICE, NOT_YET), ConclusionKind.UNMODIFIED),
    ((FINDING,), ConclusionKind.QUALIFIED),
    ((LIMITATION,), ConclusionKind.QUALIFIED),
    ((FINDING, LIMITATION), ConclusionKind.QUALIFIED),
])  # fmt: skip
def test_what_is_material_or_could_not_be_examined_qualifies_the_conclusion(weighings, kind):
    assert propose(weighings).kind == kind


@pytest.mark.parametrize(("weighings", "answer", "kind"), [
    ((FINDING,), Pervasive.FINDINGS, ConclusionKind.ADVERSE),
    ((LIMITATION,), Pervasive.LIMITATIONS, ConclusionKind.DISCLAIMER),
    ((FINDING, LIMITATION), Pervasive.FINDINGS, ConclusionKind.ADVERSE),
    ((FINDING, LIMITATION), Pervasive.LIMITATIONS, ConclusionKind.DISCLAIMER),
    ((FINDING, LIMITATION), Pervasive.NO, ConclusionKind.QUALIFIED),
])  # fmt: skip
def test_the_partner_s_answer_on_pervasiveness_turns_it_into_adverse_or_disclaimer(weighings, answer, kind):
    assert propose(weighings, pervasive=answer).kind == kind


@pytest.mark.parametrize(("weighing", "answer"), [
    (FINDING, Pervasive.LIMITATIONS),
    (LIMITATION, Pervasive.FINDINGS),
    (FINDING, "anything"),
])  # fmt: skip
def test_an_answer_to_another_question_proposes_nothing_graver(weighing, answer):
    assert propose([weighing], pervasive=answer).kind == ConclusionKind.QUALIFIED


def test_an_answer_is_asked_for_only_where_something_is_material():
    assert propose([SMALLER, SMALLER]).asks == ()
    assert propose([FINDING]).asks == (Pervasive.NO, Pervasive.FINDINGS)
    assert propose([FINDING, LIMITATION]).asks == (Pervasive.NO, Pervasive.FINDINGS, Pervasive.LIMITATIONS)


def test_a_mark_on_what_was_weighed_counts_until_the_partner_answers():
    marked = Weighing("F-04", Bears.MATERIAL, pervasive=True)
    assert propose([marked]).kind == ConclusionKind.ADVERSE
    assert propose([marked], pervasive=Pervasive.NO).kind == ConclusionKind.QUALIFIED


def test_a_material_finding_and_a_limitation_are_both_named_and_that_they_are_two():
    assert rules(FINDING, LIMITATION) == ["material", "limitation", "both"]


def test_smaller_findings_are_judged_together_from_two_on():
    assert "together" not in rules(SMALLER)
    assert "together" in rules(SMALLER, SMALLER)


def test_documents_refused_or_lost_raise_withdrawal():
    (rule,) = [rule for rule in propose([REFUSAL]).rules if rule.name == "refusal"]
    assert rule.rests_on == (REFUSAL,)


def test_what_does_not_operate_yet_is_all_shown_and_modifies_nothing():
    proposal = propose([NOT_YET, NOT_YET])
    assert proposal.kind == ConclusionKind.UNMODIFIED
    assert [rule.rests_on for rule in proposal.rules if rule.name == "not_yet"] == [(NOT_YET, NOT_YET)]


def test_every_rule_that_counts_something_names_what_it_rests_on_with_the_way_there():
    for rule in propose([FINDING, LIMITATION, SMALLER, SMALLER, REFUSAL, NOT_YET]).rules:
        assert all(each.url for each in rule.rests_on)
        assert rule.rests_on or rule.name == "both"
