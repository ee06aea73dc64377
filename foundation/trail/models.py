"""The audit trail's two tables: chains with their heads, and the events hung on them.

The trail knows no other model: what an event is about is kept as text (type, id, label).
The database itself refuses to change or delete what is recorded here; see guards.py.
"""

import json
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.db import models

HASH_SIZE = 32
GENESIS = bytes(HASH_SIZE)


class Chain(models.Model):
    """One sequence of events, e.g. of one engagement, and where it stands.

    `seq` and `head` are those of the last event (0 and 32 zero bytes before the first). Appending
    locks this row, so a chain has one writer at a time; the row may only move forward by one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=100, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    head = models.BinaryField(max_length=HASH_SIZE, default=GENESIS)

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    """Something that happened, said once.

    `body` holds exactly the bytes that were hashed (RFC 8785 JSON), never a parsed form. `name`,
    `at`, `actor`, `object_type` and `object_id` repeat parts of it so that pages can filter;
    verification compares them with the body.
    """

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    name = models.CharField(max_length=100)
    actor = models.CharField(max_length=64, blank=True)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    body = models.BinaryField()
    digest = models.BinaryField(max_length=HASH_SIZE)
    previous = models.BinaryField(max_length=HASH_SIZE)
    hash = models.BinaryField(max_length=HASH_SIZE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="event_once_per_place")]
        indexes = [models.Index(fields=["object_type", "object_id"], name="event_about")]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """The body as recorded: event, time, actor, object, facts, reason, version."""
        decoded: dict[str, Any] = json.loads(bytes(self.body))
        return decoded

    @cached_property
    def content_or_nothing(self) -> dict[str, Any]:
        """The same, for a verification: {} where the body isn't JSON, or isn't an object."""
        try:
            decoded: object = json.loads(bytes(self.body))
        except ValueError:
            return {}
        return decoded if isinstance(decoded, dict) else {}
