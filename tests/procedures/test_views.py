"""What the workpaper's page sends: typed results and conclusions, signatures, notes."""

from datetime import date, datetime
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Engagement, Note
from foundation.trail.models import Event
from procedures.actions import Entry, save_conclusion, save_result
from procedures.models import ProcedureResult, SignOff, Workpaper
from tests.uploads import attach, text

TYPED = {
    "version": "1",
    "outcome": "no_exception",
    "work": "取得弱點掃描作業程序，核對核定日期。",
    "reason": "",
    "performed_on": "115/11/10",
}


@pytest.fixture
def save(sign_in, result):
    """Send what is typed for the first procedure of C-3.8.2, as somebody."""

    def save(user, *, of=None, **changes):
        url = reverse("result-save", args=[(of or result).pk])
        return sign_in(user).post(url, TYPED | changes, headers={"Accept": "application/json"})

    return save


@pytest.fixture
def conclude(sign_in, paper):
    def conclude(user, **typed):
        return sign_in(user).post(reverse("conclusion-save", args=[paper.pk]), typed)

    return conclude


@pytest.fixture
def press(sign_in, paper):
    """Press a signature's button; returns the answer and what the next page says."""

    def press(user, role, version=None):
        paper.refresh_from_db()
        typed = {"role": role, "content_version": paper.content_version if version is None else version}
        answer = sign_in(user).post(reverse("paper-signoff", args=[paper.pk]), typed)
        return answer, [str(message) for message in get_messages(answer.wsgi_request)]

    return press


def issued(engagement):
    Engagement.objects.filter(pk=engagement.pk).update(stage="issued")


# Results -----------------------------------------------------------------------------------


def test_what_is_typed_is_saved_and_acknowledged(save, result, preparer):
    answer = save(preparer)

    assert answer.status_code == 200
    saved = answer.json()
    assert datetime.fromisoformat(saved.pop("saved_at")).tzinfo
    assert saved == {
        "version": 2,
        "content_version": 2,
        "changes": 1,
    }
    result.refresh_from_db()
    assert (result.work, result.performed_on, result.performed_by) == (TYPED["work"], date(2026, 11, 10), preparer)


def test_blanks_line_breaks_and_markup_stay_as_they_were_typed(save, result, preparer):
    work = "  一、取得\n  二、<script>alert(1)</script>\n"
    assert save(preparer, work=work).status_code == 200
    result.refresh_from_db()
    assert result.work == work


def test_the_same_again_is_acknowledged_as_no_change(save, preparer):
    save(preparer)
    assert save(preparer, version="2").json()["changes"] == 0


def test_whoever_comes_second_gets_the_other_text_and_overwrites_nothing(save, result, preparer, reviewer):
    theirs = Entry("exception", "下半年未執行。", "", date(2026, 11, 9))
    save_result(result, theirs, version=1, by=reviewer)

    answer = save(preparer)

    assert answer.status_code == 409
    texts = {"work": "下半年未執行。", "reason": "", "departure": ""}
    told = {"version": 2, "theirs": {"outcome": "exception", **texts, "performed_on": "115/11/09"}}
    assert answer.json() | {"detail": ""} == told | {"detail": ""}
    result.refresh_from_db()
    assert result.work == "下半年未執行。"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("performed_on", "115/02/29"),
        ("performed_on", "昨天"),
        ("outcome", "passed"),
        ("work", "長" * 20_001),
        ("work", "a\x00b"),
        ("reason", "長" * 4001),
        ("version", ""),
        ("version", "0"),
    ],
)
def test_wrong_input_is_told_at_its_field_and_changes_nothing(save, result, preparer, field, value):
    answer = save(preparer, **{field: value})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    result.refresh_from_db()
    assert (result.version, result.outcome) == (1, "")


def test_a_day_in_the_future_is_refused_with_its_reason(save, preparer):
    answer = save(preparer, performed_on="199/01/01")
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"__all__": [_("The date performed lies in the future.")]}}


def test_once_the_report_is_issued_nothing_is_saved(save, fieldwork, result, preparer):
    issued(fieldwork)
    answer = save(preparer)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["__all__"]
    result.refresh_from_db()
    assert result.outcome == ""


@pytest.mark.parametrize(
    ("who", "status"),
    [("quality_reviewer", 403), ("broker", 404), ("other_broker", 404), ("other_firm", 404), ("exchange", 404)],
)
def test_who_may_not_write_is_told_nothing(save, result, request, who, status):
    assert save(request.getfixturevalue(who)).status_code == status
    result.refresh_from_db()
    assert result.outcome == ""


