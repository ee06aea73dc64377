"""Edit a body or another row, delete one: refused by the database, found by the verification."""

import pytest
from django.db import IntegrityError, connection, transaction

from evidence.models import Evidence
from foundation.trail.checks import applied_guards
from foundation.trail.models import Chain, Event
from procedures.models import SignOff
from signoff.models import EngagementSignOff, ReportVersion, Signature
from tests.tampering import (
    DIFFERS,
    GUARDED,
    each_guarded_table,
    found,
    missing,
    place_of,
    refused,
    remove,
    tamper,
    unguarded,
)

# What comes with letters and after the issue is attacked in test_tampering_letters.py and test_tampering_issued.py.
ELSEWHERE = {"LetterTemplate", "Reissue", "ReportRelease", "ReportReturn", "ReportWithdrawal", "RepresentationLetter"}
ELSEWHERE |= {"ScannedReport", "SignedRepresentation"}


def test_the_tables_attacked_here_are_all_that_are_guarded_but_the_catalogue_s(db):
    guards, _waiting = applied_guards(connection)
    ours = {model for model in guards if model._meta.app_label != "controls"}
    assert {model.__name__ for model in ours - set(GUARDED)} == ELSEWHERE


# Edit --------------------------------------------------------------------------------------


@each_guarded_table
def test_editing_is_refused(file, model):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model._base_manager.update(**GUARDED[model])


def test_an_edited_body_is_found(file, last):
    with unguarded("trail_event"):
        Event.objects.filter(pk=last.pk).update(body=bytes(last.body).replace("王怡君".encode(), "林怡君".encode()))
    assert found() == [f"{place_of(last)}: its content was changed after it was recorded"]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (SignOff, f"procedures.SignOff {{pk}}: {DIFFERS} workpaper.prepared: hash"),
        (EngagementSignOff, f"signoff.EngagementSignOff {{pk}}: {DIFFERS} file.signed: fingerprint"),
        (Evidence, f"evidence.Evidence {{pk}}: {DIFFERS} evidence.described / evidence.received: derivation"),
        (ReportVersion, f"signoff.ReportVersion {{pk}}: {DIFFERS} report.issued: number"),
        (Signature, f"signoff.Signature {{pk}}: {DIFFERS} report.issued / report.signed: pdf"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_edited_row_is_found(file, model, words):
    tamper(model, **GUARDED[model])
    assert words.format(pk=model.objects.first().pk) in found()


def test_an_edited_head_is_found(file):
    tamper(Chain, **GUARDED[Chain])
    assert found() == [
        f"Chain {key}: the head is not the hash of the last event"
        for key in Chain.objects.order_by("key").values_list("key", flat=True)
    ]


# Delete ------------------------------------------------------------------------------------


@each_guarded_table
def test_deleting_is_refused(file, model):
    assert refused(f"DELETE FROM {model._meta.db_table}")


def test_a_deleted_event_is_found(file, last):
    before = Event.objects.get(chain=last.chain, seq=last.seq - 1)
    remove(before)
    assert found() == [f"{place_of(last)}: events {before.seq} to {before.seq} are missing before it"]


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (SignOff, "workpaper.prepared"),
        (EngagementSignOff, "file.signed"),
        (Evidence, "evidence.received"),
        (Signature, "report.issued"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_deleted_row_is_found(file, model, name):
    row = model.objects.first()
    remove(row)
    assert missing(f"{row._meta.label} {row.pk}", name) == found()
    assert len(found()) == 1


def test_a_deleted_report_is_found_by_every_event_that_tells_of_it(file):
    report = ReportVersion.objects.get()
    remove(Signature.objects.get(), report)
    names = ("report.requested", "report.frozen", "report.rendered", "report.issued")
    assert [len(missing(f"signoff.ReportVersion {report.pk}", name)) for name in names] == [1, 1, 1, 1]
