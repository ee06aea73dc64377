"""Asking for a report, watching it, downloading and issuing it; and who may not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import Acceptance, Engagement
from foundation.jobs.models import MAX_ATTEMPTS, Job
from foundation.jobs.relay import requeue_lost
from foundation.trail.queries import events_of
from procedures.models import ProcedureResult
from reports import pdf
from reports.actions import save_letter_entries
from reports.models import LetterEntries
from signoff.fingerprint import fingerprint
from signoff.models import ReportVersion
from signoff.reporting import request_report
from tests.reports.conftest import finish
from tests.tampering import tamper

HTMX = {"HTTP_HX_REQUEST": "true"}


def of(name, engagement):
    return reverse(name, kwargs={"engagement": engagement.pk})


def to(name, report, **more):
    return reverse(name, kwargs={"report": report.pk, **more})


@pytest.fixture
def final(ready, quick, partner, sign_in):
    """The final version, asked for through the page and rendered."""
    sign_in(partner).post(of("report-request", ready), {"final": "1"})
    return finish(ReportVersion.objects.get())


def test_the_list_leads_to_the_final_version_that_waits_to_be_issued(final, partner, sign_in):
    page = sign_in(partner).get(of("report-list", final.engagement)).content.decode()
    assert f'<a class="button primary" href="{final.get_absolute_url()}#issue">' in page


def test_asking_for_a_draft_leads_to_its_page(fieldwork, reviewer, sign_in):
    client = sign_in(reviewer)
    answer = client.post(of("report-request", fieldwork), follow=True)
    version = ReportVersion.objects.get()
    assert answer.redirect_chain == [(to("report", version), 302)]
    assert (version.final, version.requested_by) == (False, reviewer)
    assert to("report-progress", version) in answer.content.decode()


def test_before_fieldwork_there_is_nothing_to_ask_for(planned, partner, sign_in):
    answer = sign_in(partner).post(of("report-request", planned), follow=True)
    assert ReportVersion.objects.count() == 0
    assert answer.redirect_chain == [(of("report-list", planned), 302)]


def test_the_list_shows_every_version_and_what_stands_before_the_final_one(rendered, partner, sign_in):
    page = sign_in(partner).get(of("report-list", rendered.engagement))
    assert [version for version, _ in page.context["versions"]] == [rendered]
    assert {blocker.kind for blocker in page.context["blockers"]} >= {"stage.early", "conclusion.missing"}
    assert to("report-download", rendered, kind="pdf") in page.content.decode()


def queries_of_list(client, engagement):
    with CaptureQueriesContext(connection) as captured:
        client.get(of("report-list", engagement))
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_versions(draft, partner, sign_in):
    client = sign_in(partner)
    first = queries_of_list(client, draft.engagement)
    for _version in range(5):
        request_report(draft.engagement, by=partner)
    assert queries_of_list(client, draft.engagement) == first


def test_progress_is_told_while_the_job_runs(draft, partner, sign_in):
    Job.objects.filter(pk=draft.job_id).update(state=Job.State.RUNNING, done=3, total=6, label="layout")
    fragment = sign_in(partner).get(to("report-progress", draft), **HTMX).content.decode()
    assert "3 / 6" in fragment
    assert f'hx-get="{to("report-progress", draft)}"' in fragment
    assert "<html" not in fragment


def test_when_the_job_is_over_the_page_is_loaded_anew(rendered, partner, sign_in):
    assert sign_in(partner).get(to("report-progress", rendered), **HTMX).headers["HX-Refresh"] == "true"


def test_a_failure_shows_its_cause_and_can_be_tried_again(draft, quick, partner, sign_in, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "render", lambda *args: 1 / 0)
        for _attempt in range(3):
            finish(draft)
    client = sign_in(partner)
    assert "ZeroDivisionError" in client.get(to("report", draft)).content.decode()
    client.post(to("report-retry", draft))
    assert finish(draft).state == ReportVersion.State.RENDERED


@pytest.fixture
def lost(draft):
    """A draft whose worker was killed in its last attempt: only the relay has noticed."""
    Job.objects.filter(pk=draft.job_id).update(
        state=Job.State.RUNNING, attempts=MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(minutes=1)
    )
    requeue_lost()
    draft.refresh_from_db()
    return draft


def test_a_report_whose_last_worker_was_killed_can_be_tried_again(lost, quick, partner, sign_in):
    client = sign_in(partner)
    page = client.get(to("report", lost)).content.decode()
    assert to("report-retry", lost) in page
    assert lost.job.cause_text in page
    client.post(to("report-retry", lost))
    assert finish(lost).state == ReportVersion.State.RENDERED


def test_the_list_says_that_and_why_a_lost_rendering_failed(lost, partner, sign_in):
    page = sign_in(partner).get(of("report-list", lost.engagement)).content.decode()
    assert '<span class="badge failed">' in page
    assert lost.job.cause_text in page
    assert to("report-progress", lost) not in page


def test_a_rendering_tried_again_is_watched_in_the_list(lost, partner, sign_in):
    client = sign_in(partner)
    client.post(to("report-retry", lost))
    page = client.get(of("report-list", lost.engagement)).content.decode()
    assert to("report-progress", lost) in page
    assert '<span class="badge failed">' not in page


def test_a_report_that_is_there_is_not_tried_again(rendered, partner, sign_in):
    assert to("report-retry", rendered) not in sign_in(partner).get(to("report", rendered)).content.decode()


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("docx", b"PK")])
def test_a_download_is_an_attachment_and_leaves_an_event(rendered, preparer, sign_in, kind, start):
    answer = sign_in(preparer).get(to("report-download", rendered, kind=kind))
    assert b"".join(answer.streaming_content).startswith(start)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    event = events_of(rendered.engagement.chain, event="report.downloaded").get()
    assert event.actor == str(preparer.pk)


@pytest.mark.parametrize("kind", ["json", "binder", "exe"])
def test_other_files_are_not_handed_out(rendered, partner, sign_in, kind):
    assert sign_in(partner).get(to("report-download", rendered, kind=kind)).status_code == 404


def test_a_version_that_is_not_rendered_has_no_file(draft, partner, sign_in):
    assert sign_in(partner).get(to("report-download", draft, kind="pdf")).status_code == 404


def test_a_final_version_takes_number_and_date_and_has_no_problems(final):
    assert (final.final, final.state, final.problems) == (True, ReportVersion.State.RENDERED, [])
    assert final.report_number
    assert final.report_date


def test_the_partner_issues_it_and_the_exchange_downloads_it(final, partner, exchange, sign_in):
    sign_in(partner).post(to("report-issue", final))
    final.refresh_from_db()
    assert (final.state, final.issued_by) == (ReportVersion.State.ISSUED, partner)
    client = sign_in(exchange)
    page = client.get(to("report", final))
    assert final.report_number in page.content.decode()
    assert of("engagement", final.engagement) not in page.content.decode()
    with final.pdf.open() as file:
        assert b"".join(client.get(to("report-download", final, kind="pdf")).streaming_content) == file.read()


def test_before_it_is_issued_the_exchange_sees_nothing(final, exchange, sign_in):
    client = sign_in(exchange)
    assert client.get(to("report", final)).status_code == 404
    assert client.get(to("report-download", final, kind="pdf")).status_code == 404


@pytest.mark.parametrize("who", ["broker", "other_broker", "other_firm", "admin"])
@pytest.mark.parametrize("name", ["report", "report-progress"])
def test_others_see_neither_drafts_nor_that_they_exist(rendered, sign_in, request, who, name):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(to(name, rendered)).status_code == 404
    assert client.get(to("report-download", rendered, kind="pdf")).status_code == 404


def test_only_the_partner_issues(final, reviewer, quality_reviewer, sign_in):
    for user in (reviewer, quality_reviewer):
        assert sign_in(user).post(to("report-issue", final)).status_code == 403
    final.refresh_from_db()
    assert final.issued_at is None


def test_the_quality_reviewer_reads_drafts_and_asks_for_none(rendered, quality_reviewer, sign_in):
    client = sign_in(quality_reviewer)
    assert client.get(of("report-list", rendered.engagement)).status_code == 200
    assert client.post(of("report-request", rendered.engagement)).status_code == 403


def test_a_file_that_changed_since_is_not_issued(final, partner, sign_in):
    final.engagement.findings.create(number=1, title="x", raised_by=partner)
    answer = sign_in(partner).post(to("report-issue", final), follow=True)
    final.refresh_from_db()
    assert final.issued_at is None
    assert answer.context["blockers"]


def test_a_character_without_a_glyph_holds_up_the_final_report(ready, partner, sign_in):
    result = ProcedureResult.objects.filter(workpaper__engagement=ready, workpaper__code="3.8.2").first()
    ProcedureResult.objects.filter(pk=result.pk).update(work="完成😀")
    client = sign_in(partner)
    page = client.get(of("report-list", ready))
    assert [blocker.kind for blocker in page.context["blockers"]] == ["report.glyph_missing"]
    assert "U+1F600" in page.content.decode()
    client.post(of("report-request", ready), {"final": "1"})
    assert ReportVersion.objects.count() == 0


def test_the_letter_s_entries_are_kept_and_recorded(fieldwork, reviewer, sign_in):
    client = sign_in(reviewer)
    form = client.get(of("report-letter", fieldwork)).context["form"]
    field = next(name for name, field in form.fields.items() if field.label == "排除事項")
    client.post(of("report-letter", fieldwork), {field: " 其他系統 ", "options": ["開業未滿一年"]})
    entries = LetterEntries.objects.get()
    assert entries.values == {"排除事項": "其他系統"}
    assert entries.options == ["開業未滿一年"]
    assert events_of(fieldwork.chain, event="letter.saved").count() == 1
    page = client.get(of("report-letter", fieldwork))
    assert page.context["form"].initial["options"] == ["開業未滿一年"]
    assert "其他系統" in page.content.decode()


def test_a_chosen_paragraph_without_its_text_holds_up_the_final_report(ready, partner, sign_in):
    LetterEntries.objects.filter(engagement=ready).update(options=["直接案件", "開業未滿一年"])
    (blocker,) = sign_in(partner).get(of("report-list", ready)).context["blockers"]
    assert (blocker.kind, blocker.url) == ("report.placeholder_unfilled", of("report-letter", ready))
    assert "開業日" in blocker.text


def test_an_engagement_that_was_never_accepted_has_no_letter(ready, partner, sign_in):
    tamper(Acceptance, lapsed_at=timezone.now())
    (blocker,) = sign_in(partner).get(of("report-list", ready)).context["blockers"]
    assert (blocker.kind, blocker.url) == ("report.form_undecided", of("engagement-acceptance", ready))


def test_a_scope_without_systems_or_places_holds_up_the_final_report(ready, partner, sign_in):
    LetterEntries.objects.filter(engagement=ready).update(values={"雲端服務": "無"})
    blockers = sign_in(partner).get(of("report-list", ready)).context["blockers"]
    told = [(blocker.text, blocker.url) for blocker in blockers]
    letter = of("report-letter", ready)
    assert told == [("評估範圍章尚未填列「評估系統」。", letter), ("評估範圍章尚未填列「場所」。", letter)]


def test_saving_the_letter_unchanged_leaves_the_signatures_alone(ready, partner):
    entries, before = LetterEntries.objects.get(engagement=ready), fingerprint(ready)
    save_letter_entries(ready, values=entries.values, options=entries.options, by=partner)
    assert fingerprint(ready) == before
    save_letter_entries(ready, values={**entries.values, "場所": "臺中"}, options=entries.options, by=partner)
    assert fingerprint(ready) != before


def test_a_signed_file_s_letter_warns_and_an_issued_one_s_is_read(ready, fieldwork, partner, sign_in):
    client = sign_in(partner)
    assert "將使簽章失效" in client.get(of("report-letter", ready)).content.decode()
    Engagement.objects.filter(pk=ready.pk).update(stage="issued")
    page = client.get(of("report-letter", ready))
    assert {field.disabled for field in page.context["form"].fields.values()} == {True}
    assert "data-primary" not in page.content.decode()


def test_a_paragraph_that_the_letter_does_not_have_is_refused(fieldwork, partner, sign_in):
    answer = sign_in(partner).post(of("report-letter", fieldwork), {"options": ["保證"]})
    assert answer.status_code == 422
    assert LetterEntries.objects.count() == 0


def test_an_issued_report_s_letter_is_closed(final, partner, sign_in):
    client = sign_in(partner)
    client.post(to("report-issue", final))
    before = LetterEntries.objects.get().values
    answer = client.post(of("report-letter", final.engagement), {"value-評估系統": "別的系統"})
    assert answer.status_code == 422
    assert LetterEntries.objects.get().values == before
