"""Sending a file over HTTP as the page's script does: announced, then chunk by chunk."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement
from evidence.models import Request
from foundation.accounts.models import User
from foundation.files.models import CHUNK, Upload
from foundation.files.tasks import check
from foundation.jobs.execution import perform
from foundation.jobs.models import Job


class Unread:
    """A body that nobody may read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body is read")

    readline = read


def digest_of(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@dataclass
class Sender:
    """Somebody's browser, signed in."""

    client: Client

    @classmethod
    def of(cls, person: User) -> "Sender":
        client = Client()
        client.force_login(person)
        return cls(client)

    def announce(self, to: Engagement | Request, name: Any, size: Any) -> HttpResponse:
        known = {"engagement": to.pk} if isinstance(to, Engagement) else {"request_id": to.pk}
        url = reverse("engagement-uploads" if isinstance(to, Engagement) else "request-uploads", kwargs=known)
        return self.client.post(url, {"name": name, "size": size}, content_type="application/json")

    def begin(self, to: Engagement | Request, size: int, name: str = "日誌.bin") -> str:
        """Return the address for the chunks."""
        answer = self.announce(to, name, size)
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()["url"]

    def put(self, url: str, chunk: bytes, offset: int = 0, **headers: str) -> HttpResponse:
        said = {"Upload-Offset": str(offset), "Content-Digest": digest_of(chunk)} | headers
        return self.client.put(url, chunk, content_type="application/octet-stream", headers=said)

    def look(self, url: str) -> dict[str, Any]:
        """What the server says of the upload."""
        return self.client.get(url).json()

    def go_on(self, url: str, content: bytes) -> dict[str, Any]:
        """Send what the server doesn't have yet, let the worker check it; return what it says at the end."""
        while (said := self.look(url))["state"] == "receiving":
            self.put(url, content[said["received"] :][:CHUNK], said["received"])
        work()
        return self.look(url)

    def send(self, to: Engagement | Request, content: bytes, name: str = "日誌.bin") -> Upload:
        """Send all of it."""
        url = self.begin(to, len(content), name)
        self.go_on(url, content)
        return upload_at(url)


def upload_at(url: str) -> Upload:
    return Upload.objects.get(pk=url.rstrip("/").rsplit("/", maxsplit=1)[-1])


def work() -> None:
    """Let a worker look through the files that wait for it, as often as one would."""
    for _attempt in range(3):
        for job in Job.objects.filter(task="files.check", state=Job.State.QUEUED):
            perform(job.pk, check)
