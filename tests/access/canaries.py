"""A canary in every text of the other firm's data: a word that nobody else may ever read.

Each column has a word of its own, so that a leak names where it comes from. All begin alike, so that a search for the
beginning would find every one of them, while the answer that repeats the question holds none.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import rfc8785
from django.apps import apps
from django.conf import settings
from django.db.models import (
    BinaryField,
    CharField,
    Field,
    FileField,
    GenericIPAddressField,
    JSONField,
    Model,
    QuerySet,
    TextField,
)

from engagements.models import Engagement
from foundation.accounts.models import Organization
from foundation.files.models import StoredFile
from tests.access.cast import Cast
from tests.tampering import unguarded

SONG = "kanari"
NETWORK = "2001:db8::"  # where a canary must be an address: the network of documentation
BYTES = "files.StoredFile bytes"
Planted = dict[str, str]  # canary → the column where it sits

# Not the other firm's: the regulator's catalogue is everybody's; the rest is Django's, knox's and allauth's own. It has
# no words, or no rows: settings name the identity providers, and nothing keeps what these hand out.
EVERYBODYS = {"controls", "auth", "contenttypes", "sessions", "knox"}
EVERYBODYS |= {"account.EmailConfirmation", "socialaccount.SocialApp", "socialaccount.SocialToken"}

# Which rows are the other firm's and its broker's: a lookup, and whether it is answered by their organizations' keys,
# by their people's, or by the keys of their engagements' chains.
OF_ENGAGEMENT, OF_USER = "engagement__firm", "user__organization"
WHOSE: dict[str, dict[str, str]] = {
    "accounts.Organization": {"pk__in": "organizations"},
    "accounts.User": {"organization__in": "organizations"},
    "accounts.Recovery": {"person__organization__in": "organizations"},
    "account.EmailAddress": {f"{OF_USER}__in": "organizations"},
    "mfa.Authenticator": {f"{OF_USER}__in": "organizations"},
    "socialaccount.SocialAccount": {f"{OF_USER}__in": "organizations"},
    "usersessions.UserSession": {f"{OF_USER}__in": "organizations"},
    "files.StoredFile": {"stored_by__organization__in": "organizations"},
    "files.Upload": {"by__organization__in": "organizations"},
    "jobs.Job": {"requested_by__in": "people"},
    "trail.Event": {"chain__key__in": "chains"},
    "engagements.ProfileAnswer": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "engagements.Acceptance": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "engagements.AreaRisk": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "engagements.Declaration": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "engagements.Note": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Workpaper": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.ProcedureResult": {f"workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Revision": {f"workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "engagements.Review": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.DeclinedGap": {f"workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Matrix": {f"result__workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Occurrence": {f"workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Phrase": {"firm__in": "organizations"},
    "procedures.StatedFrequency": {f"workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Tickmark": {"firm__in": "organizations"},
    "evidence.Citation": {f"evidence__{OF_ENGAGEMENT}__in": "organizations"},
    "procedures.Support": {f"result__workpaper__{OF_ENGAGEMENT}__in": "organizations"},
    "evidence.Request": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "evidence.Evidence": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "evidence.EvidenceDecision": {f"evidence__{OF_ENGAGEMENT}__in": "organizations"},
    "findings.Finding": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "findings.FindingGroup": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "findings.FindingRelease": {f"finding__{OF_ENGAGEMENT}__in": "organizations"},
    "findings.FollowUp": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "findings.ManagementResponse": {f"release__finding__{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.Conclusion": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.ReportVersion": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.Reissue": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.ReportReturn": {f"report__{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.ReportWithdrawal": {f"report__{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.ScannedReport": {f"report__{OF_ENGAGEMENT}__in": "organizations"},
    "reports.LetterEntries": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.LetterTemplate": {"firm__in": "organizations"},
    "signoff.RepresentationLetter": {f"{OF_ENGAGEMENT}__in": "organizations"},
    "signoff.SignedRepresentation": {f"letter__{OF_ENGAGEMENT}__in": "organizations"},
}

# Texts that nobody writes: codes, keys and hashes. (Columns with choices are codes and need no line here.)
SPARED = {
    "accounts.Organization.tax_id": "eight digits, of which the last checks the others",
    "accounts.User.password": "a hash",
    "engagements.PlanApproval.fingerprint": "a hash",
    "engagements.Note.anchor_type": "the name of a model",
    "evidence.Citation.tickmark": "one of five signs",
    "evidence.Evidence.dates": "days",
    "evidence.Evidence.derivation": "numbers of pages and places on them",
    "evidence.Request.kind": "a kind of document, from the catalogue",
    "evidence.Viewing.session": "a hash",
    "files.StoredFile.concerns": "codes of ours, with what was told from the bytes",
    "files.StoredFile.key": "where the bytes lie: a UUID",
    "files.StoredFile.media_type": "told from the bytes",
    "files.StoredFile.sha256": "a hash",
    "files.Upload.digests": "hashes",
    "files.Upload.media_type": "told from the bytes",
    "files.Upload.sha256": "a hash",
    "jobs.Job.ids": "keys",
    "jobs.Job.key": "the task's name and keys",
    "jobs.Job.requested_by": "a key",
    "jobs.Job.task": "the name of a task",
    "procedures.SignOff.content_hash": "a hash",
    "procedures.Matrix.marks": "codes of ours",
    "procedures.Support.dates": "days",
    "procedures.Support.digest": "a hash",
    "procedures.Support.nature": "one of three kinds of time",
    "procedures.Tickmark.sign": "a sign",
    "procedures.Workpaper.code": "the control point's code, from the catalogue, or a letter and a number",
    "procedures.Workpaper.template": "a key of ours",
    "reports.LetterEntries.options": "names of the letter template's paragraphs",
    "signoff.EngagementSignOff.fingerprint": "a hash",
    "signoff.Reissue.opened_with": "a hash",
    "signoff.ReportVersion.fingerprint": "a hash",
    "signoff.ScannedReport.pdf_sha256": "a hash",
    "signoff.Signature.binder_sha256": "a hash",
    "signoff.Signature.pdf_sha256": "a hash",
    "trail.Chain.head": "a hash",
    "trail.Chain.key": "what it is the chain of, and a key",
    "trail.Event.actor": "a key",
    "trail.Event.digest": "a hash",
    "trail.Event.hash": "a hash",
    "trail.Event.name": "a noun and a verb of ours",
    "trail.Event.object_id": "a key",
    "trail.Event.object_type": "the name of a model",
    "trail.Event.previous": "a hash",
    "socialaccount.SocialAccount.provider": "the name of the installation's provider",
    "usersessions.UserSession.data": "nothing is kept there",
    "usersessions.UserSession.session_key": "a key; whoever had it would be signed in",
}
CODES_IN_JSON = {"outcome", "performed_on"}
KEPT_IN_EVENTS = {"event", "time", "version", "id", "type", "role"}


def text_columns() -> list[Field]:
    """Every column of ours that can hold words, whether or not something is planted there."""
    kinds = (CharField, TextField, JSONField, BinaryField, FileField, GenericIPAddressField)
    models = [model for model in apps.get_models() if not {model._meta.app_label, model._meta.label} & EVERYBODYS]
    fields = [field for model in models for field in model._meta.local_concrete_fields]
    return [field for field in fields if isinstance(field, kinds) and not field.choices]


def name_of(field: Field) -> str:
    return f"{field.model._meta.label}.{field.name}"


def canary(place: str) -> str:
    sung = hashlib.sha256(place.encode()).hexdigest()
    return f"{NETWORK}f{sung[:3]}:f{sung[3:6]}" if place.endswith(".ip") else SONG + sung[:8]


def plant(cast: Cast) -> Planted:
    """Put the word of each column into every row of it that belongs to the other firm, its broker or its exchange."""
    planted: Planted = {}
    whose = _keys(cast)
    with ExitStack() as guards:
        for field in text_columns():
            if name_of(field) in SPARED:
                continue
            rows = _rows(field.model, whose).filter(**ONLY_WHERE.get(name_of(field), {}))
            guards.enter_context(unguarded(field.model._meta.db_table))
            planted |= _plant(field, rows)
    planted[canary(BYTES)] = BYTES
    for file in _rows(StoredFile, whose):
        with (Path(settings.EVIDENCE_ROOT) / file.key).open("ab") as stored:
            stored.write(canary(BYTES).encode())
    return planted


def _keys(cast: Cast) -> dict[str, list[Any]]:
    organizations = [company.pk for place, company in cast.organizations.items() if place.startswith("other_")]
    engagements = Engagement.objects.filter(firm__in=organizations)
    return {
        "organizations": organizations,
        "people": [str(person.pk) for name, person in cast.people.items() if name.startswith("other_")],
        "chains": [kept.chain for kept in (*engagements, *Organization.objects.filter(pk__in=organizations))],
    }


def _rows(model: type[Model], whose: dict[str, list[Any]]) -> QuerySet:
    lookups = {lookup: whose[keys] for lookup, keys in WHOSE[model._meta.label].items()}
    return model._base_manager.filter(**lookups)


# A finding that stands has no reason for its withdrawal, a prescribed procedure no wording of its own: so says the
# database. A prescribed general paper's title is the method's.
ONLY_WHERE: dict[str, dict[str, Any]] = {
    "findings.Finding.withdrawn_because": {"withdrawn_at__isnull": False},
    "findings.FollowUp.source": {"prior": None},
    "procedures.ProcedureResult.text": {"kind": "added"},
    "signoff.Reissue.cancelled_because": {"closed_at__isnull": False, "version__isnull": True},
    "procedures.Workpaper.title": {"section__in": "ABD", "template": ""},
}


def _plant(field: Field, rows: QuerySet) -> Planted:
    """Write the column's word; organizations have one each, as the register of brokers may be read by every firm."""
    if name_of(field) == "accounts.Organization.name":
        return {word: place for row in rows for word, place in _plant_name(field, row)}
    place, word = name_of(field), canary(name_of(field))
    write: Callable[[Any], Any] | None = WRITERS.get(place)
    if field.unique or write:
        for number, row in enumerate(rows):
            value = write(getattr(row, field.name), word) if write else f"{word}.{number}@digao.example"
            rows.filter(pk=row.pk).update(**{field.name: value})
    else:
        rows.update(**{field.name: word})
    return {word: place} if rows.exists() else {}


