"""Asking for work writes a row with the act that asks; asking twice under one key asks once."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import transaction

from foundation.jobs.actions import NotFailed, request_job, retry_job
from foundation.jobs.models import Job


class Person(SimpleNamespace):
    def __str__(self) -> str:
        return self.name


PARTNER = Person(pk="7", name="王會計師")
OTHER = Person(pk="8", name="陳會計師")


@pytest.mark.django_db
def test_a_requested_job_waits_with_its_ids_and_its_requester():
    job = Job.objects.get(pk=request_job("reports.render", {"report": "9"}, by=PARTNER).pk)

    assert (job.task, job.ids, job.state, job.attempts) == ("reports.render", {"report": "9"}, "queued", 0)
    assert (job.requested_by, job.requested_by_label) == ("7", "王會計師")
    assert not job.is_over


@pytest.mark.django_db
def test_the_same_key_gives_the_same_job():
    first = request_job("reports.render", {"report": "9"}, by=PARTNER, key="report:9")
    again = request_job("reports.render", {"report": "9"}, by=OTHER, key="report:9")

    assert again == first
    assert Job.objects.get().requested_by == "7"


@pytest.mark.django_db
def test_jobs_without_a_key_are_all_different():
    request_job("reports.render", {}, by=PARTNER)
    request_job("reports.render", {}, by=PARTNER)

    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_a_job_goes_when_what_asked_for_it_is_rolled_back():
    with transaction.atomic():
        request_job("reports.render", {}, by=PARTNER)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


@pytest.mark.usefixtures("own_database")
def test_requests_with_one_key_at_the_same_moment_make_one_job(together: Callable[..., None]):
    jobs = []

    def ask(number: int) -> None:
        with transaction.atomic():
            jobs.append(request_job("reports.render", {}, by=PARTNER, key="report:9").pk)

    together(ask, 5)

    assert jobs == [Job.objects.get().pk] * 5


@pytest.mark.django_db
def test_a_failed_job_can_be_retried_and_starts_from_nothing():
    job = request_job("reports.render", {}, by=PARTNER)
    Job.objects.update(
        state="failed", attempts=3, cause="no", done=2, total=3, label="x", finished_at="2026-11-23T00:00Z"
    )

    retried = retry_job(job, by=OTHER)

    assert (retried.state, retried.attempts, retried.cause, retried.requested_by) == ("queued", 0, "", "8")
    assert (retried.done, retried.total, retried.label, retried.finished_at) == (0, 0, "", None)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["queued", "sent", "running", "done"])
def test_only_a_failed_job_can_be_retried(state):
    job = request_job("reports.render", {}, by=PARTNER)
    Job.objects.update(state=state)

    with pytest.raises(NotFailed):
        retry_job(job, by=PARTNER)
    assert Job.objects.get().state == state
