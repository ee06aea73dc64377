"""The trail page, the sentences on it, and `manage.py verify_trail`."""

import ast
import io
import json
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from desk.sentences import NOUNS, PHRASES, noun_of, sentences
from desk.witnesses import verify_everything
from foundation.files.actions import store
from foundation.files.models import StoredFile
from foundation.trail.actions import record
from foundation.trail.models import Chain, Event
from procedures.models import SignOff, Workpaper
from signoff.lifecycle import advance


def page_of(client, engagement, **query: str) -> str:
    answer = client.get(f"/engagements/{engagement.pk}/trail/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers_on(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'class="seq code">(\d+)<', page)]


# Page ----------------------------------------------------------------------------------------


def test_events_stand_newest_first(sign_in, planned, partner):
    numbers = numbers_on(page_of(sign_in(partner), planned))
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1


def test_fifty_events_make_a_page(sign_in, fieldwork, partner, preparer):
    for _ in range(60):
        record("note.written", chain=fieldwork.chain, by=preparer, about=fieldwork)
    client = sign_in(partner)
    total = Event.objects.filter(chain__key=fieldwork.chain).count()
    assert len(numbers_on(page_of(client, fieldwork))) == 50
    assert len(numbers_on(page_of(client, fieldwork, page="2"))) == total - 50


@pytest.mark.parametrize("page", ["-1", "0", "99999", "x"])
def test_a_page_that_does_not_exist_shows_one_that_does(sign_in, engagement, partner, page):
    assert numbers_on(page_of(sign_in(partner), engagement, page=page))


def test_events_are_filtered_by_what_they_are_about(sign_in, planned, partner):
    page = page_of(sign_in(partner), planned, event="member")
    assert len(numbers_on(page)) == 3


def test_events_are_filtered_by_person(sign_in, planned, partner, preparer):
    record("note.written", chain=planned.chain, by=preparer, about=planned)
    assert len(numbers_on(page_of(sign_in(partner), planned, person=str(preparer.pk)))) == 1


@pytest.mark.parametrize("query", [{"event": "nothing"}, {"person": "nobody"}, {"person": "\x00"}, {"event": "' OR 1"}])
def test_a_filter_that_is_not_offered_filters_nothing(sign_in, planned, partner, query):
    assert (
        len(numbers_on(page_of(sign_in(partner), planned, **query)))
        == Event.objects.filter(chain__key=planned.chain).count()
    )


def test_the_page_shows_head_and_raw_facts(sign_in, planned, partner):
    page = page_of(sign_in(partner), planned)
    assert bytes(Chain.objects.get(key=planned.chain).head).hex() in page
    assert "engagement.moved" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("reviewer", 200), ("quality_reviewer", 200), ("preparer", 403), ("broker", 403), ("other_firm", 404)],
)
def test_seniors_read_the_trail(sign_in, engagement, who, status, request):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/engagements/{engagement.pk}/trail/").status_code == status


