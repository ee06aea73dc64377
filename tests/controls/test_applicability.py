"""Which procedures and documents concern a broker, by the answers of its profile."""

from collections import Counter

import pytest

from controls.applicability import Applicability, State, applicable, wanted_documents
from controls.models import Condition, ExpectedDocument, Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def states(version):
    """Answer some conditions; get {procedure index: (state, key of the condition)} of what isn't applicable."""

    def decide(**answers):
        decided = applicable(version, answers)
        procedures = {procedure.pk: procedure for procedure in Procedure.objects.select_related("point")}
        assert decided.keys() == procedures.keys()
        return {
            procedures[pk].index: (each.state, each.condition.key)
            for pk, each in decided.items()
            if not each.is_applicable
        }

    return decide


def every_condition(value):
    return dict.fromkeys(Condition.objects.values_list("key", flat=True), value)


def test_unanswered_everything_applies(states):
    assert states() == {}


def test_answered_yes_everything_applies(states):
    assert states(**every_condition(value=True)) == {}


def test_a_missing_fact_of_the_business_makes_its_procedures_not_applicable(states):
    assert states(fixed_password=False) == {"2.1.2/P2": (State.NOT_APPLICABLE, "fixed_password")}


def test_an_event_that_did_not_happen_leaves_no_occurrence(states):
    assert states(infosec_incident_occurred=False) == {
        "3.12.1/P2": (State.NO_OCCURRENCE, "infosec_incident_occurred"),
        "3.12.1/P3": (State.NO_OCCURRENCE, "infosec_incident_occurred"),
        "3.12.6/P3": (State.NO_OCCURRENCE, "infosec_incident_occurred"),
    }


def test_a_choice_not_taken_is_not_chosen(states):
    assert states(cloud_third_party_audit=False) == {
        f"3.18.1.4/P{number}": (State.NOT_CHOSEN, "cloud_third_party_audit") for number in (1, 2, 3)
    }


def test_a_row_falls_away_with_all_its_procedures(states):
    assert states(qr_code=False) == {
        "3.7.4.3/P1": (State.NOT_APPLICABLE, "qr_code"),
        "3.7.4.4/P1": (State.NOT_APPLICABLE, "qr_code"),
    }


def test_an_excepted_procedure_of_a_row_is_asked_in_any_case(states):
    assert states(emerging_tech=False) == {
        f"3.19/P{number}": (State.NOT_APPLICABLE, "emerging_tech") for number in range(2, 10)
    }


def test_remote_administration_is_asked_about_and_only_then_left_out(states):
    assert set(states(remote_admin=False)) == {f"3.10.7/P{number}" for number in (2, 3, 4, 5)}


@pytest.mark.parametrize(
    "branch",
    [
        "open_source_used",
        "shared_account",
        "password_cannot_rotate",
        "removable_backup_media",
        "vendor_remote_access",
        "csp_onsite_audit_refused",
        "csp_data_access_unavoidable",
    ],
)
def test_a_branch_never_switches_the_asking_off(states, branch):
    assert states(**{branch: False}) == {}


@pytest.mark.parametrize("note", ["visible_account_identifier", "eol_software_in_use"])
def test_a_note_on_the_control_text_switches_nothing_off(states, note):
    assert states(**{note: False}) == {}


def test_a_condition_of_documents_switches_no_procedure_off(states):
    assert states(cloud_exit=False) == {}


def test_where_row_and_procedure_fall_away_the_row_is_the_reason(states):
    decided = states(outsourcing=False, outsourcing_customer_data=False)
    assert {decided[f"3.14.1/P{number}"][1] for number in range(1, 7)} == {"outsourcing"}


def test_a_fact_outweighs_an_event(states):
    decided = states(trading_halted=False, halted_twice_in_half_year=False)
    assert decided == {"3.12.3/P1": (State.NO_OCCURRENCE, "trading_halted")}


def test_an_unknown_answer_changes_nothing(states):
    assert states(tape=False) == {}


def test_all_answered_no_leaves_the_unconditional_procedures(version):
    decided = applicable(version, every_condition(value=False))
    assert Counter(each.state for each in decided.values()) == {
        State.APPLICABLE: 136,
        State.NOT_APPLICABLE: 85,
        State.NO_OCCURRENCE: 6,
        State.NOT_CHOSEN: 3,
    }


def test_what_applies_has_no_condition():
    assert Applicability(State.APPLICABLE).is_applicable
    assert Applicability(State.APPLICABLE).condition is None


def test_deciding_takes_two_queries(version, django_assert_num_queries):
    answers = every_condition(value=False)
    with django_assert_num_queries(2):
        applicable(version, {})
    with django_assert_num_queries(2):
        applicable(version, answers)


# Documents --------------------------------------------------------------------------------------


def names(documents):
    return {document.name for document in documents}


def test_everything_is_asked_for_but_what_the_auditor_does_alone(version):
    wanted = wanted_documents(version, {})
    assert len(wanted) == 346
    assert {"auditor_test", "onsite"}.isdisjoint(document.kind for document in wanted)


def test_documents_of_a_procedure_that_is_not_applicable_are_not_wanted(version):
    lost = names(wanted_documents(version, {})) - names(wanted_documents(version, {"sms_otp": False}))
    assert lost == {"簡訊OTP發送機制及有效時間說明", "OTP保護機制說明"}


def test_a_document_with_a_condition_of_its_own_is_wanted_only_where_it_holds(version):
    lost = names(wanted_documents(version, {})) - names(wanted_documents(version, {"shared_account": False}))
    assert lost == {"補償性控管紀錄"}


def test_answers_about_events_filter_nothing(version):
    events = dict.fromkeys(Condition.objects.filter(kind="event").values_list("key", flat=True), False)
    assert len(events) == 5
    assert wanted_documents(version, events) == wanted_documents(version, {})


def test_wanted_documents_come_in_printed_order_with_what_a_request_needs(version, django_assert_num_queries):
    with django_assert_num_queries(4):
        wanted = wanted_documents(version, {})
        first, last = wanted[0], wanted[-1]
        assert (first.procedure.index, last.procedure.point.code) == ("1.1/P1", "3.20")
        assert {bool(document.group and document.group.title_zh) for document in wanted} == {True, False}
        assert sum(document.occurrence_of is not None for document in wanted) == 17


def test_all_documents_are_known(version):
    assert set(wanted_documents(version, {})) == set(ExpectedDocument.objects.of(version).requested())
