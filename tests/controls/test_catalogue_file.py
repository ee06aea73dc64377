"""A catalogue file is read only if it is whole, unaltered and ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.catalogue_file import MAX_BYTES, read, seal
from foundation.web.refusals import Refused

pytestmark = pytest.mark.usefixtures("english")


def refusal(content):
    with pytest.raises(Refused) as refused:
        read(content)
    return str(refused.value)


def test_the_shipped_file_is_whole(shipped_bytes, shipped):
    catalogue, checksum = read(shipped_bytes)
    assert catalogue == shipped
    assert checksum == json.loads(shipped_bytes)["sha256"] == seal(shipped)


def test_layout_does_not_matter(shipped_bytes, shipped):
    assert read(json.dumps(json.loads(shipped_bytes), indent=4).encode())[0] == shipped


@given(st.data())
def test_a_file_cut_anywhere_is_refused(shipped_bytes, data):
    # The last character is a line feed: the first cut that hurts is the one before it.
    at = data.draw(st.integers(0, len(shipped_bytes) - 2))
    with pytest.raises(Refused):
        read(shipped_bytes[:at])


def test_a_cut_file_is_refused_with_line_and_column(shipped_bytes):
    assert refusal(shipped_bytes[:1000]).startswith("The file is cut off or no JSON: line 34, column 5: ")


def test_a_changed_character_is_noticed(shipped_bytes):
    altered = shipped_bytes.replace("每半年應進行弱點掃描".encode(), "每一年應進行弱點掃描".encode(), 1)
    assert altered != shipped_bytes
    assert refusal(altered).startswith("The checksum doesn't fit the content: the file was altered or cut.")


def test_a_changed_number_is_noticed(shipped_bytes):
    altered = shipped_bytes.replace(b'"expected_count_fy": 4', b'"expected_count_fy": 2', 1)
    assert "checksum" in refusal(altered)


def test_a_missing_checksum_is_noticed(shipped):
    content = json.dumps({"format": "digao.catalogue/1", "catalogue": shipped}).encode()
    assert refusal(content).endswith(f"Declared —, is {seal(shipped)}.")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_named(shipped_bytes, encoding):
    assert refusal(shipped_bytes.decode().encode(encoding)) == (
        "The file starts with a byte-order mark (BOM). Save it as UTF-8 without BOM."
    )


def test_big5_is_named(shipped_bytes):
    assert refusal(shipped_bytes.decode().encode("big5", errors="replace")).startswith("The file is not UTF-8 (Big5")


@pytest.mark.parametrize(
    "content",
    [
        b'[{"model": "accounts.user", "pk": 1, "fields": {"is_superuser": true}}]',
        b'{"format": "digao.catalogue/2", "catalogue": {}}',
        b'{"model": "controls.procedure"}',
        b'"digao.catalogue/1"',
        b"null",
    ],
)
def test_another_format_is_refused(content):
    assert refusal(content) == "This is not a catalogue file: “format” must be “digao.catalogue/1”."


def test_a_file_without_a_catalogue_is_refused():
    assert refusal(b'{"format": "digao.catalogue/1", "catalogue": []}') == "The file has no “catalogue”."


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"\x00"])
def test_what_is_no_json_is_refused(content):
    assert refusal(content)


def test_a_member_twice_is_refused():
    assert refusal(b'{"format": 1, "format": 2}') == "The member “format” stands twice in one object."


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(name):
    assert refusal(f'{{"format": {name}}}'.encode()) == f"{name} is no JSON number."


@pytest.mark.parametrize("depth", [900, 100_000])
def test_nesting_without_end_is_refused(depth):
    inner = b"[" * depth + b"]" * depth
    assert refusal(b'{"format": "digao.catalogue/1", "catalogue": {"x": ' + inner + b"}}")


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\u001b"])
def test_characters_that_no_database_stores_are_refused(text):
    content = f'{{"format": "digao.catalogue/1", "catalogue": {{"key": "a{text}"}}}}'.encode()
    assert refusal(content).startswith("A text has characters that can't be stored: 'a\\")


def test_a_number_beyond_checking_is_refused():
    assert refusal(b'{"format": "digao.catalogue/1", "catalogue": {"n": 9007199254740993}}').startswith("A value")


def test_a_huge_file_is_refused_unread():
    assert refusal(b" " * (MAX_BYTES + 1)) == "The file is larger than 20 MB."
