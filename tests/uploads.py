"""Files as somebody sends them: uploaded in chunks, then handed in, attached or put into the library."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

import evidence.actions
import evidence.citing
import evidence.requests
from engagements.models import Engagement
from evidence.actions import Incoming
from evidence.models import Citation, Evidence, Request
from evidence.times import Covered
from foundation.accounts.models import User
from foundation.files.models import Upload
from foundation.files.uploads import send
from procedures.models import ProcedureResult

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
A_DAY = Covered.on(date(2026, 3, 31))


def pdf(name: str = "弱點掃描報告.pdf", extra: bytes = b"") -> SimpleUploadedFile:
    """A file that really is a PDF; `extra` makes it another one."""
    return SimpleUploadedFile(name, PDF + extra, "application/pdf")


def text(name: str = "說明.txt", content: bytes = "內容".encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def uploaded(file: SimpleUploadedFile, *, to: Engagement, by: User) -> Upload:
    """Send a file's bytes for an engagement: what a page does before its form is sent."""
    content = file.read()
    file.seek(0)
    return send(content, name=file.name, scope=to.pk, by=by)


def sent(files: Iterable[SimpleUploadedFile], *, to: Engagement, by: User, covered: Covered = A_DAY) -> list[Incoming]:
    """Uploaded files with the time that they speak about."""
    return [Incoming(uploaded(file, to=to, by=by), covered) for file in files]


def posted(files: Iterable[SimpleUploadedFile], *, to: Engagement, by: User, **more: Any) -> dict[str, Any]:
    """What a form with these files is posted with."""
    ids = [str(uploaded(file, to=to, by=by).pk) for file in files]
    nature = "span" if more.get("covered_to") else "occurrence"
    return {"uploads": ids, "nature": nature, "covered_from": "115/03/31"} | more


def deposit(
    engagement: Engagement, files: Iterable[SimpleUploadedFile], *, covered: Covered = A_DAY, by: User
) -> list[Evidence]:
    return evidence.actions.deposit(engagement, sent(files, to=engagement, by=by, covered=covered), by=by)


def answer_request(
    request: Request, files: Iterable[SimpleUploadedFile], *, covered: Covered = A_DAY, answer: str = "", by: User
) -> list[Evidence]:
    incoming = sent(files, to=request.engagement, by=by, covered=covered)
    return evidence.requests.answer_request(request, incoming, answer=answer, by=by)


def attach(
    result: ProcedureResult, file: SimpleUploadedFile, *, covered: Covered = A_DAY, by: User, **more: Any
) -> Citation:
    (incoming,) = sent([file], to=result.workpaper.engagement, by=by, covered=covered)
    return evidence.citing.attach(result, incoming, by=by, **more)


def filed(engagement: Engagement, file: SimpleUploadedFile, *, request: Request | None = None, by: User) -> Evidence:
    """One file numbered as evidence, with the request that it came for."""
    (piece,) = evidence.actions.file_evidence(engagement, sent([file], to=engagement, by=by), request=request, by=by)
    return piece


def replacing(piece: Evidence, file: SimpleUploadedFile, *, covered: Covered = A_DAY, by: User) -> Evidence:
    """A new version of a piece, filed by the team."""
    incoming = Incoming(uploaded(file, to=piece.engagement, by=by), covered, replaces=piece)
    (newer,) = evidence.actions.deposit(piece.engagement, [incoming], by=by)
    return newer
