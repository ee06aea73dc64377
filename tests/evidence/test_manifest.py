"""The manifest of the evidence: what it says of a piece, and that one root stands for all pieces in their order."""

import hashlib
import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.decisions import withdraw
from evidence.manifest import leaf, manifest_root
from evidence.models import Evidence, Request
from tests.uploads import PDF, answer_request, deposit, pdf


def test_it_says_of_a_piece_whatever_identifies_it(fieldwork, preparer):
    piece = deposit(fieldwork, [pdf("弱點掃描報告.pdf")], by=preparer)[0]
    assert json.loads(leaf(piece)) == {
        "id": str(piece.pk),
        "number": "E-001",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "name": "弱點掃描報告.pdf",
        "type": "application/pdf",
        "uploader": str(preparer.pk),
        "request": "",
        "original": "",
        "covered_from": "2026-03-31",
        "covered_to": "2026-03-31",
        "nature": "occurrence",
        "dates": ["2026-03-31"],
        "withdrawn": "",
        "key": piece.file.key,
    }


def test_it_names_the_request_that_a_piece_answers(fieldwork, broker):
    request = Request.objects.filter(engagement=fieldwork).first()
    piece = answer_request(request, [pdf()], by=broker)[0]
    assert json.loads(leaf(piece))["request"] == request.label


def test_it_says_why_a_piece_was_withdrawn(fieldwork, preparer, partner):
    piece = deposit(fieldwork, [pdf()], by=preparer)[0]
    withdraw(piece, reason="他公司之文件，誤傳", by=partner)
    assert json.loads(leaf(piece))["withdrawn"] == "他公司之文件，誤傳"


def test_its_root_is_that_of_a_merkle_tree_over_the_pieces(fieldwork, preparer):
    first, second = (deposit(fieldwork, [pdf(extra=extra)], by=preparer)[0] for extra in (b"1", b"2"))
    left, right = (hashlib.sha256(b"\x00" + leaf(piece)).digest() for piece in (first, second))
    assert manifest_root([first, second]) == hashlib.sha256(b"\x01" + left + right).hexdigest()
    assert manifest_root([second, first]) != manifest_root([first, second])


def test_without_evidence_it_is_the_hash_of_nothing():
    assert manifest_root([]) == hashlib.sha256(b"").hexdigest()


def test_it_asks_the_database_nothing_when_all_is_loaded(fieldwork, preparer):
    deposit(fieldwork, [pdf(extra=bytes([n])) for n in range(3)], by=preparer)
    pieces = Evidence.objects.filter(engagement=fieldwork).select_related("file", "request", "derived_from")
    pieces = list(pieces.prefetch_related("decisions"))
    with CaptureQueriesContext(connection) as asked:
        manifest_root(pieces)
    assert len(asked) == 0
