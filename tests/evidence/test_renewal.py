"""When a piece has a newer version, what cites the old one says so, and moves on when somebody says."""

import json

import pytest
from django.urls import reverse

from evidence.actions import Incoming, file_evidence, note_view
from evidence.citing import Place, cite, renew
from evidence.decisions import withdraw
from evidence.models import Citation, Evidence
from evidence.times import Covered
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import Support
from tests.foundation.files.specimens import paged
from tests.uploads import A_DAY, deposit, uploaded

PLACE = Place(2, (1000, 2000, 5000, 3000), "∧")


@pytest.fixture
def piece(fieldwork, preparer) -> Evidence:
    return deposit(fieldwork, [paged("Alpha", "Beta")], by=preparer)[0]


@pytest.fixture
def cited(result, piece, preparer) -> Citation:
    return cite(result, piece, at=PLACE, by=preparer)


def replaced(piece: Evidence, by, covered: Covered = A_DAY) -> Evidence:
    """Hand in a newer version."""
    upload = uploaded(paged("Alpha", "Beta", str(piece.version)), to=piece.engagement, by=by)
    newer = file_evidence(piece.engagement, [Incoming(upload, covered, piece)], by=by)[0]
    note_view(newer, by=by, session="s")
    return newer


def test_whoever_has_not_looked_at_the_new_version_ticks_nothing_off_on_it(piece, cited, preparer, reviewer):
    replaced(piece, preparer)
    with pytest.raises(Refused, match="E-001 v2"):
        renew(Citation.objects.get(pk=cited.pk), by=reviewer)
    assert list(Citation.objects.all()) == [cited]


def test_a_new_version_that_was_withdrawn_is_none(piece, cited, preparer, partner):
    newer = replaced(piece, preparer)
    withdraw(newer, reason="誤傳", by=partner)
    assert Evidence.objects.get(pk=piece.pk).newer is None
    again = replaced(Evidence.objects.get(pk=piece.pk), preparer)
    assert (again.label, Evidence.objects.get(pk=piece.pk).newer) == ("E-001 v3", again)


def test_the_same_place_of_the_newest_version_is_cited_instead(piece, cited, result, preparer):
    newest = replaced(replaced(piece, preparer), preparer)
    renewed = renew(Citation.objects.get(pk=cited.pk), by=preparer)
    assert (renewed.evidence, renewed.page, renewed.area, renewed.tickmark) == (newest, 2, PLACE.area, "∧")
    assert list(Citation.objects.all()) == [renewed]
    assert [support.source for support in Support.objects.filter(result=result)] == [newest.pk]


def test_the_trail_tells_both(piece, cited, preparer):
    replaced(piece, preparer)
    renew(cited, by=preparer)
    names = ["evidence.cited", "evidence.uncited"]
    told = Event.objects.filter(name__in=names).order_by("seq").values_list("name", flat=True)
    assert list(told) == ["evidence.cited", "evidence.uncited", "evidence.cited"]


def test_without_a_newer_version_nothing_changes(cited, preparer):
    with pytest.raises(Refused):
        renew(cited, by=preparer)
    assert list(Citation.objects.all()) == [cited]


def test_where_the_new_version_is_cited_at_that_place_already_the_old_citation_stays(piece, cited, result, preparer):
    cite(result, replaced(piece, preparer), at=PLACE, by=preparer)
    citation = cited.pk
    with pytest.raises(Refused):
        renew(cited, by=preparer)
    assert Citation.objects.filter(pk=citation).exists()


def test_the_page_hears_of_its_own_changes(sign_in, piece, cited, paper, preparer):
    paper.refresh_from_db()
    before = paper.content_version
    replaced(piece, preparer)
    answer = sign_in(preparer).post(reverse("citation-renewal", args=[cited.pk]))
    told = json.loads(answer.headers["HX-Trigger"])["digao:changed"]
    assert (answer.status_code, told["content_version"] - told["changes"]) == (204, before)


def test_a_refusal_is_said(sign_in, cited, preparer):
    answer = sign_in(preparer).post(reverse("citation-renewal", args=[cited.pk]))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["__all__"])
