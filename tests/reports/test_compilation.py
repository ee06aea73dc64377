"""From live rows to the binder: everything that was typed, in a constant number of queries."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from evidence.models import Citation, Evidence
from evidence.times import Covered
from findings.models import (
    Finding,
    FindingLink,
    FindingRelease,
    FindingType,
    FollowUp,
    ManagementResponse,
    Severity,
)
from findings.words import words
from foundation.accounts.models import User
from foundation.files.actions import store
from procedures.models import Matrix, Outcome, ProcedureResult, SignOff, Workpaper
from reports import binder as b
from reports import clauses
from reports.clauses import Mark
from reports.compilation import compile_binder
from reports.models import LetterEntries
from signoff.models import Conclusion, ReportVersion

FIXTURE = json.loads((settings.BASE_DIR / "fixtures" / "tpex-sto.json").read_text(encoding="utf-8"))["catalogue"]


def compiled(engagement, **fields):
    return compile_binder(ReportVersion(engagement=engagement, number=1, **fields))


@pytest.fixture
def worked(fieldwork, preparer, partner):
    """C-1.1's first procedure concluded with evidence, its second an exception with a finding."""
    paper = Workpaper.objects.get(engagement=fieldwork, code="1.1")
    first, second = paper.results.order_by("position")
    ProcedureResult.objects.filter(pk=first.pk).update(
        outcome=Outcome.NO_EXCEPTION, work="取得組織圖並檢查。", performed_on=date(2026, 11, 2), performed_by=preparer
    )
    ProcedureResult.objects.filter(pk=second.pk).update(outcome=Outcome.EXCEPTION, work="主管兼任採購。")
    file = store([b"%PDF-1.4 chart"], name="組織圖.pdf", by=preparer)
    piece = Evidence.objects.create(
        engagement=fieldwork, number=7, title="組織圖", file=file, covered_to=date(2026, 12, 31)
    )
    Citation.objects.create(result=first, evidence=piece, page=3, tickmark="✗", cited_by=preparer)
    finding = Finding.objects.create(
        engagement=fieldwork,
        number=2,
        title="職務兼任",
        condition="資安主管兼任採購主管。",
        criterion="應專責。",
        severity=Severity.SIGNIFICANT,
        type=FindingType.DESIGN,
        risk="利益衝突。",
        recommendation="分離職務。",
        raised_by=partner,
    )
    release = FindingRelease.objects.create(
        finding=finding, number=1, wording=words(finding), due_on=date(2027, 1, 5), released_by=partner
    )
    answer = {"text": "同意。", "owner": "人資處", "due_on": date(2027, 6, 30), "recorded_by": partner}
    ManagementResponse.objects.create(release=release, kind="given", **answer)
    FindingLink.objects.create(finding=finding, result=second)
    return fieldwork


def test_the_whole_catalogue_is_there_word_by_word(fieldwork):
    points = list(compiled(fieldwork).points())
    assert [point.code for point in points] == [row["code"] for row in FIXTURE["control_points"]]
    for point, row in zip(points, FIXTURE["control_points"], strict=True):
        assert point.text == row["control_text"]
        assert [line.text for line in point.references] == [line["raw"] for line in row["references"]]
        assert [(p.number, p.label, p.text, list(p.steps)) for p in point.procedures] == [
            (p["no"], p["label"], p["text"], p["steps"]) for p in row["procedures"]
        ]


def test_chapters_and_areas_are_those_of_the_guideline(fieldwork):
    chapters = compiled(fieldwork).chapters
    assert [(chapter.number, len(chapter.areas)) for chapter in chapters] == [(1, 1), (2, 1), (3, 20)]
    assert (chapters[2].areas[0].number, chapters[2].areas[0].title) == (1, "法規盤點")
    assert (chapters[0].areas[0].number, chapters[0].areas[0].title) == (None, "")


def test_a_repealed_regulation_is_noted_beside_its_line(fieldwork):
    lines = [line for point in compiled(fieldwork).points() for line in point.references]
    repealed = [line for line in lines if "廢止" in line.note]
    assert len(repealed) == 39
    assert {line.note for line in repealed} == {"112/04/25 金管銀票字第11202711471號令廢止"}


