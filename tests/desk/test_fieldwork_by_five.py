"""A whole engagement's fieldwork, done by five people through the pages: 69 papers, 230 procedures, the general papers.

The partner accepts and opens it, the in-charge shares it out, two staff perform and prepare, the in-charge and the
manager review in sittings, the partner approves. Each has a client of their own, and does what the pages offer.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from controls.models import Condition, CoverageGap, FrequencyRule
from desk.witnesses import verify_everything
from engagements.actions import join_team
from engagements.models import Engagement, Note, Stage
from evidence.requests import dispose_request
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from procedures.clauses import is_about_clauses
from procedures.known_duties import known_on_paper
from procedures.models import Occurrence, ProcedureResult, Section, SignOff, StatedFrequency, Workpaper
from tests import stages
from tests.conftest import person
from tests.uploads import pdf, uploaded

AFTERWARDS = date(2026, 1, 20)  # when the work was done: the period, 2025, was over
EXCEPTIONS = {("3.10.6", 1), ("3.8.5", 1)}
DEPARTURE = ("3.5", 2)
HIGH = "3.6"
SPECIAL = {"3.10.6", "3.8.5", "3.5", "3.6"}  # papers that the partner approves: exceptions, a departure, high risk
NOTED = "3.7.2"
WORDING = {
    "title": "防火牆規則未定期檢視",
    "condition": "下半年未檢視防火牆規則。",
    "criterion": "控制重點 3.10.6",
    "severity": "minor",
    "type": "operation",
    "risk": "過時之規則可能遭利用。",
    "recommendation": "每半年檢視並留存紀錄。",
}


@dataclass(eq=False)
class Auditor:
    """One of the five at their own browser."""

    user: User
    engagement: Engagement
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(self.user)

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.content.decode()

    def post(self, name: str, typed: dict[str, Any], **place: Any) -> HttpResponse:
        """Send a form; what isn't taken fails the test with what the page would say."""
        answer = self.client.post(reverse(name, kwargs=place), typed)
        assert answer.status_code in {200, 204, 302}, f"{name}: {answer.status_code} {answer.content.decode()[:600]}"
        return answer

    def of_file(self, name: str, typed: dict[str, Any]) -> HttpResponse:
        return self.post(name, typed, engagement=self.engagement.pk)

    # Performing ------------------------------------------------------------------------------

    def perform(self, paper: Workpaper) -> None:
        """Enter every result, tell what is known of duties, decide about suggestions, conclude and sign."""
        for result in paper.results.order_by("position"):
            self.enter(result)
        self.tell_of_duties(paper)
        for gap in CoverageGap.objects.filter(point=paper.control_point_id):
            self.post("gap-declining", {"gap": gap.pk, "reason": "已於其他程序測試。"}, workpaper=paper.pk)
        self.post(
            "conclusion-save", {"version": 1, "conclusion": "除所述例外，設計及執行均屬有效。"}, workpaper=paper.pk
        )
        self.sign(paper, SignOff.Role.PREPARED)

    def enter(self, result: ProcedureResult) -> None:
        place = (result.workpaper.code, result.position)
        typed = {
            "version": result.version,
            "outcome": "exception" if place in EXCEPTIONS else "no_exception",
            "work": "取得相關文件並檢視，核對系統紀錄相符。",
            "reason": "現場檢視，不留存影本。",
            "performed_on": AFTERWARDS.isoformat(),
            "departure": "以系統匯出紀錄代替現場抽查。" if place == DEPARTURE else "",
        }
        self.post("result-save", typed, result=result.pk)
        if is_about_clauses(result):
            self.mark(result)
        if place in EXCEPTIONS:
            self.post("finding-raise", WORDING, result=result.pk)

    def mark(self, result: ProcedureResult) -> None:
        """Mark each listed clause of two contracts, in the columns that the sheet offers one after the other."""
        address = reverse("result-matrix", kwargs={"result": result.pk})
        for column, contract in enumerate(("機房代管契約", "弱點掃描契約")):
            html = self.get(address)
            version = re.search(r'name="version" value="(\d+)"', html)
            assert version
            typed = {
                f"mark-{clause}-{place}": "yes" for clause in range(len(result.steps)) for place in range(column + 1)
            }
            named = {"item-0": "機房代管契約", f"item-{column}": contract}
            self.post("result-matrix", {"version": version[1], **named, **typed}, result=result.pk)

    def tell_of_duties(self, paper: Workpaper) -> None:
        """State the broker's own periods, then what was seen on site of each expected occurrence."""
        for rule in FrequencyRule.objects.filter(point=paper.control_point_id, procedures__isnull=False).distinct():
            place = {"workpaper": paper.pk, "duty": rule.position}
            if rule.frequency == FrequencyRule.Frequency.PERIODIC:
                frequency = StatedFrequency.Frequency.SEMIANNUAL
                self.post("duty-frequency", {"frequency": frequency, "source": "資安作業程序第 12 條"}, **place)
            for starts_on in self.unexplained(paper, rule):
                seen = {"kind": Occurrence.Kind.SEEN, "happened_on": starts_on.isoformat(), "reason": "檢視紀錄。"}
                self.post("duty-occurrence", seen, starts_on=starts_on, **place)

    def unexplained(self, paper: Workpaper, rule: FrequencyRule) -> set[date]:
        """The days on which the occurrences begin that nothing in the file shows."""
        known = known_on_paper(paper)
        results = [result for result in paper.results.all() if rule in known.of(result)]
        coverages = [each for result in results for each in known.coverages(result, self.engagement, [])]
        expected = [each for coverage in coverages if coverage.duty == rule for each in coverage.due]
        return {each.stretch.span.first for each in expected if each.is_unexplained}

    def write(self, paper: Workpaper) -> None:
        """Write a general paper and sign it."""
        memo = paper.results.get()
        typed = {
            "version": memo.version,
            "outcome": "",
            "work": "已評估並討論，詳 C-3.8.5。",
            "performed_on": "115/01/20",
        }
        self.post("result-save", typed, result=memo.pk)
        self.sign(paper, SignOff.Role.PREPARED)

    def sign(self, paper: Workpaper, role: str) -> None:
        """Press the button that the page shows; it is there only when nothing is missing."""
        html = self.get(paper.get_absolute_url())
        assert f'name="role" value="{role}"' in html, (
            f"{paper}: {re.findall(r'class=.blockers.>(.*?)</ul>', html, re.DOTALL)}"
        )
        seen = re.search(r'name="content_version" value="(\d+)"', html)
        assert seen
        self.post("paper-signoff", {"role": role, "content_version": seen[1]}, workpaper=paper.pk)
        assert paper.signoffs.filter(role=role, user=self.user).exists(), paper

    # Reviewing -------------------------------------------------------------------------------

    def review(self, papers: list[Workpaper], notes: dict[str, str] | None = None) -> None:
        """Open each paper in one sitting, note what is to be done, submit with signatures on the rest."""
        notes = notes or {}
        self.of_file("review-start", {})
        for paper in papers:
            html = self.get(paper.get_absolute_url())
            proof = re.search(r'data-proof="([^"]+)"', html)
            assert proof
            self.of_file("presence", {"page": "paper", "paper": paper.pk, "proof": proof[1]})
            if paper.code in notes:
                self.post("paper-note", {"text": notes[paper.code]}, workpaper=paper.pk)
        signed = [paper.pk for paper in papers if paper.code not in notes]
        self.of_file("review", {"summary": "已覆核。", "sign": signed})
        assert SignOff.objects.filter(workpaper__in=signed, role="reviewed", user=self.user).count() == len(signed)


