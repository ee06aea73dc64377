"""What results rest on: written by the apps to the right, read by the paper's gates and its hash."""

import hashlib
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from evidence.citing import cite, uncite
from evidence.models import Citation, Evidence
from evidence.times import Covered
from foundation.trail.hashing import canonical
from foundation.web.refusals import Refused
from procedures.actions import Source, support, unsupport
from procedures.content import content_hash, paper_content
from procedures.models import ProcedureResult, Revision, Support
from procedures.queries import paper_lines
from tests.uploads import attach, pdf


def source(evidence: Evidence, **changes: object) -> Source:
    values = {"kind": Support.Kind.EVIDENCE, "pk": evidence.pk, "digest": evidence.file.sha256, "label": "E-001"}
    return Source(**values | changes)


@pytest.fixture
def evidence(result, preparer) -> Evidence:
    return attach(result, pdf(), covered=Covered.span(date(2026, 1, 1), date(2026, 6, 30)), by=preparer).evidence


def test_a_citation_becomes_a_support_with_digest_and_covered_time(result, evidence):
    row = Support.objects.get(result=result)
    places = canonical({"sha256": evidence.file.sha256, "places": [[None, None, "✓", Citation.objects.get().meaning]]})
    assert (row.kind, row.source, row.digest) == ("evidence", evidence.pk, hashlib.sha256(places).hexdigest())
    assert (row.covered_from, row.covered_to) == (date(2026, 1, 1), date(2026, 6, 30))


def test_a_support_is_part_of_what_is_signed(paper, result, evidence, preparer):
    with_it = content_hash(paper)
    [line] = [line for line in paper_content(paper)["results"] if line["supports"]]
    assert line["supports"][0]["digest"] == Support.objects.get(result=result).digest

    unsupport(result, kind=Support.Kind.EVIDENCE, pk=evidence.pk, by=preparer)
    assert content_hash(paper) != with_it


def test_the_order_of_citing_is_no_part_of_what_is_signed(paper, result, preparer, fieldwork):
    other = paper.results.get(position=2)
    pieces = [attach(other, pdf(f"{n}.pdf", str(n).encode()), by=preparer).evidence for n in range(3)]
    for piece in pieces:
        cite(result, piece, by=preparer)
    forth = content_hash(paper)
    for citation in Citation.objects.filter(result=result):
        uncite(citation, by=preparer)
    for piece in reversed(pieces):
        cite(result, piece, by=preparer)
    assert content_hash(paper) == forth


def test_a_source_supports_a_result_once_and_is_refreshed(result, evidence, preparer):
    support(result, source(evidence, label="E-001 新名稱"), by=preparer)
    assert [row.label for row in Support.objects.filter(result=result)] == ["E-001 新名稱"]


def test_the_database_refuses_the_same_source_twice(result, evidence):
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.create(result=result, kind="evidence", source=evidence.pk, digest="0", label="")


def test_the_database_refuses_a_time_that_ends_before_it_starts(result, evidence):
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.filter(result=result).update(covered_from=date(2026, 7, 1))


def test_taking_away_what_is_not_there_changes_nothing(paper, result, evidence, preparer):
    paper.refresh_from_db()
    before = paper.content_version
    unsupport(paper.results.get(position=2), kind=Support.Kind.EVIDENCE, pk=evidence.pk, by=preparer)
    paper.refresh_from_db()
    assert paper.content_version == before


def test_citing_makes_its_author_an_author_of_the_paper(paper, evidence, preparer):
    assert set(Revision.objects.filter(workpaper=paper).values_list("author", flat=True)) == {preparer.pk}


def test_the_index_counts_a_piece_once_per_paper(fieldwork, paper, result, evidence, preparer):
    cite(paper.results.get(position=2), evidence, by=preparer)
    attach(result, pdf("b.pdf", b"b"), by=preparer)

    [line] = [line for line in paper_lines(fieldwork) if line.code == "3.8.2"]
    assert line.evidence == 2


def test_the_index_costs_the_same_at_one_and_at_ten(fieldwork, paper, result, preparer, django_assert_num_queries):
    attach(result, pdf(), by=preparer)
    with django_assert_num_queries(5):
        paper_lines(fieldwork)
    results = list(ProcedureResult.objects.filter(workpaper__engagement=fieldwork)[20:30])
    for number, one in enumerate(results):
        attach(one, pdf(f"{number}.pdf", str(number).encode()), by=preparer)
    with django_assert_num_queries(5):
        paper_lines(fieldwork)


def test_a_paper_of_another_engagement_is_not_touched(paper, result, evidence, preparer):
    with pytest.raises(Refused):
        attach(result, pdf("x.pdf"), covered=Covered.span(date(2026, 7, 1), date(2026, 6, 30)), by=preparer)
    assert Evidence.objects.count() == 1
