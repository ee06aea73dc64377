"""Language and cost of the page: the same queries for little and for much."""

import re
from datetime import date

import pytest

from engagements.noting import reply_to_note, write_note
from evidence.models import Citation
from findings.actions import raise_finding
from procedures.actions import Entry
from procedures.models import Workpaper
from tests.desk.workpaper.reading import WORDING, words
from tests.uploads import answer_request, pdf, text

# Language and cost -------------------------------------------------------------------------


def test_in_english_nothing_of_ours_is_chinese(page, preparer):
    html = page(preparer, language="en")
    sheet = html.split('<article class="sheet">')[1].split("</article>")[0]
    ours = words(re.sub(r'<(\w+)[^>]* lang="zh-Hant-TW">.*?</\1>', " ", sheet, flags=re.DOTALL))
    assert "C-3.8.2 Vulnerability scanning" in ours
    left = [word for word in re.findall(r"[\u4e00-\u9fff]+", ours) if word not in "安信數位證券股份有限公司弱點掃描"]
    assert left == []


@pytest.mark.parametrize("query", [{}, {"part": "acts"}])
def test_a_paper_costs_as_many_queries_with_thirteen_procedures_as_with_one(
    statements, fieldwork, fill, preparer, reviewer, query
):
    small = Workpaper.objects.get(engagement=fieldwork, code="3.14.3")
    large = Workpaper.objects.get(engagement=fieldwork, code="3.8.5")
    assert (small.results.count(), large.results.count()) == (1, 14)
    bare, empty = statements(small, **query), statements(large, **query)
    fill(large, Entry("exception", "未執行。", "", date(2026, 11, 9)))
    raise_finding(large.results.get(position=1), WORDING, by=preparer)
    write_note(fieldwork, anchor=large, text="請補充。", by=reviewer)
    assert Citation.objects.filter(result__workpaper=large).count() == 14
    assert bare <= statements(large, **query) == empty <= 18


@pytest.mark.parametrize("side", ["requests", "notes", "history"])
def test_a_side_costs_the_same_when_it_is_full(statements, paper, fieldwork, fill, preparer, reviewer, broker, side):
    empty = statements(paper, part="side", side=side)
    fill(paper)
    for request in fieldwork.requests.filter(title__startswith="弱點掃描"):
        answer_request(request, [pdf(), text()], by=broker)
    for number in range(3):
        reply_to_note(write_note(fieldwork, anchor=paper, text=f"{number}", by=reviewer), text="好", by=preparer)
    assert statements(paper, part="side", side=side) == empty <= 15
