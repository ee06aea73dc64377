"""The three kinds of time that evidence speaks about: made, typed, shown, told."""

from datetime import date
from typing import Any

import pytest

from evidence.decisions import describe
from evidence.forms import DescriptionForm
from evidence.models import Evidence
from evidence.times import Covered
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import Support
from tests.desk.workpaper.reading import words
from tests.uploads import attach, deposit, pdf, posted, text, uploaded

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)


def typed(**values: str) -> DescriptionForm:
    return DescriptionForm({"title": "查核報告", **values})


# Made --------------------------------------------------------------------------------------------


def test_occurrences_keep_their_days_in_order_and_once():
    covered = Covered.on(JUNE, MARCH, JUNE)
    assert covered.fields == {
        "nature": "occurrence",
        "dates": ["2026-03-31", "2026-06-30"],
        "covered_from": MARCH,
        "covered_to": JUNE,
    }


def test_a_span_has_both_ends_and_no_days_of_its_own():
    told = {"nature": "span", "dates": [], "covered_from": MARCH, "covered_to": JUNE}
    assert Covered.span(MARCH, JUNE).fields == told


def test_a_state_has_its_day():
    told = {"nature": "state", "dates": [], "covered_from": MARCH, "covered_to": MARCH}
    assert Covered.state(MARCH).fields == told


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(Refused):
        Covered.span(JUNE, MARCH)


@pytest.mark.parametrize("covered", [Covered.on(MARCH, JUNE), Covered.span(MARCH, JUNE), Covered.state(MARCH)])
def test_a_piece_tells_its_time_as_it_was_made(fieldwork, preparer, covered):
    (piece,) = deposit(fieldwork, [pdf()], covered=covered, by=preparer)
    assert Covered.of(Evidence.objects.get(pk=piece.pk)) == covered


def test_an_older_piece_keeps_its_unknown_kind():
    older = Evidence(nature="", covered_from=MARCH, covered_to=JUNE)
    assert Covered.of(older) == Covered("", (MARCH, JUNE))


