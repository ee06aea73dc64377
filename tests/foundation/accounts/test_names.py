"""A name stands under signatures and in mails: it has one line, no invisible characters, and somebody else gives it."""

import pytest

from foundation.trail.models import Event


@pytest.mark.parametrize("name", ["王\n怡君", "王怡君\r\n", "\u202e君怡王", "王\u200b怡君", "王\u2028怡君"])
def test_lines_and_invisible_characters_are_refused(sign_in, admin, preparer, name):
    answer = sign_in(admin).post(f"/people/{preparer.pk}/name/", {"name": f"陳{name}柏"})
    assert answer.status_code == 422
    preparer.refresh_from_db()
    assert preparer.name == "陳柏翰"


def test_a_name_is_corrected_by_somebody_else_and_recorded(sign_in, admin, preparer):
    sign_in(admin).post(f"/people/{preparer.pk}/name/", {"name": "陳柏瀚"})
    preparer.refresh_from_db()
    assert preparer.name == "陳柏瀚"
    assert Event.objects.get(name="person.renamed").content["facts"] == {"from": "陳柏翰", "name": "陳柏瀚"}


def test_nobody_takes_another_name_themselves(sign_in, preparer, admin):
    sign_in(preparer).post("/account/particulars/", {"name": "王怡君", "certificate": "CISA"})
    sign_in(admin).post(f"/people/{admin.pk}/name/", {"name": "王怡君"})
    for person, name in ((preparer, "陳柏翰"), (admin, "何美玲")):
        person.refresh_from_db()
        assert person.name == name


def test_particulars_wait_for_the_second_factor(sign_in, preparer, strict):
    answer = sign_in(preparer).post("/account/particulars/", {"certificate": "CISA"})
    assert answer.url.startswith("/account/factors/")
    preparer.refresh_from_db()
    assert preparer.certificate == ""
