"""Checkpoints of an installation: one a day by its job, more by a command, in a folder and in mailboxes."""

import io
import json

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from desk.checkpoints import checkpoint_now
from desk.tasks import checkpoint
from foundation.jobs.actions import request_job
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from foundation.trail.actions import record
from foundation.trail.checkpoints import Checkpoint
from foundation.trail.models import Event
from tests.desk.test_verify_trail import run

pytestmark = pytest.mark.django_db
DAY = "checkpoint-2026-11-28.json"


@pytest.fixture
def keeper(settings) -> str:
    """The address of somebody who keeps copies."""
    settings.CHECKPOINT_MAIL = ["keeper@exchange.example"]
    return settings.CHECKPOINT_MAIL[0]


def do_the_day_s_job() -> Job:
    job = request_job("desk.checkpoint", {"day": "2026-11-28"}, by=None)
    perform(job.pk, checkpoint)
    job.refresh_from_db()
    return job


def ask(*arguments: str) -> str:
    said = io.StringIO()
    call_command("checkpoint", *arguments, stdout=said)
    return said.getvalue().strip()


# Making ------------------------------------------------------------------------------------


def test_the_day_s_job_writes_the_day_s_file(engagement, checkpoint_folder):
    assert do_the_day_s_job().state == "done"
    assert [path.name for path in checkpoint_folder.iterdir()] == [DAY]
    told = json.loads((checkpoint_folder / DAY).read_bytes())
    assert engagement.chain in {head["chain"] for head in told["heads"]}


def test_done_again_it_leaves_the_file_as_it_is(engagement, checkpoint_folder):
    do_the_day_s_job()
    first = (checkpoint_folder / DAY).read_bytes()
    do_the_day_s_job()
    assert (checkpoint_folder / DAY).read_bytes() == first
    assert Event.objects.filter(name="checkpoint.made").count() == 1


def test_the_command_makes_one_more_and_says_where(engagement, checkpoint_folder):
    do_the_day_s_job()
    places = {ask(), ask()}
    assert {str(path) for path in checkpoint_folder.iterdir()} == {str(checkpoint_folder / DAY), *places}
    assert len(places) == 2


def test_the_command_prints_the_file_for_somebody_who_can_t_reach_the_folder(engagement, checkpoint_folder):
    printed = ask("--print")
    assert [path.read_text().strip() for path in checkpoint_folder.iterdir()] == [printed]


# Mailing -----------------------------------------------------------------------------------


def test_it_is_mailed_to_those_who_keep_copies(engagement, checkpoint_folder, keeper):
    do_the_day_s_job()
    content = (checkpoint_folder / DAY).read_bytes()
    (message,) = mail.outbox
    assert message.to == [keeper]
    assert message.attachments == [(DAY, content, "application/json")]
    assert json.loads(content)["root"] in message.body


def test_the_command_mails_it_too(engagement, keeper):
    ask()
    assert [message.to for message in mail.outbox] == [[keeper]]


def test_without_addresses_nothing_is_mailed(engagement):
    do_the_day_s_job()
    assert mail.outbox == []


def test_a_mail_server_that_is_away_leaves_the_file_and_the_next_attempt_mails_it(
    engagement, checkpoint_folder, keeper, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    job = do_the_day_s_job()
    assert (job.state, "refused" in job.cause) == ("queued", True)
    first = (checkpoint_folder / DAY).read_bytes()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    perform(job.pk, checkpoint)
    assert (checkpoint_folder / DAY).read_bytes() == first
    assert len(mail.outbox) == 1


# Comparing ---------------------------------------------------------------------------------


def test_verify_trail_compares_with_the_folder(engagement):
    do_the_day_s_job()
    ask()
    status, said = run("--json")
    assert (status, json.loads(said)["checkpoints"]) == (0, 2)


def test_verify_trail_compares_with_a_copy_kept_elsewhere(engagement, checkpoint_folder, tmp_path):
    do_the_day_s_job()
    copy = (checkpoint_folder / DAY).rename(tmp_path / "copy.json")
    assert json.loads(run("--json")[1])["checkpoints"] == 0
    assert json.loads(run("--json", "--checkpoint", str(copy))[1])["checkpoints"] == 1


def test_a_checkpoint_of_what_the_trail_no_longer_has_ends_with_1(engagement):
    with transaction.atomic():
        lost = record("note.written", chain=engagement.chain, by=None, about=engagement)
        day = Checkpoint.from_bytes(checkpoint_now().read_bytes()).day
        transaction.set_rollback(True)
    status, said = run()
    assert status == 1
    assert f"{day}" in said
    assert [line for line in said.splitlines() if engagement.chain in line and str(lost.seq) in line]


def test_a_file_that_is_no_checkpoint_ends_with_2_and_is_named(engagement, tmp_path):
    (tmp_path / "no.json").write_text("{}")
    status, said = run("--checkpoint", str(tmp_path / "no.json"))
    assert status == 2
    assert str(tmp_path / "no.json") in said


def test_that_there_is_no_checkpoint_is_said(engagement, checkpoint_folder):
    assert str(checkpoint_folder) in run()[1]
