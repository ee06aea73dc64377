"""The signs that a firm may cite with are those that its report can print."""

from procedures.library import standard_signs
from procedures.signs import DRAWN, PRINTED_AS_ANOTHER, may_stand
from reports.papers import _mark
from reports.typefaces import drawable


def test_every_sign_that_may_stand_has_a_glyph_in_print():
    characters = (chr(point) for point in range(0x20, 0x2FA20))
    allowed = [character for character in characters if may_stand(character)]
    assert len(allowed) > 13_000
    assert [sign for sign in allowed if ord(_mark(sign)) not in drawable()] == []


def test_the_standard_signs_and_those_that_the_page_names_may_stand():
    assert all(map(may_stand, DRAWN + PRINTED_AS_ANOTHER))
    assert all(may_stand(each.sign) for each in standard_signs())