def test_without_signing_in_one_is_sent_to_the_door(client, result):
    form = "application/x-www-form-urlencoded"
    answer = client.post(reverse("result-save", args=[result.pk]), urlencode(TYPED), content_type=form)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_acts_are_not_fetched(sign_in, preparer, paper, result):
    client = sign_in(preparer)
    for name, pk in (("result-save", result.pk), ("conclusion-save", paper.pk), ("paper-signoff", paper.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 405


def test_an_unknown_result_is_not_found(sign_in, preparer, paper):
    url = reverse("result-save", args=["00000000-0000-4000-8000-000000000000"])
    assert sign_in(preparer).post(url, TYPED).status_code == 404


def test_saving_asks_the_database_as_little_in_a_full_paper_as_in_an_empty_one(sign_in, fieldwork, preparer):
    client = sign_in(preparer)

    def statements(code, **changes):
        result = ProcedureResult.objects.get(workpaper__engagement=fieldwork, workpaper__code=code, position=1)
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(reverse("result-save", args=[result.pk]), TYPED | changes)
            count = sum("SAVEPOINT" not in query["sql"] for query in captured)
        assert answer.status_code == 200
        return count

    full = Workpaper.objects.get(engagement=fieldwork, code="3.8.5")
    for number in range(8):
        attach(full.results.get(position=1), text(f"{number}.txt", f"item {number}".encode()), by=preparer)
    assert statements("3.8.5") == statements("1.1") == 12  # two of them look for a running revision, and begin one
    again = {"version": "2", "work": "再補一句。"}
    assert statements("3.8.5", **again) == statements("1.1", **again) == 12  # or extend it


# Conclusion --------------------------------------------------------------------------------


def test_the_conclusion_is_saved_with_its_own_version(conclude, paper, preparer):
    answer = conclude(preparer, version=1, conclusion="控制有效執行。\n")
    assert (answer.status_code, answer.json()["version"], answer.json()["content_version"]) == (200, 2, 2)
    paper.refresh_from_db()
    assert paper.conclusion == "控制有效執行。\n"


def test_two_conclusions_meet_and_neither_is_lost(conclude, paper, preparer, reviewer):
    save_conclusion(paper, "甲", version=1, by=reviewer)
    answer = conclude(preparer, version=1, conclusion="乙")
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"conclusion": "甲"})


def test_a_conclusion_that_is_too_long_is_told_so(conclude, preparer):
    answer = conclude(preparer, version=1, conclusion="長" * 4001)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["conclusion"])


def test_an_issued_engagement_takes_no_conclusion(conclude, fieldwork, preparer):
    issued(fieldwork)
    assert conclude(preparer, version=1, conclusion="乙").status_code == 422


# Signatures --------------------------------------------------------------------------------


def test_a_finished_paper_is_signed_and_the_page_says_so(press, finished, preparer):
    answer, said = press(preparer, "prepared")
    assert (answer.status_code, answer.url) == (302, finished.get_absolute_url())
    assert said == ["C-3.8.2 已簽章：編製。"]
    assert SignOff.objects.get(workpaper=finished).user == preparer


def test_an_unfinished_paper_is_not_signed_and_the_page_says_why(press, paper, preparer):
    _answer, said = press(preparer, "prepared")
    missing = [_("Procedure %(no)d: %(what)s") % {"no": no, "what": _("no result")} for no in (1, 2, 3)]
    assert said == [*missing, _("The paper has no conclusion.")]
    assert not SignOff.objects.exists()


def test_nobody_signs_what_they_have_not_seen(press, finished, preparer):
    _answer, said = press(preparer, "prepared", version=finished.content_version - 1)
    assert len(said) == 1
    assert not SignOff.objects.exists()


def test_the_preparer_does_not_review(press, finished, preparer, reviewer):
    press(preparer, "prepared")
    answer, _said = press(preparer, "reviewed")
    assert answer.status_code == 403
    press(reviewer, "reviewed")
    assert list(SignOff.objects.values_list("role", flat=True)) == ["prepared", "reviewed"]


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("quality_reviewer", "prepared", 403),
        ("quality_reviewer", "reviewed", 403),
        ("reviewer", "approved", 403),
        ("broker", "prepared", 404),
        ("other_firm", "approved", 404),
    ],
)
def test_a_signature_needs_its_role(press, finished, request, who, role, status):
    answer, _said = press(request.getfixturevalue(who), role)
    assert answer.status_code == status
    assert not SignOff.objects.exists()


@pytest.mark.parametrize(("role", "version"), [("owner", 1), ("prepared", ""), ("prepared", "x")])
def test_an_altered_form_signs_nothing(press, finished, preparer, role, version):
    answer, said = press(preparer, role, version)
    assert (answer.status_code, len(said)) == (302, 1)
    assert not SignOff.objects.exists()


# Notes -------------------------------------------------------------------------------------


def test_a_reviewer_writes_a_note_and_the_page_hears_of_it(sign_in, paper, reviewer):
    answer = sign_in(reviewer).post(reverse("paper-note", args=[paper.pk]), {"text": "請附掃描件。"})
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, '{"digao:changed": {}}')
    note = Note.objects.get()
    assert (note.anchor_id, note.anchor_label, note.author) == (paper.pk, "C-3.8.2", reviewer)
    assert Event.objects.filter(name="note.written").count() == 1


def test_an_empty_note_is_told_so(sign_in, paper, reviewer):
    answer = sign_in(reviewer).post(reverse("paper-note", args=[paper.pk]), {"text": "  "})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"text": ["請寫明應辦理事項。"]}})


@pytest.mark.parametrize(("who", "status"), [("preparer", 403), ("broker", 404), ("other_firm", 404)])
def test_who_writes_no_notes_here(sign_in, paper, request, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert client.post(reverse("paper-note", args=[paper.pk]), {"text": "?"}).status_code == status
    assert not Note.objects.exists()
