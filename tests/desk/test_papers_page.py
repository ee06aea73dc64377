"""The list of papers: whose, in which state, waiting for whom; assigned and handed over from there."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import TeamMember
from engagements.noting import Direction, write_note
from engagements.reviews import start_review
from procedures.actions import Entry, save_conclusion, save_result
from procedures.assigning import assign
from procedures.models import Workpaper
from procedures.presence import be_at
from procedures.reviewing import submit_review
from tests.papers import sign


@pytest.fixture
def listed(sign_in, fieldwork):
    """The page of somebody, filtered."""

    def listed(user, **query) -> str:
        answer = sign_in(user).get(reverse("paper-list", args=[fieldwork.pk]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return listed


def indexes(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="code">([^<]+)</th>', page)


def paper_of(engagement, code: str) -> Workpaper:
    return Workpaper.objects.get(engagement=engagement, code=code)


def test_every_paper_stands_in_index_order(listed, preparer):
    found = indexes(listed(preparer))
    assert len(found) == 69 + 15
    assert (found[0], found[9], found[-1]) == ("A-1", "C-1.1", "D-6")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "me"}, ["C-3.8.2"]),
        ({"who": "nobody", "section": "A"}, ["A-1", "A-2", "A-3", "A-4"]),
        ({"state": "prepared"}, ["C-3.8.3"]),
        ({"turn": "prepare"}, ["C-3.8.2"]),
        ({"state": "prepared", "section": "D"}, []),
    ],
)
def test_the_filter_narrows(listed, fieldwork, preparer, reviewer, query, found):
    assign(fieldwork, [paper_of(fieldwork, "3.8.2").pk], to=preparer, by=reviewer)
    sign(paper_of(fieldwork, "3.8.3"), by=preparer)
    assert indexes(listed(preparer, **query)) == found


def test_what_is_prepared_waits_for_the_reviewer(listed, fieldwork, preparer, reviewer):
    sign(paper_of(fieldwork, "3.8.3"), by=preparer)
    assert indexes(listed(reviewer, turn="review")) == ["C-3.8.3"]
    assert indexes(listed(preparer, turn="review")) == []


def test_a_note_to_me_returns_the_paper(listed, fieldwork, preparer, reviewer):
    paper = paper_of(fieldwork, "3.8.3")
    write_note(fieldwork, anchor=paper, text="請補。", direction=Direction(preparer), by=reviewer)
    assert indexes(listed(preparer, turn="returned")) == ["C-3.8.3"]
    assert indexes(listed(reviewer, turn="returned")) == []


def test_an_unknown_filter_filters_nothing(listed, preparer):
    assert len(indexes(listed(preparer, who="x", state="?", section="Z", turn="0", by="§"))) == 84


def test_the_queue_tells_what_waits_for_whom(listed, fieldwork, preparer, reviewer):
    assign(fieldwork, [paper_of(fieldwork, "3.8.2").pk], to=preparer, by=reviewer)
    sign(paper_of(fieldwork, "3.8.3"), by=preparer)
    page = listed(reviewer, by="person")
    desks = dict(re.findall(r'<h2 id="desk-\d+">(\S+) .*?</h2>(.*?)</section>', page, re.DOTALL))
    assert ("C-3.8.2" in desks[preparer.name], "C-3.8.3" in desks[preparer.name]) == (True, False)
    assert ("C-3.8.2" in desks[reviewer.name], "C-3.8.3" in desks[reviewer.name]) == (False, True)


def test_who_is_on_a_paper_now_stands_beside_it(listed, fieldwork, preparer, reviewer):
    be_at(fieldwork, paper_of(fieldwork, "3.8.2").pk, by=reviewer)
    assert f'title="{reviewer.name}"' in listed(preparer)


def test_what_a_reviewer_said_of_it_all_is_read_by_the_team(listed, fieldwork, preparer, reviewer):
    review = start_review(fieldwork, by=reviewer)
    assert "尚待補充。" not in listed(preparer)
    submit_review(review, summary="尚待補充。", sign=(), by=reviewer)
    assert "尚待補充。" in listed(preparer)


def test_only_those_who_lead_choose_papers_to_assign(listed, preparer, reviewer, quality_reviewer):
    assert 'name="papers"' in listed(reviewer)
    assert 'name="papers"' not in listed(preparer) + listed(quality_reviewer)


def test_the_list_costs_the_same_when_it_is_full(sign_in, fieldwork, preparer, reviewer, partner):
    client, address = sign_in(reviewer), reverse("paper-list", args=[fieldwork.pk])

    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address + query).status_code == 200
        return len(counted)

    cost("")
    bare = [cost(""), cost("?by=person")]
    papers = Workpaper.objects.filter(engagement=fieldwork, section="C")[:12]
    assign(fieldwork, [paper.pk for paper in papers], to=preparer, by=reviewer)
    for paper in papers:
        result = paper.results.earliest("position")
        save_result(result, Entry("exception", "未執行。"), version=result.version, by=preparer)
        sign(paper, by=preparer)
        write_note(fieldwork, anchor=paper, text="請補。", direction=Direction(preparer), by=reviewer)
        be_at(fieldwork, paper.pk, by=partner)
    assert [cost(""), cost("?by=person")] == bare
    assert max(bare) <= 16


# Acts ------------------------------------------------------------------------------------------


def test_chosen_papers_are_assigned_and_the_filter_stays(sign_in, fieldwork, preparer, reviewer):
    chosen = [str(paper_of(fieldwork, code).pk) for code in ("3.8.2", "3.8.3")]
    address = reverse("paper-assignment", args=[fieldwork.pk]) + "?section=C"
    answer = sign_in(reviewer).post(address, {"papers": chosen, "to": str(preparer.pk)})
    assert answer.url == reverse("paper-list", args=[fieldwork.pk]) + "?section=C"
    assert set(Workpaper.objects.filter(assignee=preparer).values_list("code", flat=True)) == {"3.8.2", "3.8.3"}


def test_without_papers_nothing_is_assigned_and_the_page_says_why(sign_in, fieldwork, preparer, reviewer):
    address = reverse("paper-assignment", args=[fieldwork.pk])
    page = sign_in(reviewer).post(address, {"to": str(preparer.pk)}, follow=True).content.decode()
    assert 'class="flash error"' in page
    assert not Workpaper.objects.exclude(assignee=None).exists()


def test_they_are_nobody_s_only_when_that_button_is_pressed(sign_in, fieldwork, preparer, reviewer):
    paper = paper_of(fieldwork, "3.8.2")
    assign(fieldwork, [paper.pk], to=preparer, by=reviewer)
    client, address = sign_in(reviewer), reverse("paper-assignment", args=[fieldwork.pk])
    page = client.post(address, {"papers": str(paper.pk), "to": ""}, follow=True).content.decode()
    assert "請選擇指派的對象" in page
    assert paper_of(fieldwork, "3.8.2").assignee == preparer
    client.post(address, {"papers": str(paper.pk), "to": "", "nobody": "1"})
    assert paper_of(fieldwork, "3.8.2").assignee is None


def test_what_somebody_wrote_on_without_being_given_it_is_in_their_hand_too(sign_in, fieldwork, preparer, reviewer):
    paper = paper_of(fieldwork, "3.8.2")
    save_conclusion(paper, "尚無例外。", version=1, by=preparer)
    address = reverse("hand-over", args=[fieldwork.pk])
    assert preparer.name in sign_in(reviewer).get(address).content.decode()
    over = {"giver": str(preparer.pk), "taker": str(reviewer.pk), "reason": "離隊"}
    assert sign_in(reviewer).post(address, over).status_code == 302
    assert paper_of(fieldwork, "3.8.2").assignee == reviewer


def test_handing_over_says_who_has_what_and_keeps_what_was_typed(sign_in, fieldwork, preparer, reviewer):
    assign(fieldwork, [paper_of(fieldwork, "3.8.2").pk], to=preparer, by=reviewer)
    address = reverse("hand-over", args=[fieldwork.pk])
    assert preparer.name in sign_in(reviewer).get(address).content.decode()
    same = {"giver": str(preparer.pk), "taker": str(preparer.pk), "reason": "離隊"}
    answer = sign_in(reviewer).post(address, same)
    assert (answer.status_code, "離隊</textarea>" in answer.content.decode()) == (422, True)
    answer = sign_in(reviewer).post(address, {**same, "taker": str(reviewer.pk)})
    assert (answer.status_code, paper_of(fieldwork, "3.8.2").assignee) == (302, reviewer)


def test_the_team_s_page_leads_there_when_somebody_leaves(sign_in, fieldwork, preparer, partner):
    TeamMember.objects.filter(engagement=fieldwork, user=preparer).update(ended_on="2026-01-01")
    page = sign_in(partner).get(reverse("engagement-team", args=[fieldwork.pk])).content.decode()
    assert f"handover/?giver={preparer.pk}" in page
