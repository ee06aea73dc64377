"""What the owner of the database changes behind the guards' back is found, and the words name the place.

Each test first does everything through the verbs, sees that the trail is whole, then tampers.
"""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement
from evidence.citing import Place, cite, uncite
from evidence.models import Citation, Evidence
from foundation.files.models import StoredFile
from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import Outcome, ProcedureResult, SignOff, Support, Workpaper
from procedures.witnesses import signed_papers
from tests.papers import sign
from tests.tampering import DIFFERS, answers_told, found, found_beside_supports, missing, remove, tamper, unguarded
from tests.uploads import deposit, pdf

WORK = "抽核防火牆規則異動 25 筆，2 筆未經核准。"


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def fieldwork(fieldwork, partner) -> Engagement:
    return answers_told(fieldwork, by=partner)


# Papers ------------------------------------------------------------------------------------


@pytest.fixture
def piece(fieldwork, preparer) -> Evidence:
    return deposit(fieldwork, [pdf()], by=preparer)[0]


@pytest.fixture
def signed(paper, result, piece, preparer) -> SignOff:
    """A paper with a result that rests on evidence, a conclusion and its preparer's signature."""
    save_result(result, Entry(Outcome.EXCEPTION, WORK, "影響輕微", date(2026, 11, 2)), version=1, by=preparer)
    cite(result, piece, at=Place(3), by=preparer)
    save_conclusion(paper, "例外 1 項。", version=1, by=preparer)
    signoff = sign(paper, by=preparer)
    assert found() == []
    return signoff


def resaved(result: ProcedureResult, facts: str) -> str:
    return f"procedures.ProcedureResult {result.pk}: {DIFFERS} result.saved: {facts}"


def unsealed(signoff: SignOff) -> list[str]:
    place = f"procedures.SignOff {signoff.pk} ({signoff.workpaper.engagement}, C-3.8.2, {signoff})"
    return [f"{place}: the content is not the one that was signed"]


@pytest.mark.parametrize("change", [{"work": "均經核准。"}, {"reason": ""}, {"performed_on": date(2026, 11, 3)}])
def test_a_signed_result_that_was_rewritten_is_found(signed, result, change):
    ProcedureResult.objects.filter(pk=result.pk).update(**change)
    assert found() == [resaved(result, "hash"), *unsealed(signed)]


def test_another_result_under_a_signature_is_found_twice(signed, result):
    ProcedureResult.objects.filter(pk=result.pk).update(outcome=Outcome.NO_EXCEPTION)
    assert found() == [resaved(result, "outcome, hash"), *unsealed(signed)]


@pytest.mark.parametrize(
    ("change", "facts"), [({"outcome": Outcome.NO_EXCEPTION}, "outcome, hash"), ({"work": "均經核准。"}, "hash")]
)
def test_a_result_that_nobody_signed_yet_is_found_too(result, preparer, change, facts):
    save_result(result, Entry(Outcome.EXCEPTION, WORK, "", date(2026, 11, 2)), version=1, by=preparer)
    ProcedureResult.objects.filter(pk=result.pk).update(**change)
    assert found() == [resaved(result, facts)]


def test_a_rewritten_conclusion_of_a_signed_paper_is_found(signed):
    Workpaper.objects.filter(pk=signed.workpaper_id).update(conclusion="未發現例外。")
    saved = f"procedures.Workpaper {signed.workpaper_id}: {DIFFERS} conclusion.saved: hash"
    assert found() == [saved, *unsealed(signed)]


def test_a_conclusion_that_was_written_past_the_trail_is_found(paper):
    Workpaper.objects.filter(pk=paper.pk).update(conclusion="未發現例外。")
    assert found() == [f"procedures.Workpaper {paper.pk}: the trail has no event conclusion.saved about it"]


@pytest.mark.parametrize("change", [{"digest": "ab" * 32}, {"label": "E-002"}, {"covered_to": date(2026, 12, 31)}])
def test_a_signed_result_that_came_to_rest_on_something_else_is_found(signed, change):
    Support.objects.update(**change)
    assert found_beside_supports() == unsealed(signed)


def test_a_signed_result_that_lost_its_support_is_found(signed):
    Support.objects.all().delete()
    assert found_beside_supports() == unsealed(signed)


