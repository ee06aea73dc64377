"""A firm's tickmarks and phrases: what is offered, what changes them, and what citations keep."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.citing import Place, cite, renew
from evidence.legend import legend_of
from evidence.models import Citation
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.library import (
    add_entry,
    meaning_of,
    move_up,
    own_tickmarks,
    phrases_of,
    retire_entry,
    reword_entry,
    signs_of,
    standard_phrases,
    standard_signs,
)
from procedures.models import Phrase, Tickmark
from tests.evidence.test_renewal import replaced
from tests.uploads import deposit, pdf

STANDARD = [each.sign for each in standard_signs()]


def offered(firm) -> list[str]:
    return [each.sign for each in signs_of(firm.pk)]


def tickmark(firm, sign: str = "※", meaning: str = "詳工作底稿備註") -> Tickmark:
    return Tickmark(firm=firm, sign=sign, meaning=meaning)


def phrase(firm, title: str = "觀察", use: str = "work") -> Phrase:
    return Phrase(firm=firm, use=use, title=title, text="實地觀察〔場所〕。")


@pytest.fixture
def own(firm, reviewer):
    """The firm's own tickmarks: the standard ones as its own."""
    own_tickmarks(firm, by=reviewer)
    return {each.sign: each for each in Tickmark.objects.filter(firm=firm)}


# Tickmarks ----------------------------------------------------------------------------------


def test_a_firm_begins_with_the_standard_signs(firm):
    assert offered(firm) == ["✓", "∧", "◎", "?", "✗"]
    assert not Tickmark.objects.exists()


def test_its_first_change_makes_them_its_own(firm, reviewer):
    add_entry(tickmark(firm), by=reviewer)
    assert offered(firm) == [*STANDARD, "※"]
    assert Event.objects.filter(name="tickmark.added", chain__key=firm.chain).count() == len(STANDARD) + 1


def test_making_them_its_own_twice_changes_nothing(firm, own, reviewer):
    own_tickmarks(firm, by=reviewer)
    assert Tickmark.objects.count() == len(own)


def test_another_firm_s_signs_are_none_of_ours(firm, other_firm):
    add_entry(tickmark(other_firm.organization), by=other_firm)
    assert offered(firm) == STANDARD


def test_a_new_meaning_takes_the_old_one_s_place_which_retires(firm, own, reviewer):
    reword_entry(own["∧"], tickmark(firm, "∧", "重新計算"), by=reviewer)
    assert offered(firm) == STANDARD
    assert meaning_of("∧", firm.pk) == "重新計算"
    assert Tickmark.objects.get(pk=own["∧"].pk).meaning == "重新計算相符"


def test_the_same_meaning_again_changes_nothing(firm, own, reviewer):
    reword_entry(own["∧"], tickmark(firm, "∧", "重新計算相符"), by=reviewer)
    assert Tickmark.objects.count() == len(own)


def test_what_is_retired_is_offered_no_more(firm, own, reviewer):
    retire_entry(own["?"], by=reviewer)
    assert offered(firm) == [sign for sign in STANDARD if sign != "?"]
    with pytest.raises(Refused):
        retire_entry(own["?"], by=reviewer)


def test_the_last_sign_stays(own, reviewer):
    first, *others = own.values()
    for each in others:
        retire_entry(each, by=reviewer)
    with pytest.raises(Refused):
        retire_entry(first, by=reviewer)


def test_an_entry_moves_up_by_one_place(firm, own, reviewer):
    move_up(own["∧"], by=reviewer)
    move_up(own["∧"], by=reviewer)
    assert offered(firm) == ["∧", "✓", "◎", "?", "✗"]
    assert Event.objects.filter(name="tickmark.moved").count() == 1


@pytest.mark.parametrize("sign", ["✓", "abc", "", "🙂", "〇〇〇", "<b", "a "])
def test_a_sign_is_one_of_a_kind_and_can_be_printed(firm, own, reviewer, sign):
    with pytest.raises(Refused):
        add_entry(tickmark(firm, sign), by=reviewer)
    assert Tickmark.objects.count() == len(own)


# Citing -------------------------------------------------------------------------------------


@pytest.fixture
def piece(fieldwork, preparer):
    return deposit(fieldwork, [pdf()], by=preparer)[0]


def test_a_citation_keeps_what_its_sign_said(firm, own, result, piece, preparer, reviewer):
    citation = cite(result, piece, at=Place(1, tickmark="∧"), by=preparer)
    reword_entry(own["∧"], tickmark(firm, "∧", "另有意義"), by=reviewer)
    assert Citation.objects.get(pk=citation.pk).meaning == "重新計算相符"
    assert [(each.sign, each.meaning) for each in legend_of([citation])] == [("∧", "重新計算相符")]


def test_a_renewed_citation_keeps_it_too(firm, own, result, piece, fieldwork, preparer, reviewer):
    citation = cite(result, piece, at=Place(tickmark="∧"), by=preparer)
    reword_entry(own["∧"], tickmark(firm, "∧", "另有意義"), by=reviewer)
    replaced(piece, preparer)
    assert renew(Citation.objects.get(pk=citation.pk), by=preparer).meaning == "重新計算相符"


def test_the_meaning_is_part_of_what_is_signed_and_told(paper, result, piece, preparer):
    results = [result, paper.results.get(position=2)]
    for each, meaning in zip(results, ["", "另有意義"], strict=True):
        cite(each, piece, at=Place(1, meaning=meaning), by=preparer)
    told = [event.content["facts"]["meaning"] for event in Event.objects.filter(name="evidence.cited").order_by("seq")]
    assert told == ["核對相符", "另有意義"]
    one, other = (each.supports.get().digest for each in results)
    assert one != other


