"""Evidence gets a number, is cited, and belongs to one engagement."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

import evidence.actions
from engagements.models import Engagement, Stage
from evidence.actions import note_download
from evidence.citing import Place, cite, uncite
from evidence.models import Citation, Evidence, Request
from evidence.times import Covered
from foundation.files.models import StoredFile
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.models import Support, Workpaper
from tests.stages import annual
from tests.uploads import attach, deposit, filed, pdf, sent, text


@pytest.fixture
def piece(fieldwork, preparer) -> Evidence:
    return deposit(fieldwork, [pdf()], by=preparer)[0]


@pytest.fixture
def other_engagement(fieldwork, partner, broker_company, exchange_company) -> Engagement:
    """Last year's, of the same broker by the same firm."""
    return annual(broker_company, exchange_company, by=partner, year=2025)


def test_pieces_are_numbered_in_the_order_of_their_coming(fieldwork, preparer):
    deposit(fieldwork, [pdf("a.pdf"), pdf("b.pdf", b"b")], by=preparer)
    deposit(fieldwork, [text("c.txt")], by=preparer)
    assert [str(piece) for piece in Evidence.objects.filter(engagement=fieldwork)] == [
        "E-001 a.pdf",
        "E-002 b.pdf",
        "E-003 c.txt",
    ]


def test_each_engagement_counts_for_itself(fieldwork, other_engagement, preparer, partner):
    deposit(fieldwork, [pdf()], by=preparer)
    Engagement.objects.filter(pk=other_engagement.pk).update(stage=Stage.FIELDWORK)
    other_engagement.refresh_from_db()
    assert deposit(other_engagement, [pdf()], by=partner)[0].number == 1


def test_the_database_refuses_a_number_twice(fieldwork, piece):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(engagement=fieldwork, number=1, title="x", file=piece.file)


def test_receiving_is_an_event_with_the_hash(fieldwork, piece, preparer):
    event = Event.objects.get(name="evidence.received")
    assert event.content["facts"] == {
        "sha256": piece.file.sha256,
        "size": piece.file.size,
        "name": "弱點掃描報告.pdf",
        "concerns": [],
        "type": "application/pdf",
        "at": piece.received_at.isoformat(),
        "sender": str(preparer.pk),
        "number": 1,
        "version": 1,
        "replaces": "",
        "request": "",
        "original": "",
        "derivation": {},
        "title": "弱點掃描報告.pdf",
        "nature": "occurrence",
        "dates": "2026-03-31",
        "covered_from": "2026-03-31",
        "covered_to": "2026-03-31",
    }
    assert (event.object_id, event.actor) == (str(piece.pk), str(preparer.pk))


def test_no_file_is_no_deposit(fieldwork, preparer):
    with pytest.raises(Refused):
        deposit(fieldwork, [], by=preparer)


def test_a_closed_engagement_takes_no_file_and_stores_none(fieldwork, preparer):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ARCHIVED)
    with pytest.raises(Refused):
        deposit(fieldwork, [pdf()], by=preparer)
    assert StoredFile.objects.count() == 0


def test_an_engagement_closed_meanwhile_takes_no_file_and_stores_none(fieldwork, preparer):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    assert fieldwork.is_open_for_work, "as it was loaded"
    with pytest.raises(Refused):
        deposit(fieldwork, [pdf()], by=preparer)
    assert (StoredFile.objects.count(), Evidence.objects.count()) == (0, 0)


def test_a_time_that_ends_before_it_starts_is_refused_and_nothing_is_stored(fieldwork, preparer):
    with pytest.raises(Refused):
        deposit(fieldwork, [pdf()], covered=Covered.span(date(2026, 7, 1), date(2026, 6, 30)), by=preparer)
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_database_refuses_such_a_time_too(fieldwork, piece):
    with pytest.raises(IntegrityError, match="evidence_covers_in_order"), transaction.atomic():
        Evidence.objects.create(
            engagement=fieldwork,
            number=2,
            title="x",
            file=piece.file,
            covered_from=date(2026, 7, 1),
            covered_to=date(2026, 6, 30),
        )


@pytest.mark.parametrize("change", [{"number": 7}, {"file": None}, {"derivation": {"pages": [1]}}, {"request": None}])
def test_the_database_refuses_to_change_what_came_in(fieldwork, piece, preparer, change):
    other = filed(fieldwork, text(), request=Request.objects.get(engagement=fieldwork, number=1), by=preparer)
    change = {"file": other.file} if "file" in change else change
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Evidence.objects.filter(number__lte=2).update(**change)


def test_title_and_covered_time_may_be_corrected(piece):
    Evidence.objects.update(title="x", covered_from=date(2026, 1, 1))
    piece.refresh_from_db()
    assert (piece.title, piece.covered_from) == ("x", date(2026, 1, 1))


def test_the_database_refuses_to_delete_a_piece(piece):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        piece.delete()


def test_a_file_is_handed_in_once(fieldwork, preparer):
    incoming = sent([pdf()], to=fieldwork, by=preparer)
    evidence.actions.deposit(fieldwork, incoming, by=preparer)
    with pytest.raises(Refused):
        evidence.actions.deposit(fieldwork, incoming, by=preparer)
    assert Evidence.objects.count() == 1


# Citing ------------------------------------------------------------------------------------


def test_a_citation_points_at_a_page(result, piece, preparer):
    citation = cite(result, piece, at=Place(12, tickmark="✗"), by=preparer)
    assert (str(citation), citation.tickmark) == ("E-001 弱點掃描報告.pdf p.12", "✗")
    assert Support.objects.get(result=result).label == "E-001 弱點掃描報告.pdf p.12"