@pytest.fixture
def second_staff(firm: Organization) -> User:
    return person("黃士豪", "second@firm.example", firm, Role.STAFF)


@pytest.fixture
def in_charge(firm: Organization) -> User:
    return person("黃士銘", "incharge@firm.example", firm, Role.INCHARGE)


@pytest.fixture
def last_year(
    partner, reviewer, preparer, second_staff, in_charge, quality_reviewer, broker_company, exchange_company
) -> Engagement:
    """The assessment of 2025, its team named, nothing done."""
    engagement = stages.annual(broker_company, exchange_company, by=partner, year=2025)
    roles = {preparer: "staff", second_staff: "staff", in_charge: "incharge", reviewer: "manager"}
    for user, role in {**roles, quality_reviewer: "eqr"}.items():
        join_team(engagement, user=user, role=role, by=partner)
    return engagement


def papers_of(engagement: Engagement, *sections: str) -> list[Workpaper]:
    papers = Workpaper.objects.filter(engagement=engagement, section__in=sections or [Section.CONTROLS])
    return list(papers.select_related("engagement__auditee", "control_point"))


@dataclass(eq=False)
class Team:
    """The five, and the engagement that they work on."""

    engagement: Engagement
    partner: Auditor
    manager: Auditor
    leader: Auditor
    staff: tuple[Auditor, Auditor]
    quality: Auditor

    def accept(self) -> None:
        """Everybody declares, the manager records the engagement letter, the partner accepts."""
        for auditor in (self.partner, self.manager, self.leader, *self.staff, self.quality):
            auditor.of_file("acceptance-declaration", {"are_there": "no", "competence": "具資訊查核經驗。"})
        self.partner.of_file("acceptance-firm", {"firm-are_there": "no"})
        upload = uploaded(pdf("委任書.pdf"), to=self.engagement, by=self.manager.user)
        letter = {"uploads": upload.pk, "dated_on": "114/01/06", "has_clause": "on"}
        self.manager.of_file("acceptance-letter", letter)
        self.partner.of_file("acceptance-decision", {"form": "direct", "criteria": "攸關。", "rationale": "誠信無虞。"})
        self.partner.of_file("stage-next", {"from": Stage.ACCEPTANCE})

    def plan(self) -> None:
        """The in-charge rates every area, one of them high; the partner approves what the page shows."""
        for area in ("1", "2", *(f"3.{number}" for number in range(1, 21))):
            typed = {
                "level": "high" if area == HIGH else "moderate",
                "why": "私鑰外洩無法回復。" if area == HIGH else "",
            }
            self.leader.post("plan-risk", typed, engagement=self.engagement.pk, area=area)
        page = self.partner.get(reverse("engagement-plan", kwargs={"engagement": self.engagement.pk}))
        seen = re.search(r'name="fingerprint" value="(\w{64})"', page)
        assert seen
        self.partner.of_file("plan-approval", {"fingerprint": seen[1]})

    def answer(self, *kinds: str) -> None:
        """Say of every condition of some kinds that it applies."""
        for condition in Condition.objects.filter(version=self.engagement.catalogue, kind__in=kinds):
            typed, place = {"applies": "yes"}, {"engagement": self.engagement.pk, "condition": condition.key}
            self.leader.post("profile-answer", typed, **place)

    def open_fieldwork(self) -> list[Workpaper]:
        """The in-charge writes acceptance and planning, the manager reviews them, the partner opens fieldwork."""
        early = papers_of(self.engagement, Section.ACCEPTANCE, Section.PLANNING)
        for paper in early:
            self.leader.write(paper)
        self.manager.review(early)
        self.answer(Condition.Kind.PROFILE, Condition.Kind.CHOICE)
        self.accept()
        self.plan()
        self.partner.of_file("fieldwork", {})
        return papers_of(self.engagement)

    def perform(self, papers: list[Workpaper]) -> None:
        """The in-charge shares the papers out; each of the two performs their own."""
        halves = dict(zip(self.staff, (papers[:35], papers[35:]), strict=True))
        for auditor, share in halves.items():
            self.leader.of_file("paper-assignment", {"papers": [each.pk for each in share], "to": auditor.user.pk})
        for auditor, share in halves.items():
            for paper in share:
                auditor.perform(paper)

    def review(self, papers: list[Workpaper]) -> None:
        """Two sittings: one paper comes back with a note, is answered, closed and then signed."""
        self.leader.review(papers[:40], notes={NOTED: "請補充變更單之核准軌跡。"})
        self.manager.review(papers[40:])
        note = Note.objects.get(engagement=self.engagement, parent=None)
        self.staff[0].post("note-reply", {"text": "已補充，詳 C-3.7.2 程序 1。"}, note=note.pk)
        self.leader.post("note-resolve", {}, note=note.pk)
        self.leader.sign(next(paper for paper in papers if paper.code == NOTED), SignOff.Role.REVIEWED)

    def close(self, papers: list[Workpaper]) -> None:
        """The partner approves what is a partner's and moves the engagement on, once every request is settled."""
        for paper in papers:
            if paper.code in SPECIAL:
                self.partner.sign(paper, SignOff.Role.APPROVED)
        self.answer(Condition.Kind.EVENT)
        self.partner.of_file("stage-next", {"from": Stage.FIELDWORK})
        for request in self.engagement.requests.all():
            dispose_request(request, disposition="obtained", reason="以現場檢視替代。", by=self.leader.user)
        self.partner.of_file("stage-next", {"from": Stage.REVIEW})
        self.engagement.refresh_from_db()


def test_five_people_bring_an_engagement_from_acceptance_to_reporting(
    last_year, partner, reviewer, preparer, second_staff, in_charge, quality_reviewer
):
    first, second = Auditor(preparer, last_year), Auditor(second_staff, last_year)
    leader, quality = Auditor(in_charge, last_year), Auditor(quality_reviewer, last_year)
    lead = (Auditor(partner, last_year), Auditor(reviewer, last_year), leader)
    team = Team(last_year, *lead, (first, second), quality)
    papers = team.open_fieldwork()
    assert (len(papers), ProcedureResult.objects.filter(workpaper__in=papers).count()) == (69, 230)
    team.perform(papers)
    team.review(papers)
    team.close(papers)
    assert last_year.stage == Stage.REPORTING
    assert verify_everything().problems == []
