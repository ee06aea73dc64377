"""A selection of the evidence leaves as one ZIP: whole, under safe names, with what proves it."""

import hashlib
import json
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from evidence.archive import archive
from evidence.decisions import withdraw
from evidence.manifest import all_evidence, manifest_root
from evidence.models import Evidence
from foundation.files.names import portable_name
from foundation.trail.models import Event
from tests.uploads import deposit, pdf, text


@pytest.fixture
def pieces(fieldwork, preparer) -> list[Evidence]:
    return deposit(
        fieldwork,
        [pdf("組織圖.pdf"), text("CON.txt", b"2 item\n"), text("帳號?清單.csv", b"3" * 3_000_000)],
        by=preparer,
    )


@pytest.fixture
def download(sign_in, fieldwork):
    """Post the library's selection as somebody; the ZIP, or the answer where there is none."""

    def download(user, *pieces: Evidence):
        url = reverse("evidence-archive", args=[fieldwork.pk])
        return sign_in(user).post(url, {"pieces": [str(piece.pk) for piece in pieces]})

    return download


def opened(answer) -> ZipFile:
    assert answer.status_code == 200, answer.content
    return ZipFile(BytesIO(b"".join(answer.streaming_content)))


def test_every_chosen_file_is_in_it_whole(download, pieces, preparer):
    packed = opened(download(preparer, *pieces))
    assert packed.testzip() is None
    hashes = [hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()[2:]]
    assert hashes == [piece.file.sha256 for piece in pieces]


def test_names_are_fit_for_any_disk(download, pieces, preparer):
    names = opened(download(preparer, *pieces)).namelist()
    assert names == ["manifest.json", "SHA256SUMS", "E-001 組織圖.pdf", "E-002 CON.txt", "E-003 帳號_清單.csv"]


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("CON.pdf", "_CON.pdf"),
        ("lpt9", "_lpt9"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("..\\..\\win.ini", "win.ini"),
        ("../../etc/passwd", "passwd"),
        ("一\r\n二\0三.txt", "一二三.txt"),
        ("<img onerror=alert(1)>.png", "_img onerror=alert(1)_.png"),
        ("名" * 400 + ".pdf", "名" * 78 + ".pdf"),
        ("a" + "名" * 400 + ".pdf", "a" + "名" * 78 + ".pdf"),
        ("名" * 400, "名" * 80),
        ("...", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_from_outside_becomes_portable(raw, safe):
    assert portable_name(raw) == safe


def test_the_sums_are_what_sha256sum_checks(download, pieces, preparer, tmp_path):
    opened(download(preparer, *pieces)).extractall(tmp_path)
    command = ["sha256sum", "--check", "SHA256SUMS"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.count(": OK") == 3


def test_the_manifest_proves_of_each_piece_that_the_root_covers_it(download, pieces, preparer):
    manifest = json.loads(opened(download(preparer, *pieces[1:])).read("manifest.json"))
    assert (manifest["root_covers"], [told["file"] for told in manifest["evidence"]]) == (
        3,
        ["E-002 CON.txt", "E-003 帳號_清單.csv"],
    )
    for told, piece in zip(manifest["evidence"], pieces[1:], strict=True):
        assert json.loads(told["leaf"])["sha256"] == piece.file.sha256
        assert climbed(told["leaf"].encode(), told["path"]) == manifest["root"]


def climbed(leaf: bytes, path: list[list[str]]) -> str:
    """The root that a leaf and its path lead to, by RFC 6962."""
    node = hashlib.sha256(b"\0" + leaf).digest()
    for side, beside in path:
        pair = bytes.fromhex(beside) + node if side == "left" else node + bytes.fromhex(beside)
        node = hashlib.sha256(b"\1" + pair).digest()
    return node.hex()


def test_the_root_is_the_one_that_a_report_prints(download, fieldwork, pieces, preparer):
    manifest = json.loads(opened(download(preparer, pieces[0])).read("manifest.json"))
    assert manifest["root"] == manifest_root(all_evidence(fieldwork))


def test_every_copy_is_recorded(download, pieces, preparer):
    download(preparer, *pieces[:2])
    copied = Event.objects.filter(name="evidence.downloaded", actor=str(preparer.pk)).values_list(
        "object_id", flat=True
    )
    assert set(copied) == {str(piece.pk) for piece in pieces[:2]}


def test_nothing_of_it_is_held_in_memory_as_a_whole(fieldwork, pieces):
    blocks = [len(block) for block in archive(fieldwork, pieces)]
    assert sum(blocks) > 3_000_000
    assert max(blocks) < 1_100_000


def test_what_was_withdrawn_is_not_copied_and_nothing_else_either(download, pieces, preparer, partner):
    withdraw(pieces[1], reason="誤傳", by=partner)
    answer = download(preparer, *pieces)
    assert answer.status_code == 302
    assert not Event.objects.filter(name="evidence.downloaded").exists()


def test_choosing_nothing_leads_back(download, pieces, preparer):
    assert download(preparer).status_code == 302


def test_a_piece_of_another_engagement_is_not_in_it(download, pieces, preparer, others_piece):
    assert download(preparer, pieces[0], others_piece).status_code == 302


@pytest.mark.parametrize(("who", "status"), [("broker", 403), ("other_firm", 404), ("exchange", 404), ("admin", 404)])
def test_only_the_team_takes_copies_of_a_selection(request, download, pieces, who, status):
    assert download(request.getfixturevalue(who), *pieces).status_code == status


def test_the_quality_reviewer_may(download, pieces, quality_reviewer):
    assert len(opened(download(quality_reviewer, *pieces)).namelist()) == 5