def test_what_was_done_and_found_is_there(worked):
    point = next(compiled(worked).points())
    first, second = point.procedures
    assert (first.result, first.work, first.performer) == (b.Result.NO_EXCEPTION, "取得組織圖並檢查。", "陳柏翰")
    assert first.performed_on == date(2026, 11, 2)
    assert first.citations == (b.Citation("E-007", "組織圖", 3, "×", "不符"),)
    assert (second.result, second.citations) == (b.Result.EXCEPTION, ())


def test_a_finding_names_its_papers_and_what_article_22_asks_for(worked):
    (finding,) = compiled(worked).findings
    assert finding == b.Finding(
        number="F-02",
        title="職務兼任",
        points=("C-1.1",),
        condition="資安主管兼任採購主管。",
        criterion="應專責。",
        severity=str(Severity.SIGNIFICANT.label),
        category=str(FindingType.DESIGN.label),
        risk="利益衝突。",
        recommendation="分離職務。",
        response="同意。",
        owner="人資處",
        due=date(2027, 6, 30),
    )


def test_evidence_is_listed_with_its_hash(worked):
    (item,) = compiled(worked).evidence
    assert (item.number, item.name, item.until) == ("E-007", "組織圖", date(2026, 12, 31))
    assert item.sha256 == Evidence.objects.get().file.sha256


def test_evidence_says_which_kind_of_time_it_speaks_about_and_on_which_days(worked):
    piece = Evidence.objects.get()
    assert compiled(worked).evidence[0].time is None
    for field, value in Covered.on(date(2026, 3, 1), date(2026, 9, 1)).fields.items():
        setattr(piece, field, value)
    piece.save()
    (item,) = compiled(worked).evidence
    assert (item.time, item.days) == (b.Time.OCCURRENCE, (date(2026, 3, 1), date(2026, 9, 1)))


def test_a_citation_takes_along_what_its_tickmark_said(worked):
    def cited():
        return next(compiled(worked).points()).procedures[0].citations[0]

    assert (cited().tickmark, cited().meaning) == ("×", "不符")
    Citation.objects.update(meaning="與正本不符")
    assert cited().meaning == "與正本不符"


def test_a_matrix_of_clauses_is_frozen_as_it_was_marked(fieldwork):
    result = ProcedureResult.objects.get(workpaper__engagement=fieldwork, workpaper__code="3.14.3", position=1)
    marks = [["yes", "no"] for _step in result.steps]
    marks[1] = ["", "na"]
    Matrix.objects.create(result=result, items=["契約甲", "契約乙"], marks=marks)
    point = next(point for point in compiled(fieldwork).points() if point.code == "3.14.3")
    matrix = point.procedures[0].matrix
    assert matrix.items == ("契約甲", "契約乙")
    assert matrix.marks[:2] == ((Mark.YES, Mark.NO), (None, Mark.NOT_APPLICABLE))
    assert dict(clauses.tested_items(matrix))["契約乙"][:2] == ["×", "N/A"]


def test_only_a_signature_on_the_current_content_counts(fieldwork, preparer, reviewer):
    paper = Workpaper.objects.get(engagement=fieldwork, code="1.1")
    sign = {"workpaper": paper, "content_hash": "x"}
    SignOff.objects.create(role="prepared", user=preparer, content_version=paper.content_version, **sign)
    SignOff.objects.create(role="reviewed", user=reviewer, content_version=paper.content_version - 1, **sign)
    point = next(compiled(fieldwork).points())
    assert point.prepared.name == "陳柏翰"
    assert point.reviewed is None


def test_the_team_comes_with_its_partner_first(fieldwork):
    assert [person.name for person in compiled(fieldwork).evaluators] == ["王怡君", "周文彬", "李佳穎", "陳柏翰"]


def test_an_evaluator_comes_with_certificates_and_experience(fieldwork, preparer):
    qualified = {"certificate": "國際電腦稽核師（CISA）、ISO 27001 主導稽核員", "experience": "資訊安全查核 4 年"}
    User.objects.filter(pk=preparer.pk).update(**qualified)
    evaluator = next(person for person in compiled(fieldwork).evaluators if person.name == preparer.name)
    assert evaluator.certificates == ("國際電腦稽核師（CISA）", "ISO 27001 主導稽核員")
    assert evaluator.experience == "資訊安全查核 4 年"


