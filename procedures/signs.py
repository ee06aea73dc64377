"""Which signs may be tickmarks: those that the report's typefaces draw, or that the report prints as another one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 2
DRAWN = "✓×∧∨◎○●⊙△▲▽▼□■◇◆☆★※§¶†‡≠≈√Σ←→↑↓①②③④⑤⑥⑦⑧⑨⑩αβγΦ?!#&@+-=*"
PRINTED_AS_ANOTHER = "✗✔"  # reports/papers.py: × and ✓
IDEOGRAPHS = range(0x4E00, 0xA000)


def validate_sign(sign: str) -> None:
    """One or two characters: letters, digits, Chinese characters in common use, and certain symbols."""
    if not 0 < len(sign) <= LONGEST or not all(map(may_stand, sign)):
        raise ValidationError(
            _("A sign is one or two letters, digits, Chinese characters or of these: %(signs)s"),
            code="sign",
            params={"signs": DRAWN + PRINTED_AS_ANOTHER},
        )


def may_stand(character: str) -> bool:
    """Whether a sign may have this character."""
    if character in DRAWN + PRINTED_AS_ANOTHER:
        return True
    return (character.isascii() and character.isalnum()) or _is_common(character)


def _is_common(character: str) -> bool:
    """Whether it is one of the 13,000 Chinese characters that every typeface for Taiwan has."""
    if ord(character) not in IDEOGRAPHS:
        return False
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True
