"""The three engagements of the demonstration: one issued last year, one about 70 % done, one about to be issued."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from desk.demo import setup
from desk.demo.cast import PEOPLE, Cast, hire, is_hired
from desk.demo.fieldwork import Fieldwork
from desk.demo.writing import review_memos, write_memos
from engagements.models import Engagement, Stage
from engagements.noting import write_note
from evidence.models import Request
from evidence.requests import dispose_request, return_request
from findings.following_up import assess, carry_over
from findings.models import Finding, FollowUp
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from foundation.files.uploads import send
from foundation.jobs.execution import perform
from procedures.actions import Entry, save_result
from procedures.models import Outcome, Section, Workpaper
from reports.actions import request_final_report, save_letter_entries
from reports.representations import draw, proposed_text
from reports.tasks import render
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.issued import answer_return, release_report, return_report
from signoff.lifecycle import advance
from signoff.models import ConclusionKind, EngagementSignOff, Reissue, ReportVersion
from signoff.reissuing import open_reissue
from signoff.reporting import issue_report, note_download
from signoff.representations import ComeBack, draft_representation, record_signed

RATIONALE = (
    "所發現之缺失經個別及彙總評估，考量補償性控制及影響範圍後，均未達重大；"
    "無範圍受限制情事。已取得足夠及適切之證據，作成無保留結論。"
)

LETTER = {
    "評估系統": "交易平台、錢包管理系統、客戶開戶系統、日誌管理平台",
    "場所": "總公司營業處所、主機房、異地備援機房",
    "委外事項": "弱點掃描及滲透測試、機房代管",
    "雲端服務": "客戶入口網站之內容傳遞及防護服務",
    "排除事項": "與自行買賣具證券性質之虛擬通貨業務無關之一般經紀業務系統",
}
# What the exchange found in the letter, and what the firm did about it.
RETURNED = "報告書所載評估場所僅列「異地備援機房」，未載明其所在縣市，請補正後重新出具。"
ANSWER = "異地備援機房位於臺中市，本所將於報告書載明並重新出具；所發現之缺失及結論均不受影響。"
CORRECTION = "依財團法人中華民國證券櫃檯買賣中心之退回意見，於報告書載明異地備援機房之所在地。"
CORRECTED = {"場所": "總公司營業處所、主機房（臺北市）、異地備援機房（臺中市）"}
NOTES = (
    "書面確認請附掃描件；並評估是否影響前項之結論。",
    "母體完整性之查核請補充與系統筆數核對之過程。",
)

STANDS = (
    ("unimproved", "檢視本期弱點掃描紀錄，下半年仍未執行，已另列缺失。"),
    ("improving", "已導入電子表單，惟下半年審查紀錄仍未留存，已另列缺失。"),
)


def tell() -> None:
    """Create everything, unless it is there; if this is cut short, nothing stays or the rest is done next time."""
    if not is_hired():
        with transaction.atomic():
            cast = hire()
            year = setup.business_year(timezone.localdate())
            finished(cast, year - 1)
            under_way(cast, year)
            nearly_done(cast)
    issue_what_is_signed()
    correct_what_was_returned()
    issue_what_is_signed()
    follow_up_what_is_issued()


def finished(cast: Cast, year: int) -> None:
    """Last year's annual assessment: reviewed, concluded, signed; its final report asked for."""
    engagement = setup.opened(setup.annual(cast, year), cast)
    work = _all_performed(engagement, cast, "broker")
    for paper in work.papers:
        work.review(paper)
    _completed(work)
    save_letter_entries(engagement, values=LETTER, options=[], by=cast["partner"])
    request_final_report(_signed(engagement, cast), by=cast["partner"])


def issue_what_is_signed() -> None:
    """Render and issue last year's report. Not in the transaction above: a worker may be rendering it already."""
    signed = ReportVersion.objects.filter(final=True, issued_at=None, engagement__stage=Stage.QUALITY_REVIEW)
    for report in signed:
        _render(report)
        report.refresh_from_db()
        if report.state == ReportVersion.State.RENDERED and report.requested_by:
            _taken_by_the_exchange(issue_report(report, by=report.requested_by))


