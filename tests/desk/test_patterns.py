"""The pattern page shows every component; the components say in words what they show in colour."""

import re
from pathlib import Path
from types import SimpleNamespace as Sample

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from desk.heatmap import Cell

STYLES = Path(settings.BASE_DIR) / "static" / "css"

# Classes that a script or a state sets, and those of one page's layout.
SET_BY_SCRIPT = {"over", "merging", "htmx-request", "dragging"}


@pytest.fixture
def page(sign_in, preparer) -> str:
    return sign_in(preparer).get("/patterns/").content.decode()


def classes_in(markup: str) -> set[str]:
    return {name for value in re.findall(r'class="([^"]*)"', markup) for name in value.split()}


def drawn(component: str, **context) -> str:
    """The component's markup, white space made single."""
    return " ".join(render_to_string(f"components/{component}.html", context, request=context.get("request")).split())


def test_nobody_sees_it_without_signing_in(client):
    assert client.get("/patterns/").status_code == 302


@pytest.mark.parametrize("family", ["controls", "signs", "workpaper", "heatmap"])
def test_every_class_of_a_component_is_shown(page, family):
    css = re.sub(r"/\*.*?\*/", "", (STYLES / "components" / f"{family}.css").read_text(), flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", css)) - SET_BY_SCRIPT
    assert styled - classes_in(page) == set()


def test_the_page_asks_the_database_only_who_is_there(sign_in, preparer, django_assert_num_queries):
    client = sign_in(preparer)
    with django_assert_num_queries(2):  # session, person
        client.get("/patterns/")


# Contrast: WCAG 2.2 AA, computed from the tokens themselves --------------------------------------

TOKENS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}), #\w{6}\)", (STYLES / "digao.css").read_text()))
DARK = dict(re.findall(r"--([\w-]+): light-dark\(#\w{6}, (#\w{6})\)", (STYLES / "digao.css").read_text()))
TEXT = [
    *[(ink, surface) for ink in ("ink", "ink-soft") for surface in ("paper", "sheet", "wash")],
    *[
        (ink, surface)
        for ink in ("accent", "pencil", "signed", "stale")
        for surface in ("paper", "sheet", f"{ink}-wash")
    ],
    ("accent", "wash"),
    ("ink", "accent-wash"),
    ("ink", "pencil-wash"),
    ("ink", "stale-wash"),
    ("pencil", "accent-wash"),
    ("on-accent", "accent"),
    ("on-pencil", "pencil"),
    ("sheet", "ink-soft"),
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition of contrast ratio)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [TOKENS, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "surface"), TEXT)
def test_text_has_a_contrast_of_four_and_a_half(theme, ink, surface):
    assert contrast(theme[ink], theme[surface]) >= 4.5


@pytest.mark.parametrize("theme", [TOKENS, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "sheet", "wash"])
def test_the_edge_of_a_control_has_a_contrast_of_three(theme, surface):
    assert contrast(theme["edge"], theme[surface]) >= 3


# Components ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("none", "未開始"),
        ("doing", "進行中"),
        ("prepared", "已編製"),
        ("reviewed", "已覆核"),
        ("stale", "簽核後異動"),
        ("na", "不適用"),
    ],
)
def test_a_signoff_mark_says_its_state(state, word):
    assert f'class="mark {state}" role="img" aria-label="{word}"' in drawn("signoff_mark", state=state)


def cell(**facts) -> str:
    return drawn(
        "cell", row=Cell(**{"code": "3.8.2", "url": "/", "title": "弱點掃描", "done": 0, "exception": False} | facts)
    )


def test_a_cell_of_the_map_reads_as_title_state_and_exception():
    assert "弱點掃描，簽核後異動，有例外</span></a>" in cell(state="stale", exception=True)


def test_a_started_cell_is_filled_as_far_as_it_is_done():
    assert '<rect width="66%" height="100%"/>' in cell(state="doing", done=66)


