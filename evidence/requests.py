"""The request list (受查者提供資料清單): made from the expected documents, sent, answered, accepted or returned."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from controls.models import ExpectedDocument
from engagements.models import Engagement
from engagements.validators import check_open
from evidence.actions import Incoming, file_evidence
from evidence.models import Evidence, Request
from foundation.accounts.models import User
from foundation.trail.actions import record
from foundation.web.refusals import Refused

State = Request.State
TIME_TO_COMPLETE = timedelta(days=7)


def open_requests(engagement: Engagement, documents: Iterable[ExpectedDocument], *, due_on: date) -> list[Request]:
    """Create the request list: one request per document, one for a document that serves several procedures.

    Documents merge by their group, never by name: two may share a name and be two things.
    """
    groups: dict[tuple[str, int], list[ExpectedDocument]] = {}
    for document in documents:
        key = ("group", document.group_id) if document.group_id else ("document", document.pk)
        groups.setdefault(key, []).append(document)
    requests = Request.objects.bulk_create(
        [
            Request(engagement=engagement, number=number, title=_title(members), kind=members[0].kind, due_on=due_on)
            for number, members in enumerate(groups.values(), start=1)
        ]
    )
    _link(zip(requests, groups.values(), strict=True))
    return requests


def _title(members: list[ExpectedDocument]) -> str:
    return members[0].group.title_zh if members[0].group else members[0].name


def _link(pairs: Iterable[tuple[Request, list[ExpectedDocument]]]) -> None:
    through = Request.documents.through
    through.objects.bulk_create(
        [
            through(request_id=request.pk, expecteddocument_id=document.pk)
            for request, members in pairs
            for document in members
        ]
    )


def _locked(request: Request, *, expected: Collection[str], refusal: str) -> Request:
    """Return the request, locked, if it is in one of the expected states and its engagement open."""
    requests = Request.objects.select_for_update(of=("engagement", "self"), no_key=True)
    current = requests.select_related("engagement__auditee").get(pk=request.pk)
    check_open(current.engagement)
    if current.state not in expected:
        raise Refused(refusal)
    return current


def _move(request: Request, state: State, **changes: str | date) -> None:
    request.state, request.state_since = state, timezone.now()
    for field, value in changes.items():
        setattr(request, field, value)
    request.save(update_fields=["state", "state_since", *changes])


@transaction.atomic
def answer_request(request: Request, incoming: Sequence[Incoming], *, answer: str = "", by: User) -> list[Evidence]:
    """The broker hands over files, received whole before, which become evidence; or says why there is none."""
    if not incoming and not answer.strip():
        raise Refused(_("Choose at least one file, or say why there is none."))
    current = answerable(request)
    pieces = file_evidence(current.engagement, incoming, request=current, by=by)
    _move(current, State.SUBMITTED, answer=answer.strip())
    facts = {"files": [piece.file.sha256 for piece in pieces]}
    record("request.answered", chain=current.engagement.chain, by=by, about=current, facts=facts, reason=answer.strip())
    return pieces


_ANSWERABLE = (State.REQUESTED, State.RETURNED, State.SUBMITTED)


def answerable(request: Request) -> Request:
    """Return the request, locked, if the broker may hand over files for it."""
    return _locked(request, expected=_ANSWERABLE, refusal=_("This request is closed; ask the audit team."))


@transaction.atomic
def accept_request(request: Request, *, by: User) -> None:
    """The team has inspected what was handed over and takes it; refused while there is nothing that can be used."""
    current = _locked(request, expected=(State.SUBMITTED,), refusal=_("There is nothing to accept."))
    pieces = Evidence.objects.filter(request=current).select_related("file").prefetch_related("decisions")
    if not any(piece.is_usable for piece in pieces):
        raise Refused(_("There is no file in force: return the request, or close it with the reason."))
    _move(current, State.ACCEPTED, returned_because="")
    record("request.accepted", chain=current.engagement.chain, by=by, about=current)


def return_when_bare(request: Request, *, because: str, by: User) -> None:
    """Ask for a document again when the last file handed over for it was withdrawn; inside that verb's transaction."""
    requests = Request.objects.select_for_update(of=("self",), no_key=True).select_related("engagement")
    current = requests.get(pk=request.pk)
    if current.state == State.SUBMITTED and not Evidence.objects.filter(request=current).in_force().exists():
        reason = _("Its last file was withdrawn: %(reason)s") % {"reason": because}
        _move(current, State.RETURNED, returned_because=reason)
        record("request.returned", chain=current.engagement.chain, by=by, about=current, reason=reason)


@transaction.atomic
def return_request(request: Request, *, reason: str, by: User) -> None:
    """The team returns the request to the broker, who reads the reason and has at least a week from now."""
    if not reason.strip():
        raise Refused(_("Say what is missing, so that the broker knows what to hand over."))
    current = _locked(request, expected=(State.SUBMITTED, State.ACCEPTED), refusal=_("There is nothing to return."))
    due_on = max(current.due_on, timezone.localdate() + TIME_TO_COMPLETE)
    _move(current, State.RETURNED, returned_because=reason.strip(), due_on=due_on)
    record("request.returned", chain=current.engagement.chain, by=by, about=current, reason=reason.strip())


def close_all(engagement: Engagement, *, reason: str, by: User) -> None:
    """Close whatever the broker still owes, or the team has to look at; inside the verb that withdraws the engagement.

    The broker reads the reason. A draft, of which it doesn't know, stays one.
    """
    for request in Request.objects.filter(engagement=engagement, state__in=_ANSWERABLE).order_by("number"):
        _move(request, State.DISPOSED, returned_because=reason)
        record("request.disposed", chain=engagement.chain, by=by, about=request, reason=reason)


@transaction.atomic
def dispose_request(request: Request, *, disposition: str, reason: str, by: User) -> None:
    """Close a request that won't be answered, with what became of it and the reason.

    As a scope limitation it bears on the conclusion by itself, until a procedure that needed it says so.
    """
    if disposition not in Request.Disposition.values:
        raise Refused(_("Say what becomes of the request."))
    if not reason.strip():
        raise Refused(_("Say why the request is closed."))
    current = _locked(request, expected=(*_ANSWERABLE, State.DRAFT), refusal=_("This request is settled already."))
    _move(current, State.DISPOSED, returned_because=reason.strip(), disposition=disposition)
    facts = {"disposition": disposition}
    record("request.disposed", chain=current.engagement.chain, by=by, about=current, facts=facts, reason=reason.strip())
