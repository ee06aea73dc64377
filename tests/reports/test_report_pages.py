"""A report's pages as pictures: for those who may read the version, drawn by a job and not in the request."""

import pytest
from django.urls import reverse

from foundation.files.tasks import preview
from foundation.jobs.models import Job
from tests.reports.conftest import finish
from tests.scenes import scene


def page(report, number, **query):
    return reverse("report-page", kwargs={"report": report.pk, "page": number}) + ("?small" if query else "")


@pytest.fixture
def printed(draft):
    """A draft with real pages."""
    return scene("printed", lambda: finish(draft))


def test_a_page_is_asked_for_and_drawn_by_a_job(printed, preparer, sign_in):
    client = sign_in(preparer)
    waiting = client.get(page(printed, 3))
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "1")
    assert Job.objects.get(task="files.preview").ids == {"file": str(printed.pdf_id), "first": "1"}
    preview(None, file=str(printed.pdf_id), first="1")
    large, small = client.get(page(printed, 3)), client.get(page(printed, 3, small=True))
    assert {answer.headers["Content-Type"] for answer in (large, small)} == {"image/webp"}
    assert len(small.content) < len(large.content)


def test_the_version_s_page_shows_each_page_and_its_contents(printed, preparer, sign_in):
    answer = sign_in(preparer).get(reverse("report", kwargs={"report": printed.pk}))
    text = answer.content.decode()
    assert text.count("data-sheet=") == printed.pages
    chapter = next(at for level, heading, at in printed.outline if heading.startswith("第五章"))
    assert f'<a href="#page-{chapter}"><span>第五章' in text


def test_beyond_the_last_page_there_is_none(rendered, preparer, sign_in):
    client = sign_in(preparer)
    assert [client.get(page(rendered, number)).status_code for number in (0, rendered.pages + 1)] == [404, 404]


def test_a_version_that_is_not_rendered_has_no_pages(draft, preparer, sign_in):
    assert sign_in(preparer).get(page(draft, 1)).status_code == 404


def test_the_exchange_sees_the_pages_of_what_was_issued_alone(rendered, exchange, sign_in):
    assert sign_in(exchange).get(page(rendered, 1)).status_code == 404