def test_reasons_with_markup_are_text(sign_in, engagement, partner):
    record("note.written", chain=engagement.chain, by=partner, about=engagement, reason="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(sign_in(partner), engagement)


def test_ten_times_the_events_cost_the_same_queries(sign_in, engagement, partner):
    client = sign_in(partner)
    page_of(client, engagement)
    with CaptureQueriesContext(connection) as few:
        page_of(client, engagement)
    for _ in range(40):
        record("note.written", chain=engagement.chain, by=partner, about=engagement)
    with CaptureQueriesContext(connection) as many:
        page_of(client, engagement)
    assert len(many) == len(few)


# Verify --------------------------------------------------------------------------------------


@contextmanager
def unguarded(table: str):
    """Take the database's guards off a table, as somebody with the file or the owner's rights could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verified(client, engagement, **headers: str) -> str:
    return client.get(f"/engagements/{engagement.pk}/trail/verification/", headers=headers).content.decode()


def test_a_whole_chain_is_said_to_be_whole(sign_in, engagement, partner):
    assert "完整：已驗證 4 筆紀錄" in verified(sign_in(partner), engagement, HX_Request="true")


def test_htmx_gets_the_verdict_alone_and_others_the_page(sign_in, engagement, partner):
    client = sign_in(partner)
    assert "<html" not in verified(client, engagement, HX_Request="true")
    assert "<html" in verified(client, engagement)


def test_a_changed_event_is_found_and_named(sign_in, engagement, partner):
    with unguarded("trail_event"):
        event = Event.objects.get(chain__key=engagement.chain, seq=2)
        Event.objects.filter(pk=event.pk).update(body=bytes(event.body).replace(b"manager", b"partner"))
    page = verified(sign_in(partner), engagement, HX_Request="true")
    assert "軌跡已遭破壞" in page
    assert "2" in page


# Command -------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit status and what it said."""
    said = io.StringIO()
    try:
        call_command("verify_trail", *arguments, stdout=said, stderr=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def signed(paper, preparer) -> SignOff:
    """A sign-off with its event, as the verb leaves them."""
    signoff = SignOff.objects.create(
        workpaper=paper, role="prepared", user=preparer, content_version=1, content_hash="ab" * 32
    )
    facts = {"signoff": signoff.pk, "content": 1, "hash": signoff.content_hash}
    record("workpaper.prepared", chain=paper.engagement.chain, by=preparer, about=paper, facts=facts)
    return signoff


def test_a_whole_trail_ends_with_0(signed):
    status, said = run()
    assert status == 0
    assert "軌跡完整" in said


def test_as_json_it_counts_what_it_looked_at(signed):
    status, said = run("--json")
    told = json.loads(said)
    assert (status, told["status"], told["problems"], told["unread"]) == (0, 0, [], [])
    assert told["events"] == Event.objects.count()


def test_a_signature_without_event_ends_with_1_and_is_named(signed, paper, reviewer):
    forged = SignOff.objects.create(
        workpaper=paper, role="reviewed", user=reviewer, content_version=1, content_hash="cd" * 32
    )
    status, said = run()
    assert status == 1
    assert f"procedures.SignOff {forged.pk}" in said


def test_a_signature_that_was_moved_to_another_content_is_found(signed):
    with unguarded("procedures_signoff"):
        SignOff.objects.filter(pk=signed.pk).update(content_hash="cd" * 32)
    assert [problem.place for problem in verify_everything().problems] == [
        f"procedures.SignOff {signed.pk} {'cd' * 32}"
    ]


def test_changed_bytes_of_a_file_are_found(db, partner):
    file = store([b"evidence"], name="a.txt", by=partner)
    path = Path(settings.EVIDENCE_ROOT) / file.key
    path.write_bytes(b"EVIDENCE")
    status, said = run()
    assert status == 1
    assert str(file.pk) in said


def test_a_missing_file_is_found(db, partner):
    file = store([b"evidence"], name="a.txt", by=partner)
    (Path(settings.EVIDENCE_ROOT) / file.key).unlink()
    assert run()[0] == 1


def test_a_file_that_cannot_be_read_ends_with_2(db, partner, monkeypatch):
    store([b"evidence"], name="a.txt", by=partner)
    monkeypatch.setattr(StoredFile, "open", lambda _self: (_ for _ in ()).throw(OSError("I/O error")))
    status, said = run()
    assert status == 2
    assert "I/O error" in said


def test_a_database_that_does_not_answer_ends_with_2(db, monkeypatch):
    monkeypatch.setattr(
        "desk.management.commands.verify_trail.verify_everything",
        lambda _anchors: (_ for _ in ()).throw(DatabaseError("gone")),
    )
    status, said = run()
    assert status == 2
    assert "gone" in said


def test_an_anchor_that_holds_is_no_problem(engagement):
    chain = Chain.objects.get(key=engagement.chain)
    assert run("--anchor", f"{chain.key}@{chain.seq}={bytes(chain.head).hex()}")[0] == 0


def test_an_anchor_that_does_not_hold_ends_with_1(engagement):
    assert run("--anchor", f"{engagement.chain}@1={'00' * 32}")[0] == 1


def test_an_anchor_that_is_none_is_refused(db):
    with pytest.raises(CommandError):
        run("--anchor", "nonsense")


# Sentences -----------------------------------------------------------------------------------


def recorded_names() -> set[str]:
    """The names of events that the code records, as far as they stand in it as text."""
    folders = (
        "foundation",
        "controls",
        "engagements",
        "procedures",
        "evidence",
        "findings",
        "signoff",
        "reports",
        "desk",
    )
    calls = (
        node
        for folder in folders
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "record_apart"}
    )
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_event_has_its_phrase():
    assert recorded_names() - set(PHRASES) == set()


def test_every_signature_on_a_paper_has_its_phrase():
    assert {f"workpaper.{role}" for role in SignOff.Role} - set(PHRASES) == set()


def test_every_event_belongs_to_a_kind_that_can_be_chosen():
    assert {noun_of(name) for name in PHRASES} - set(NOUNS) == set()


def test_a_sentence_says_stages_and_answers_in_words(planned, partner):
    said = [line.text for line in sentences(Event.objects.filter(chain__key=planned.chain).order_by("-seq")[:2])]
    assert said[0] == "將案件由「承接」移至「規劃」"
    assert re.fullmatch(r"回答業務概況「.+」：是", said[1])


def test_an_event_that_nobody_foresaw_is_told_by_its_name(engagement, partner):
    event = record("moon.landed", chain=engagement.chain, by=partner, about=engagement)
    assert sentences([event])[0].text == "moon.landed 安信數位證券 115 年度評估"


def test_a_fact_that_is_missing_leaves_a_gap(engagement, partner):
    event = record("engagement.moved", chain=engagement.chain, by=partner, about=engagement)
    assert sentences([event])[0].text == "將案件由「…」移至「…」"


def test_the_system_acts_under_its_own_name(engagement):
    event = record("report.failed", chain=engagement.chain, by=None, about=engagement)
    assert sentences([event])[0].actor == "系統"


def test_per_cent_signs_in_a_label_do_no_harm(engagement, partner):
    paper = Workpaper(engagement=engagement, code="100%s")
    event = record("note.written", chain=engagement.chain, by=partner, about=paper)
    assert "C-100%s" in sentences([event])[0].text


def test_moving_on_is_told_by_the_labels_of_the_stages(engagement, partner):
    advance(engagement, expected="acceptance", by=partner)
    event = Event.objects.filter(chain__key=engagement.chain).order_by("-seq").first()
    assert "規劃" in sentences([event])[0].text
