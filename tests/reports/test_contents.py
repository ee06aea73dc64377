"""The chapters that are worked out from the procedures."""

from collections import Counter

from reports import contents
from reports.binder import Citation, Result
from tests.reports.binders import annual, small, with_procedures
from tests.reports.kinds import establishment


def test_one_line_for_each_of_chapters_one_and_two_and_for_each_area_of_chapter_three():
    titles = [tally.title for tally in contents.tallies(annual())]
    assert len(titles) == 22
    assert titles[:3] == ["一、組織與人員管理", "二、客戶註冊程序、契約簽訂及身分驗證", "（一）法規盤點"]


def test_the_lines_add_up_to_the_whole_catalogue():
    tallies = contents.tallies(annual())
    assert sum(tally.points for tally in tallies) == contents.total(annual()).points == 69
    assert sum((tally.results for tally in tallies), Counter()) == contents.total(annual()).results
    assert contents.total(annual()).total == 230


def test_the_four_exercises_come_from_their_own_procedures():
    found = [(exercise.code, entry.procedure.number) for exercise, entry in contents.exercises(annual())]
    assert found == [("3.11", 4), ("3.10.8", 3), ("3.15", 4), ("3.9.2", 2)]
    assert all("演練" in e.procedure.text or "回存" in e.procedure.text for _, e in contents.exercises(annual()))


def test_an_exercise_outside_the_engagement_is_left_out():
    assert list(contents.exercises(small())) == []


def test_procedures_without_verdict_are_listed_by_result_with_reasons():
    listed = contents.open_items(annual())
    assert [(result, len(entries)) for result, entries in listed] == [
        (Result.NOT_APPLICABLE, 4),
        (Result.NO_OCCURRENCE, 3),
        (Result.NOT_YET_OPERATING, 1),
        (Result.SCOPE_LIMITATION, 1),
    ]
    assert all(entry.procedure.reason for _, entries in listed for entry in entries)


def test_evidence_is_numbered_under_its_kinds():
    kinds = contents.evidence_by_kind(annual())
    assert list(kinds) == ["系統設定", "紀錄", "契約", "清單", "制度文件"]
    assert kinds["系統設定"][:2] == ["E-001", "E-006"]
    assert sum(map(len, kinds.values())) == 120


def test_the_legend_says_each_tickmark_once_in_the_order_of_use():
    assert contents.legend(annual()) == {"✓": ["核對相符"], "△": ["重新計算相符"]}
    assert contents.ambiguous_signs(annual()) == set()


def test_a_tickmark_that_was_given_another_meaning_has_both():
    cited = tuple(Citation("E-001", tickmark="✓", meaning=meaning) for meaning in ("核對相符", "核對正本相符"))
    binder = with_procedures({"citations": cited}, {"citations": cited[:1]})
    assert contents.legend(binder) == {"✓": ["核對相符", "核對正本相符"]}
    assert contents.ambiguous_signs(binder) == {"✓"}


def test_what_was_added_and_what_was_departed_from_is_listed():
    binder = with_procedures({"added": True}, {"departure": "改以系統畫面檢查。"})
    first, second = next(binder.points()).procedures[:2]
    assert [entry.procedure for entry in contents.additions(binder)] == [first]
    assert [entry.procedure for entry in contents.departures(binder)] == [second]


def test_what_has_not_run_yet_is_neither_an_exception_nor_not_applicable():
    results = contents.total(establishment()).results
    assert results[Result.EXCEPTION] == 0
    assert results[Result.NOT_YET_OPERATING] == 5


def test_sections_are_numbered_in_chinese_in_their_order():
    assert [section.ordinal for section in contents.Section] == list("一二三四五六七八九")
    assert contents.Section.FINDINGS.heading == "第六章　缺失及改善建議"
