"""People side by side: who is where, and what changed meanwhile, at little cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from procedures.actions import Entry, save_result
from procedures.models import Presence, Workpaper
from procedures.presence import faces


@pytest.fixture
def beat(sign_in, fieldwork, paper):
    """What somebody's open page says, and is answered."""

    def beat(user, *, page="paper", on=paper, at="", status=None, **more):
        said = {"page": page, "at": at, "paper": str(on.pk) if on else "", **more}
        answer = sign_in(user).post(reverse("presence", args=[fieldwork.pk]), said)
        assert status in {None, answer.status_code}
        return answer

    return beat


def now(answer) -> str:
    return re.search(r'data-now="([^"]+)"', answer.content.decode())[1]


def names(engagement, without) -> list[str]:
    return [face.name for face in faces(engagement, without=without)]


def test_who_is_on_the_same_paper_is_shown(beat, preparer, reviewer):
    beat(reviewer)
    page = beat(preparer, status=200).content.decode()
    assert f'title="{reviewer.name}"' in page
    assert f'title="{preparer.name}"' not in page


def test_whoever_is_on_another_paper_is_not_on_this_one(beat, fieldwork, preparer, reviewer):
    beat(reviewer, on=Workpaper.objects.get(engagement=fieldwork, code="1.1"))
    assert reviewer.name not in beat(preparer).content.decode()


def test_the_engagement_s_page_tells_who_is_on_which_paper(beat, preparer, reviewer):
    beat(reviewer)
    page = beat(preparer, page="map", on=None, status=200).content.decode()
    assert re.search(rf'</span> {reviewer.name} <a href="[^"]*/papers/3\.8\.2/"', page)


def test_the_quality_reviewer_and_the_partner_are_there_too(beat, fieldwork, preparer, quality_reviewer, partner):
    beat(quality_reviewer)
    beat(partner)
    assert set(names(fieldwork, preparer)) == {quality_reviewer.name, partner.name}


def test_somebody_is_in_one_place(beat, fieldwork, reviewer):
    beat(reviewer)
    beat(reviewer, page="map", on=None)
    assert [row.workpaper for row in Presence.objects.all()] == [None]


def test_whoever_leaves_is_gone_unless_they_are_elsewhere_already(beat, fieldwork, paper, reviewer, preparer):
    beat(reviewer, page="papers", on=None)
    beat(reviewer, leaving="on", status=204)
    assert names(fieldwork, preparer) == [reviewer.name]
    beat(reviewer)
    beat(reviewer, leaving="on", status=204)
    assert names(fieldwork, preparer) == []


def test_a_minute_after_the_last_word_somebody_is_forgotten_and_swept_away(beat, fieldwork, reviewer, preparer):
    beat(reviewer)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert names(fieldwork, preparer) == []
    assert not Presence.objects.exists()


def test_when_nothing_changed_nothing_is_sent(beat, preparer, reviewer):
    beat(reviewer)
    known = now(beat(preparer))
    beat(preparer, at=known, status=204)


@pytest.mark.parametrize("page", ["engagement", "paper-list"])
def test_what_a_page_is_fetched_with_is_all_there_was(beat, sign_in, fieldwork, preparer, page):
    fetched = sign_in(preparer).get(reverse(page, args=[fieldwork.pk]))
    assert beat(preparer, at=re.search(r'data-at="([^"]+)"', fetched.content.decode())[1]).status_code == 204


def test_a_result_saved_by_another_moves_the_index_and_the_content(beat, paper, result, preparer, reviewer):
    known = now(beat(preparer))
    save_result(result, Entry("no_exception", "檢視。"), version=result.version, by=reviewer)
    page = beat(preparer, at=known, status=200).content.decode()
    paper.refresh_from_db()
    assert f'data-content="{paper.content_version}"' in page
    assert re.search(rf'data-live="row-{paper.pk}"[^>]*><span class="mark doing"', page)


def test_only_faces_are_sent_where_only_faces_changed(beat, preparer, reviewer):
    known = now(beat(preparer))
    beat(reviewer)
    page = beat(preparer, at=known, status=200).content.decode()
    assert reviewer.name in page
    assert "index-row" not in page


def test_a_paper_of_another_engagement_is_no_place_here(beat, fieldwork, paper, preparer, reviewer, more):
    beat(reviewer, on=Workpaper.objects.get(engagement=more, code="1.1"))
    assert [row.workpaper for row in Presence.objects.all()] == [None]


@pytest.fixture
def more(fieldwork, more_engagements):
    [other] = more_engagements(1)
    return other


@pytest.mark.parametrize("said", [{"page": "x"}, {"page": "paper", "paper": "x"}, {"page": "map", "at": "9" * 61}])
def test_what_no_page_says_is_refused(sign_in, fieldwork, preparer, said):
    answer = sign_in(preparer).post(reverse("presence", args=[fieldwork.pk]), said)
    assert answer.status_code == 422
    assert not Presence.objects.exists()


@pytest.mark.parametrize("at", ["", ".", "x.y", "1.2.3", "-1."])
def test_whatever_a_page_claims_to_know_it_is_told_what_is(beat, preparer, at):
    assert beat(preparer, at=at, status=200)


@pytest.mark.parametrize("page", ["paper", "map", "papers"])
def test_a_beat_costs_the_same_for_little_and_for_much(
    sign_in, beat, fieldwork, paper, preparer, reviewer, partner, page
):
    address = reverse("presence", args=[fieldwork.pk])

    def cost(at="") -> int:
        client = sign_in(preparer)
        with CaptureQueriesContext(connection) as counted:
            answer = client.post(address, {"page": page, "paper": str(paper.pk), "at": at})
        assert answer.status_code == (204 if at else 200)
        return len(counted)

    beat(preparer, page=page)
    bare = cost()
    for result in paper.results.all():
        save_result(result, Entry("no_exception", "檢視。"), version=result.version, by=reviewer)
    beat(reviewer)
    beat(partner)
    known = now(beat(preparer, page=page))
    assert cost() == bare
    assert cost(known) <= 6
