"""A file that the scanner finds something in: kept, put in quarantine, handed out only once a manager released it."""

import os

import pytest

from evidence.actions import Incoming, deposit
from evidence.decisions import release
from tests.uploads import A_DAY, text, uploaded

pytestmark = pytest.mark.with_server("clamd")
# In two halves: scanners on developers' machines look at files too.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def hand_in(settings, fieldwork, preparer):
    """Upload a file, have it checked, and put it into the library."""
    settings.CLAMD = os.environ["DIGAO_TEST_CLAMD"]

    def handed_in(content: bytes):
        upload = uploaded(text("eicar.txt", content), to=fieldwork, by=preparer)
        (piece,) = deposit(fieldwork, [Incoming(upload, A_DAY)], by=preparer)
        return piece

    return handed_in


def test_what_the_scanner_finds_is_in_quarantine(hand_in):
    piece = hand_in(EICAR)
    assert [concern.partition(":")[0] for concern in piece.file.concerns] == ["virus"]
    assert piece.in_quarantine


def test_nobody_gets_a_copy_from_there(hand_in, sign_in, preparer):
    piece = hand_in(EICAR)
    assert sign_in(preparer).get(f"/evidence/{piece.pk}/file/").headers["Location"] == f"/evidence/{piece.pk}/"


def test_a_manager_s_reason_lets_it_out_as_it_was(hand_in, sign_in, preparer, reviewer):
    piece = hand_in(EICAR)
    release(piece, reason="這是防毒軟體的測試檔。", by=reviewer)
    answer = sign_in(preparer).get(f"/evidence/{piece.pk}/file/")
    assert b"".join(answer.streaming_content) == EICAR


def test_a_harmless_file_is_in_none(hand_in):
    assert not hand_in(b"harmless").in_quarantine
