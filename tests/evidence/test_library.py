"""What the evidence library finds, and what it says of the same bytes elsewhere."""

from datetime import date

import pytest

from engagements.models import Engagement
from evidence import library
from evidence.citing import Place, cite
from evidence.decisions import release, withdraw
from evidence.library import Chosen
from evidence.models import Evidence
from evidence.times import Covered
from tests.evidence.conftest import in_another_year
from tests.uploads import deposit, filed, pdf, replacing, text


@pytest.fixture
def pieces(fieldwork, preparer) -> list[Evidence]:
    return deposit(fieldwork, [pdf("甲.pdf", b"1"), pdf("乙.pdf", b"2"), pdf("丙.pdf", b"1")], by=preparer)


@pytest.fixture
def found(fieldwork):
    """The labels of what is found."""

    def found(**chosen: object) -> list[str]:
        return [piece.label for piece in library.evidence_matching(fieldwork, Chosen(**chosen))]

    return found


@pytest.fixture
def lines(fieldwork):
    def lines(engagement: Engagement = fieldwork) -> list[library.EvidenceLine]:
        return library.evidence_lines(engagement, library.loaded(library.evidence_matching(engagement, Chosen())))

    return lines


def test_a_piece_is_found_by_name_number_and_hash(found, pieces):
    assert found(text="乙") == ["E-002"]
    assert found(text="e-2") == ["E-002"]
    assert found(text=pieces[1].file.sha256[:12].upper()) == ["E-002"]
    assert found(text=pieces[0].file.sha256) == ["E-003", "E-001"]
    assert found(text="丁") == []


def test_a_piece_is_found_by_the_control_point_that_cites_it(found, pieces, result, preparer):
    cite(result, pieces[1], by=preparer)
    assert found(point="3.8.2") == found(point="c-3.8") == ["E-002"]
    assert found(point="1.1") == []


def test_a_piece_is_found_by_who_sent_it(found, pieces, asked, broker, preparer, fieldwork):
    filed(fieldwork, text(), request=asked, by=broker)
    assert found(sender=broker) == ["E-004"]
    assert found(sender=preparer) == ["E-003", "E-002", "E-001"]


def test_a_piece_is_found_by_the_time_that_it_speaks_about(found, fieldwork, preparer):
    for number, (start, end) in enumerate([((1, 1), (3, 31)), ((4, 1), (6, 30)), ((6, 30), (6, 30))]):
        covered = Covered.span(date(2026, *start), date(2026, *end))
        deposit(fieldwork, [pdf(extra=bytes([number]))], covered=covered, by=preparer)
    assert found(covers_from=date(2026, 4, 1)) == ["E-003", "E-002"]
    assert found(covers_to=date(2026, 3, 31)) == ["E-001"]
    assert found(covers_from=date(2026, 6, 30), covers_to=date(2026, 6, 30)) == ["E-003", "E-002"]


def test_what_nobody_cites_is_found(found, pieces, result, preparer):
    cite(result, pieces[1], by=preparer)
    assert found(show="uncited") == ["E-003", "E-001"]


def test_what_is_cited_in_an_old_version_is_found(found, pieces, result, preparer):
    cite(result, pieces[1], by=preparer)
    for piece in pieces[:2]:
        replacing(piece, pdf(extra=b"newer" + bytes([piece.number])), by=preparer)
    assert found(show="outdated") == ["E-002"]


def test_the_same_content_twice_is_found(found, pieces):
    assert found(show="repeated") == ["E-003", "E-001"]


def test_what_was_withdrawn_is_found_only_when_asked_for(found, pieces, partner):
    withdraw(pieces[1], reason="誤傳", by=partner)
    assert found() == ["E-003", "E-001"]
    assert found(show="withdrawn") == ["E-002"]


def test_what_is_in_quarantine_is_found_until_it_is_released(found, pieces, fieldwork, preparer, partner):
    suspect = filed(fieldwork, text("假.pdf", b"MZ" * 40), by=preparer)
    assert found(show="quarantine") == ["E-004"]
    release(suspect, reason="已向受查者確認", by=partner)
    assert found(show="quarantine") == []


def test_the_same_bytes_twice_are_flagged_within_the_engagement(lines, pieces, result, preparer):
    cite(result, pieces[1], at=Place(3), by=preparer)
    assert [(line.piece.label, line.twins, len(line.citations)) for line in lines()] == [
        ("E-003", ["E-001"], 0),
        ("E-002", [], 1),
        ("E-001", ["E-003"], 0),
    ]


def test_what_the_same_broker_handed_in_for_another_year_is_flagged(
    lines, pieces, broker_company, exchange_company, partner, preparer
):
    other = in_another_year(broker_company, exchange_company, partner, year=2025)
    deposit(other, [pdf("去年.pdf", b"2")], by=partner)
    assert [(line.piece.label, [str(twin) for twin in line.earlier]) for line in lines()] == [
        ("E-003", []),
        ("E-002", ["E-001 去年.pdf"]),
        ("E-001", []),
    ]


def test_that_another_broker_has_the_same_file_is_not_told(
    lines, pieces, other_broker_company, exchange_company, partner
):
    other = in_another_year(other_broker_company, exchange_company, partner, year=2026)
    deposit(other, [pdf("共用範本.pdf", b"2")], by=partner)
    assert [line.earlier for line in lines()] == [[], [], []]
    assert [line.earlier for line in lines(other)] == [[]]


def test_that_another_firm_holds_the_same_file_of_the_broker_is_not_told(lines, pieces, broker_company, others_piece):
    assert others_piece.engagement.auditee == broker_company
    assert others_piece.file.sha256 == pieces[1].file.sha256
    assert [line.earlier for line in lines()] == [[], [], []]