def test_who_writes_on_after_signing_has_tampered_with_nothing(signed, result, preparer):
    save_result(result, Entry(Outcome.EXCEPTION, WORK + "已補充。", "影響輕微"), version=2, by=preparer)
    assert found() == []


def test_who_writes_during_the_verification_has_tampered_with_nothing(signed, result, preparer, monkeypatch):
    from procedures import content, witnesses  # noqa: PLC0415 -- only this test replaces a part

    def and_somebody_writes(papers):
        save_result(result, Entry(Outcome.EXCEPTION, WORK + "已補充。", "影響輕微"), version=2, by=preparer)
        return content.content_hashes(papers)

    monkeypatch.setattr(witnesses, "content_hashes", and_somebody_writes)
    assert found() == []


def test_signed_papers_are_read_together(signed, fieldwork, preparer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            list(signed_papers())
        return len(counted)

    one = queries()
    for paper in Workpaper.objects.filter(engagement=fieldwork).exclude(pk=signed.workpaper_id)[:20]:
        sign(paper, by=preparer)
    assert queries() == one == 8
    assert len(list(signed_papers())) == 21


@pytest.mark.parametrize(
    ("change", "fact"), [({"content_hash": "cd" * 32}, "hash"), ({"content_version": 3}, "content")]
)
def test_a_signature_that_was_moved_to_another_content_is_found(signed, change, fact):
    tamper(SignOff, **change)
    assert f"procedures.SignOff {signed.pk}: {DIFFERS} workpaper.prepared: {fact}" in found()


def test_a_signature_that_was_given_to_somebody_else_is_found(signed, reviewer):
    tamper(SignOff, user=reviewer)
    assert found() == [f"procedures.SignOff {signed.pk}: {DIFFERS} workpaper.prepared: id"]


def test_a_signature_in_another_role_is_found(signed):
    tamper(SignOff, role="approved")
    assert f"procedures.SignOff {signed.pk}: the trail has no event workpaper.approved about it" in found()


# Evidence ----------------------------------------------------------------------------------


def test_evidence_deleted_with_its_file_is_found(piece):
    row = f"evidence.Evidence {piece.pk}"
    remove(piece)
    remove(piece.file)
    assert not StoredFile.objects.filter(pk=piece.file_id).exists()
    assert missing(row, "evidence.received") == found()
    assert len(found()) == 1


def test_evidence_with_another_received_file_is_found(fieldwork, piece, preparer):
    other = deposit(fieldwork, [pdf(extra=b"2")], by=preparer)[0]
    with unguarded("evidence_evidence"):
        Evidence.objects.filter(pk=piece.pk).update(file=other.file)
    assert found() == [f"evidence.Evidence {piece.pk}: {DIFFERS} evidence.described / evidence.received: sha256, size"]


@pytest.fixture
def citation(result, piece, preparer) -> Citation:
    cited = cite(result, piece, at=Place(3), by=preparer)
    assert found() == []
    return cited


@pytest.mark.parametrize(("change", "fact"), [({"page": 4}, "page"), ({"tickmark": "✗"}, "tickmark")])
def test_a_citation_that_was_changed_is_found(citation, change, fact):
    Citation.objects.update(**change)
    assert found_beside_supports() == [f"evidence.Citation {citation.pk}: {DIFFERS} evidence.cited: {fact}"]


def test_a_citation_of_another_piece_is_found(citation, fieldwork, preparer):
    other = deposit(fieldwork, [pdf(extra=b"2")], by=preparer)[0]
    Citation.objects.update(evidence=other)
    assert found_beside_supports() == [f"evidence.Citation {citation.pk}: {DIFFERS} evidence.cited: evidence, sha256"]


def test_a_citation_that_was_moved_to_another_paper_is_found(citation, fieldwork):
    elsewhere = ProcedureResult.objects.filter(workpaper__engagement=fieldwork)
    Citation.objects.update(result=elsewhere.exclude(workpaper=citation.result.workpaper_id).first())
    assert f"evidence.Citation {citation.pk}: the trail has no event evidence.cited about it" in found()


def test_a_deleted_citation_is_found(citation):
    row = f"evidence.Citation {citation.pk}"
    remove(citation)
    assert missing(row, "evidence.cited") == found_beside_supports()
    assert len(found_beside_supports()) == 1


def test_who_takes_a_citation_away_has_tampered_with_nothing(citation, preparer):
    uncite(citation, by=preparer)
    assert found() == []
