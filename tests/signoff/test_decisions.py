"""The partner's decision: on pervasiveness with the reason, as proposed or saying why not, on what is known now."""

import pytest

from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import Outcome, ProcedureResult, Workpaper
from signoff.conclusions import Decision, conclude, decide, faults
from signoff.gates import BEFORE_FINAL, blockers_of
from signoff.models import Conclusion, Pervasive
from signoff.standing import Standing
from tests.signoff.test_conclusions import add_finding

CONFINED = {"pervasive": Pervasive.NO, "pervasive_because": "僅限備份系統。"}
LIMITED = "3.8.2"


@pytest.fixture
def material(reporting, preparer):
    """An engagement with one material finding."""
    add_finding(reporting, "material", preparer)
    return reporting


def limit(engagement) -> None:
    """One procedure of C-3.8.2 couldn't be performed."""
    results = ProcedureResult.objects.filter(workpaper__engagement=engagement, workpaper__code=LIMITED)
    ProcedureResult.objects.filter(pk=results.first().pk).update(outcome=Outcome.SCOPE_LIMITATION)


def kinds(engagement):
    return [blocker.kind for blocker in blockers_of(BEFORE_FINAL, Standing(engagement))]


def test_a_material_finding_without_an_answer_on_pervasiveness_is_refused_at_that_field(material):
    assert list(faults(Decision("qualified", "缺失重大。"), Standing(material))) == ["pervasive"]


def test_the_answer_needs_its_reason(material):
    decision = Decision("qualified", "缺失重大。", pervasive=Pervasive.NO)
    assert list(faults(decision, Standing(material))) == ["pervasive_because"]


def test_a_confined_material_finding_is_qualified_without_further_reasons(material, partner):
    decided = conclude(material, kind="qualified", rationale="缺失重大。", by=partner, **CONFINED)
    assert (decided.proposed, decided.departure) == ("qualified", "")


def test_a_pervasive_one_is_adverse(material, partner):
    answered = {"pervasive": Pervasive.FINDINGS, "pervasive_because": "影響全部系統。"}
    assert conclude(material, kind="adverse", rationale="重大且廣泛。", by=partner, **answered).proposed == "adverse"


def test_an_unmodified_conclusion_over_a_material_finding_has_to_say_why(material):
    decision = Decision("unmodified", "影響輕微。", **CONFINED)
    assert list(faults(decision, Standing(material))) == ["departure"]


def test_every_fault_of_a_decision_is_told_at_once(material, partner):
    with pytest.raises(Refused) as refused:
        decide(material, Decision("perfect", " "), by=partner)
    assert len(refused.value.reasons) == 3
    assert not Conclusion.objects.exists()


def test_a_reason_for_departing_is_not_kept_where_nothing_departs(reporting, partner):
    decided = conclude(reporting, kind="unmodified", rationale="無重大缺失。", departure="誤填", by=partner)
    assert decided.departure == ""


def test_the_trail_tells_the_choices_and_the_longer_grounds_as_a_digest(material, partner):
    conclude(material, kind="qualified", rationale="缺失重大。", by=partner, **CONFINED)
    facts = Event.objects.get(name="conclusion.decided").content["facts"]
    assert (facts["kind"], facts["pervasive"], facts["proposed"]) == ("qualified", "no", "qualified")
    assert len(facts["grounds"]) == 64


def test_a_finding_that_turns_up_after_the_decision_makes_it_be_decided_again(reporting, preparer, partner):
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    assert "conclusion.outdated" not in kinds(reporting)
    add_finding(reporting, "material", preparer)
    assert "conclusion.outdated" in kinds(reporting)


def test_a_limitation_beside_the_finding_leaves_the_decision_as_it_is_while_it_proposes_the_same(material, partner):
    conclude(material, kind="qualified", rationale="缺失重大。", by=partner, **CONFINED)
    limit(material)
    assert "conclusion.outdated" not in kinds(material)


def test_the_page_names_each_rule_and_links_what_it_rests_on(sign_in, material, partner):
    limit(material)
    page = sign_in(partner).get(f"/engagements/{material.pk}/conclusion/").content.decode()
    paper = Workpaper.objects.get(engagement=material, code=LIMITED)
    limited = paper.results.get(outcome=Outcome.SCOPE_LIMITATION)
    assert f'href="{paper.get_absolute_url()}#result-{limited.pk}"' in page
    assert 'name="pervasive"' in page


def test_the_page_keeps_what_was_typed_and_says_at_the_field_what_is_missing(sign_in, material, partner):
    url = f"/engagements/{material.pk}/conclusion/decision/"
    answer = sign_in(partner).post(url, {"kind": "unmodified", "rationale": "影響輕微。", "pervasive": "no"})
    assert answer.status_code == 422
    assert "影響輕微。" in answer.content.decode()
    assert 'id="id_pervasive_because_error"' in answer.content.decode()
    assert not Conclusion.objects.exists()


def test_nothing_about_pervasiveness_is_asked_where_nothing_is_material(sign_in, reporting, partner):
    page = sign_in(partner).get(f"/engagements/{reporting.pk}/conclusion/").content.decode()
    assert 'name="pervasive"' not in page
