"""What one firm has: an engagement before fieldwork, one in fieldwork with everything on it, one issued.

Made by the product's verbs where what they write matters, in bulk where only the state does (tests/stages.py).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from controls.models import Condition, CoverageGap
from engagements.actions import answer_condition, join_team, leave_team
from engagements.models import Engagement, Stage, TeamMember
from engagements.noting import Direction, Spot, reply_to_note, resolve_note, write_note
from engagements.reviews import start_review
from evidence.citing import Place, cite
from evidence.decisions import withdraw
from evidence.models import Request
from evidence.requests import return_request
from findings.actions import raise_finding, withdraw_finding
from findings.following_up import add_follow_up, assess
from findings.grouping import Judgement, group_findings
from findings.models import Finding
from findings.releasing import first_due, release_findings
from findings.responding import Answer, respond
from foundation.accounts.models import Organization, User
from foundation.files.uploads import send
from foundation.jobs.execution import perform
from procedures.actions import Entry, save_conclusion, save_result
from procedures.additions import add_procedure, decline_gap
from procedures.duties import Telling, state_frequency, tell_occurrence
from procedures.general import add_paper
from procedures.matrices import Column, save_matrix
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.reviewing import submit_review
from reports.actions import request_final_report, save_letter_entries, sign_as_partner
from reports.letter_parts import Option
from reports.tasks import render
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.issued import answer_return, link_scan, release_report, return_report, withdraw_report
from signoff.lifecycle import advance
from signoff.models import ReportVersion
from signoff.reissuing import cancel_reissue, open_reissue
from signoff.reporting import issue_report, note_download, request_report
from tests import stages
from tests.access import accounts_of
from tests.access.accounts_of import library_of
from tests.access.cast import Cast
from tests.findings.conftest import WORDING
from tests.papers import sign
from tests.uploads import PDF, answer_request, deposit, pdf, text

PAPER = "3.8.2"
SCOPE = {"評估系統": "交易平台", "場所": "總公司", "委外事項": "弱點掃描"}

State = dict[str, Any]  # the URL arguments that name the objects of one state


@dataclass
class Firm:
    """One firm with its broker and the exchange that it files with."""

    cast: Cast
    firm: str
    auditee: str
    filed_with: str

    @cached_property
    def team(self) -> dict[str, User]:
        return {name.removeprefix("other_"): user for name, (user, _role) in self.cast.team(self.firm).items()}

    @cached_property
    def broker(self) -> User:
        """Whoever answers for the auditee."""
        return next(person for person in self.cast.people.values() if person.organization == self.place(self.auditee))

    def place(self, name: str) -> Organization:
        return self.cast.organizations[name]

    @property
    def reviewer(self) -> User:
        return self.team.get("manager", self.team["incharge"])

    def states(self) -> dict[str, State]:
        """Every state that the matrix speaks of, with the arguments that name its objects."""
        places = (self.place(name) for name in (self.firm, self.auditee, self.filed_with))
        accounts = accounts_of.states(*places, self.team)
        made = {
            **accounts,
            "library": library_of(self.place(self.firm), by=self.team["partner"]),
            "early": self.early(),
            **self.fieldwork(),
            **self.issued(),
        }
        return {**made, **self.unissued(), "departed": self.departed()} if "rolled_off" in self.team else made

    def departed(self) -> State:
        """Somebody leaves every team at the end."""
        for member in TeamMember.objects.filter(user=self.team["rolled_off"]):
            leave_team(member, by=self.team["partner"])
        return {"engagement": member.engagement_id, "member": member.pk}

    def staffed(self, year: int) -> Engagement:
        """An engagement in ACCEPTANCE with everybody on its team, and somebody who can be taken off it."""
        partner = self.team["partner"]
        engagement = stages.annual(self.place(self.auditee), self.place(self.filed_with), by=partner, year=year)
        for user, role in self.cast.team(self.firm).values():
            if user != partner:
                join_team(engagement, user=user, role=role, by=partner)
        return engagement

    def early(self) -> State:
        engagement = self.staffed(2027)
        condition = Condition.objects.filter(version=engagement.catalogue).earliest("position")
        answer_condition(engagement, condition, applies=False, reason="未提供此項服務。", by=self.team["staff"])
        return self._here(engagement)

    def _here(self, engagement: Engagement) -> State:
        condition = Condition.objects.filter(version=engagement.catalogue).earliest("position")
        member = TeamMember.objects.get(engagement=engagement, user=self.team["staff"])
        known = {"engagement": engagement.pk, "member": member.pk, "condition": condition.key, "area": "3.8"}
        return {**known, "auditee_person": self.broker.pk}

    def opened(self, year: int) -> Engagement:
        engagement = self.staffed(year)
        stages.answer_profile(engagement, Condition.Kind.PROFILE, Condition.Kind.CHOICE, by=self.reviewer)
        return stages.opened(engagement, partner=self.team["partner"])

    def worked_on(self, engagement: Engagement, outcome: str = "exception") -> State:
        """A paper with everything that a paper has, a request with its evidence, a finding, a note with its reply."""
        paper = Workpaper.objects.get(engagement=engagement, code=PAPER)
        result = paper.results.get(position=1)
        by = {"by": self.team["staff"]}
        save_result(result, Entry(outcome=outcome, work="下半年未執行弱點掃描。"), version=result.version, **by)
        asked = engagement.requests.get(number=1)
        evidence = answer_request(asked, [pdf("組織圖.pdf")], answer="如附件。", by=self.broker)[0]
        citation = cite(result, evidence, at=Place(1), **by)
        finding = raise_finding(result, WORDING, **by)
        told = self._told(finding, raise_finding(result, {**WORDING, "title": "掃描結果未追蹤"}, **by))
        note = write_note(engagement, anchor=paper, text="請補充抽樣依據。", by=self.reviewer)
        reply = reply_to_note(note, text="已補充。", **by)
        save_conclusion(paper, "除所列缺失外，未發現例外。", version=paper.version, **by)
        own = {"workpaper": paper, "result": result, "request_id": asked, "evidence": evidence, "citation": citation}
        made = {name: row.pk for name, row in {**own, **told, "note": note, "reply": reply}.items()}
        duty = {"duty": 1, "starts_on": engagement.period_start}
        made["terms"] = engagement.letters.get().pk
        return {**self._here(engagement), "code": PAPER, "page": 1, **duty, **made}

    def _told(self, *findings: Finding) -> dict[str, Any]:
        """Findings that the broker was told of and answered, judged together; and an earlier one, followed up."""
        engagement, by = findings[0].engagement, {"by": self.reviewer}
        for release in release_findings(engagement, findings, due_on=first_due(), **by):
            respond(release.finding, Answer("given", "同意改善。", "資訊部"), seen=release.pk, by=self.broker)
        judged = Judgement("弱點管理", "同一原因。", "significant")
        report = {"source": "他所前期報告", "title": "未掃描", "condition": "全年未執行。", "promised": "次年改善。"}
        earlier = add_follow_up(engagement, report, **by)
        stands = {"status": "improved", "work": "抽核紀錄。", "checked_on": timezone.localdate()}
        assess(earlier, {**stands, "result": None, "repeat": None}, version=1, **by)
        return {
            "finding": findings[0],
            "group": group_findings(engagement, judged, findings, **by),
            "follow_up": earlier,
        }

    def fieldwork(self) -> dict[str, State]:
        engagement = self.opened(2026)
        place = self.worked_on(engagement)
        by = {"by": self.team["staff"]}
        reply = place.pop("reply")
        self._reviewed(engagement)
        draft = Request.objects.filter(engagement=engagement, number=2)
        draft.update(state=Request.State.DRAFT)
        returned = engagement.requests.get(number=3)
        answer_request(returned, [text("名冊.txt")], answer="已檢附。", by=self.broker)
        return_request(Request.objects.get(pk=returned.pk), reason="請補下半年。", **by)
        self._duties(engagement)
        own, mistaken = deposit(engagement, [text("現場觀察.txt"), text("他案.txt", b"2 item\n")], **by)
        withdraw(mistaken, reason="誤放他案文件。", by=self.reviewer)
        second = ProcedureResult.objects.get(workpaper=place["workpaper"], position=2)
        save_result(second, Entry(outcome="exception", work="未追蹤修補。"), version=second.version, **by)
        withdrawn = raise_finding(second, {**WORDING, "title": "弱點未修補"}, **by)
        withdraw_finding(withdrawn, reason="已於期間內修補。", **by)
        unreleased = raise_finding(second, {**WORDING, "title": "弱點未追蹤修補"}, **by)
        sign(Workpaper.objects.get(engagement=engagement, code="1.1"), **by)
        self._sheet(engagement)
        self._letter(engagement)
        stages.represent(engagement, by=self.team["partner"])
        conclude(engagement, kind="unmodified", rationale="尚無重大缺失。", by=self.team["partner"])
        drawn = self.rendered(request_report(engagement, by=self.reviewer))
        at = {"engagement": engagement.pk}
        return {
            "fieldwork": {**place, "report": drawn.pk, "kind": "pdf"},
            "draft_request": {"request_id": draft.get().pk},
            "team_evidence": {"evidence": own.pk, "page": 1},
            "withdrawn_evidence": {"evidence": mistaken.pk},
            "withdrawn": {"finding": withdrawn.pk},
            "unreleased": {"finding": unreleased.pk},
            "reply": {"note": reply},
            "queued": {"report": request_report(engagement, by=self.reviewer).pk, "kind": "pdf"},
            "unknown_kind": {"report": drawn.pk, "kind": "json"},
            "unknown_paper": {**at, "code": "9.9"},
        }

    def _sheet(self, engagement: Engagement) -> None:
        """What sheets hold beside results: an added procedure, a gap declined, a matrix, a departure."""
        by = {"by": self.team["staff"]}
        gapped, listed = (Workpaper.objects.get(engagement=engagement, code=code) for code in ("3.3", "3.14.3"))
        add_paper(engagement, section="B", title="資料可靠性之評估", **by)
        add_procedure(gapped, "檢查權限是否定期更新。", **by)
        decline_gap(gapped, CoverageGap.objects.get(point=gapped.point), reason="於他處查核。", **by)
        result = listed.results.get()
        save_matrix(result, [Column("合約甲", ("yes",) * len(result.steps))], version=1, **by)
        save_result(result, Entry(departure="改以全查執行。"), version=result.version, **by)

    def _reviewed(self, engagement: Engagement) -> None:
        """A review was submitted: a note on some words of a procedure, and a summary."""
        paper = Workpaper.objects.get(engagement=engagement, code=PAPER)
        result = paper.results.get(position=1)
        review = start_review(engagement, by=self.reviewer)
        place = {"spot": Spot(result.pk, "程序 1", "下半年"), "direction": Direction(self.team["staff"])}
        write_note(engagement, anchor=paper, text="請說明原因。", review=review, by=self.reviewer, **place)
        submit_review(review, summary="尚待補充。", sign=(), by=self.reviewer)

    def _duties(self, engagement: Engagement) -> None:
        """What is told of recurring duties: of half a year's scan, and how often the broker itself looks at access."""
        by = {"by": self.team["staff"]}
        scanned, watched = (Workpaper.objects.get(engagement=engagement, code=code) for code in (PAPER, "2.2"))
        (scan,) = scanned.point.frequency_rules.all()
        tell_occurrence(scanned, scan, engagement.period_start, Telling("not_provided", "已催請提供。"), **by)
        watch = watched.point.frequency_rules.latest("position")
        state_frequency(watched, watch, frequency="quarterly", source="存取控制規範第 5 條。", **by)

    def _letter(self, engagement: Engagement) -> None:
        save_letter_entries(engagement, values=SCOPE, options=[Option.DIRECT], by=self.reviewer)

    def issued(self) -> dict[str, State]:
        place = self.concluded(2025)
        report = ReportVersion.objects.get(pk=place["report"])
        issue_report(report, by=self.team["partner"])
        return {"issued": place, "released": self.released(2023)}

    def released(self, year: int) -> State:
        """A report with all that may become of one: scanned, issued, released, taken, returned, answered, withdrawn;
        its reissue was opened and given up.
        """
        place = self.concluded(year)
        report, partner = ReportVersion.objects.get(pk=place["report"]), self.team["partner"]
        supervisor = self.place(self.filed_with).people.get(role="exchange")
        scan = send(PDF, name="簽章掃描.pdf", scope=report.pk, by=partner)
        link_scan(report, scan, printed_from=report.pdf.sha256, note="正本存卷。", by=partner)
        report = issue_report(report, by=partner)
        release_report(report, by=partner)
        seq = note_download(report, file=report.pdf, by=supervisor).seq
        return_report(report, reason="頁碼缺漏。", by=supervisor)
        answer_return(report, answer="自第四頁起編頁碼。", by=partner)
        open_reissue(report.engagement, kind="editorial", reason="地址誤植。", by=partner)
        cancel_reissue(report.engagement, reason="地址無誤。", by=partner)
        today = timezone.localdate()
        withdraw_report(report, reason="母體有誤。", told_on=today, told_by="以函告知", by=partner)
        return {"report": report.pk, "kind": "pdf", "seq": seq}

    def unissued(self) -> dict[str, State]:
        place = self.concluded(2022)  # before what is issued: nothing of that is followed up
        return {"unissued": {"report": place["report"], "kind": "pdf"}}

    def concluded(self, year: int) -> State:
        """All performed, reviewed, answered, concluded and signed; the final report is rendered, not issued."""
        engagement = self.opened(year)
        place = self.worked_on(engagement)
        place.pop("reply")
        self._letter(engagement)
        resolve_note(engagement.notes.get(pk=place["note"]), by=self.team["partner"])
        partner = self.team["partner"]
        Workpaper.objects.filter(engagement=engagement, conclusion="").update(conclusion="符合。")
        paper = Workpaper.objects.get(pk=place["workpaper"])
        signed = {"content_version": paper.content_version, "content_hash": "ab" * 32}  # as stages.sign_all does
        SignOff.objects.create(workpaper=paper, role="approved", user=partner, **signed)
        stages.in_review(engagement, preparer=self.team["staff"], partner=partner)
        stages.in_reporting(engagement, reviewer=self.reviewer, partner=partner)
        conclude(engagement, kind="unmodified", rationale="缺失未達重大。", by=partner)
        stages.represent(engagement, by=partner)
        sign_as_partner(engagement, seen=fingerprint(engagement), by=partner)
        advance(engagement, expected=Stage.REPORTING, by=partner)
        sign_file(engagement, "quality", seen=fingerprint(engagement), by=self.team["eqr"])
        report = self.rendered(request_final_report(Engagement.objects.get(pk=engagement.pk), by=partner))
        return {**place, "report": report.pk, "kind": "pdf"}

    def drawn(self, engagement: UUID) -> ReportVersion:
        """One more draft of the engagement's report, as things stand now."""
        return self.rendered(request_report(Engagement.objects.get(pk=engagement), by=self.reviewer))

    def rendered(self, report: ReportVersion) -> ReportVersion:
        perform(report.job_id, render)
        report.refresh_from_db()
        assert report.state == "rendered", report.job.cause
        return report
