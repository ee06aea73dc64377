"""A page of the trail: newest first, filtered by event, actor and object."""

from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType

from foundation.trail.actions import record
from foundation.trail.models import Chain
from foundation.trail.queries import event_names, events_of

pytestmark = pytest.mark.django_db


def seqs(chain: str = "c", **filters) -> list[int]:
    return [event.seq for event in events_of(chain, **filters)]


@pytest.fixture
def paper():
    about = ContentType.objects.get_for_model(Chain)
    someone = SimpleNamespace(pk="7")
    record("paper.signed", chain="c", by=someone, about=about)
    record("paper.returned", chain="c", by=None, about=about)
    record("papers.opened", chain="c", by=someone, about=None)
    record("paper.signed", chain="other", by=someone, about=about)
    return about


@pytest.mark.usefixtures("paper")
def test_the_newest_event_comes_first_and_other_chains_stay_out():
    assert seqs() == [3, 2, 1]
    assert seqs("nowhere") == []


@pytest.mark.usefixtures("paper")
def test_events_are_found_by_their_name_or_its_noun():
    assert seqs(event="paper.signed") == [1]
    assert seqs(event="paper") == [2, 1]


@pytest.mark.usefixtures("paper")
def test_events_are_found_by_actor():
    assert seqs(actor="7") == [3, 1]


def test_events_are_found_by_object(paper):
    assert seqs(about=("contenttypes.ContentType", str(paper.pk))) == [2, 1]
    assert seqs(about=("contenttypes.ContentType", "0")) == []


@pytest.mark.usefixtures("paper")
def test_the_names_that_occur_are_listed_once():
    assert event_names(events_of("c")) == ["paper.returned", "paper.signed", "papers.opened"]


@pytest.mark.usefixtures("paper")
def test_an_event_s_content_is_what_was_recorded():
    assert events_of("c").first().content["event"] == "papers.opened"
