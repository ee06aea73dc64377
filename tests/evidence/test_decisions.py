"""What is decided on evidence after it came in: described, replaced, withdrawn, released from quarantine."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from desk.witnesses import verify_everything
from engagements.models import Engagement, Stage
from evidence.actions import note_download, number_evidence
from evidence.citing import cite
from evidence.decisions import describe, release, why_kept, withdraw
from evidence.models import Citation, Evidence, EvidenceDecision
from evidence.requests import accept_request
from evidence.times import Covered
from evidence.witnesses import witnesses
from foundation.trail.models import Event
from foundation.trail.witnesses import unheard_rows
from foundation.web.refusals import Refused
from procedures.models import Support, Workpaper
from tests.tampering import answers_told
from tests.uploads import answer_request, filed, pdf, replacing, text

SPRING = Covered.span(date(2026, 1, 1), date(2026, 3, 31))


@pytest.fixture
def piece(fieldwork, preparer) -> Evidence:
    return filed(fieldwork, pdf(), by=preparer)


@pytest.fixture
def suspect(fieldwork, preparer) -> Evidence:
    """A program that calls itself a PDF."""
    return filed(fieldwork, text("帳單.pdf", b"MZ\x90\x00" * 40), by=preparer)


def only(name: str) -> Event:
    return Event.objects.get(name=name)


# Described ---------------------------------------------------------------------------------


def test_title_and_covered_time_are_corrected_with_an_event(piece, preparer):
    describe(piece, title=" 第 1 季弱點掃描報告 ", covered=SPRING, by=preparer)
    piece.refresh_from_db()
    assert (piece.title, piece.covered_from, piece.covered_to) == ("第 1 季弱點掃描報告", *SPRING.days)
    told = {"title": "第 1 季弱點掃描報告", "nature": "span", "covered_from": "2026-01-01", "covered_to": "2026-03-31"}
    assert only("evidence.described").content["facts"].items() >= told.items()


def test_saying_the_same_again_writes_nothing(piece, preparer):
    describe(piece, title=piece.title, covered=Covered.of(piece), by=preparer)
    assert not Event.objects.filter(name="evidence.described").exists()


def test_what_a_piece_says_of_itself_is_part_of_what_its_papers_were_signed_for(paper, result, piece, preparer):
    cite(result, piece, by=preparer)
    before = Workpaper.objects.get(pk=paper.pk).content_version
    describe(piece, title=piece.title, covered=SPRING, by=preparer)
    assert Workpaper.objects.get(pk=paper.pk).content_version == before + 1
    assert Support.objects.get(result=result).covered_to == SPRING.days[-1]


@pytest.mark.parametrize("verb", ["describe", "withdraw", "release"])
def test_an_issued_engagement_s_evidence_stays_as_it_is(fieldwork, suspect, partner, verb):
    Engagement.objects.filter(pk=fieldwork.pk).update(stage=Stage.ISSUED)
    acts = {
        "describe": lambda: describe(suspect, title="x", covered=SPRING, by=partner),
        "withdraw": lambda: withdraw(suspect, reason="誤傳", by=partner),
        "release": lambda: release(suspect, reason="已確認", by=partner),
    }
    with pytest.raises(Refused):
        acts[verb]()
    assert not EvidenceDecision.objects.exists()


# Versions ----------------------------------------------------------------------------------


def test_a_replacement_is_a_new_version_under_the_same_number(piece, preparer):
    newer = replacing(piece, pdf("新版.pdf", b"2"), by=preparer)
    assert (newer.label, newer.number, newer.replaces) == ("E-001 v2", 1, piece)
    assert Evidence.objects.get(pk=piece.pk).replaced_by == newer


def test_the_next_piece_has_the_next_number_whatever_versions_there_are(fieldwork, piece, preparer):
    replacing(replacing(piece, pdf(extra=b"2"), by=preparer), pdf(extra=b"3"), by=preparer)
    assert filed(fieldwork, text(), by=preparer).label == "E-002"


def test_only_the_last_version_is_replaced(piece, preparer):
    replacing(piece, pdf(extra=b"2"), by=preparer)
    with pytest.raises(Refused, match="E-001"):
        replacing(piece, pdf(extra=b"3"), by=preparer)
    assert Evidence.objects.count() == 2


def test_citations_stay_on_the_version_that_they_were_made_on(result, piece, preparer):
    citation = cite(result, piece, by=preparer)
    replacing(piece, pdf(extra=b"2"), by=preparer)
    assert Citation.objects.get(pk=citation.pk).evidence == piece


def test_the_database_knows_no_second_version_of_nothing(fieldwork, piece):
    with pytest.raises(IntegrityError, match="a_first_version_replaces_nothing"), transaction.atomic():
        Evidence.objects.create(engagement=fieldwork, number=1, version=2, title="x", file=piece.file)


# Withdrawn ---------------------------------------------------------------------------------


def test_what_is_withdrawn_is_kept_with_the_reason(piece, reviewer):
    withdraw(piece, reason=" 他公司文件 ", by=reviewer)
    decision = Evidence.objects.get(pk=piece.pk).withdrawn
    assert (decision.reason, decision.by) == ("他公司文件", reviewer)
    event = only("evidence.withdrawn")
    assert (event.content["reason"], event.object_id) == ("他公司文件", str(piece.pk))
    with piece.file.open() as file:
        assert file.read()


def test_without_a_reason_nothing_is_withdrawn(piece, reviewer):
    with pytest.raises(Refused):
        withdraw(piece, reason=" ", by=reviewer)
    assert Evidence.objects.get(pk=piece.pk).withdrawn is None


def test_what_is_withdrawn_can_be_neither_copied_nor_cited(result, piece, preparer, reviewer):
    withdraw(piece, reason="誤傳", by=reviewer)
    piece = Evidence.objects.get(pk=piece.pk)
    for act in (lambda: note_download(piece, by=preparer), lambda: cite(result, piece, by=preparer)):
        with pytest.raises(Refused, match="E-001"):
            act()
    assert not Support.objects.exists()


def test_what_a_paper_rests_on_is_not_withdrawn(result, piece, preparer, reviewer):
    cite(result, piece, by=preparer)
    with pytest.raises(Refused, match="E-001"):
        withdraw(piece, reason="誤傳", by=reviewer)


def test_nothing_is_withdrawn_twice(piece, reviewer):
    withdraw(piece, reason="誤傳", by=reviewer)
    with pytest.raises(Refused):
        withdraw(piece, reason="誤傳", by=reviewer)


def test_the_broker_withdraws_its_own_until_it_is_accepted(fieldwork, asked, broker, preparer):
    first, second = answer_request(asked, [pdf(), pdf(extra=b"2")], by=broker)
    withdraw(first, reason="誤傳", by=broker)
    asked.refresh_from_db()
    accept_request(asked, by=preparer)
    with pytest.raises(Refused):
        withdraw(second, reason="誤傳", by=broker)


def test_the_broker_is_told_the_same_whether_its_file_was_cited_or_accepted(fieldwork, asked, broker, result, preparer):
    first, second = answer_request(asked, [pdf(), pdf(extra=b"2")], by=broker)
    cite(result, first, by=preparer)
    told = [why_kept(first, by=broker)]
    asked.refresh_from_db()
    accept_request(asked, by=preparer)
    told += [why_kept(Evidence.objects.get(pk=piece.pk), by=broker) for piece in (first, second)]
    assert len(set(told)) == 1
    assert "E-001" not in told[0]


def test_a_masked_copy_s_derivation_is_vouched_for_in_whatever_order_its_keys_are_kept(fieldwork, piece, preparer):
    answered = {"pages": [1], "areas": [[1, 0, 0, 10, 10]]}
    copy = number_evidence(fieldwork, piece.file, SPRING, by=preparer, derived_from=piece, derivation=answered)
    [witness] = [each for each in witnesses() if each.rows.model is Evidence]
    assert [problem for row in unheard_rows(witness) for problem in row] == []
    assert Evidence.objects.get(pk=copy.pk).derivation == answered


# Quarantine --------------------------------------------------------------------------------


def test_a_file_that_is_not_what_its_name_says_is_kept_in_quarantine(suspect, preparer):
    assert (suspect.in_quarantine, suspect.is_usable) == (True, False)
    with pytest.raises(Refused, match="E-001"):
        note_download(suspect, by=preparer)


def test_a_release_lets_it_out_and_says_why(suspect, reviewer, preparer):
    release(suspect, reason="係加密之帳單，已請受查者當面開啟確認", by=reviewer)
    piece = Evidence.objects.get(pk=suspect.pk)
    assert (piece.in_quarantine, piece.released.by) == (False, reviewer)
    assert only("evidence.released").content["facts"]["concerns"] == piece.file.concerns != []
    note_download(piece, by=preparer)


def test_what_is_in_no_quarantine_is_not_released(piece, reviewer):
    with pytest.raises(Refused, match="E-001"):
        release(piece, reason="x", by=reviewer)


# Proof -------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_decision(piece, reviewer, statement):
    withdraw(piece, reason="誤傳", by=reviewer)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(EvidenceDecision._meta.db_table))


def test_all_of_it_is_vouched_for_by_the_trail(
    fieldwork, asked, broker, piece, suspect, result, preparer, reviewer, partner
):
    answers_told(fieldwork, by=partner)
    describe(piece, title="改名", covered=SPRING, by=preparer)
    cite(result, replacing(piece, pdf(extra=b"2"), by=preparer), by=preparer)
    release(suspect, reason="已確認", by=reviewer)
    withdraw(answer_request(asked, [pdf(extra=b"9")], by=broker)[0], reason="誤傳", by=broker)
    assert verify_everything().problems == []
