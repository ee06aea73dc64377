"""What the form of a new engagement accepts, and what it says about the rest."""

from datetime import date
from functools import partial

import pytest

from controls.models import CatalogueVersion
from engagements.actions import create_engagement, leave_team
from engagements.forms import AnswerForm, EngagementForm, TeamMemberForm
from engagements.models import Engagement, TeamMember


@pytest.fixture
def typed(broker_company, exchange_company) -> dict[str, str]:
    return {
        "auditee": str(broker_company.pk),
        "filed_with": str(exchange_company.pk),
        "kind": "annual",
        "period_start": "115/01/01",
        "period_end": "115/12/31",
    }


@pytest.fixture
def form_of(firm):
    """A form filled in by somebody of the firm."""
    return partial(EngagementForm, firm=firm)


@pytest.fixture
def errors_of(form_of):
    """Return the errors by field, of the typed values with some of them changed."""
    return lambda typed, **changes: {name: list(texts) for name, texts in form_of(typed | changes).errors.items()}


def test_an_annual_engagement_gets_its_deadline_by_itself(typed, form_of):
    form = form_of(typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["deadline"] == date(2027, 3, 31)


def test_the_deadline_of_an_annual_engagement_cannot_be_chosen(typed, form_of):
    form = form_of(typed | {"deadline": "120/01/01"})
    form.is_valid()
    assert form.save(commit=False).deadline == date(2027, 3, 31)


@pytest.mark.parametrize("typed_day", ["115/12/31", "1151231", "2026-12-31", "１１５／１２／３１"])
def test_a_day_is_read_in_roc_iso_and_full_width(typed, typed_day, form_of):
    form = form_of(typed | {"period_end": typed_day})
    form.is_valid()
    assert form.cleaned_data["period_end"] == date(2026, 12, 31)


def test_an_end_before_the_start_is_refused_at_its_field(typed, errors_of):
    assert errors_of(typed, period_end="114/12/31") == {"period_end": ["期間迄日早於起日。"]}


def test_a_day_that_does_not_exist_is_refused_with_what_was_typed(typed, errors_of):
    assert errors_of(typed, period_end="115/02/29") == {
        "period_end": ["「115/02/29」不是正確的日期，請輸入如 115/11/23 或 2026-11-23。"]
    }


def test_a_year_of_eleven_months_is_refused(typed, errors_of):
    assert list(errors_of(typed, period_end="115/11/30")) == ["period_end"]


def test_a_shorter_first_year_is_accepted_when_it_is_said_so(typed, errors_of):
    assert errors_of(typed, period_start="115/07/01", began_in_year="on") == {}


def test_a_year_of_thirteen_months_is_refused_even_as_a_first_year(typed, errors_of):
    assert list(errors_of(typed, period_end="116/01/31", began_in_year="on")) == ["period_end"]


@pytest.mark.parametrize("missing", ["period_start", "period_end"])
def test_an_annual_engagement_needs_both_days(typed, missing, errors_of):
    assert list(errors_of(typed, **{missing: ""})) == [missing]


@pytest.mark.parametrize("kind", ["establishment", "relocation"])
def test_the_other_kinds_need_an_as_of_date_and_an_agreed_deadline(typed, kind, errors_of):
    assert errors_of(typed, kind=kind) == {"as_of": ["請輸入基準日。"], "deadline": ["請輸入與受查者約定之日期。"]}


@pytest.mark.parametrize(("deadline", "wrong"), [("115/06/29", ["deadline"]), ("115/06/30", [])])
def test_an_agreed_deadline_is_not_before_the_as_of_date(typed, deadline, wrong, errors_of):
    assert list(errors_of(typed, kind="relocation", as_of="115/06/30", deadline=deadline)) == wrong


@pytest.mark.parametrize("field", ["period_start", "period_end"])
def test_a_period_at_the_end_of_the_calendar_is_refused_at_its_field(typed, field, errors_of):
    assert "199" in errors_of(typed, **{field: "9999-12-31"})[field][0]


def test_the_other_kinds_keep_no_period(typed, form_of):
    form = form_of(typed | {"kind": "establishment", "as_of": "115/06/30", "deadline": "115/09/30"})
    assert form.is_valid(), form.errors
    made = form.save(commit=False)
    assert (made.period_start, made.period_end, made.as_of) == (None, None, date(2026, 6, 30))


def test_an_unknown_kind_is_refused(typed, errors_of):
    assert list(errors_of(typed, kind="audit")) == ["kind"]


def test_only_brokers_can_be_the_auditee(typed, firm, errors_of):
    assert list(errors_of(typed, auditee=str(firm.pk))) == ["auditee"]


def test_the_engagement_is_pinned_to_the_published_catalogue(typed, form_of):
    form = form_of(typed)
    form.is_valid()
    assert form.save(commit=False).catalogue == CatalogueVersion.objects.current()


def test_fields_that_the_form_does_not_have_are_ignored(typed, firm, other_firm, form_of):
    form = form_of(typed | {"stage": "issued", "firm": str(other_firm.organization_id)})
    form.is_valid()
    made = form.save(commit=False)
    assert (made.stage, made.firm_id) == ("acceptance", None)


def test_without_a_published_catalogue_no_engagement_can_begin(typed, monkeypatch, errors_of):
    nothing = CatalogueVersion.objects.none()
    monkeypatch.setattr("controls.models.versions.CatalogueVersionQuerySet.published", lambda _self: nothing)
    assert errors_of(typed) == {"__all__": ["尚未載入控制目錄"]}


def test_people_on_the_team_and_administrators_are_not_offered(engagement, admin, other_firm, firm):
    offered = TeamMemberForm(engagement=engagement).fields["user"].queryset
    assert list(offered) == []


def test_partner_and_quality_reviewer_are_offered_only_while_there_is_none(engagement, partner):
    def offered() -> set[str]:
        return {role for role, _label in TeamMemberForm(engagement=engagement).fields["role"].widget.choices}

    assert offered() == {"staff", "specialist", "incharge", "manager"}
    leave_team(TeamMember.objects.get(engagement=engagement, role="eqr"), by=partner)
    assert offered() == {"staff", "specialist", "incharge", "manager", "eqr"}


def test_the_same_engagement_a_second_time_is_refused_at_its_date(engagement, typed, errors_of):
    assert errors_of(typed) == {"period_end": ["本事務所已有同一受查者、同一種類及同一日期之案件。"]}
    assert errors_of(typed, period_start="116/01/01", period_end="116/12/31") == {}


@pytest.mark.parametrize(("day", "wrong"), [("115/06/30", ["as_of"]), ("115/07/01", [])])
def test_a_second_relocation_as_of_the_same_day_is_refused(typed, partner, form_of, errors_of, day, wrong):
    relocation = typed | {"kind": "relocation", "as_of": "115/06/30", "deadline": "115/09/30"}
    create_engagement(form_of(relocation).save(commit=False), by=partner)
    assert list(errors_of(relocation, as_of=day)) == wrong


def test_what_another_firm_assesses_is_nothing_to_this_one(engagement, typed, other_firm):
    assert EngagementForm(typed, firm=other_firm.organization).is_valid()


def test_an_answer_is_yes_or_no():
    form = AnswerForm({"applies": "maybe"})
    assert list(form.errors) == ["applies"]


def test_a_missing_answer_is_asked_for():
    assert AnswerForm({}).errors == {"applies": ["請選擇是或否。"]}


def test_a_title_names_the_roc_year_or_the_kind():
    annual = Engagement(kind="annual", period_end=date(2026, 12, 31))
    relocation = Engagement(kind="relocation", as_of=date(2026, 6, 30))
    assert [annual.title, relocation.title] == ["115 年度評估", "遷移營業處所評估"]
