"""Replying to review notes and resolving them."""

import pytest
from django.urls import reverse

from engagements.models import Engagement, Note
from engagements.noting import write_note


@pytest.fixture
def note(fieldwork, paper, reviewer):
    return write_note(fieldwork, anchor=paper, text="請附掃描件。", by=reviewer)


def reply(client, note, text):
    return client.post(reverse("note-reply", args=[note.pk]), {"text": text})


def resolve(client, note):
    return client.post(reverse("note-resolve", args=[note.pk]))


def test_a_reply_joins_the_thread(sign_in, note, preparer):
    answer = reply(sign_in(preparer), note, "已附於 E-035。")
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, '{"digao:changed": {}}')
    joined = Note.objects.get(parent=note)
    assert (joined.text, joined.anchor_id, joined.author) == ("已附於 E-035。", note.anchor_id, preparer)


def test_an_empty_reply_is_told_so(sign_in, note, preparer):
    answer = reply(sign_in(preparer), note, " ")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["text"])
    assert Note.objects.count() == 1


def test_a_reply_on_a_file_that_was_closed_meanwhile_is_refused_with_the_reason(sign_in, note, preparer):
    Engagement.objects.filter(pk=note.engagement_id).update(stage="issued")
    answer = reply(sign_in(preparer), note, "已附。")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["__all__"])
    assert Note.objects.count() == 1


def test_a_thread_has_one_level(sign_in, note, preparer):
    client = sign_in(preparer)
    reply(client, note, "已附。")
    assert reply(client, Note.objects.get(parent=note), "再附。").status_code == 404


def test_whoever_wrote_a_note_resolves_it(sign_in, note, reviewer):
    assert resolve(sign_in(reviewer), note).status_code == 204
    note.refresh_from_db()
    assert note.resolved_by == reviewer


def test_the_partner_resolves_any_note(sign_in, note, partner):
    assert resolve(sign_in(partner), note).status_code == 204


def test_others_who_write_notes_do_not_resolve_this_one(sign_in, note, quality_reviewer):
    answer = resolve(sign_in(quality_reviewer), note)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["__all__"])
    note.refresh_from_db()
    assert note.is_open


def test_the_preparer_does_not_resolve(sign_in, note, preparer):
    assert resolve(sign_in(preparer), note).status_code == 403


@pytest.mark.parametrize("who", ["broker", "other_broker", "other_firm", "exchange", "admin"])
def test_others_do_not_learn_of_notes(sign_in, note, request, who):
    client = sign_in(request.getfixturevalue(who))
    assert reply(client, note, "?").status_code == 404
    assert resolve(client, note).status_code == 404
    assert Note.objects.count() == 1


def test_acts_are_not_fetched(sign_in, note, reviewer):
    client = sign_in(reviewer)
    assert client.get(reverse("note-reply", args=[note.pk])).status_code == 405
    assert client.get(reverse("note-resolve", args=[note.pk])).status_code == 405
