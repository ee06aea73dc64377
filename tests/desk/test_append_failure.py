"""An act whose event can't be recorded doesn't happen: no row, no file, no byte of a download.

The fault is the database's own: a trigger refuses every new event, as a full disk or a lost table would.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

import evidence.actions
import evidence.requests
from controls.models import Condition
from engagements.actions import answer_condition, join_team, leave_team
from engagements.models import Engagement, TeamMember
from engagements.noting import resolve_note, write_note
from evidence.actions import note_view
from evidence.citing import Place, attach
from evidence.decisions import describe, withdraw
from evidence.models import Evidence, Request
from evidence.requests import accept_request
from findings.actions import raise_finding
from findings.following_up import add_follow_up
from findings.releasing import first_due, release_findings
from findings.responding import Answer, respond
from foundation.accounts.policy import Role
from foundation.files.tasks import preview
from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import Outcome, ProcedureResult, SignOff, Workpaper
from procedures.workflow import sign_off
from reports.actions import save_letter_entries
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.lifecycle import advance, open_fieldwork, send_back
from signoff.models import ReportVersion
from signoff.reporting import issue_report, request_report
from signoff.representations import draft_representation
from tests import beginnings
from tests.foundation.files.specimens import paged
from tests.stages import annual
from tests.uploads import A_DAY, PDF, answer_request, deposit, pdf, sent

FAULT = "no room for another event"
PRODUCT = (
    "trail",
    "jobs",
    "accounts",
    "files",
    "engagements",
    "procedures",
    "evidence",
    "findings",
    "signoff",
    "reports",
)


def break_the_trail() -> None:
    """From now on the database refuses new events; the test's end takes this back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            raises = f"BEGIN RAISE EXCEPTION '{FAULT}'; END"
            cursor.execute(f"CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ {raises} $$")
            cursor.execute("CREATE TRIGGER fault BEFORE INSERT ON trail_event FOR EACH ROW EXECUTE FUNCTION fault()")
        else:
            fault = f"BEGIN SELECT RAISE(ABORT, '{FAULT}'); END"
            cursor.execute(f"CREATE TRIGGER fault BEFORE INSERT ON trail_event {fault}")


