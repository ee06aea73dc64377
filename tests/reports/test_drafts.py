"""A draft from fragments: what is laid out anew, and that nobody can tell it from the same laid out in one pass."""

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.test import override_settings

from reports import engine, fragments, pdf
from tests.reports.binders import annual, small, with_work


def words_of(content: bytes) -> list[list[tuple[str, int, int]]]:
    """Of each page every word with its place in points."""
    answer = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    word = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>(.*?)</word>')
    pages = answer.stdout.decode().split("<page ")[1:]
    return [sorted((text, round(float(x)), round(float(y))) for x, y, text in word.findall(page)) for page in pages]


def outline_of(content: bytes) -> list[tuple[str, int]]:
    """Every bookmark with its page, in depth-first order."""
    with pikepdf.open(io.BytesIO(content)) as document, document.open_outline() as outline:
        pages = {page.objgen: number for number, page in enumerate(document.pages, start=1)}

        def walk(items):
            for item in items:
                yield item.title, pages[item.destination[0].objgen]
                yield from walk(item.children)

        return list(walk(outline.root))


def links_of(content: bytes) -> list[list[str]]:
    """Of each page where its links lead, by name."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return [
            sorted(str(note.Dest) for note in page.get("/Annots", []) if "/Dest" in note) for page in document.pages
        ]


@pytest.fixture
def laid_out(monkeypatch):
    """Notes each document that the engine lays out: its HTML."""
    seen = []
    real = engine.lay_out
    monkeypatch.setattr(engine, "lay_out", lambda html, variant: seen.append(html) or real(html, variant))
    return seen


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The whole draft, from fragments and in one pass."""
    with override_settings(FRAGMENT_ROOT=tmp_path_factory.mktemp("fragments")):
        return pdf.render(annual()), pdf.in_one_pass(annual(), annual().digest())


def test_every_word_stands_where_one_pass_puts_it(both):
    drawn, whole = both
    assert words_of(drawn.content) == words_of(whole.content)


def test_bookmarks_lead_to_the_same_pages(both):
    drawn, whole = both
    assert outline_of(drawn.content) == outline_of(whole.content)
    assert drawn.outline == whole.outline


def test_links_lead_to_the_same_places(both):
    drawn, whole = both
    assert links_of(drawn.content) == links_of(whole.content)


def test_it_is_not_larger_than_twice_one_pass(both):
    drawn, whole = both
    assert len(drawn.content) < 2 * len(whole.content)


def test_only_the_part_that_changed_is_laid_out_again(laid_out):
    before = with_work("檢查紀錄。")
    pdf.render(before)
    laid_out.clear()
    pdf.render(with_work("檢查紀錄及簽核。"))
    parts, _shell = laid_out
    assert re.findall(r'class="part" id="([^"]*)"', parts) == ["part-details-1-0", "part-trail"]


def test_the_same_draft_again_lays_out_nothing_but_its_shell(laid_out):
    first = pdf.render(small())
    laid_out.clear()
    assert pdf.render(small()).content == first.content
    assert len(laid_out) == 1


def test_an_edited_draft_is_the_same_as_one_laid_out_afresh(settings, tmp_path):
    pdf.render(small())
    mixed = pdf.render(with_work("改過的內容。"))
    settings.FRAGMENT_ROOT = tmp_path / "another"
    assert words_of(mixed.content) == words_of(pdf.render(with_work("改過的內容。")).content)


@pytest.mark.parametrize(("suffix", "damage"), [(".json", b"null"), (".pdf", b"%PDF-1.7 half")])
def test_a_damaged_fragment_is_laid_out_again(settings, suffix, damage):
    whole = pdf.render(small())
    for file in Path(settings.FRAGMENT_ROOT).glob(f"*{suffix}"):
        file.write_bytes(damage)
    assert words_of(pdf.render(small()).content) == words_of(whole.content)


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b"[]", b'{"document": "x"}', b'{"document": 1, "first": 0}'])
def test_what_is_no_fragment_is_not_found(settings, damage):
    Path(settings.FRAGMENT_ROOT).mkdir()
    (Path(settings.FRAGMENT_ROOT) / "key.json").write_bytes(damage)
    assert fragments.Shelf().find("key") is None


def test_a_worker_killed_between_document_and_parts_leaves_nothing_wrong(settings, monkeypatch):
    real = fragments._write

    def killed(name, content):
        real(name, content)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(fragments, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            pdf.render(small())
    assert pdf.render(small()).pages == pdf.in_one_pass(small(), small().digest()).pages


def test_what_was_used_longest_ago_is_cleared_away_first(settings):
    pdf.render(small())
    settings.FRAGMENT_CACHE_BYTES = sum(file.stat().st_size for file in Path(settings.FRAGMENT_ROOT).iterdir()) + 10
    pdf.render(with_work("甲。"))
    kept = {file.name for file in Path(settings.FRAGMENT_ROOT).iterdir()}
    assert sum((Path(settings.FRAGMENT_ROOT) / name).stat().st_size for name in kept) <= settings.FRAGMENT_CACHE_BYTES
    assert pdf.render(with_work("甲。")).pages > 5


def test_the_folder_is_for_the_service_s_own_eyes(settings):
    pdf.render(small())
    root = Path(settings.FRAGMENT_ROOT)
    assert root.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in root.iterdir()} == {0o600}


def test_a_digest_in_print_is_that_of_the_frozen_binder_though_a_character_is_spelled_out():
    binder = with_work("完成😀。")
    (last,) = words_of(pdf.render(binder).content)[-1:]
    assert binder.digest() in "".join(word for word, _x, _y in sorted(last, key=lambda each: (each[2], each[1])))