def test_a_draft_says_what_it_is_and_a_final_version_carries_number_and_date(fieldwork):
    draft = compiled(fieldwork)
    assert (draft.draft, draft.number, draft.report_date) == (True, "", None)
    assert draft.disclose_evidence
    final = compiled(fieldwork, final=True, report_number="115-001", report_date=date(2027, 3, 1))
    assert (final.draft, final.number, final.report_date) == (False, "115-001", date(2027, 3, 1))
    assert not final.disclose_evidence


def test_the_conclusion_is_the_partner_s(fieldwork, partner):
    assert compiled(fieldwork).conclusion is None
    Conclusion.objects.create(engagement=fieldwork, kind="qualified", rationale="重大缺失。", decided_by=partner)
    assert compiled(fieldwork).conclusion is b.Conclusion.QUALIFIED


def test_what_was_entered_for_the_letter_is_there(fieldwork, partner):
    values = {"排除事項": "其他業務之系統", "場所": "臺北", "開業日": ""}
    LetterEntries.objects.create(engagement=fieldwork, values=values, options=["開業未滿一年"], saved_by=partner)
    binder = compiled(fieldwork)
    assert binder.scope == (b.Fact("場所", "臺北"), b.Fact("排除事項", "其他業務之系統"))
    assert {"直接案件", "開業未滿一年"} <= set(binder.letter_options)
    assert b.Value("會計師姓名", "王怡君") in binder.letter_values
    assert "開業日" not in {value.name for value in binder.letter_values}


def test_the_trail_s_head_is_the_one_of_this_moment(fieldwork):
    head = compiled(fieldwork).trail
    assert head.chain == fieldwork.chain
    assert head.sequence > 0
    assert len(head.head) == len(head.manifest) == 64


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        ({"kind": "refused", "text": "另案處理。"}, "（拒絕回覆：另案處理。）"),
        ({"kind": "overdue", "text": ""}, "（逾期未回覆）"),
        ({"kind": "given", "text": "同意。", "source": "會議紀錄"}, "同意。\n（由查核團隊依「會議紀錄」紀錄）"),
    ],
)
def test_a_refusal_a_silence_and_what_the_team_recorded_are_told_apart(worked, partner, answer, printed):
    release = FindingRelease.objects.get()
    ManagementResponse.objects.create(release=release, recorded_by=partner, **answer)
    (finding,) = compiled(worked).findings
    assert finding.response == printed, "the latest answer counts"


def test_earlier_findings_are_printed_as_they_were_assessed(worked, partner):
    known = {"source": "他所 114 年度報告 3 號", "title": "未掃描", "condition": "未執行。", "promised": "改善。"}
    row = FollowUp.objects.create(engagement=worked, number=1, added_by=partner, **known)
    assert [(one.number, one.status) for one in compiled(worked).follow_ups] == [(row.source, "本期尚未查明")]
    FollowUp.objects.update(
        status="unimproved",
        work="抽核紀錄。",
        checked_on=date(2026, 12, 1),
        repeat=Finding.objects.get(),
        assessed_by=partner,
        assessed_at=timezone.now(),
    )
    (printed,) = compiled(worked).follow_ups
    assert printed.status == FollowUp.Status.UNIMPROVED.label
    assert printed.remark == "抽核紀錄。\n前期管理階層回應：改善。\n本期仍列為缺失 F-02"


def test_the_language_of_the_person_who_asks_does_not_matter(worked):
    with translation.override("en"):
        english = compiled(worked)
    assert english.digest() == compiled(worked).digest()


def number_of_queries(engagement):
    with CaptureQueriesContext(connection) as captured:
        compiled(engagement)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_work(worked, preparer):
    queries = number_of_queries(worked)
    results = ProcedureResult.objects.filter(workpaper__engagement=worked)
    results.update(outcome=Outcome.NO_EXCEPTION, performed_by=preparer)
    piece = Evidence.objects.get()
    Citation.objects.filter(evidence=piece).delete()
    Citation.objects.bulk_create(Citation(result=result, evidence=piece, cited_by=preparer) for result in results)
    assert number_of_queries(worked) == queries <= 25