def _taken_by_the_exchange(report: ReportVersion) -> None:
    """The partner releases the report to the broker, and the exchange downloads it."""
    if report.pdf and report.issued_by:
        release_report(report, by=report.issued_by)
        note_download(report, file=report.pdf, by=User.objects.get(email=PEOPLE["exchange"][1]))


@transaction.atomic
def correct_what_was_returned() -> None:
    """The exchange returns last year's report for a word in its letter; the firm answers and asks for another."""
    untold = Engagement.objects.filter(stage=Stage.FIELDWORK, predecessor__isnull=False, follow_ups=None)
    reports = ReportVersion.objects.filter(
        state=ReportVersion.State.ISSUED, engagement__in=untold.values("predecessor")
    )
    for report in reports.filter(reissues=None):
        by = {key: User.objects.get(email=PEOPLE[key][1]) for key in ("exchange", "partner", "eqr")}
        return_report(report, reason=RETURNED, by=by["exchange"])
        answer_return(report, answer=ANSWER, by=by["partner"])
        open_reissue(report.engagement, kind=Reissue.Kind.EDITORIAL, reason=CORRECTION, by=by["partner"])
        engagement = Engagement.objects.get(pk=report.engagement_id)
        save_letter_entries(engagement, values=LETTER | CORRECTED, options=[], by=by["partner"])
        request_final_report(_signed_by_both(engagement, by), by=by["partner"])


def follow_up_what_is_issued() -> None:
    """Carry last year's findings over into this year's file: two were looked into and found again, one waits."""
    under_way = Engagement.objects.filter(stage=Stage.FIELDWORK, predecessor__isnull=False, follow_ups=None)
    for engagement in under_way:
        by = engagement.team.get(role=Role.INCHARGE).user
        again = {finding.title: finding for finding in engagement.findings.upheld()}
        for row, (status, work) in zip(carry_over(engagement, by=by), STANDS, strict=False):
            _assess(row, status, work, again.get(row.title), by=by)


def _assess(row: FollowUp, status: str, work: str, repeat: Finding | None, *, by: User) -> None:
    day = timezone.localdate() - timedelta(days=4)
    found = {"status": status, "work": work, "checked_on": day, "result": None, "repeat": repeat}
    assess(row, found, version=row.version, by=by)


def _all_performed(engagement: Engagement, cast: Cast, broker: str, *, unanswered: int = 0) -> Fieldwork:
    work = Fieldwork(engagement, cast, broker)
    requests = list(engagement.requests.prefetch_related("documents").order_by("number"))
    work.answer_all(requests[: len(requests) - unanswered])
    review_memos(engagement, cast, Section.PLANNING)
    for paper in work.papers:
        work.perform(paper)
        work.prepare(paper)
    setup.answer_events(engagement, cast)
    return work


def _completed(work: Fieldwork) -> None:
    """Write and review the papers of section D."""
    write_memos(work.engagement, work.cast, Section.COMPLETION)
    review_memos(work.engagement, work.cast, Section.COMPLETION)


def _signed(engagement: Engagement, cast: Cast) -> Engagement:
    """Conclude, and bring the file to both signatures."""
    for stage in (Stage.FIELDWORK, Stage.REVIEW):
        engagement = advance(engagement, expected=stage, by=cast["partner"])
    conclude(engagement, kind=ConclusionKind.UNMODIFIED, rationale=RATIONALE, by=cast["partner"])
    _represented(engagement, cast)
    return _signed_by_both(engagement, cast)


def _signed_by_both(engagement: Engagement, by: Cast | dict[str, User]) -> Engagement:
    sign_file(engagement, EngagementSignOff.Role.FINAL, seen=fingerprint(engagement), by=by["partner"])
    engagement = advance(engagement, expected=Stage.REPORTING, by=by["partner"])
    sign_file(engagement, EngagementSignOff.Role.QUALITY, seen=fingerprint(engagement), by=by["eqr"])
    return engagement


