"""What gives pause about a file, said to people."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from foundation.files.concerns import concern_words, in_words

FOLDER = Path(settings.BASE_DIR) / "foundation" / "files"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_each_concern_is_told_with_its_detail():
    assert in_words(["type:text/html", "virus:Eicar-Test"]) == [
        "its content (text/html) isn't what its name says",
        "the virus scanner found Eicar-Test",
    ]


def test_a_detail_may_hold_a_colon_or_a_percent_sign():
    assert concern_words("virus:Win.Trojan:50%s") == "the virus scanner found Win.Trojan:50%s"


def test_a_concern_of_a_later_version_is_told_all_the_same():
    assert in_words(["moon:full", "moon"]) == ["there is a concern: full", "there is a concern: moon"]


def test_every_kind_that_an_inspection_finds_has_its_words():
    said = "".join((FOLDER / name).read_text() for name in ("inspection.py", "antivirus.py"))
    kinds = set(re.findall(r'f"([a-z]+):\{', said))
    assert {"type", "virus", "encrypted"} < kinds
    assert [kind for kind in kinds if concern_words(f"{kind}:x") == "there is a concern: x"] == []
