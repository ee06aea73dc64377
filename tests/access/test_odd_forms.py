"""Every form of every page, sent as people and scripts send them wrongly: nothing is an error of ours.

The forms are taken from the pages, with what stands in them: what is wrong is wrong in a form that would otherwise be
taken, so that it meets the verb and the database, not only the form.
"""

from itertools import cycle, repeat
from urllib.parse import urlencode

import pytest
from django.urls import Resolver404, resolve

from tests.access.forms import Form, forms_of
from tests.access.matrix import cases

# A text of one line made several, marks that turn and hide letters, one too long for any field, none, other languages.
TEXTS = (
    "第一行\n第二行\t\u2028三",
    "\u202e倒\u200b寫\u2066\ufeff字\u0301\u0301\U0001f9fe",
    "字" * 20_001,
    "a\0b",
    " \u3000\u200b ",
    "{受查者}〔〕{{ x }}{% y %}<script>\\",
    "9" * 40,
)
DAYS = ("115/11/20", "1/1/1", "199/12/31", "0/0/0", "9999-12-31", "第二天", "115/02/30")
WRONG = [*zip(TEXTS, DAYS, range(7), strict=True), *zip(repeat("改列。"), DAYS, cycle([0, 1]))]


def forms_for(world, who) -> dict[tuple[str, str, tuple[str, ...]], Form]:
    """The forms on the pages that somebody may open, one of each kind for each state of their objects."""
    found = {}
    for case in cases():
        if case.method != "GET" or case.expected.get(who) != "in" or case.endpoint.startswith("v1:"):
            continue
        answer = world.ask(who, "GET", world.url(case))
        for form in forms_of(answer.body) if "text/html" in answer.head else ():
            found.setdefault((_view(form.address), case.state, tuple(form.fields)), form)
    return {key: form for key, form in found.items() if key[0]}


def _view(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("who", ["partner", "eqr", "broker", "exchange"])
def test_no_form_that_somebody_is_shown_fails_on_what_is_typed(world, who):
    failed = set()
    for key, form in forms_for(world, who).items():
        for place, (text, day, choice) in enumerate(WRONG):
            by_script = {"HX-Request": "true"} if place % 2 else {}
            answer = world.ask(who, "POST", form.address, urlencode(form.filled(text, day, choice)), **by_script)
            if answer.status >= 500:
                failed.add((*key[:2], text[:9], day, answer.status))
    assert failed == set()
