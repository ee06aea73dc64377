"""What becomes of an issued report: its scan, its release, its return, its withdrawal. The report never changes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from desk.my_reports import returns_to_answer
from foundation.files.actions import store
from foundation.files.models import Upload
from foundation.files.uploads import send
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from foundation.trail.queries import events_of
from foundation.web.refusals import Refused
from signoff import tasks
from signoff.issued import NOTICE_TASK, answer_return, link_scan, release_report, return_report, withdraw_report
from signoff.models import ReportRelease, ReportReturn, ReportVersion, ReportWithdrawal, ScannedReport
from signoff.sealing import SEAL_TASK, seal
from tests.uploads import PDF

State = ReportVersion.State


def to(report, name):
    return f"/reports/{report.pk}/{name}/"


def scanned(report, *, by, content=PDF, name="掃描.pdf"):
    return send(content, name=name, scope=report.pk, by=by)


def withdrawn(report, *, by):
    return withdraw_report(report, reason="結論有誤。", told_on=timezone.localdate(), told_by="函告", by=by)


def told(report, name):
    return events_of(report.engagement.chain, event=name).count()


# The way by paper -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["frozen", "issued"])
def test_a_scan_is_linked_to_the_frozen_pdf_before_and_after_the_issue(state, reviewer, sign_in, request):
    report = request.getfixturevalue(state)
    upload = scanned(report, by=reviewer)
    form = {"uploads": [str(upload.pk)], "printed_from": report.pdf.sha256, "note": "會計師親簽"}
    answer = sign_in(reviewer).post(to(report, "scans"), form)
    scan = ScannedReport.objects.get()
    assert answer.headers["Location"] == report.get_absolute_url()
    assert (scan.pdf_sha256, scan.by, scan.note) == (report.pdf.sha256, reviewer, "會計師親簽")
    event = events_of(report.engagement.chain, event="report.scanned").get().content
    assert (event["facts"]["sha256"], event["facts"]["pdf"]) == (scan.file.sha256, report.pdf.sha256)


def test_paper_that_was_printed_from_another_pdf_is_not_linked(frozen, partner, sign_in):
    upload = scanned(frozen, by=partner)
    form = {"uploads": [str(upload.pk)], "printed_from": "ab" * 32}
    assert sign_in(partner).post(to(frozen, "scans"), form).status_code == 422
    assert ScannedReport.objects.count() == 0
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_a_scan_that_is_no_pdf_is_refused(frozen, partner):
    upload = scanned(frozen, by=partner, content=b"not a scan", name="掃描.txt")
    with pytest.raises(Refused):
        link_scan(frozen, upload, printed_from=frozen.pdf.sha256, note="", by=partner)


def test_a_draft_has_no_scan(rendered, partner, sign_in):
    answer = sign_in(partner).post(
        to(rendered, "uploads"), {"name": "掃描.pdf", "size": 9}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert Upload.objects.count() == 0


def test_a_better_scan_takes_the_place_of_the_earlier_one_which_stays(frozen, partner, sign_in):
    for note, extra in (("歪斜", b"1"), ("重掃", b"2")):
        link_scan(
            frozen,
            scanned(frozen, by=partner, content=PDF + extra),
            printed_from=frozen.pdf.sha256,
            note=note,
            by=partner,
        )
    got = sign_in(partner).get(to(frozen, "files/scan"))
    assert b"".join(got.streaming_content) == PDF + b"2"
    assert ScannedReport.objects.count() == 2


def test_the_exchange_downloads_the_scan_and_reads_both_hashes(issued, partner, exchange, sign_in):
    scan = link_scan(issued, scanned(issued, by=partner), printed_from=issued.pdf.sha256, note="", by=partner)
    client = sign_in(exchange)
    page = client.get(issued.get_absolute_url()).content.decode()
    assert page.count(issued.pdf.sha256) == 2
    assert scan.file.sha256 in page
    assert b"".join(client.get(to(issued, "files/scan")).streaming_content) == PDF


def test_a_scan_that_comes_after_the_issue_is_sealed_too(issued, partner):
    before = seal(issued)
    link_scan(issued, scanned(issued, by=partner), printed_from=issued.pdf.sha256, note="", by=partner)
    assert Job.objects.filter(task=SEAL_TASK).count() == 2
    assert seal(issued) == before + 1


# The broker ----------------------------------------------------------------------------------


def test_before_its_release_a_report_is_nothing_to_the_broker(issued, broker, sign_in):
    client = sign_in(broker)
    assert client.get(issued.get_absolute_url()).status_code == 404
    assert issued.report_number not in client.get("/").content.decode()


def test_after_its_release_the_broker_finds_and_downloads_it(issued, partner, broker, sign_in):
    sign_in(partner).post(to(issued, "release"))
    client = sign_in(broker)
    assert issued.report_number in client.get("/").content.decode()
    page = client.get(issued.get_absolute_url()).content.decode()
    assert to(issued, "withdrawal") not in page
    assert b"".join(client.get(to(issued, "files/pdf")).streaming_content).startswith(b"%PDF")


def test_what_the_exchange_and_the_firm_write_to_each_other_is_not_the_broker_s(
    issued, partner, exchange, broker, sign_in
):
    release_report(issued, by=partner)
    return_report(issued, reason="評估範圍漏列備援機房。", by=exchange)
    answer_return(issued, answer="已於第三章說明。", by=partner)
    seen = {
        user: [
            words in sign_in(user).get(issued.get_absolute_url()).content.decode() for words in ("漏列", "已於第三章")
        ]
        for user in (partner, exchange, broker)
    }
    assert seen == {partner: [True, True], exchange: [True, True], broker: [False, False]}


def test_what_is_not_issued_is_not_released(frozen, partner, broker):
    with pytest.raises(Refused):
        release_report(frozen, by=partner)
    assert ReportRelease.objects.count() == 0


def test_a_report_is_released_once(issued, partner):
    release_report(issued, by=partner)
    release_report(issued, by=partner)
    assert (ReportRelease.objects.count(), told(issued, "report.released")) == (1, 1)


def test_another_broker_finds_nothing_of_a_released_report(issued, partner, other_broker, sign_in):
    release_report(issued, by=partner)
    assert sign_in(other_broker).get(issued.get_absolute_url()).status_code == 404


# Returned ------------------------------------------------------------------------------------


def run_notice():
    perform(Job.objects.filter(task=NOTICE_TASK).latest("created_at").pk, tasks.notice)
    return mail.outbox


def test_a_return_leaves_the_report_in_force_and_tells_who_leads(issued, exchange, sign_in, partner, reviewer):
    sign_in(exchange).post(to(issued, "return"), {"reason": "第三章頁碼缺漏。"})
    issued.refresh_from_db()
    assert issued.state == State.ISSUED
    assert {address for letter in run_notice() for address in letter.to} == {partner.email, reviewer.email}
    assert "頁碼" not in mail.outbox[0].body
    page = sign_in(partner).get(issued.get_absolute_url()).content.decode()
    assert "第三章頁碼缺漏。" in page
    assert "第三章頁碼缺漏。" in sign_in(partner).get(issued.engagement.get_absolute_url()).content.decode()
    assert f"{issued.get_absolute_url()}#return" in sign_in(partner).get("/").content.decode()


def test_a_return_is_asked_of_who_signed_the_report_not_of_the_quality_reviewer(issued, exchange, quality_reviewer):
    return_report(issued, reason="第三章頁碼缺漏。", by=exchange)
    assert returns_to_answer(quality_reviewer) == []


def test_a_return_without_reason_is_refused_at_its_field(issued, exchange, sign_in):
    answer = sign_in(exchange).post(to(issued, "return"), {"reason": "  "})
    assert answer.status_code == 422
    assert answer.context["returning"].errors.keys() == {"reason"}
    assert ReportReturn.objects.count() == 0


def test_a_report_is_returned_again_only_after_the_answer(issued, exchange, partner):
    return_report(issued, reason="缺頁。", by=exchange)
    with pytest.raises(Refused):
        return_report(issued, reason="仍缺頁。", by=exchange)
    answer_return(issued, answer="已補。", by=partner)
    return_report(issued, reason="仍缺頁。", by=exchange)
    assert ReportReturn.objects.count() == 2


def test_the_partner_answers_once_and_the_exchange_reads_it(issued, exchange, partner, sign_in):
    return_report(issued, reason="缺頁。", by=exchange)
    sign_in(partner).post(to(issued, "return/answer"), {"answer": "頁碼自第四頁起編。"})
    assert "頁碼自第四頁起編。" in sign_in(exchange).get(issued.get_absolute_url()).content.decode()
    assert {address for letter in run_notice() for address in letter.to} == {exchange.email}
    with pytest.raises(Refused):
        answer_return(issued, answer="另答。", by=partner)


def test_a_return_that_another_report_answered_is_answered_no_more(issued, exchange, partner):
    return_report(issued, reason="缺頁。", by=exchange)
    ReportVersion.objects.filter(pk=issued.pk).update(state=State.SUPERSEDED)
    with pytest.raises(Refused):
        answer_return(issued, answer="已補。", by=partner)


def test_nobody_changes_a_return_or_its_answer(issued, exchange, partner):
    return_report(issued, reason="缺頁。", by=exchange)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportReturn.objects.update(reason="無。")
    answer_return(issued, answer="已補。", by=partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportReturn.objects.update(answer="未補。")


# Withdrawn -----------------------------------------------------------------------------------


def test_a_withdrawn_report_is_marked_and_stays(issued, partner, exchange, sign_in):
    form = {"reason": "引用之母體有誤。", "told_on": "115/11/28", "told_by": "115-0123 號函"}
    day = timezone.localdate().isoformat()
    sign_in(partner).post(to(issued, "withdrawal"), {**form, "told_on": day})
    assert ReportVersion.objects.get(pk=issued.pk).state == State.WITHDRAWN
    assert {address for letter in run_notice() for address in letter.to} == {exchange.email}
    client = sign_in(exchange)
    page = client.get(issued.get_absolute_url()).content.decode()
    assert "引用之母體有誤。" in page
    assert "115-0123 號函" in page
    assert b"".join(client.get(to(issued, "files/pdf")).streaming_content)  # type: ignore[attr-defined]


def test_a_withdrawal_is_told_to_the_board_first(issued, partner):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused):
        withdraw_report(issued, reason="有誤。", told_on=tomorrow, told_by="函告", by=partner)
    assert ReportWithdrawal.objects.count() == 0


def test_nobody_was_told_of_a_report_before_it_was_dated(issued, partner, sign_in):
    day = issued.report_date - timedelta(days=1)
    form = {"reason": "結論有誤。", "told_on": day.isoformat(), "told_by": "函告"}
    answer = sign_in(partner).post(to(issued, "withdrawal"), form)
    assert (answer.status_code, answer.context["withdrawing"]["reason"].value()) == (422, "結論有誤。")
    assert ReportWithdrawal.objects.count() == 0


@pytest.mark.parametrize("missing", ["reason", "told_on", "told_by"])
def test_what_a_withdrawal_lacks_is_said_at_its_field_and_the_rest_is_kept(issued, partner, sign_in, missing):
    form = {"reason": "母體有誤。", "told_on": "2026-01-02", "told_by": "函告", missing: ""}
    answer = sign_in(partner).post(to(issued, "withdrawal"), form)
    assert (answer.status_code, answer.context["withdrawing"].errors.keys()) == (422, {missing})
    assert all(text in answer.content.decode() for text in form.values())
    assert ReportWithdrawal.objects.count() == 0


def test_a_withdrawn_report_is_neither_withdrawn_again_nor_returned_nor_released(issued, partner, exchange):
    withdrawn(issued, by=partner)
    for act in (
        lambda: withdrawn(issued, by=partner),
        lambda: return_report(issued, reason="缺頁。", by=exchange),
        lambda: release_report(issued, by=partner),
    ):
        with pytest.raises(Refused):
            act()


def test_the_database_brings_no_withdrawn_report_back(issued, partner):
    withdrawn(issued, by=partner)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportVersion.objects.update(state="issued")


def test_files_that_a_report_consists_of_stay_what_they_are(issued, partner):
    before = {name: getattr(issued, name).sha256 for name in ("binder", "pdf", "workbook")}
    withdrawn(issued, by=partner)
    store([b"unrelated"], name="x", by=partner)
    after = ReportVersion.objects.get(pk=issued.pk)
    assert {name: getattr(after, name).sha256 for name in before} == before
