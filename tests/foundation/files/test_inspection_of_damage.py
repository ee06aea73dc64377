"""Whatever a file's bytes are, an inspection comes to an end and says what it found: nobody's upload fails for them."""

import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.files import inspection
from foundation.files.inspection import Inspected, inspect
from tests import strange_files as strange

SOUND = [
    strange.pdf(),
    strange.pdf(revision=3),
    strange.pdf(revision=6, password="geheim"),
    strange.xlsx(),
    strange.with_password(strange.zipped("a.txt")),
    strange.compound("EncryptedPackage", "Workbook"),
    strange.seven_zip(encrypted=True),
    strange.rar_4(archive_flags=0x80),
    strange.rar_5(encrypted=True),
    strange.PNG,
]
places = st.floats(0, 1, exclude_max=True)


@st.composite
def damaged(draw) -> bytes:
    """A sound file, a few of its bytes changed, then cut or not."""
    content = bytearray(draw(st.sampled_from(SOUND)))
    for place, value in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=12)):
        content[int(place * len(content))] = value
    for place in draw(st.lists(places, max_size=2)):  # four bytes at once: sizes and offsets become enormous
        at = int(place * len(content))
        content[at : at + 4] = b"\xff" * 4
    return bytes(content[: int(draw(st.just(1.0) | places) * len(content))])


@given(damaged(), st.sampled_from(["a.pdf", "a.xlsx", "a.xls", "a.7z", "a.txt", "a"]))
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_is_inspected(content, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "staged"
        path.write_bytes(content)
        assert isinstance(inspect(path, name), Inspected)


@given(st.binary(max_size=3000))
@settings(max_examples=100, deadline=None)
def test_any_bytes_behind_the_encryption_of_a_pdf_are_read(tail):
    content = b"%PDF-1.7\n7 0 obj\n<< /Filter /Standard " + tail + b"\nendobj\ntrailer<</Encrypt 7 0 R>>\n%%EOF\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "staged"
        path.write_bytes(content)
        assert inspect(path, "a.pdf").concerns == ["encrypted:application/pdf"]


@pytest.mark.parametrize("shift", [0, 1, 2, 8, 10, 0xFFFF])
def test_a_compound_file_whose_sectors_have_no_such_size_is_inspected(tmp_path, shift, caplog):
    content = bytearray(strange.compound("EncryptedPackage"))
    content[30:32] = struct.pack("<H", shift)
    (tmp_path / "staged").write_bytes(content)
    assert isinstance(inspect(tmp_path / "staged", "a.doc"), Inspected)
    assert not caplog.records, "nothing broke down"


def test_bytes_on_which_looking_breaks_down_are_a_concern_beside_what_was_found(tmp_path, monkeypatch, caplog):
    def broken(_file):
        raise ZeroDivisionError

    monkeypatch.setattr(inspection.compound, "beginnings", broken)
    (tmp_path / "staged").write_bytes(strange.PNG)
    found = inspect(tmp_path / "staged", "a.pdf")
    assert (found.media_type, found.concerns) == ("image/png", ["type:image/png", "unread:image/png"])
    assert "ZeroDivisionError" in caplog.text
