"""Which wording of the report letter is in force: the firm's last approved one, else the one supplied."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from signoff.models import LetterTemplate

FOLDER: Path = settings.BASE_DIR / "fixtures" / "letters"


@dataclass(frozen=True, slots=True)
class Wording:
    """A template's text, and which version of the firm's it is; 0: the one supplied."""

    text: str
    version: int = 0


@cache
def supplied(kind: str, conclusion: str) -> str:
    """The template supplied for a kind of engagement and a conclusion. KeyError for any other."""
    path = FOLDER / f"{kind}-{conclusion}.md"
    if not path.exists():
        raise KeyError(f"{kind}-{conclusion}")
    return path.read_text(encoding="utf-8")


@cache
def supplied_digest(kind: str, conclusion: str | None) -> str:
    """SHA-256 (hex) of the supplied template; nothing while there is no conclusion."""
    return hashlib.sha256(supplied(kind, conclusion).encode()).hexdigest() if conclusion else ""


def wording_in_force(firm: UUID, kind: str, conclusion: str) -> Wording:
    """The template that a report frozen now is written with (one query)."""
    own = LetterTemplate.objects.in_force(firm, kind, conclusion).first()
    return Wording(own.text, own.version) if own and own.text else Wording(supplied(kind, conclusion))