def test_a_citation_from_before_meanings_were_kept_has_the_standard_one(result, piece, preparer):
    citation = Citation.objects.create(result=result, evidence=piece, cited_by=preparer)
    assert [(each.sign, each.meaning) for each in legend_of([citation, citation])] == [("✓", "核對相符")]


def test_citing_offers_the_firm_s_signs_with_their_meanings(sign_in, firm, result, preparer, reviewer):
    add_entry(tickmark(firm), by=reviewer)
    page = sign_in(preparer).get(reverse("citation-list", args=[result.pk])).content.decode()
    assert "※ 詳工作底稿備註" in page
    assert "∧ 重新計算相符" in page


# The page -----------------------------------------------------------------------------------


@pytest.fixture
def library(sign_in):
    def library(user, status=200):
        answer = sign_in(user).get(reverse("library"))
        assert answer.status_code == status
        return answer.content.decode()

    return library


def test_juniors_read_the_library_and_have_nothing_to_press(library, preparer):
    page = library(preparer)
    assert "核對相符" in page
    assert 'action="/library/' not in page


@pytest.mark.parametrize("who", ["admin", "broker", "exchange"])
def test_whoever_is_on_no_team_has_no_library(library, request, who):
    library(request.getfixturevalue(who), status=403)


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("tickmark-add", {"sign": "🙂", "meaning": "笑"}, "id_sign"),
        ("tickmark-add", {"sign": "※", "meaning": ""}, "id_meaning"),
        ("phrase-add", {"use": "work", "title": "", "text": "甲"}, "id_title"),
        ("phrase-add", {"use": "?", "title": "甲", "text": "甲"}, "id_use"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(sign_in, reviewer, name, typed, field):
    answer = sign_in(reviewer).post(reverse(name), typed)
    page = answer.content.decode()
    assert (answer.status_code, f'id="{field}_error"' in page) == (422, True)
    assert all(value in page for value in typed.values())
    assert not Tickmark.objects.exists()
    assert not Phrase.objects.exists()


def test_a_sign_in_use_is_refused_in_words(sign_in, firm, own, reviewer):
    answer = sign_in(reviewer).post(reverse("tickmark-add"), {"sign": "✓", "meaning": "另有意義"})
    assert (answer.status_code, "另有意義" in answer.content.decode()) == (422, True)
    assert offered(firm) == STANDARD


def test_the_page_changes_moves_and_retires(sign_in, firm, own, reviewer):
    client = sign_in(reviewer)

    def press(of, act, **typed):
        entry = Tickmark.objects.get(firm=firm, sign=of, retired_at=None)
        return client.post(reverse("tickmark-change", args=[entry.pk]), {"act": act, **typed})

    assert press("∧", "change", sign="∧", meaning="重新計算").status_code == 302
    press("◎", "up")
    press("?", "retire")
    press("✗", "none")
    assert offered(firm) == ["✓", "◎", "∧", "✗"]
    assert meaning_of("∧", firm.pk) == "重新計算"
    assert press("∧", "change", sign="∧", meaning="").status_code == 422


def test_the_page_costs_the_same_for_many_entries(sign_in, firm, own, reviewer, django_assert_num_queries):
    client = sign_in(reviewer)
    client.get(reverse("library"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("library"))
    for number in range(5):
        add_entry(tickmark(firm, f"a{number}"), by=reviewer)
        add_entry(phrase(firm, f"第 {number} 句"), by=reviewer)
    with django_assert_num_queries(len(few)):
        assert "第 4 句" in client.get(reverse("library")).content.decode()


# Phrases ------------------------------------------------------------------------------------


def test_the_firm_s_own_phrases_stand_before_the_standard_ones(firm, reviewer):
    add_entry(phrase(firm), by=reviewer)
    first, *others = phrases_of(firm.pk)
    assert (first.title, first.is_own) == ("觀察", True)
    assert others == standard_phrases()


def test_there_are_standard_phrases_for_every_use_and_they_have_blanks():
    phrases = standard_phrases()
    assert {each.use for each in phrases} == set(Phrase.Use.values)
    assert sum("〔" in each.text for each in phrases) > len(phrases) // 2


def test_phrases_move_among_those_for_the_same_use(firm, reviewer):
    for title, use in (("甲", "work"), ("乙", "note"), ("丙", "work")):
        add_entry(phrase(firm, title, use), by=reviewer)
    move_up(Phrase.objects.get(title="丙"), by=reviewer)
    assert [each.title for each in phrases_of(firm.pk) if each.is_own and each.use == "work"] == ["丙", "甲"]


def test_whoever_types_is_given_the_phrases(sign_in, firm, preparer, reviewer):
    add_entry(phrase(firm), by=reviewer)
    page = sign_in(preparer).get(reverse("phrase-list")).content.decode()
    assert 'data-use="work" data-text="實地觀察〔場所〕。"' in page


@pytest.mark.parametrize("length", [0, 2001])
def test_a_phrase_has_a_text_of_a_length_that_fits(sign_in, reviewer, length):
    typed = {"use": "work", "title": "觀察", "text": "長" * length}
    assert sign_in(reviewer).post(reverse("phrase-add"), typed).status_code == 422
    assert not Phrase.objects.exists()
