"""Evidence comes in, gets its number, says what time it speaks about, is looked at and copied."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.validators import check_letters_open, check_open
from evidence.models import Evidence, Request, Viewing
from evidence.times import Covered
from foundation.accounts.models import User
from foundation.files.models import StoredFile, Upload
from foundation.files.uploads import take
from foundation.trail.actions import record
from foundation.web.refusals import Refused


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was received whole, with the time that it speaks about and, if it is a new version, of what."""

    upload: Upload
    covered: Covered
    replaces: Evidence | None = None


def file_evidence(
    engagement: Engagement, incoming: Sequence[Incoming], *, request: Request | None = None, by: User
) -> list[Evidence]:
    """Number received files as evidence of the engagement, all or none. Called inside a verb's transaction."""
    check_open(Engagement.objects.locked(engagement.pk))
    files = take([each.upload for each in incoming])
    return [
        number_evidence(engagement, file, each.covered, replaces=each.replaces, request=request, by=by)
        for file, each in zip(files, incoming, strict=True)
    ]


def number_evidence(
    engagement: Engagement,
    file: StoredFile,
    covered: Covered,
    *,
    replaces: Evidence | None = None,
    as_letter: bool = False,
    by: User,
    **facts: Any,
) -> Evidence:
    """Give a stored file its number, or the next version of what it replaces; locks the engagement.

    `facts` are further fields: `request`, `title`, `derived_from`, `derivation`. `as_letter`: the scan of a letter,
    which comes in as well while only the report's wording is open.
    """
    (check_letters_open if as_letter else check_open)(Engagement.objects.locked(engagement.pk))
    place = _version_after(replaces, engagement) if replaces else {"number": _next_number(engagement)}
    named = {"title": replaces.title if replaces else file.name} | facts
    piece = Evidence(engagement=engagement, file=file, **place, **covered.fields, **named)
    piece.save(force_insert=True)
    record("evidence.received", chain=engagement.chain, by=by, about=piece, facts=facts_of(piece))
    return piece


def _next_number(engagement: Engagement) -> int:
    last: int | None = Evidence.objects.filter(engagement=engagement).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _version_after(piece: Evidence, engagement: Engagement) -> dict[str, Any]:
    """Return the place of the next version; refused unless the piece is the newest in force of this engagement.

    The row that it follows is the last one, even if that was withdrawn.
    """
    if piece.engagement_id != engagement.pk:
        raise Refused(_("This evidence belongs to another engagement."))
    versions = Evidence.objects.filter(engagement=engagement, number=piece.number)
    if versions.filter(version__gt=piece.version).in_force().exists():
        raise Refused(_("%(evidence)s has a newer version already.") % {"evidence": piece.label})
    last = versions.latest("version")
    return {"number": last.number, "version": last.version + 1, "replaces": last}


def facts_of(piece: Evidence) -> dict[str, Any]:
    """What the trail tells of a piece when it comes in and when it is described anew; its row says the same."""
    file = piece.file
    came = {"sha256": file.sha256, "size": file.size, "name": file.name, "concerns": file.concerns}
    came |= {"type": file.media_type, "at": piece.received_at.isoformat()}
    came |= {"sender": _key(file.stored_by_id), "request": _key(piece.request_id)}
    place = {"number": piece.number, "version": piece.version, "replaces": _key(piece.replaces_id)}
    origin = {"original": _key(piece.derived_from_id), "derivation": piece.derivation}
    span = {"covered_from": _day(piece.covered_from), "covered_to": _day(piece.covered_to)}
    span |= {"nature": piece.nature, "dates": " ".join(piece.dates)}
    return came | place | origin | span | {"title": piece.title}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _key(value: object) -> str:
    return str(value or "")


def deposit(engagement: Engagement, incoming: Sequence[Incoming], *, by: User) -> list[Evidence]:
    """The team puts files into the engagement's library, to be cited later; all of them or none."""
    if not incoming:
        raise Refused(_("Choose at least one file."))
    with transaction.atomic():
        return file_evidence(engagement, incoming, by=by)


@transaction.atomic
def note_download(evidence: Evidence, *, by: User) -> None:
    """Record that somebody took a copy; refused while it is sealed off."""
    check_usable(evidence)
    facts = {"sha256": evidence.file.sha256}
    record("evidence.downloaded", chain=evidence.engagement.chain, by=by, about=evidence, facts=facts)


@transaction.atomic
def note_view(evidence: Evidence, *, by: User, session: str) -> None:
    """Record that somebody looked: once per person, version and session (of which only a digest is kept)."""
    seen = hashlib.sha256(session.encode()).hexdigest()
    _viewing, first = Viewing.objects.get_or_create(evidence=evidence, user=by, session=seen)
    if first:
        facts = {"sha256": evidence.file.sha256}
        record("evidence.viewed", chain=evidence.engagement.chain, by=by, about=evidence, facts=facts)


def check_usable(evidence: Evidence) -> None:
    """Refuse what was withdrawn or is in quarantine."""
    if evidence.withdrawn:
        raise Refused(_("%(evidence)s was withdrawn.") % {"evidence": evidence.label})
    if evidence.in_quarantine:
        raise Refused(_("%(evidence)s is in quarantine until a manager releases it.") % {"evidence": evidence.label})


@contextmanager
def open_evidence(evidence: Evidence) -> Iterator[Evidence]:
    """Yield the piece with its engagement locked and open for work, inside a transaction."""
    with transaction.atomic():
        check_open(Engagement.objects.locked(evidence.engagement_id))
        yield Evidence.objects.select_related("engagement", "file").get(pk=evidence.pk)