def everything() -> dict[str, list[str]]:
    """Every row of the product, the catalogue aside, and every stored file."""
    models = [model for label in PRODUCT for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    stored = [str(path) for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()]
    return {model._meta.label: rows_of(model) for model in models} | {"files": sorted(stored)}


def rows_of(model: type[Model]) -> list[str]:
    rows = model._base_manager.values_list()
    # PostgreSQL's driver gives bytes as a memoryview, whose text is its address.
    return sorted(str([bytes(value) if isinstance(value, memoryview) else value for value in row]) for row in rows)


Act = Callable[[], object]


def is_undone(act: Act) -> None:
    before = everything()
    break_the_trail()
    with pytest.raises(DatabaseError, match=FAULT):
        act()
    assert not connection.needs_rollback
    assert everything() == before


# Acts in fieldwork -------------------------------------------------------------------------


class Fieldwork:
    """An engagement in fieldwork, one of its papers, and those who act; each method prepares an act and returns it."""

    def __init__(self, engagement: Engagement, paper: Workpaper, **people: Any) -> None:
        self.engagement, self.paper = engagement, paper
        self.result: ProcedureResult = paper.results.get(position=1)
        self.request = Request.objects.filter(engagement=engagement).first()
        self.preparer, self.reviewer, self.partner, self.broker = people.values()

    def save_a_result(self) -> Act:
        entry = Entry(Outcome.NO_EXCEPTION, "已檢視。", "", date(2026, 11, 2))
        return lambda: save_result(self.result, entry, version=1, by=self.preparer)

    def save_a_conclusion(self) -> Act:
        return lambda: save_conclusion(self.paper, "未發現例外。", version=1, by=self.preparer)

    def sign_a_paper(self) -> Act:
        self.paper.results.update(outcome=Outcome.NOT_APPLICABLE, reason="未提供此服務。")
        Workpaper.objects.filter(pk=self.paper.pk).update(conclusion="不適用。")
        return lambda: sign_off(self.paper, SignOff.Role.PREPARED, content_version=1, by=self.preparer)

    def receive_evidence(self) -> Act:
        incoming = sent([pdf(), pdf(extra=b"2")], to=self.engagement, by=self.preparer)
        return lambda: evidence.actions.deposit(self.engagement, incoming, by=self.preparer)

    def attach_evidence_to_a_result(self) -> Act:
        (incoming,) = sent([pdf()], to=self.engagement, by=self.preparer)
        return lambda: attach(self.result, incoming, at=Place(3), by=self.preparer)

    def answer_a_request(self) -> Act:
        incoming = sent([pdf()], to=self.engagement, by=self.broker)
        return lambda: evidence.requests.answer_request(self.request, incoming, answer="如附件。", by=self.broker)

    def describe_evidence(self) -> Act:
        piece = deposit(self.engagement, [pdf()], by=self.preparer)[0]
        return lambda: describe(piece, title="改名", covered=A_DAY, by=self.preparer)

    def withdraw_evidence(self) -> Act:
        piece = deposit(self.engagement, [pdf()], by=self.preparer)[0]
        return lambda: withdraw(piece, reason="誤傳", by=self.partner)

    def look_at_evidence(self) -> Act:
        piece = deposit(self.engagement, [pdf()], by=self.preparer)[0]
        return lambda: note_view(piece, by=self.preparer, session="s")

    def accept_a_request(self) -> Act:
        answer_request(self.request, [pdf()], by=self.broker)
        return lambda: accept_request(self.request, by=self.preparer)

    def raise_a_finding(self) -> Act:
        save_result(self.result, Entry(Outcome.EXCEPTION, "未執行。"), version=1, by=self.preparer)
        names = ("title", "condition", "criterion", "risk", "recommendation")
        wording = dict.fromkeys(names, "未執行") | {"severity": "minor", "type": "operation"}
        return lambda: raise_finding(self.result, wording, by=self.preparer)

    def release_a_finding(self) -> Act:
        finding = self.raise_a_finding()()
        return lambda: release_findings(self.engagement, [finding], due_on=first_due(), by=self.partner)

    def answer_a_finding(self) -> Act:
        (release,) = self.release_a_finding()()
        answer = Answer("given", "同意。", "資訊部")
        return lambda: respond(release.finding, answer, seen=release.pk, by=self.broker)

    def follow_up_an_earlier_finding(self) -> Act:
        report = {"source": "他所報告", "title": "未掃描", "condition": "全年未執行。", "promised": ""}
        return lambda: add_follow_up(self.engagement, report, by=self.preparer)

    def write_a_note(self) -> Act:
        return lambda: write_note(self.engagement, anchor=self.paper, text="請補充。", by=self.reviewer)

    def close_a_note(self) -> Act:
        note = write_note(self.engagement, anchor=self.paper, text="請補充。", by=self.reviewer)
        return lambda: resolve_note(note, by=self.reviewer)

    def answer_the_profile(self) -> Act:
        event = Condition.objects.filter(version=self.engagement.catalogue, kind=Condition.Kind.EVENT).first()
        return lambda: answer_condition(self.engagement, event, applies=True, reason="", by=self.partner)

    def take_somebody_off_the_team(self) -> Act:
        member = TeamMember.objects.get(engagement=self.engagement, user=self.preparer)
        return lambda: leave_team(member, by=self.partner)

    def save_the_letter(self) -> Act:
        return lambda: save_letter_entries(self.engagement, values={"場所": "總公司"}, options=[], by=self.partner)

    def decide_the_conclusion(self) -> Act:
        return lambda: conclude(self.engagement, kind="unmodified", rationale="無重大缺失。", by=self.partner)

    def draft_the_representation_letter(self) -> Act:
        return lambda: draft_representation(self.engagement, "# 客戶聲明書", by=self.partner)

    def ask_for_a_report(self) -> Act:
        return lambda: request_report(self.engagement, by=self.partner)


ACTS = [name for name, kind in vars(Fieldwork).items() if callable(kind) and not name.startswith("_")]


@pytest.mark.parametrize("name", ACTS)
def test_in_fieldwork_nothing_remains_of(name, fieldwork, paper, preparer, reviewer, partner, broker):
    people = {"preparer": preparer, "reviewer": reviewer, "partner": partner, "broker": broker}
    act = getattr(Fieldwork(fieldwork, paper, **people), name)()
    is_undone(act)


# The engagement ----------------------------------------------------------------------------


def test_an_engagement_is_not_created(partner, broker_company, exchange_company):
    is_undone(lambda: annual(broker_company, exchange_company, by=partner))


def test_nobody_joins_the_team(engagement, admin, partner):
    is_undone(lambda: join_team(engagement, user=admin, role=Role.STAFF, by=partner))


def test_the_stage_stays_acceptance(engagement, partner):
    beginnings.accepted(engagement, partner=partner)
    is_undone(lambda: advance(engagement, expected="acceptance", by=partner))


def test_fieldwork_is_not_opened(planned, partner):
    is_undone(lambda: open_fieldwork(planned, by=partner))


def test_an_engagement_is_not_sent_back(review, partner):
    is_undone(lambda: send_back(review, reason="補正。", by=partner))


def test_the_file_is_not_signed(quality_review, quality_reviewer):
    seen = fingerprint(quality_review)
    is_undone(lambda: sign_file(quality_review, "quality", seen=seen, by=quality_reviewer))


def test_a_report_is_not_issued(quality_review, quality_reviewer, partner, rendered_final):
    sign_file(quality_review, "quality", seen=fingerprint(quality_review), by=quality_reviewer)
    report = rendered_final(quality_review)
    is_undone(lambda: issue_report(report, by=partner))
    assert (Engagement.objects.get().stage, report.signatures.count()) == ("quality_review", 0)


# Downloads ---------------------------------------------------------------------------------


def is_withheld(client: Client, url: str, content: bytes) -> None:
    """The same address gives the content while the trail can be written, and nothing of it when it can't."""
    assert b"".join(client.get(url)) == content
    before = everything()
    break_the_trail()
    client.raise_request_exception = False
    answer = client.get(url)
    assert (answer.status_code, answer.streaming) == (500, False)
    assert content not in answer.content
    assert everything() == before


def test_no_byte_of_evidence_is_served(fieldwork, preparer, sign_in):
    piece: Evidence = deposit(fieldwork, [pdf()], by=preparer)[0]
    is_withheld(sign_in(preparer), reverse("evidence-download", args=[piece.pk]), PDF)


def test_no_picture_of_evidence_is_shown(fieldwork, preparer, sign_in):
    piece: Evidence = deposit(fieldwork, [paged("Alpha")], by=preparer)[0]
    preview(None, file=str(piece.file_id), first="1")
    client = sign_in(preparer)
    client.raise_request_exception = False
    break_the_trail()
    answer = client.get(reverse("evidence-page", args=[piece.pk, 1]))
    assert (answer.status_code, b"WEBP" in answer.content) == (500, False)


@pytest.mark.parametrize(("kind", "content"), [("pdf", b"pdf"), ("xlsx", b"workbook")])
def test_no_byte_of_a_report_is_served(issued: ReportVersion, partner, sign_in, kind, content):
    is_withheld(sign_in(partner), reverse("report-download", args=[issued.pk, kind]), content)