def test_the_chosen_result_is_checked_and_no_other():
    choices = [("no_exception", "無例外"), ("exception", "有例外")]
    markup = drawn("result_choice", name="outcome", choices=choices, value="exception", legend="程序 1", disabled=False)
    assert re.findall(r'value="(\w+)" checked', markup) == ["exception"]


def test_blockers_link_to_where_they_are_lifted():
    markup = drawn("blockers", blockers=[Sample(text="3.8.5 尚未覆核", url="/paper/"), Sample(text="無連結", url="")])
    assert re.findall(r"<li>(.*?)</li>", markup) == ['<a href="/paper/">3.8.5 尚未覆核</a>', "無連結"]


def test_no_blockers_is_said():
    assert "已無待排除事項。" in drawn("blockers", blockers=[])


def test_the_present_stage_is_marked_for_screen_readers():
    stages = [Sample(label="規劃", state="done"), Sample(label="執行", state="now"), Sample(label="覆核", state="todo")]
    assert re.findall(r'aria-current="step">(\S+?)<', drawn("stages", stages=stages)) == ["執行"]


def job(**facts) -> str:
    state = {"pk": 1, "get_state_display": "執行中", "is_finished": False, "has_failed": False, "done": 3, "total": 9}
    return drawn(
        "job",
        job=Sample(**state | {"label": "", "cause": ""} | facts),
        url="/job/",
        result="/pdf/",
        result_label="下載",
    )


def test_unfinished_work_is_asked_about_each_second():
    assert 'hx-get="/job/" hx-trigger="every 1s"' in job()


def test_finished_work_is_asked_about_no_more():
    assert "hx-get" not in job(is_finished=True)


def test_finished_work_offers_its_result():
    assert '<a class="button primary" href="/pdf/">下載</a>' in job(is_finished=True)


def test_failed_work_says_why_and_offers_nothing():
    markup = job(is_finished=True, has_failed=True, cause="缺字 U+2B81F")
    assert ("<pre>缺字 U+2B81F</pre>" in markup, "/pdf/" in markup) == (True, False)


class SampleForm(forms.Form):
    end = forms.CharField(label="期間迄日", help_text="民國或西元皆可")


def test_an_error_stands_at_its_field_and_is_announced_with_it():
    form = SampleForm({"end": ""})
    markup = drawn("field", field=form["end"])
    described = re.search(r'aria-describedby="([^"]+)"', markup)
    assert described
    assert set(described[1].split()) <= set(re.findall(r'id="([^"]+)"', markup))
    assert "期間迄日" in markup
    assert "<li>" in markup


def test_typed_markup_stays_text():
    assert "&lt;script&gt;" in drawn("blockers", blockers=[Sample(text="<script>", url="")])


def test_pages_keep_the_other_parameters():
    request = RequestFactory().get("/requests/", {"state": "returned", "page": "2"})
    page = Paginator(range(100), 25).page(2)
    assert "?state=returned&amp;page=3" in drawn("pagination", page=page, request=request)


def test_one_page_needs_no_pagination():
    assert "<nav" not in drawn("pagination", page=Paginator([1], 25).page(1), request=RequestFactory().get("/"))


# The frame of every page -----------------------------------------------------------------------------


def test_every_script_carries_the_nonce_of_its_answer(sign_in, preparer):
    answer = sign_in(preparer).get("/patterns/")
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])
    assert nonce
    scripts = re.findall(r"<script[^>]*>", answer.content.decode())
    assert [script for script in scripts if f'nonce="{nonce[1]}"' not in script] == []


def test_the_page_names_the_person_for_unsent_text(page, preparer):
    assert f'<body data-user="{preparer.pk}"' in page


def test_the_language_can_be_switched_and_comes_back_here(sign_in, preparer):
    answer = sign_in(preparer).post("/language/", {"language": "en", "next": "/patterns/"}, follow=True)
    assert (answer.redirect_chain, '<html lang="en">' in answer.content.decode()) == ([("/patterns/", 302)], True)


def test_the_page_of_a_fault_needs_no_request():
    assert "系統發生錯誤" in render_to_string("500.html")
