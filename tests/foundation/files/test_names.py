"""A file's name is text from a stranger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.files.names import safe_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("弱點掃描報告_115H1.pdf", "弱點掃描報告_115H1.pdf"),
        ("..\\..\\win.ini", "win.ini"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\林\\稽核.docx", "稽核.docx"),
        ("folder/", "unnamed"),
        ("", "unnamed"),
        ("...", "unnamed"),
        (" . ", "unnamed"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ("right\u202eto\u202cleft.pdf", "righttoleft.pdf"),
        ('say "cheese".pdf', 'say "cheese".pdf'),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ("字" * 400, "字" * 200),
        ("a." + "b" * 400, "a." + "b" * 198),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_harmless(sent, kept):
    assert safe_name(sent) == kept


@given(st.text(max_size=600))
def test_no_name_has_a_path_a_control_character_or_too_many_letters(sent):
    name = safe_name(sent)

    assert 1 <= len(name) <= 200
    assert not {"/", "\\", "\r", "\n", "\0"} & set(name)
    assert safe_name(name) in {name, name.strip(" .")}
