"""Work that outlives a request: one row per job, written in the transaction of what asked for it."""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MAX_ATTEMPTS = 3


class Job(models.Model):
    """A task to run, by name, with ids as its only arguments, and how far it has come.

    queued → sent (a message is on its way) → running (a worker holds the lease) → done | failed.
    A failed or lost attempt goes back to queued until `MAX_ATTEMPTS`. All times are the database's.
    The requester is kept as text: this package knows no users.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Waiting for a worker")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.CharField(max_length=100)
    ids = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001  NULLs may repeat, "" may not
    requested_by = models.CharField(max_length=64, blank=True)
    requested_by_label = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    cause = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at",)
        indexes = [
            models.Index(fields=["state", "due_at"], name="job_due"),
            models.Index(fields=["requested_by", "created_at"], name="job_of_requester"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def cause_text(self) -> str:
        """Why the last attempt failed, in the reader's language where the words are ours."""
        return gettext(self.cause) if self.cause else ""
