"""Searching the catalogue."""

import pytest

from controls.search import Excerpt, search

pytestmark = pytest.mark.django_db


def codes(hits):
    return [hit.point.code for hit in hits]


def test_a_two_character_word_is_found_wherever_it_stands(version):
    assert codes(search(version, "弱點")) == ["3.8.1", "3.8.2", "3.14.5"]


def test_every_hit_says_where(version, english):
    hit = next(hit for hit in search(version, "弱點") if hit.point.code == "3.8.2")
    assert hit.excerpts[1] == Excerpt("Procedure 1", "取得公司訂定", "弱點", "掃描作業程序。")
    assert [excerpt.place for excerpt in hit.excerpts] == ["Control text", "Procedure 1", "Procedure 2", "Procedure 3"]


def test_a_long_text_is_cut_around_the_word(version):
    excerpt = search(version, "協調督導")[0].excerpts[0]
    assert (excerpt.found, excerpt.before[0], excerpt.after[-1]) == ("協調督導", "(", "…")
    assert len(excerpt.after) == 31


def test_a_code_is_found(version):
    assert codes(search(version, "3.8.")) == ["3.8.1", "3.8.2", "3.8.3", "3.8.4", "3.8.5", "3.8.6"]


def test_titles_are_found_in_both_languages(version, english):
    assert "3.6" in codes(search(version, "金鑰管理"))
    assert codes(search(version, "security certifications")) == ["1.2"]


def test_a_sub_step_is_found(version):
    assert codes(search(version, "密碼變更歷程次數")) == ["2.1.2"]


def test_an_expected_document_is_found(version, english):
    hits = search(version, "DDoS演練紀錄")
    assert codes(hits) == ["3.10.8"]
    assert hits[0].excerpts[0].place == "Document of procedure 3"


def test_a_reference_is_found(version):
    assert codes(search(version, "廣告、業務招攬")) == ["3.19"]
    assert len(search(version, "電子支付機構資訊系統標準")) == 39


def test_a_preamble_is_found(version):
    assert codes(search(version, "行動裝置應用程式供客戶使用時：")) == ["3.7.4.2"]


def test_several_words_must_all_stand_in_the_control_point(version):
    assert codes(search(version, "弱點 半年")) == ["3.8.2"]


def test_case_and_width_of_letters_make_no_difference(version):
    assert (
        codes(search(version, "qr code"))
        == codes(search(version, "QR CODE"))
        == codes(search(version, "ＱＲ　Ｃｏｄｅ"))
    )
    assert len(search(version, "qr code")) == 2


def test_full_width_punctuation_is_found_by_half_width_and_itself(version):
    assert codes(search(version, "供客戶使用時：")) == codes(search(version, "供客戶使用時:")) == ["3.7.4.2"]


@pytest.mark.parametrize("query", ["", "   ", "\u3000"])
def test_nothing_finds_nothing(version, query):
    assert search(version, query) == []


@pytest.mark.parametrize("query", ["%", "_", "\\", '"', "[", "' OR 1=1", "\x00", "\ud800", "弱" * 5000])
def test_signs_mean_nothing_but_themselves(version, query):
    assert search(version, query) == []


def test_the_number_of_queries_is_the_same_for_few_and_many_hits(version, django_assert_num_queries):
    for query in ("弱點", "公司", "nothing at all"):
        with django_assert_num_queries(5):
            search(version, query)
