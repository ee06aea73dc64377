"""The exchange's pages: the list with its filters, receipts of downloads, a file compared with what was issued."""

import hashlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement
from foundation.accounts.policy import Role
from foundation.files.actions import store
from foundation.trail.models import Event
from foundation.web import hashed_uploads
from signoff.issued import link_scan, return_report
from signoff.models import ReportVersion
from signoff.reissuing import open_reissue
from signoff.reporting import issue_report
from tests import stages
from tests.conftest import organization, person
from tests.reports.conftest import sign_again
from tests.reports.test_after_issue import scanned, withdrawn
from tests.uploads import PDF

HTMX = {"headers": {"HX-Request": "true"}}
NOTHING = "This file matches nothing"


@pytest.fixture
def desk(exchange, sign_in):
    """The browser of somebody at the exchange."""
    return sign_in(exchange)


def taken(client, url):
    """Download a file to its end."""
    return b"".join(client.get(url).streaming_content)


@pytest.fixture
def stranger(db, sign_in):
    """Somebody of another exchange."""
    place = organization("exchange", "他方交易所", "70759028")
    return sign_in(person("方他方", "other@exchange.example", place, Role.EXCHANGE))


def another(report, number, *, year=2020):
    """One more issued report of the same firm and broker, of another year, written as it stands."""
    engagement = stages.annual(report.engagement.auditee, report.engagement.filed_with, by=report.issued_by, year=year)
    file = store([number.encode()], name=f"{number}.pdf", by=report.issued_by)
    files = {"binder": file, "pdf": file, "workbook": file, "final": True, "state": "issued"}
    signed = {"issued_by": report.issued_by, "issued_at": report.issued_at, "report_date": date(year + 1, 3, 1)}
    return ReportVersion.objects.create(
        engagement=engagement, number=1, report_number=number, fingerprint="ab" * 32, **files, **signed
    )


def numbers(client, **wanted):
    return [report.report_number for report in client.get("/", wanted).context["page"]]


def test_the_list_is_narrowed_by_text_broker_kind_and_year(issued, desk):
    another(issued, "110-009")
    firm, broker = issued.engagement.firm.name, issued.engagement.auditee
    own = issued.report_number
    assert numbers(desk, text="110-009") == ["110-009"]
    assert set(numbers(desk, text=firm)) == {own, "110-009"}
    assert numbers(desk, text=f"{broker.tax_id} {own}") == [own]
    assert numbers(desk, year="2020") == ["110-009"]
    assert set(numbers(desk, broker=str(broker.pk), kind="annual")) == {own, "110-009"}
    assert numbers(desk, kind="relocation") == []


def test_the_list_is_narrowed_by_state(issued, desk, exchange, partner):
    another(issued, "110-009")
    assert numbers(desk, state="returned") == []
    return_report(issued, reason="缺頁。", by=exchange)
    assert numbers(desk, state="returned") == [issued.report_number]
    withdrawn(issued, by=partner)
    assert numbers(desk, state="withdrawn") == [issued.report_number]
    assert numbers(desk, state="issued") == ["110-009"]
    assert numbers(desk, state="superseded") == []


@pytest.mark.parametrize("wanted", [{"year": "x"}, {"broker": "1"}, {"state": "?"}, {"text": "x" * 500}, {"page": "z"}])
def test_a_filter_that_says_nothing_is_no_error(issued, desk, wanted):
    assert desk.get("/", wanted).status_code == 200


def test_only_the_rows_are_sent_to_a_filter(issued, desk):
    part = desk.get("/", **HTMX).content.decode()
    assert issued.report_number in part
    assert "<html" not in part


def test_a_report_is_new_until_the_person_downloaded_it(issued, desk):
    def is_new():
        return desk.get("/").context["page"][0].is_new

    assert is_new()
    taken(desk, f"/reports/{issued.pk}/files/xlsx/")
    assert not is_new()


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_the_list_and_the_downloads_take_the_same_queries_for_many(issued, desk):
    taken(desk, f"/reports/{issued.pk}/files/pdf/")
    urls = ("/", "/filed/downloads/")
    one = [queries(desk, url) for url in urls]
    for number in range(6):
        more = another(issued, f"109-00{number}", year=2010 + number)
        taken(desk, f"/reports/{more.pk}/files/pdf/")
    assert [queries(desk, url) for url in urls] == one


def test_the_report_s_page_takes_the_same_queries_for_many_scans_and_downloads(issued, desk, partner):
    def scan(extra):
        upload = scanned(issued, by=partner, content=PDF + extra)
        link_scan(issued, upload, printed_from=issued.pdf.sha256, note="", by=partner)
        taken(desk, f"/reports/{issued.pk}/files/scan/")

    scan(b"0")
    one = queries(desk, issued.get_absolute_url())
    for extra in (b"1", b"2", b"3"):
        scan(extra)
    assert queries(desk, issued.get_absolute_url()) == one


# Receipts ------------------------------------------------------------------------------------