def _plant_name(field: Field, row: Any) -> list[tuple[str, str]]:
    place = f"{name_of(field)} of the {row.kind}"
    type(row)._base_manager.filter(pk=row.pk).update(name=canary(place))
    return [(canary(place), place)]


def _told(body: Any, word: str) -> bytes:
    """An event's body with the word in each text of it; the columns beside it, and the chain, stay as they were."""
    return rfc8785.dumps(_worded(json.loads(bytes(body)), word, KEPT_IN_EVENTS))


def _worded(value: Any, word: str, kept: set[str]) -> Any:
    """Replace each text in a JSON value, but not under the names in `kept`."""
    if isinstance(value, dict):
        return {name: inner if name in kept else _worded(inner, word, kept) for name, inner in value.items()}
    if isinstance(value, list):
        return [_worded(inner, word, kept) for inner in value]
    return word if isinstance(value, str) else value


def _revised(content: Any, word: str) -> Any:
    return {
        name: f"+ {text}" if name == "support" else text for name, text in _worded(content, word, CODES_IN_JSON).items()
    }


WRITERS: dict[str, Callable[[Any, str], Any]] = {
    "findings.FindingRelease.wording": lambda wording, word: _worded(wording, word, {"severity", "type"}),
    "procedures.Matrix.items": lambda items, word: [word for _item in items],
    "trail.Event.body": _told,
    "mfa.Authenticator.data": lambda data, word: {**data, "name": word} if "name" in data else data,
    "socialaccount.SocialAccount.extra_data": lambda data, word: _worded(data, word, set()),
    "procedures.Revision.content": _revised,
    "signoff.ReportVersion.outline": lambda _outline, word: [[1, word, 1]],
    "signoff.ReportVersion.problems": lambda _problems, word: [word],
    "reports.LetterEntries.values": lambda values, word: _worded(values, word, set()),
}
