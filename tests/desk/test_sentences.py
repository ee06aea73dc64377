"""The trail in readable words."""

import ast
from pathlib import Path

from django.conf import settings

from controls.models import Condition
from desk.sentences import NOUNS, PHRASES, noun_of, sentences
from engagements.actions import answer_condition
from foundation.trail.actions import record
from foundation.trail.models import Event
from procedures.models import SignOff, Workpaper
from signoff.lifecycle import advance
from tests import beginnings


def recorded_names() -> set[str]:
    """The names of events that the code records, as far as they stand in it as text."""
    folders = (
        "foundation",
        "controls",
        "engagements",
        "procedures",
        "evidence",
        "findings",
        "signoff",
        "reports",
        "desk",
    )
    calls = (
        node
        for folder in folders
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record"
    )
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_event_has_its_phrase():
    assert recorded_names() - set(PHRASES) == set()


def test_every_signature_on_a_paper_has_its_phrase():
    assert {f"workpaper.{role}" for role in SignOff.Role} - set(PHRASES) == set()


def test_every_event_belongs_to_a_kind_that_can_be_chosen():
    assert {noun_of(name) for name in PHRASES} - set(NOUNS) == set()


def test_a_sentence_says_stages_and_answers_in_words(planned, partner):
    condition = Condition.objects.filter(version=planned.catalogue, kind=Condition.Kind.EVENT).first()
    answer_condition(planned, condition, applies=True, reason="", by=partner)
    said = [line.text for line in sentences(Event.objects.filter(chain__key=planned.chain).order_by("-seq")[:2])]
    assert said == [f"回答業務概況「{condition.title}」：是", "將案件由「承接」移至「規劃」"]


def test_a_sentence_says_days_in_roc_years_and_how_files_are_locked(engagement, partner):
    sealed = {"files": 3, "until": "2036-11-29", "lock": "read-only"}
    record("evidence.sealed", chain=engagement.chain, by=partner, about=engagement, facts=sealed)
    [line] = sentences([Event.objects.latest("pk")])
    assert line.text == "鎖定 3 個檔案至 125/11/29（唯讀）"


def test_what_looks_like_a_day_and_is_none_is_told_as_it_stands(engagement, partner):
    record("evidence.sealed", chain=engagement.chain, by=partner, about=engagement, facts={"until": "2036-02-30"})
    [line] = sentences([Event.objects.latest("pk")])
    assert "2036-02-30" in line.text


def test_an_event_that_nobody_foresaw_is_told_by_its_name(engagement, partner):
    event = record("moon.landed", chain=engagement.chain, by=partner, about=engagement)
    assert sentences([event])[0].text == "moon.landed 安信數位證券 115 年度評估"


def test_a_fact_that_is_missing_leaves_a_gap(engagement, partner):
    event = record("engagement.moved", chain=engagement.chain, by=partner, about=engagement)
    assert sentences([event])[0].text == "將案件由「…」移至「…」"


def test_the_system_acts_under_its_own_name(engagement):
    event = record("report.failed", chain=engagement.chain, by=None, about=engagement)
    assert sentences([event])[0].actor == "系統"


def test_per_cent_signs_in_a_label_do_no_harm(engagement, partner):
    paper = Workpaper(engagement=engagement, code="100%s")
    event = record("note.written", chain=engagement.chain, by=partner, about=paper)
    assert "C-100%s" in sentences([event])[0].text


def test_moving_on_is_told_by_the_labels_of_the_stages(engagement, partner):
    beginnings.accepted(engagement, partner=partner)
    advance(engagement, expected="acceptance", by=partner)
    event = Event.objects.filter(chain__key=engagement.chain).order_by("-seq").first()
    assert "規劃" in sentences([event])[0].text
