"""The two typefaces of a report: that they are installed, and which characters they can draw.

The layout engine says nothing when a typeface or a character is missing; it silently takes another.
So both are asked beforehand: fontconfig for the file it would choose, that file for its characters.
"""

import subprocess
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from reports import frozen
from reports.binder import Binder
from reports.problems import Cause, Problem

FAMILIES = ("Noto Sans CJK TC", "Noto Serif CJK TC")
_LAYOUT = frozenset("\n\t")  # not drawn, but the layout knows what to do with them


class TypefaceMissing(RuntimeError):
    """A typeface of the report isn't installed on this machine; the message says how to get it."""


@cache
def drawable() -> frozenset[int]:
    """The code points that every typeface of the report has a glyph for. About 0.3 s, once per process."""
    return frozenset.intersection(*map(_covered, FAMILIES))


@cache
def identity() -> str:
    """What tells these typefaces from others of the same names: their files, sizes and times."""
    files = (Path(_match(family)[1]) for family in FAMILIES)
    return " ".join(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def missing(binder: Binder) -> list[Problem]:
    """One problem for each character without a glyph, with the first place it stands."""
    places: dict[str, str] = {}
    for where, text in frozen.texts(binder):
        for character in _without_glyph(text):
            places.setdefault(character, where)
    return [Problem(Cause.GLYPH_MISSING, code_point(character), where) for character, where in places.items()]


def spell_out(text: str) -> str:
    """The text with each character that can't be drawn shown as 〔U+1F600〕."""
    if not _without_glyph(text):
        return text
    return "".join(c if _is_drawable(c) else f"〔{code_point(c)}〕" for c in text)


def code_point(character: str) -> str:
    """U+XXXX."""
    return f"U+{ord(character):04X}"


def _without_glyph(text: str) -> list[str]:
    return [character for character in dict.fromkeys(text) if not _is_drawable(character)]


def _is_drawable(character: str) -> bool:
    return ord(character) in drawable() or character in _LAYOUT


def _covered(family: str) -> frozenset[int]:
    found, file, index = _match(family)
    if family not in found:
        raise TypefaceMissing(
            _("The typeface %(family)s is not installed (Debian: fonts-noto-cjk).") % {"family": family}
        )
    with TTFont(file, fontNumber=int(index) if file.endswith(".ttc") else -1, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _match(family: str) -> list[str]:
    """Family, file and face index that fontconfig, and so the layout engine, takes for this name."""
    pattern = ["fc-match", "--format", "%{family}\n%{file}\n%{index}", family]
    try:
        answer = subprocess.run(pattern, capture_output=True, check=True, text=True, timeout=30)  # noqa: S603 -- fixed words
    except FileNotFoundError as error:
        raise TypefaceMissing(_("The program fc-match is not installed (Debian: fontconfig).")) from error
    return answer.stdout.split("\n")