def test_a_place_is_cited_once_per_result(result, piece, preparer):
    at = Place(2, (100, 200, 3000, 400))
    cite(result, piece, at=at, by=preparer)
    with pytest.raises(Refused, match="E-001"):
        cite(result, piece, at=at, by=preparer)
    assert (Citation.objects.count(), Support.objects.count()) == (1, 1)


def test_several_places_of_a_piece_are_one_support_that_tells_them_apart(result, piece, preparer):
    cite(result, piece, at=Place(2, (100, 200, 3000, 400)), by=preparer)
    before = Support.objects.get(result=result)
    cite(result, piece, at=Place(5), by=preparer)
    after = Support.objects.get(result=result)
    assert (before.label, after.label) == ("E-001 弱點掃描報告.pdf p.2", "E-001 弱點掃描報告.pdf p.2 p.5")
    assert before.digest != after.digest


def test_taking_one_of_two_places_away_keeps_the_support(result, piece, preparer):
    cite(result, piece, at=Place(2), by=preparer)
    before = Support.objects.get(result=result).digest
    uncite(cite(result, piece, at=Place(5), by=preparer), by=preparer)
    assert Support.objects.get(result=result).digest == before


def test_the_same_page_with_another_area_or_tickmark_is_other_content(fieldwork, paper, piece, preparer):
    digests = set()
    for position, at in enumerate([Place(1), Place(1, (0, 0, 10, 10)), Place(1, tickmark="✗")], start=1):
        result = paper.results.get(position=position)
        cite(result, piece, at=at, by=preparer)
        digests.add(Support.objects.get(result=result).digest)
    assert len(digests) == 3


@pytest.mark.parametrize("area", [(5, 5, 5, 9), (0, 9, 9, 8), (0, 0, 10_001, 9)])
def test_the_database_refuses_an_area_without_extent_or_beyond_the_page(result, piece, preparer, area):
    with pytest.raises(IntegrityError, match="an_area_is_whole"), transaction.atomic():
        cite(result, piece, at=Place(1, area), by=preparer)


def test_the_database_refuses_an_area_of_no_page(result, piece, preparer):
    with pytest.raises(IntegrityError, match="an_area_is_whole"), transaction.atomic():
        cite(result, piece, at=Place(None, (0, 0, 9, 9)), by=preparer)


def test_a_piece_serves_several_results(paper, result, piece, preparer):
    cite(result, piece, by=preparer)
    cite(paper.results.get(position=2), piece, by=preparer)
    assert piece.citations.count() == 2


def test_evidence_of_another_engagement_is_refused(result, piece, other_engagement, preparer):
    foreign = Evidence.objects.create(engagement=other_engagement, number=1, title="x", file=piece.file)
    with pytest.raises(Refused):
        cite(result, foreign, by=preparer)
    assert Support.objects.count() == 0


def test_attaching_files_and_cites_in_one_go(paper, result, preparer):
    citation = attach(
        result, pdf("掃描.pdf"), covered=Covered.span(date(2026, 4, 20), date(2026, 5, 18)), at=Place(3), by=preparer
    )

    assert (citation.evidence.label, citation.page) == ("E-001", 3)
    assert citation.evidence.covered_to == date(2026, 5, 18)
    assert Workpaper.objects.get(pk=paper.pk).content_version == 2


def test_what_can_not_be_attached_leaves_nothing(result, preparer):
    attach(result, pdf(), by=preparer)
    with pytest.raises(Refused):
        attach(result, pdf("again.pdf"), by=preparer)
    assert (Evidence.objects.count(), StoredFile.objects.count(), Support.objects.count()) == (1, 1, 1)


def test_taking_a_citation_away_leaves_the_evidence(paper, result, piece, preparer):
    citation = cite(result, piece, by=preparer)
    uncite(citation, by=preparer)

    assert (Citation.objects.count(), Support.objects.count(), Evidence.objects.count()) == (0, 0, 1)
    assert Workpaper.objects.get(pk=paper.pk).content_version == 3
    assert Event.objects.filter(name="evidence.uncited").count() == 1


def test_nothing_is_taken_away_in_a_closed_engagement(fieldwork, result, piece, preparer):
    citation = cite(result, piece, by=preparer)
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    with pytest.raises(Refused):
        uncite(citation, by=preparer)
    assert Citation.objects.count() == 1


def test_a_download_is_an_event(piece, reviewer):
    note_download(piece, by=reviewer)
    event = Event.objects.get(name="evidence.downloaded")
    assert (event.actor, event.content["facts"]) == (str(reviewer.pk), {"sha256": piece.file.sha256})


# Who sees it -------------------------------------------------------------------------------


def test_the_team_sees_everything_and_strangers_nothing(
    piece, preparer, quality_reviewer, other_firm, other_broker, exchange
):
    seen = {
        who.name: list(Evidence.objects.visible_to(who))
        for who in (preparer, quality_reviewer, other_firm, other_broker, exchange)
    }
    assert seen == {
        preparer.name: [piece],
        quality_reviewer.name: [piece],
        other_firm.name: [],
        other_broker.name: [],
        exchange.name: [],
    }


def test_the_broker_sees_only_what_its_own_people_handed_over(fieldwork, piece, answered, broker):
    own = Evidence.objects.get(request=answered)
    assert Evidence.objects.filter(engagement=fieldwork).count() == 2
    assert list(Evidence.objects.visible_to(broker)) == [own]
