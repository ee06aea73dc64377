"""However large a file is or says it is, looking at it takes little memory and reads little of it."""

import struct
import tracemalloc
import zlib

import pytest

from foundation.files.inspection import inspect
from foundation.files.promises import XLSX, ZIP
from tests import strange_files as strange

GIB = 1024**3
MOST_MEMORY = 4 * 1024**2


@pytest.fixture
def look(tmp_path):
    """Inspect a file of a beginning, a hole of gigabytes, and an end; more memory than a little is an error."""

    def looked(name: str, start: bytes, end: bytes = b"", hole: int = 3 * GIB):
        path = tmp_path / "staged"
        with path.open("wb") as file:
            file.write(start)
            file.seek(hole, 1)
            file.write(end)
        tracemalloc.start()
        try:
            found = inspect(path, name)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < MOST_MEMORY
        return found.concerns

    return looked


def test_a_large_pdf(look):
    content = strange.pdf()
    assert look("a.pdf", content, b"\n%%EOF\n") == []


def test_a_large_pdf_whose_encryption_is_nowhere(look):
    end = b"trailer<</Root 1 0 R /Encrypt 7 0 R>>\nstartxref\n1000000000\n%%EOF\n"
    assert look("a.pdf", b"%PDF-1.7\n", end) == ["encrypted:application/pdf"]


def test_a_large_zip(look):
    end = strange.zipped("a.txt")
    assert look("a.zip", b"PK\x03\x04", end[end.index(b"PK\x01\x02") :]) == []


@pytest.mark.parametrize("size", [2**32 - 2, 2**31])
def test_a_zip_whose_directory_claims_to_be_larger_than_the_file(look, size):
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, size, 0, 0)
    assert look("a.zip", b"PK\x03\x04", end, hole=1000) == [f"damaged:{ZIP}"]


@pytest.mark.parametrize("place", [2**64 - 1, 2**63, 0])
def test_a_zip_whose_directory_is_nowhere(look, place):
    far = struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert look("a.zip", b"PK\x03\x04", far + end, hole=1000) == [f"damaged:{ZIP}"]


def test_a_zip_of_four_gigabytes_has_its_directory_elsewhere(look):
    entries = strange.zipped("secret.txt")
    directory = strange.with_password(entries)[entries.index(b"PK\x01\x02") : entries.index(b"PK\x05\x06")]
    hole, start = 5 * GIB, b"PK\x03\x04"
    place = len(start) + hole
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), place)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, place + len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert look("a.zip", start, directory + record + locator + end, hole=hole) == [f"encrypted:{ZIP}"]


def test_a_workbook_that_unpacks_to_a_hundred_times_its_size(tmp_path):
    content = strange.zipped("[Content_Types].xml", "xl/worksheets/sheet1.xml", content=bytes(16 * 1024**2))
    path = tmp_path / "staged"
    path.write_bytes(content)
    tracemalloc.start()
    found = inspect(path, "bomb.xlsx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.media_type, found.concerns) == (XLSX, [])
    assert peak < MOST_MEMORY < 16 * 1024**2


def test_a_picture_of_more_dots_than_any_memory_holds(look):
    """A header is all that it takes to claim 2³¹ × 2³¹ dots."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 16, 6, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    assert look("bomb.png", picture, hole=1000) == []


def test_a_large_compound_file_that_claims_the_largest_sectors(look):
    content = bytearray(strange.compound("Workbook"))
    content[30:32] = struct.pack("<H", 60)
    assert look("a.xls", bytes(content)) == ["type:application/octet-stream"]


def test_a_large_archive_whose_last_header_claims_all_of_it(look):
    head = b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<IQQI", 0, 8, 2**62, 0)
    assert look("a.7z", head) == []