# Typed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "covered"),
    [
        ({"nature": "occurrence", "covered_from": "115/03/31"}, Covered.on(MARCH)),
        ({"nature": "occurrence", "covered_from": "115/03/31", "dates": "115/06/30"}, Covered.on(MARCH, JUNE)),
        (
            {"nature": "occurrence", "covered_from": "115/06/30", "dates": "2026-03-31、115/06/30"},
            Covered.on(MARCH, JUNE),
        ),
        ({"nature": "occurrence", "covered_from": "115/03/31", "dates": " 115/06/30， ;"}, Covered.on(MARCH, JUNE)),
        ({"nature": "span", "covered_from": "115/03/31", "covered_to": "115/06/30"}, Covered.span(MARCH, JUNE)),
        ({"nature": "state", "covered_from": "115/03/31"}, Covered.state(MARCH)),
        # What is left in fields that the kind doesn't have isn't meant.
        ({"nature": "state", "covered_from": "115/03/31", "covered_to": "115/06/30"}, Covered.state(MARCH)),
        ({"nature": "occurrence", "covered_from": "115/03/31", "covered_to": "115/01/01"}, Covered.on(MARCH)),
    ],
)
def test_days_are_read_as_their_kind_has_them(values, covered):
    form = typed(**values)
    assert form.is_valid(), form.errors
    assert form.covered == covered


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"covered_from": "115/03/31"}, "nature", "哪一種時間"),
        ({"nature": "log", "covered_from": "115/03/31"}, "nature", "log"),
        ({"nature": "occurrence"}, "covered_from", "查核報告"),
        ({"nature": "span", "covered_from": "115/03/31"}, "covered_to", "何日"),
        ({"nature": "span", "covered_from": "115/06/30", "covered_to": "115/03/31"}, "covered_to", "迄日早於起日"),
        ({"nature": "occurrence", "covered_from": "115/03/31", "dates": "115/02/29"}, "dates", "115/02/29"),
        ({"nature": "occurrence", "covered_from": "115/03/31", "dates": "115/01/02 " * 401}, "dates", "日期過多"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(values, field, says):
    form = typed(**values)
    assert list(form.errors) == [field]
    assert says in form.errors[field][0]


@pytest.mark.parametrize("covered", [Covered.on(MARCH, JUNE), Covered.span(MARCH, JUNE), Covered.state(MARCH)])
def test_the_form_opens_with_what_the_piece_says(fieldwork, preparer, covered):
    (piece,) = deposit(fieldwork, [pdf()], covered=covered, by=preparer)
    form = DescriptionForm.of(Evidence.objects.get(pk=piece.pk))
    again = DescriptionForm({name: form[name].value() or "" for name in form.fields} | shown(form))
    assert again.is_valid(), again.errors
    assert again.covered == covered


def shown(form: DescriptionForm) -> dict[str, Any]:
    """The values as the page's text boxes show them."""
    names = ("covered_from", "covered_to", "dates")
    return {name: form.fields[name].widget.format_value(form[name].value()) or "" for name in names}


# Of each file -----------------------------------------------------------------------------------------


@pytest.fixture
def put(sign_in, fieldwork, preparer):
    """Put two files in; the second with what is typed for it alone."""

    def put(**own: str) -> Any:
        data = posted([pdf()], to=fieldwork, by=preparer)
        second = uploaded(text(), to=fieldwork, by=preparer)
        data["uploads"].append(str(second.pk))
        of_its_own = {f"{name}-{second.pk}": value for name, value in own.items()}
        answer = sign_in(preparer).post(f"/engagements/{fieldwork.pk}/evidence/files/", data | of_its_own)
        return answer, [Covered.of(piece) for piece in Evidence.objects.order_by("number")]

    return put


@pytest.mark.parametrize(
    ("own", "covered"),
    [
        ({}, Covered.on(MARCH)),
        ({"covered_from": "115/06/30"}, Covered.on(JUNE)),
        ({"nature": "state", "covered_from": "115/06/30"}, Covered.state(JUNE)),
        ({"nature": "span", "covered_from": "115/03/31", "covered_to": "115/06/30"}, Covered.span(MARCH, JUNE)),
        ({"covered_from": "115/03/31", "dates": "115/06/30"}, Covered.on(MARCH, JUNE)),
    ],
)
def test_a_file_may_have_a_time_of_its_own(put, own, covered):
    _answer, [first, second] = put(**own)
    assert (first, second) == (Covered.on(MARCH), covered)


@pytest.mark.parametrize(
    "own", [{"nature": "span", "covered_from": "115/03/31"}, {"nature": "log"}, {"dates": "115/6"}]
)
def test_a_time_of_its_own_that_is_none_keeps_all_files_out(put, own):
    answer, stored = put(**own)
    assert (answer.status_code, stored) == (422, [])


# Shown and told -----------------------------------------------------------------------------------------


def test_the_page_shows_every_kind_of_time(sign_in, fieldwork, preparer):
    kinds = {
        "115/03/31 ， 115/06/30": Covered.on(MARCH, JUNE),
        "115/03/31 – 115/06/30": Covered.span(MARCH, JUNE),
        "115/03/31 （當日狀況）": Covered.state(MARCH),
    }
    for number, (says, covered) in enumerate(kinds.items()):
        (piece,) = deposit(fieldwork, [pdf(extra=bytes([number]))], covered=covered, by=preparer)
        assert f"涵蓋期間 {says}" in words(sign_in(preparer).get(piece.get_absolute_url()).content.decode())


def test_many_days_are_summed_up(sign_in, fieldwork, preparer):
    covered = Covered.on(*(date(2026, month, 1) for month in range(1, 10)))
    (piece,) = deposit(fieldwork, [pdf()], covered=covered, by=preparer)
    page = words(sign_in(preparer).get(piece.get_absolute_url()).content.decode())
    assert "115/04/01 … 共 9 日" in page


def test_kind_and_days_are_told_when_it_comes_in_and_when_it_is_corrected(fieldwork, preparer):
    (piece,) = deposit(fieldwork, [pdf()], covered=Covered.on(JUNE, MARCH), by=preparer)
    describe(piece, title=piece.title, covered=Covered.state(MARCH), by=preparer)
    events = Event.objects.filter(name__in=("evidence.received", "evidence.described")).order_by("seq")
    told = [event.content["facts"] for event in events]
    assert [(facts["nature"], facts["dates"]) for facts in told] == [
        ("occurrence", "2026-03-31 2026-06-30"),
        ("state", ""),
    ]


def test_what_a_result_rests_on_says_the_kind_of_its_time(result, preparer):
    attach(result, pdf(), covered=Covered.on(MARCH, JUNE), by=preparer)
    row = Support.objects.get(result=result)
    assert (row.nature, row.dates) == ("occurrence", ["2026-03-31", "2026-06-30"])
