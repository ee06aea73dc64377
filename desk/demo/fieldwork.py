"""The demonstration's fieldwork: requests answered, procedures performed, papers signed, findings raised."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from controls.applicability import State, applicable
from controls.models import Condition, CoverageGap
from desk.demo.cast import Cast
from desk.demo.duties import look_into_duties, time_of
from desk.demo.files import document_file
from desk.demo.memos import MEMOS, NO_CORRESPONDENCE
from desk.demo.setup import NOTHING_HAPPENED
from desk.demo.texts import CONTRACTS, EXCEPTIONS, FINDINGS, conclusion_of, work_performed
from engagements.models import Engagement
from evidence.actions import Incoming
from evidence.citing import Place, cite
from evidence.models import Evidence, Request
from evidence.requests import accept_request, answer_request
from findings.actions import RESPONDED, WORDED, raise_finding, save_finding
from foundation.files.uploads import send
from procedures.actions import Entry, save_conclusion, save_result
from procedures.additions import decline_gap
from procedures.assigning import assign
from procedures.clauses import is_about_clauses
from procedures.matrices import Column, save_matrix
from procedures.models import Matrix, Outcome, ProcedureResult, Section, SignOff, Workpaper
from procedures.validators import may_not_operate
from procedures.workflow import needs_partner, sign_off

PREPARED, REVIEWED, APPROVED = SignOff.Role.PREPARED, SignOff.Role.REVIEWED, SignOff.Role.APPROVED
SEVERAL_CITED = 2
YES = Matrix.Mark.YES.value
TESTED_ELSEWHERE = "已於相關控制重點之程序一併查核，且風險評估為低，無須另訂程序。"


@dataclass
class Fieldwork:
    """One engagement being worked on by the cast."""

    engagement: Engagement
    cast: Cast
    broker: str
    silent: frozenset[str] = frozenset()  # papers whose findings management hasn't answered
    pdfs: int = 24  # procedures with PDF documents: each costs a tenth of a second; what follows is CSV
    evidence_of: dict[int, list[Evidence]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        events = Condition.objects.filter(version=self.engagement.catalogue, kind=Condition.Kind.EVENT)
        states = applicable(self.engagement.catalogue, dict.fromkeys(events.values_list("key", flat=True), False))
        self.eventless = {pk for pk, state in states.items() if state.state == State.NO_OCCURRENCE}
        self.papers = list(self._papers())

    def _papers(self) -> Iterable[Workpaper]:
        papers = Workpaper.objects.filter(engagement=self.engagement, section=Section.CONTROLS).order_by("position")
        return papers.select_related("control_point", "engagement__auditee").prefetch_related(
            "results__procedure__documents", "results__procedure__point"
        )

    def answer(self, request: Request) -> None:
        """The broker hands over a document for a request."""
        kind = request.kind if len(self.evidence_of) < self.pdfs else "record"
        company = self.engagement.auditee.name
        day, broker = self.day(request.number), self.cast[self.broker]
        name, content = document_file(request.title, kind, company=company, day=day)
        upload = send(content, name=name, scope=self.engagement.pk, by=broker)
        pieces = answer_request(request, [Incoming(upload, time_of(request, day))], by=broker)
        for procedure in {document.procedure_id for document in request.documents.all()}:
            self.evidence_of[procedure] += pieces

    def answer_all(self, requests: Iterable[Request]) -> None:
        """The broker answers, the team accepts."""
        for request in requests:
            self.answer(request)
            request.refresh_from_db()
            accept_request(request, by=self.cast["staff"])

    def day(self, seed: int) -> date:
        """A working-looking day in the months before today or, for a year that is over, before its deadline."""
        last = min(timezone.localdate(), self.engagement.deadline)
        return last - timedelta(days=7 + seed * 3 % 80)

    def share_out(self, papers: Iterable[Workpaper]) -> None:
        """The in-charge gives papers to those who prepare them."""
        for who in ("staff", "second_staff"):
            theirs = [paper.pk for paper in papers if self.preparer(paper) == who]
            assign(self.engagement, theirs, to=self.cast[who], by=self.cast["incharge"])

    def preparer(self, paper: Workpaper) -> str:
        return "staff" if paper.position % 3 else "second_staff"

    def perform(self, paper: Workpaper, *, only: int | None = None) -> None:
        """Perform a paper's procedures (the first `only`), cite evidence, raise findings."""
        for result in list(paper.results.all())[:only]:
            if not result.outcome:
                self._conclude(paper, result)

    def _conclude(self, paper: Workpaper, result: ProcedureResult) -> None:
        entry = self._entry(paper, result)
        person = self.cast[self.preparer(paper)]
        save_result(result, entry, version=result.version, by=person)
        if entry.outcome == Outcome.NO_EXCEPTION and is_about_clauses(result):
            save_matrix(result, [Column(each, (YES,) * len(result.steps)) for each in CONTRACTS], version=1, by=person)
        for piece in self.evidence_of[result.prescribed.pk][:SEVERAL_CITED]:
            cite(result, piece, at=Place(page=1 if piece.title.endswith(".pdf") else None), by=person)
        if entry.outcome == Outcome.EXCEPTION:
            self._raise(paper, result)

    def _entry(self, paper: Workpaper, result: ProcedureResult) -> Entry:
        procedure = result.prescribed
        seed = paper.position * 7 + result.position
        day = self.day(seed)
        work = work_performed(procedure, seed=seed, day=day)
        without = "" if self.evidence_of[procedure.pk] else "以實地觀察及詢問取得，現場檢視不留存影本。"
        if procedure.pk in self.eventless:
            return Entry(Outcome.NO_OCCURRENCE, "檢查資安事件清單及工單系統查詢結果。", NOTHING_HAPPENED, day)
        if may_not_operate(result, self.engagement):
            reason = "截至基準日尚未對客戶提供服務，無執行期間可供測試；首次應執行時點為開業後第一季。"
            return Entry(Outcome.NOT_YET_OPERATING, "檢視制度規定及系統設定，確認已備妥執行機制。", reason, day)
        exception = EXCEPTIONS.get((paper.code, result.position)) if self.engagement.is_annual else None
        if exception:
            return Entry(
                Outcome.EXCEPTION,
                exception,
                "" if self._finding(paper, result) else "影響輕微，已於查核期間改善並複測。",
                day,
            )
        return Entry(Outcome.NO_EXCEPTION, work, without, day)

    def _finding(self, paper: Workpaper, result: ProcedureResult) -> tuple[str, ...] | None:
        return FINDINGS.get((paper.code, result.position))

    def _raise(self, paper: Workpaper, result: ProcedureResult) -> None:
        wording = self._finding(paper, result)
        if wording is None:
            return
        person = self.cast[self.preparer(paper)]
        finding = raise_finding(result, dict(zip(WORDED, wording, strict=False)), by=person)
        response, owner = wording[len(WORDED) :]
        if paper.code not in self.silent:
            due = self.engagement.last_day + timedelta(days=60)
            answer = dict(zip(RESPONDED, (response, owner, due), strict=True))
            save_finding(finding, answer, version=finding.version, by=self.cast["incharge"])

    def prepare(self, paper: Workpaper) -> None:
        """Look into what recurs and what goes untested, write the conclusion, sign the paper as prepared."""
        person = self.cast[self.preparer(paper)]
        look_into_duties(paper, by=person)
        for gap in CoverageGap.objects.filter(point=paper.control_point_id):
            decline_gap(paper, gap, reason=TESTED_ELSEWHERE, by=person)
        paper.refresh_from_db(fields=["version"])
        exceptions = paper.results.filter(outcome=Outcome.EXCEPTION).count()
        text = conclusion_of(paper.point.title, exceptions=exceptions)
        save_conclusion(paper, text, version=paper.version, by=person)
        self._sign(paper, PREPARED, self.preparer(paper))

    def write_memos(self, *sections: Section, reviewed: bool) -> None:
        """Write the general papers of some sections, and sign them."""
        papers = Workpaper.objects.filter(engagement=self.engagement, section__in=sections).order_by("position")
        for paper in papers.select_related("engagement__auditee"):
            memo = paper.results.get()
            save_result(memo, self._memo(paper), version=memo.version, by=self.cast["incharge"])
            self._sign(paper, PREPARED, "incharge")
            if reviewed:
                self._sign(paper, REVIEWED, "manager")
                if needs_partner(paper):
                    self._sign(paper, APPROVED, "partner")

    def _memo(self, paper: Workpaper) -> Entry:
        day = self.day(paper.position)
        if paper.template not in MEMOS:
            return Entry(Outcome.NOT_APPLICABLE, reason=NO_CORRESPONDENCE, performed_on=day)
        text = MEMOS[paper.template].replace("〔broker〕", self.engagement.auditee.short_name)
        return Entry(work=text, performed_on=day)

    def review(self, paper: Workpaper) -> None:
        """Review a prepared paper; the partner signs where a partner must."""
        self._sign(paper, REVIEWED, "incharge" if paper.position % 2 else "manager")
        if needs_partner(paper):
            self._sign(paper, APPROVED, "partner")

    def _sign(self, paper: Workpaper, role: SignOff.Role, who: str) -> None:
        paper.refresh_from_db(fields=["content_version"])
        sign_off(paper, role, content_version=paper.content_version, by=self.cast[who])
