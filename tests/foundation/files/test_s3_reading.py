"""An object read like a file; the requests are answered here, so that a connection can break off."""

import io

import pytest
from botocore.exceptions import IncompleteReadError

from foundation.files.s3_reading import ObjectReader

CONTENT = bytes(range(100))


class BreakingOff(io.BytesIO):
    """A connection that ends before everything came."""

    def read(self, size: int = -1) -> bytes:
        piece = super().read(size)
        if not piece:
            raise IncompleteReadError(actual_bytes=50, expected_bytes=100)
        return piece


@pytest.fixture
def asked() -> list[int]:
    """From which places was asked anew."""
    return []


@pytest.fixture
def reader(asked) -> ObjectReader:
    def ask(place: int):
        asked.append(place)
        return {"Body": io.BytesIO(CONTENT[place:])}

    return ObjectReader({"ContentLength": 100, "Body": io.BytesIO(CONTENT)}, ask)


def test_in_order_one_request_is_enough(reader, asked):
    assert b"".join(iter(lambda: reader.read(7), b"")) == CONTENT
    assert asked == []


def test_from_elsewhere_it_is_asked_for_when_it_is_read(reader, asked):
    reader.seek(90)
    reader.seek(-20, io.SEEK_CUR)
    assert (reader.tell(), asked) == (70, [])
    assert (reader.read(10), asked) == (CONTENT[70:80], [70])


def test_the_size_is_known_without_asking(reader, asked):
    assert reader.seek(0, io.SEEK_END) == 100
    reader.seek(0)
    reader.seek(100)
    assert (reader.read(5), asked) == (b"", [])


def test_there_is_nothing_before_the_beginning(reader):
    with pytest.raises(OSError, match="-1"):
        reader.seek(-1)


def test_bytes_that_do_not_come_are_no_end(asked):
    reader = ObjectReader({"ContentLength": 100, "Body": BreakingOff(CONTENT[:50])}, asked.append)
    assert reader.read(60) == CONTENT[:50]
    with pytest.raises(OSError, match="50 read"):
        reader.read(60)


def test_closing_lets_the_connection_go():
    body = io.BytesIO(CONTENT)
    with ObjectReader({"ContentLength": 100, "Body": body}, lambda _place: {}) as reader:
        reader.read(1)
    assert body.closed
