"""Printed numbering 一、（一）1.（1）A.: which lines carry a number, how deep they stand, how far they hang.

The regulator's texts are lines with a number in front; the levels follow from the order in which each
manner of numbering first appears, since the texts don't agree on one order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CHINESE = "[一二三四五六七八九十]+"
_MANNERS = (
    ("chinese", re.compile(rf"{_CHINESE}、\s*")),
    ("chinese-bracket", re.compile(rf"[（(]{_CHINESE}[）)]\s*")),
    ("bracket-stop", re.compile(r"[（(]\d+[）)]\.\s*")),
    ("bracket", re.compile(r"[（(]\d+[）)]\s*")),
    ("number", re.compile(r"\d+[.、](?!\d)\s*")),
    ("letter", re.compile(r"[A-Z][.、]\s*")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`hang` is the width of the number in half ems."""

    level: int
    number: str
    text: str

    @property
    def hang(self) -> int:
        return sum(1 if character.isascii() else 2 for character in self.number.strip()) + bool(self.number)


def lines(text: str) -> Iterator[Line]:
    """The lines of a printed text; one without a number stays at the level of the line before it."""
    open_manners: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        manner, number = _number(line)
        if manner:
            open_manners = _descend(open_manners, manner)
        yield Line(max(len(open_manners) - 1, 0), number, line[len(number) :])


def _number(line: str) -> tuple[str, str]:
    for manner, pattern in _MANNERS:
        if found := pattern.match(line):
            return manner, found[0]
    return "", ""


def _descend(open_manners: list[str], manner: str) -> list[str]:
    if manner in open_manners:
        return open_manners[: open_manners.index(manner) + 1]
    return [*open_manners, manner]