def test_a_download_has_a_receipt_with_the_hash_of_the_file(issued, desk):
    taken(desk, f"/reports/{issued.pk}/files/pdf/")
    event = Event.objects.get(name="report.downloaded")
    number = f"{event.seq}-{bytes(event.hash).hex()[:8]}"
    assert number in desk.get(f"/reports/{issued.pk}/receipts/").content.decode()
    page = desk.get(f"/reports/{issued.pk}/receipts/{event.seq}/").content.decode()
    assert number in page
    assert issued.pdf.sha256 in page
    assert number in desk.get("/filed/downloads/").content.decode()


def test_nobody_reads_somebody_else_s_receipts(issued, desk, partner, exchange_company, sign_in):
    taken(desk, f"/reports/{issued.pk}/files/pdf/")
    seq = Event.objects.get(name="report.downloaded").seq
    colleague = person("劉監理", "colleague@exchange.example", exchange_company, Role.EXCHANGE)
    for other in (partner, colleague):
        assert sign_in(other).get(f"/reports/{issued.pk}/receipts/{seq}/").status_code == 404
    assert desk.get("/filed/downloads/").context["receipts"] == []


def test_an_event_that_is_no_download_is_no_receipt(issued, desk):
    assert desk.get(f"/reports/{issued.pk}/receipts/1/").status_code == 404


# Checking a file -------------------------------------------------------------------------------


def check(client, digest):
    return client.post("/filed/check/", {"sha256": digest})


def content_of(file):
    with file.open() as opened:
        return opened.read()


@pytest.mark.parametrize("kind", ["pdf", "workbook"])
def test_a_file_of_a_report_is_recognised_by_its_hash(issued, desk, kind):
    (match,) = check(desk, getattr(issued, kind).sha256.upper()).context["matches"]
    assert (match.report, match.kind) == (issued, {"pdf": "pdf", "workbook": "xlsx"}[kind])


def test_every_scan_of_a_report_is_recognised(issued, desk, partner):
    for extra in (b"1", b"2"):
        upload = scanned(issued, by=partner, content=PDF + extra)
        link_scan(issued, upload, printed_from=issued.pdf.sha256, note="", by=partner)
    for extra in (b"1", b"2"):
        (match,) = check(desk, hashlib.sha256(PDF + extra).hexdigest()).context["matches"]
        assert (match.report, match.kind) == (issued, "scan")


def test_without_scripts_the_file_itself_is_hashed_and_not_kept(issued, desk, settings, tmp_path):
    sent = SimpleUploadedFile("report.pdf", content_of(issued.pdf), "application/pdf")
    answer = desk.post("/filed/check/", {"file": sent})
    assert [match.report for match in answer.context["matches"]] == [issued]
    assert not list(tmp_path.rglob("report.pdf"))


def test_one_changed_byte_matches_nothing(issued, desk):
    sent = SimpleUploadedFile("report.pdf", content_of(issued.pdf) + b" ", "application/pdf")
    answer = desk.post("/filed/check/", {"file": sent})
    assert answer.context["matches"] == []
    assert NOTHING in answer.content.decode() or "不符" in answer.content.decode()


def test_what_is_filed_with_another_exchange_matches_nothing_there(issued, stranger):
    assert check(stranger, issued.pdf.sha256).context["matches"] == []


def test_what_is_rendered_and_not_issued_matches_nothing(frozen, desk):
    assert check(desk, frozen.pdf.sha256).context["matches"] == []


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64])
def test_what_is_no_hash_is_said_so(issued, desk, digest):
    assert check(desk, digest).status_code == 422


def test_a_file_that_is_too_large_is_refused_before_it_is_read(desk, monkeypatch):
    monkeypatch.setattr("foundation.web.uploads.MOST_HASHED", 1000)
    sent = SimpleUploadedFile("report.pdf", b"x" * 2000, "application/pdf")
    assert desk.post("/filed/check/", {"file": sent}).status_code == 413


def test_nobody_else_s_files_are_hashed(preparer, sign_in, monkeypatch):
    monkeypatch.setattr(hashed_uploads.Hashing, "new_file", lambda *_args, **_kwargs: pytest.fail("hashed"))
    sent = SimpleUploadedFile("report.pdf", b"x", "application/pdf")
    assert sign_in(preparer).post("/filed/check/", {"file": sent}).status_code == 403


def test_a_superseded_file_says_by_what(issued, desk, partner, quality_reviewer):
    open_reissue(issued.engagement, kind="editorial", reason="誤植。", by=partner)
    assert "Being reissued" in desk.get("/").content.decode() or "重新出具中" in desk.get("/").content.decode()
    engagement = Engagement.objects.get(pk=issued.engagement_id)
    newer = issue_report(sign_again(engagement, partner=partner, eqr=quality_reviewer), by=partner)
    page = check(desk, issued.pdf.sha256).content.decode()
    assert newer.get_absolute_url() in page
    assert set(numbers(desk)) == {issued.report_number, newer.report_number}
    old = desk.get(issued.get_absolute_url()).content.decode()
    assert newer.get_absolute_url() in old
    assert issued.get_absolute_url() in desk.get(newer.get_absolute_url()).content.decode()
