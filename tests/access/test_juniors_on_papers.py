"""Whatever a junior may send to write on papers is refused in words on a paper that another junior was given.

Every address of the matrix that lets juniors write is either in FORMS, with what its owner would send, or in ELSEWHERE,
because it writes on no paper: a new one is in neither, and fails the build.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.urls import reverse

from controls.models import CoverageGap
from engagements.models import Engagement
from evidence.actions import Incoming, file_evidence, note_view
from evidence.models import Citation, Evidence
from foundation.trail.models import Event
from procedures.actions import Entry, save_result
from procedures.models import ProcedureResult, Workpaper
from tests.access.asking import Answer
from tests.access.matrix import cases
from tests.access.world import World
from tests.findings.conftest import WORDING
from tests.uploads import A_DAY, pdf, uploaded

OWNER, OTHER = "staff", "specialist"
APPS = ("procedures", "evidence", "findings", "engagements", "signoff", "trail")
# What juniors write that is on no paper, or that everybody on the team may say about one.
ELSEWHERE = {
    *("profile-answer", "paper-new", "presence", "note-reply", "acceptance-declaration"),
    *("request-acceptance", "request-return"),
    *("evidence-add", "evidence-archive", "engagement-uploads", "evidence-versions", "evidence-masks"),
    *("finding-text", "finding-group", "finding-group-new", "finding-group-dissolution"),
    *("follow-up-add", "follow-up-carry", "follow-up-assessment"),
}
Sent = tuple[dict[str, Any], dict[str, Any]]  # the URL's arguments, what the form says
Form = Callable[["Desk"], Sent]


class Desk:
    """What is on the papers of our firm's engagement in fieldwork, all of them given to the owner."""

    def __init__(self, world: World) -> None:
        self.place = world.ours["fieldwork"]
        self.owner = world.cast.people[OWNER]
        self.engagement = Engagement.objects.get(pk=self.place["engagement"])
        Workpaper.objects.filter(engagement=self.engagement).update(assignee=self.owner)

    def paper(self, code: str) -> Workpaper:
        return Workpaper.objects.get(engagement=self.engagement, code=code)

    def result(self, code: str = "3.8.2", position: int = 1) -> ProcedureResult:
        return self.paper(code).results.get(position=position)

    def here(self, *names: str) -> dict[str, Any]:
        return {name: self.place[name] for name in names}

    @property
    def added(self) -> ProcedureResult:
        return ProcedureResult.objects.get(workpaper__engagement=self.engagement, kind="added")


def _saved(desk: Desk) -> Sent:
    result = desk.result()
    return {"result": result.pk}, {"version": result.version, "outcome": "exception", "work": "改寫。"}


def _by_script(desk: Desk) -> Sent:
    result = desk.result()
    return {"pk": result.pk}, {"version": result.version, "work": "改寫。"}


def _concluded(desk: Desk) -> Sent:
    return desk.here("workpaper"), {"version": desk.paper("3.8.2").version, "conclusion": "改寫。"}


def _frequency(desk: Desk) -> Sent:
    paper = desk.paper("2.2")
    duty = paper.point.frequency_rules.latest("position")
    said = {"frequency": "annual", "source": "存取控制規範第 6 條。"}
    return {"workpaper": paper.pk, "duty": duty.position}, said


def _occurrence(desk: Desk) -> Sent:
    return desk.here("workpaper", "duty", "starts_on"), {"kind": "not_provided", "reason": "再次催請。"}


def _signed(desk: Desk) -> Sent:
    memo = desk.result("A-1")
    save_result(memo, Entry(work="已評估。"), version=memo.version, by=desk.owner)
    version = desk.paper("A-1").content_version
    return {"workpaper": memo.workpaper_id}, {"role": "prepared", "content_version": version}


def _declined(desk: Desk) -> Sent:
    gap = CoverageGap.objects.filter(point__version=desk.engagement.catalogue_id).exclude(point__code="3.3").first()
    paper = Workpaper.objects.get(engagement=desk.engagement, control_point=gap.point_id)
    return {"workpaper": paper.pk}, {"gap": gap.pk, "reason": "於他處查核。"}


def _reconsidered(desk: Desk) -> Sent:
    paper = desk.paper("3.3")
    return {"workpaper": paper.pk}, {"gap": CoverageGap.objects.get(point=paper.control_point_id).pk}


def _marked(desk: Desk) -> Sent:
    result = desk.result("3.14.3")
    marks = {f"mark-{clause}-0": "no" for clause in range(len(result.steps))}
    return {"result": result.pk}, {"version": result.matrix.version, "item-0": "合約甲", **marks}


def _cited(desk: Desk) -> Sent:
    piece = Evidence.objects.get(engagement=desk.engagement, title__startswith="現場觀察")
    return desk.here("result"), {"evidence": piece.pk, "tickmark": "✓"}