def _represented(engagement: Engagement, cast: Cast) -> None:
    """The representation letter: drafted as proposed, signed by management today, its scan recorded."""
    letter = draft_representation(engagement, proposed_text(engagement), by=cast["incharge"])
    today = timezone.localdate()
    upload = send(draw(letter), name="客戶聲明書（簽署本）.pdf", scope=engagement.pk, by=cast["incharge"])
    record_signed(letter, ComeBack(today, "董事長、資訊安全主管", upload), by=cast["incharge"])


def _render(report: ReportVersion) -> None:
    """Render here and now, as a worker would."""
    assert report.job is not None  # noqa: S101 -- request_report has made it
    perform(report.job.pk, render)


def under_way(cast: Cast, year: int) -> None:
    """This year's annual assessment: about 70 % done, with everything that makes a day's work."""
    engagement = setup.opened(setup.annual(cast, year), cast)
    work = Fieldwork(engagement, cast, "broker", silent=frozenset({"3.10.6"}), declining=frozenset({"3.8.5"}), pdfs=230)
    _requests_under_way(work)
    _papers_under_way(work)


def _requests_under_way(work: Fieldwork) -> None:
    """Most are accepted; some wait for inspection, some came back, some are overdue, one was disposed of."""
    requests = list(work.engagement.requests.prefetch_related("documents").order_by("number"))
    accepted, submitted = requests[: len(requests) * 7 // 10], requests[len(requests) * 7 // 10 :][:24]
    work.answer_all(accepted)
    for request in submitted:
        work.answer(request)
    for request in submitted[::8]:
        request.refresh_from_db()
        return_request(request, reason="所附檔案僅含上半年，請補下半年之紀錄。", by=work.cast["staff"])
    reason = "經查該事項未發生，改以工單系統查詢結果替代。"
    obtained = Request.Disposition.OBTAINED
    dispose_request(requests[-1], disposition=obtained, reason=reason, by=work.cast["incharge"])
    today = timezone.localdate()
    Request.objects.filter(pk__in=[request.pk for request in requests[-9:-1]]).update(due_on=today - timedelta(days=6))


def _papers_under_way(work: Fieldwork) -> None:
    """34 reviewed, 12 prepared, two of them with notes, one changed since, the rest begun or untouched."""
    reviewed, prepared, begun = work.papers[:34], work.papers[34:46], work.papers[46:56]
    work.share_out([*reviewed, *prepared])
    for paper in [*reviewed, *prepared]:
        work.perform(paper)
        work.prepare(paper)
    for paper in reviewed:
        work.review(paper)
    for paper in begun:
        work.perform(paper, only=3)
    for paper, text in zip(prepared, NOTES, strict=False):
        write_note(work.engagement, anchor=paper, text=text, by=work.cast["manager"])
    _change_after_signing(work, reviewed[-1])


def _change_after_signing(work: Fieldwork, paper: Workpaper) -> None:
    result = paper.results.exclude(outcome=Outcome.NOT_APPLICABLE).first()
    assert result is not None  # noqa: S101 -- every paper has procedures
    text = result.work + "另補充：執行單位於查核後更新版次，變更內容不影響結論。"
    entry = Entry(result.outcome, text, result.reason, result.performed_on)
    save_result(result, entry, version=result.version, by=work.cast[work.preparer(paper)])


def nearly_done(cast: Cast) -> None:
    """An establishment that only waits for one document, one review, the conclusion, two signatures and the report."""
    engagement = setup.opened(setup.establishment(cast), cast)
    work = _all_performed(engagement, cast, "new_broker", unanswered=1)
    save_letter_entries(engagement, values=LETTER, options=[], by=cast["partner"])
    for paper in work.papers[:-1]:
        work.review(paper)
    _completed(work)
    advance(engagement, expected=Stage.FIELDWORK, by=cast["partner"])
