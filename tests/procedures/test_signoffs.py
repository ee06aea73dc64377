"""A signature is bound to the content it was given for, by the person who gave it, for good."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from engagements.models import TeamMember
from engagements.noting import resolve_note, write_note
from evidence.citing import uncite
from evidence.models import Citation
from foundation.accounts.models import User
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_conclusion, save_result
from procedures.content import content_hash
from procedures.gates import Standing, blockers
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.workflow import needs_partner, sign_off

from .conftest import DONE


def reasons(paper: Workpaper, role: str, *, by: User) -> list[str]:
    paper.refresh_from_db()
    return [blocker.kind for blocker in blockers(Standing(paper), role, by=by)]


@pytest.fixture
def senior(firm, fieldwork, partner) -> User:
    """A second manager."""
    user = User.objects.create_user(
        "senior@firm.example", password="correct horse battery", name="林經理", organization=firm, role="manager"
    )
    TeamMember.objects.create(engagement=fieldwork, user=user, role="manager")
    return user


# Prepared ----------------------------------------------------------------------------------


def test_an_empty_paper_can_not_be_signed(paper, preparer, sign):
    with pytest.raises(Refused):
        sign(paper, "prepared", by=preparer)
    assert set(reasons(paper, "prepared", by=preparer)) == {"result.missing", "conclusion.missing"}


@pytest.mark.parametrize(
    ("entry", "missing"),
    [
        (replace(DONE, work=" "), ["work.missing", "evidence.missing"]),
        (replace(DONE, performed_on=None), ["date.missing", "evidence.missing"]),
        (replace(DONE, work="抽查〔樣本數〕筆。"), ["evidence.missing", "blank.left"]),
        (DONE, ["evidence.missing"]),
        (replace(DONE, reason="現場檢視，不留存。"), []),
        (replace(DONE, outcome="exception"), ["evidence.missing", "finding.missing"]),
        (replace(DONE, outcome="exception", reason="例外已於期間內補正。"), []),
        (Entry(outcome="not_applicable"), ["reason.missing"]),
        (Entry(outcome="not_applicable", reason="未提供 QR Code 交易。"), []),
        (Entry(outcome="no_occurrence"), ["date.missing", "reason.missing"]),
        (Entry(outcome="scope_limitation", reason="受查者未提供。"), []),
    ],
)
def test_what_a_result_still_lacks(finished, preparer, entry, missing):
    result = ProcedureResult.objects.get(workpaper=finished, position=1)
    result.supports.all().delete()
    save_result(result, entry, version=result.version, by=preparer)
    assert reasons(finished, "prepared", by=preparer) == missing


def test_a_signature_holds_the_content_version_and_its_hash(finished, preparer, sign):
    signed = sign(finished, "prepared", by=preparer)

    assert (signed.user, signed.content_version) == (preparer, finished.content_version)
    assert signed.content_hash == content_hash(finished)
    event = Event.objects.get(name="workpaper.prepared")
    assert event.content["facts"] == {
        "signoff": signed.pk,
        "content": signed.content_version,
        "hash": signed.content_hash,
    }


def test_what_changed_while_it_was_read_is_not_signed(finished, preparer, reviewer):
    seen = finished.content_version
    save_conclusion(finished, "改了。", version=1, by=reviewer)
    with pytest.raises(Refused):
        sign_off(finished, SignOff.Role.PREPARED, content_version=seen, by=preparer)
    assert SignOff.objects.count() == 0


def test_the_same_content_is_not_signed_twice_in_one_role(finished, preparer, senior, sign):
    sign(finished, "prepared", by=preparer)
    assert reasons(finished, "prepared", by=senior) == ["signoff.done"]
    with pytest.raises(Refused):
        sign(finished, "prepared", by=senior)


# Reviewed ----------------------------------------------------------------------------------


def test_a_reviewer_signs_what_somebody_else_prepared(finished, preparer, reviewer, sign):
    prepared = sign(finished, "prepared", by=preparer)
    reviewed = sign(finished, "reviewed", by=reviewer)
    assert (reviewed.content_version, reviewed.content_hash) == (prepared.content_version, prepared.content_hash)


def test_nothing_is_reviewed_before_it_is_prepared(finished, reviewer):
    assert reasons(finished, "reviewed", by=reviewer) == ["signoff.unprepared"]


def test_nobody_reviews_what_they_prepared(paper, finish, reviewer, senior, sign):
    finish(paper, by=senior)
    sign(paper, "prepared", by=reviewer)
    assert reasons(paper, "reviewed", by=reviewer) == ["signoff.self"]
    with pytest.raises(Refused):
        sign(paper, "reviewed", by=reviewer)


def test_nobody_reviews_what_they_wrote_on(finished, preparer, reviewer, senior, sign):
    save_conclusion(finished, "由經理撰寫。", version=1, by=reviewer)
    sign(finished, "prepared", by=preparer)

    assert reasons(finished, "reviewed", by=reviewer) == ["signoff.author"]
    assert reasons(finished, "reviewed", by=senior) == []


def test_whoever_wrote_before_the_last_review_may_review_the_next_content(finished, preparer, reviewer, senior, sign):
    save_conclusion(finished, "由經理撰寫。", version=1, by=reviewer)
    sign(finished, "prepared", by=preparer)
    sign(finished, "reviewed", by=senior)
    result = ProcedureResult.objects.get(workpaper=finished, position=1)
    save_result(result, replace(DONE, work="補充。"), version=result.version, by=preparer)
    sign(finished, "prepared", by=preparer)

    assert reasons(finished, "reviewed", by=reviewer) == []


def test_a_reviewer_is_not_below_the_preparer(paper, finish, preparer, partner, reviewer, sign):
    finish(paper, by=preparer)
    sign(paper, "prepared", by=partner)
    assert reasons(paper, "reviewed", by=reviewer) == ["signoff.rank"]


def test_the_rank_of_a_preparer_who_left_still_counts(paper, finish, preparer, senior, reviewer, sign):
    finish(paper, by=preparer)
    sign(paper, "prepared", by=senior)
    TeamMember.objects.filter(user=senior).update(ended_on=date(2026, 1, 1))
    TeamMember.objects.filter(user=reviewer).update(role="incharge")
    assert reasons(paper, "reviewed", by=reviewer) == ["signoff.rank"]


def test_an_open_note_blocks_the_review_until_it_is_settled(finished, fieldwork, preparer, reviewer, sign):
    note = write_note(fieldwork, anchor=finished, text="請附掃描件。", by=reviewer)
    sign(finished, "prepared", by=preparer)
    assert reasons(finished, "reviewed", by=reviewer) == ["note.open"]

    resolve_note(note, by=reviewer)
    assert reasons(finished, "reviewed", by=reviewer) == []


# Stale -------------------------------------------------------------------------------------


def test_a_page_from_before_the_signature_does_not_undo_it(finished, preparer, sign):
    sign(finished, "prepared", by=preparer)
    result = ProcedureResult.objects.get(workpaper=finished, position=1)
    typed, seen = replace(DONE, work="簽章前開啟之分頁。"), {"version": result.version, "by": preparer}
    with pytest.raises(Refused, match="修改底稿"):
        save_result(result, typed, reopening=False, **seen)
    with pytest.raises(Refused, match="修改底稿"):
        save_conclusion(finished, "改了。", version=finished.version, by=preparer, reopening=False)
    finished.refresh_from_db()
    assert Standing(finished).signed("prepared")
    assert ProcedureResult.objects.get(pk=result.pk).work == result.work

    save_result(result, typed, reopening=True, **seen)
    finished.refresh_from_db()
    assert Standing(finished).signed("prepared") is None


def test_a_change_makes_signatures_stale_and_changing_back_revives_none(finished, preparer, reviewer, sign):
    sign(finished, "prepared", by=preparer)
    sign(finished, "reviewed", by=reviewer)
    result = ProcedureResult.objects.get(workpaper=finished, position=1)
    before = content_hash(finished)

    changed = save_result(result, replace(DONE, work="改了一個字。"), version=result.version, by=preparer)
    save_result(result, DONE, version=changed.version, by=preparer)

    finished.refresh_from_db()
    assert content_hash(finished) == before
    standing = Standing(finished)
    assert (standing.signed("prepared"), standing.signed("reviewed")) == (None, None)
    assert len(standing.signoffs) == 2


@pytest.mark.parametrize("change", ["result", "conclusion", "citation"])
def test_everything_that_a_signature_covers_makes_it_stale(finished, preparer, sign, change):
    signed = sign(finished, "prepared", by=preparer)
    result = ProcedureResult.objects.get(workpaper=finished, position=2)
    if change == "result":
        save_result(result, replace(DONE, work="改。"), version=result.version, by=preparer)
    elif change == "conclusion":
        save_conclusion(finished, "改。", version=1, by=preparer)
    else:
        uncite(Citation.objects.get(result=result), by=preparer)

    finished.refresh_from_db()
    assert finished.content_version == signed.content_version + 1
    assert Standing(finished).signed("prepared") is None
    assert content_hash(finished) != signed.content_hash


# The partner -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        ("no_exception", False),
        ("exception", True),
        ("scope_limitation", True),
        ("no_occurrence", False),
        ("not_applicable", False),
    ],
)
def test_exceptions_and_limitations_go_to_the_partner(finished, preparer, outcome, wanted):
    result = ProcedureResult.objects.get(workpaper=finished, position=1)
    save_result(result, replace(DONE, outcome=outcome, reason="說明。"), version=result.version, by=preparer)
    assert needs_partner(finished) is wanted


def test_a_control_that_is_wholly_not_applicable_goes_to_the_partner(paper, finish):
    finish(paper, entry=Entry(outcome="not_applicable", reason="無此業務。"))
    assert needs_partner(paper)


def test_the_partner_approves_what_is_reviewed(finished, preparer, reviewer, partner, sign):
    result = ProcedureResult.objects.get(workpaper=finished, position=1)
    save_result(result, replace(DONE, outcome="exception", reason="期後已補正。"), version=result.version, by=preparer)
    sign(finished, "prepared", by=preparer)
    assert reasons(finished, "approved", by=partner) == ["signoff.unreviewed"]

    sign(finished, "reviewed", by=reviewer)
    assert sign(finished, "approved", by=partner).user == partner


# Past the verbs ----------------------------------------------------------------------------


def forged(signed: SignOff, **changes: object) -> SignOff:
    values = {"workpaper": signed.workpaper, "content_version": signed.content_version, "content_hash": "0" * 64}
    return SignOff(**values | changes)


def test_the_database_refuses_a_second_signature_of_the_same_person(finished, preparer, sign):
    signed = sign(finished, "prepared", by=preparer)
    with pytest.raises(IntegrityError), transaction.atomic():
        forged(signed, user=preparer, role="reviewed").save()


def test_the_database_refuses_a_second_signature_in_the_same_role(finished, preparer, reviewer, sign):
    signed = sign(finished, "prepared", by=preparer)
    with pytest.raises(IntegrityError), transaction.atomic():
        forged(signed, user=reviewer, role="prepared").save()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE procedures_signoff SET content_version = content_version + 1",
        "UPDATE procedures_signoff SET signed_at = '2020-01-01 00:00:00+00:00'",
        "DELETE FROM procedures_signoff",
    ],
)
def test_the_database_refuses_to_alter_a_signature(finished, preparer, sign, statement):
    sign(finished, "prepared", by=preparer)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert SignOff.objects.count() == 1


def test_the_partner_does_not_approve_what_the_partner_wrote(paper, finish, sign, preparer, reviewer, partner):
    finish(paper, by=partner)
    sign(paper, "prepared", by=preparer)
    sign(paper, "reviewed", by=reviewer)
    assert reasons(paper, "approved", by=partner) == ["signoff.author"]