def _renewed(desk: Desk) -> Sent:
    """A newer version has come in, and both have looked at it."""
    old = Citation.objects.get(pk=desk.place["citation"]).evidence
    upload = uploaded(pdf(extra=b"new"), to=desk.engagement, by=desk.owner)
    newer = file_evidence(desk.engagement, [Incoming(upload, A_DAY, old)], by=desk.owner)[0]
    for member in desk.engagement.team.filter(role__in=(OWNER, OTHER)):
        note_view(newer, by=member.user, session="s")
    return desk.here("citation"), {}


def _described(desk: Desk) -> Sent:
    said = {"title": "另一名稱", "nature": "occurrence", "covered_from": "2026-04-01"}
    return desk.here("evidence"), said


def _raised(desk: Desk) -> Sent:
    return desk.here("result"), {**WORDING, "title": "另一缺失"}


def _linked(desk: Desk) -> Sent:
    return {"result": desk.result(position=2).pk}, {"finding": desk.place["finding"]}


def _tied(desk: Desk) -> Sent:
    return desk.here("finding"), {"result": desk.result(position=2).pk}


def _untied(desk: Desk) -> Sent:
    return desk.here("finding"), {"result": desk.place["result"]}


FORMS: dict[tuple[str, str], Form] = {
    ("result-save", "POST"): _saved,
    ("v1:procedureresult-detail", "PATCH"): _by_script,
    ("conclusion-save", "POST"): _concluded,
    ("duty-occurrence", "POST"): _occurrence,
    ("duty-occurrence", "DELETE"): lambda desk: (desk.here("workpaper", "duty", "starts_on"), {}),
    ("duty-frequency", "POST"): _frequency,
    ("paper-signoff", "POST"): _signed,
    ("procedure-add", "POST"): lambda desk: (desk.here("workpaper"), {"text": "檢查權限。"}),
    ("procedure-added", "POST"): lambda desk: ({"result": desk.added.pk}, {"text": "檢查另一事項。"}),
    ("procedure-added", "DELETE"): lambda desk: ({"result": desk.added.pk}, {}),
    ("gap-declining", "POST"): _declined,
    ("gap-reconsidering", "POST"): _reconsidered,
    ("result-matrix", "POST"): _marked,
    ("citation-list", "POST"): _cited,
    ("citation", "DELETE"): lambda desk: (desk.here("citation"), {}),
    ("citation-renewal", "POST"): _renewed,
    ("evidence-description", "POST"): _described,
    ("finding-raise", "POST"): _raised,
    ("finding-link", "POST"): _linked,
    ("finding-unlink", "DELETE"): lambda desk: (desk.here("result", "finding"), {}),
    ("finding-links", "POST"): _tied,
    ("finding-unlinking", "POST"): _untied,
    ("finding-withdrawal", "POST"): lambda desk: (desk.here("finding"), {"reason": "已補正。"}),
}
each_form = pytest.mark.parametrize(("name", "method"), FORMS, ids=[" ".join(each) for each in FORMS])


def test_every_address_that_lets_juniors_write_is_decided_about():
    lets_in = {
        (case.endpoint, case.method)
        for case in cases()
        if case.state == "fieldwork" and case.method not in {"GET", "OPTIONS"} and case.expected[OTHER] == "in"
    }
    assert {(name, method) for name, method in lets_in if name not in ELSEWHERE} == set(FORMS)
    assert {name for name, _method in lets_in} >= ELSEWHERE


def _written() -> dict[str, Any]:
    """All that the product's own tables hold, but for denials in the trail."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    rows = {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}
    del rows["trail.Chain"]
    return rows | {Event._meta.label: list(Event.objects.exclude(name__startswith="access.").values_list("pk"))}


def _send(world: World, who: str, name: str, method: str) -> tuple[Any, bool]:
    """Send the form as somebody; return the answer, and whether anything was written."""
    arguments, said = FORMS[name, method](Desk(world))
    says = json.dumps(said, default=str) if name.startswith("v1:") else urlencode(said)
    before, after = _written(), {}
    url = reverse(name, kwargs=arguments)
    answer = world.ask(who, method, url, says, look=lambda: after.update(_written()))
    return answer, after != before


def _words(answer: Answer) -> str:
    """What the answer says, on its page, in its JSON or in the messages that travel with a redirect."""
    text = answer.head + answer.body.decode()
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


@each_form
def test_on_the_paper_of_another_a_junior_writes_nothing_and_is_told_why(world, name, method):
    answer, has_written = _send(world, OTHER, name, method)
    assert not has_written
    assert "已指派給他人" in _words(answer)
    assert answer.status in {302, 409, 422}


@each_form
def test_its_owner_writes_with_the_same_form(world, name, method):
    """So that what is refused to the other is refused for being theirs, not for being wrong."""
    _answer, has_written = _send(world, OWNER, name, method)
    assert has_written
