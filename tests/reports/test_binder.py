"""A binder is canonical: the same content gives the same bytes, and the bytes give the binder back."""

import json
from dataclasses import replace

import pytest

from reports.binder import Binder, Result, Value
from reports.frozen import Malformed, dump, map_texts, texts
from tests.reports.binders import annual, small
from tests.reports.kinds import establishment


@pytest.mark.parametrize("binder", [annual, establishment, small])
def test_a_binder_read_back_is_the_same_binder(binder):
    assert Binder.from_json(binder().to_json()) == binder()


def test_the_bytes_do_not_depend_on_how_the_binder_came_about():
    again = Binder.from_json(annual().to_json())
    assert again.to_json() == annual().to_json()
    assert again.digest() == annual().digest()


def test_a_single_changed_letter_changes_the_digest():
    changed = replace(annual(), letter_values=(*annual().letter_values, Value("目的", "x")))
    assert changed.digest() != annual().digest()


def test_the_bytes_are_json_with_sorted_keys_and_no_spaces():
    content = small().to_json()
    document = json.loads(content)
    assert content == json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("kind"),
        lambda d: d.update(surprise=1),
        lambda d: d.update(schema=1),
        lambda d: d.update(kind="yearly"),
        lambda d: d.update(until="2026-02-30"),
        lambda d: d.update(draft="yes"),
        lambda d: d.update(chapters={}),
        lambda d: d["chapters"][0].update(number="1"),
        lambda d: d["chapters"][0].update(number=True),
    ],
)
def test_anything_that_is_not_a_whole_binder_is_refused(damage):
    document = json.loads(small().to_json())
    damage(document)
    with pytest.raises(Malformed):
        Binder.from_json(json.dumps(document).encode())


def test_a_binder_of_an_older_schema_is_read_and_written_as_it_was():
    document = json.loads(small().to_json()) | {"schema": 2}
    for name in ("letter_template", "letter_version", "superseded"):
        del document[name]
    for point in document["chapters"][0]["areas"][0]["points"]:
        for procedure in point["procedures"]:
            del procedure["matrix"]
    older = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert Binder.from_json(older) == replace(small(), schema=2)
    assert Binder.from_json(older).to_json() == older


def test_bytes_cut_short_are_refused():
    with pytest.raises(Malformed, match="no JSON"):
        Binder.from_json(small().to_json()[:-20])


def test_a_float_cannot_be_frozen():
    with pytest.raises(TypeError, match="float"):
        dump(Value("name", 1.5))


def test_every_text_is_found_with_the_paper_it_stands_in():
    first = annual().chapters[0].areas[0].points[0]
    found = list(texts(annual()))
    assert ("C-1.1", first.procedures[0].work) in found
    assert ("E-001", annual().evidence[0].name) in found
    assert ("F-01", annual().findings[0].risk) in found


def test_changing_texts_changes_nothing_else():
    loud = map_texts(small(), str.upper)
    assert loud.kind is small().kind
    assert loud.until == small().until
    assert loud.chapters[0].areas[0].points[0].procedures[0].result is Result.NO_EXCEPTION
    assert [text for _, text in texts(loud)] == [text.upper() for _, text in texts(small())]
