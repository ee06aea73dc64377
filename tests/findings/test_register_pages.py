"""The working register: filters, releasing several, what came another way; groups and earlier findings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from controls.models import ReferenceLine
from engagements.models import Engagement, Stage
from findings.actions import raise_finding, save_finding
from findings.criteria import LIST_NUMBER
from findings.following_up import add_follow_up, assess
from findings.grouping import Judgement, group_findings
from findings.models import AnswerState, Finding, FindingGroup, FindingRelease, FollowUp, ManagementResponse
from findings.releasing import first_due, release_findings
from procedures.models import ProcedureResult

from .conftest import WORDING
from .test_follow_ups import REPORT, assessment


def register(client, engagement, query: str = "", **headers) -> str:
    answer = client.get(reverse("finding-list", args=[engagement.pk]) + query, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(client, finding) -> str:
    return client.get(finding.get_absolute_url()).content.decode()


@pytest.fixture
def other(exception, preparer) -> Finding:
    return raise_finding(exception, WORDING | {"title": "掃描結果未追蹤", "severity": "minor"}, by=preparer)


def test_the_register_is_narrowed_by_severity_and_by_state(sign_in, fieldwork, release, finding, other, preparer):
    client = sign_in(preparer)
    for query, shown in (("?severity=minor", other), ("?state=awaited", finding), ("?state=unreleased", other)):
        page = register(client, fieldwork, query, **{"HX-Request": "true"})
        assert [row.title in page for row in (finding, other)] == [row == shown for row in (finding, other)]


@pytest.mark.parametrize("query", ["?severity=terrible", "?state=x&severity=%00"])
def test_an_odd_filter_narrows_nothing(sign_in, fieldwork, finding, preparer, query):
    assert WORDING["title"] in register(sign_in(preparer), fieldwork, query)


def test_several_are_released_from_the_register(sign_in, fieldwork, finding, other, reviewer):
    chosen = {"findings": [finding.pk, other.pk], "due_on": "199/12/31"}
    answer = sign_in(reviewer).post(reverse("finding-releases", args=[fieldwork.pk]), chosen)
    assert (answer.status_code, FindingRelease.objects.count()) == (302, 2)


def test_a_release_that_is_refused_keeps_the_choice(sign_in, fieldwork, finding, other, reviewer):
    chosen = {"findings": [finding.pk], "due_on": "100/12/31"}
    answer = sign_in(reviewer).post(reverse("finding-releases", args=[fieldwork.pk]), chosen)
    page = answer.content.decode()
    assert (answer.status_code, FindingRelease.objects.count()) == (422, 0)
    assert 'value="100/12/31"' in page
    assert page.count("checked") >= 1


def test_the_register_says_loudly_what_was_changed_since_its_release(sign_in, fieldwork, release, finding, reviewer):
    client = sign_in(reviewer)
    assert 'class="badge bad"' not in register(client, fieldwork)
    save_finding(finding, {"risk": "更高"}, version=1, by=reviewer)
    assert 'class="badge bad"' in register(client, fieldwork)
    assert "note warn" in page_of(client, finding)


def test_juniors_release_nothing(sign_in, fieldwork, finding, preparer):
    client = sign_in(preparer)
    assert 'id="releasing"' not in register(client, fieldwork)
    for name, pk in (("finding-releases", fieldwork.pk), ("finding-release", finding.pk)):
        assert client.post(reverse(name, args=[pk]), {"findings": finding.pk}).status_code == 403


def test_one_is_released_on_its_page_and_an_answer_recorded_there(sign_in, finding, reviewer):
    client = sign_in(reviewer)
    client.post(reverse("finding-release", args=[finding.pk]), {"due_on": "199/12/31"})
    said = {"kind": "given", "text": "同意。", "source": "函", "owner": "", "due_on": ""}
    answer = client.post(reverse("finding-answer", args=[finding.pk]), said)
    assert (answer.status_code, ManagementResponse.objects.get().source) == (302, "函")


def test_a_record_without_its_source_is_refused_and_kept(sign_in, release, finding, reviewer):
    said = {"kind": "given", "text": "剛打的回應", "source": ""}
    answer = sign_in(reviewer).post(reverse("finding-answer", args=[finding.pk]), said)
    assert (answer.status_code, ManagementResponse.objects.count()) == (422, 0)
    assert "剛打的回應" in answer.content.decode()


def test_silence_can_be_recorded_once_the_day_has_passed(sign_in, overdue, finding, reviewer):
    client = sign_in(reviewer)
    url = reverse("finding-silence", args=[finding.pk])
    assert url in page_of(client, finding)
    client.post(url)
    assert str(AnswerState.SILENT.label) in page_of(client, finding)


def test_the_criterion_can_be_taken_from_the_control_point_or_its_rules(sign_in, finding, exception, preparer):
    page = page_of(sign_in(preparer), finding)
    point = exception.workpaper.point
    for line in point.references.all():
        assert f'data-text="{LIST_NUMBER.sub("", line.printed)}"' in page
    assert f"{point.index}：" in page
    assert page.count('data-fill="id_criterion"') == point.references.count() + 1


def test_a_repealed_rule_is_offered_with_its_note(sign_in, fieldwork, except_from, preparer):
    repealed = ReferenceLine.objects.repealed().filter(point__version=fieldwork.catalogue_id).first()
    result = ProcedureResult.objects.filter(workpaper__engagement=fieldwork, procedure__point=repealed.point).first()
    page = page_of(sign_in(preparer), raise_finding(except_from(result), WORDING, by=preparer))
    assert 'class="badge repealed"' in page[page.index(LIST_NUMBER.sub("", repealed.printed)) :]


# Groups ------------------------------------------------------------------------------------


GROUP = {"title": "弱點管理", "because": "同一原因。", "severity": "significant", "bears": ""}


def test_findings_are_judged_together_and_taken_apart_again(sign_in, fieldwork, finding, other, preparer):
    client = sign_in(preparer)
    new = reverse("finding-group-new", args=[fieldwork.pk])
    assert client.get(new).status_code == 200
    client.post(new, {**GROUP, "members": [finding.pk, other.pk]})
    group = FindingGroup.objects.get()
    assert "G-01" in register(client, fieldwork)
    assert "弱點管理" in page_of(client, finding)
    client.post(reverse("finding-group-dissolution", args=[group.pk]))
    assert (FindingGroup.objects.count(), Finding.objects.count()) == (0, 2)


def test_a_group_of_one_is_refused_and_what_was_typed_kept(sign_in, fieldwork, finding, preparer):
    url = reverse("finding-group-new", args=[fieldwork.pk])
    answer = sign_in(preparer).post(url, {**GROUP, "members": [finding.pk]})
    assert (answer.status_code, FindingGroup.objects.count()) == (422, 0)
    assert "同一原因。" in answer.content.decode()


# Earlier findings --------------------------------------------------------------------------


def test_an_earlier_finding_is_entered_and_assessed(sign_in, fieldwork, preparer):
    client = sign_in(preparer)
    client.post(reverse("follow-up-add", args=[fieldwork.pk]), REPORT)
    row = FollowUp.objects.get()
    assert row.title in client.get(reverse("follow-up-list", args=[fieldwork.pk])).content.decode()
    said = {"version": 1, "status": "improved", "work": "抽核紀錄。", "checked_on": timezone.localdate().isoformat()}
    assert client.post(reverse("follow-up-assessment", args=[row.pk]), said).status_code == 302
    assert FollowUp.objects.get().is_assessed


def test_two_assessments_at_once_show_both_texts_and_lose_neither(sign_in, fieldwork, preparer, reviewer):
    row = add_follow_up(fieldwork, REPORT, by=preparer)
    assess(row, assessment(work="甲的說明"), version=1, by=reviewer)
    said = {"version": 1, "status": "improving", "work": "乙的說明", "checked_on": "115/11/02"}
    client = sign_in(preparer)
    answer = client.post(reverse("follow-up-assessment", args=[row.pk]), said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "甲的說明" in page
    assert "乙的說明</textarea>" in page
    assert client.post(reverse("follow-up-assessment", args=[row.pk]), {**said, "version": 2}).status_code == 302
    assert FollowUp.objects.get().work == "乙的說明"


@pytest.mark.parametrize("missing", ["source", "title", "condition"])
def test_an_incomplete_entry_is_marked_and_kept(sign_in, fieldwork, preparer, missing):
    answer = sign_in(preparer).post(reverse("follow-up-add", args=[fieldwork.pk]), {**REPORT, missing: ""})
    assert (answer.status_code, FollowUp.objects.count()) == (422, 0)
    assert all(text in answer.content.decode() for name, text in REPORT.items() if name != missing)


def test_once_issued_everything_is_read_only(sign_in, fieldwork, finding, other, release, reviewer):
    row = add_follow_up(fieldwork, REPORT, by=reviewer)
    Engagement.objects.update(stage=Stage.ISSUED)
    client = sign_in(reviewer)
    for url in (row.get_absolute_url(), finding.get_absolute_url(), reverse("follow-up-list", args=[fieldwork.pk])):
        assert "<textarea" not in client.get(url).content.decode()
    said = {"version": 1, "status": "improved", "work": "抽核。", "checked_on": timezone.localdate().isoformat()}
    assert client.post(reverse("follow-up-assessment", args=[row.pk]), said).status_code == 422
    group = {**GROUP, "members": [finding.pk, other.pk]}
    assert client.post(reverse("finding-group-new", args=[fieldwork.pk]), group).status_code == 422
    assert (FindingGroup.objects.count(), FollowUp.objects.get().status) == (0, "")


def test_the_lists_cost_the_same_for_one_and_for_many(sign_in, fieldwork, exception, preparer, reviewer):
    client = sign_in(reviewer)
    urls = [reverse(name, args=[fieldwork.pk]) for name in ("finding-list", "follow-up-list")]

    def queries_with(number: int) -> int:
        raised = [raise_finding(exception, WORDING | {"title": f"{number}-{n}"}, by=preparer) for n in range(number)]
        release_findings(fieldwork, raised, due_on=first_due(), by=reviewer)
        group_findings(fieldwork, Judgement("合併", "同一原因。", "significant"), raised, by=reviewer)
        for finding in raised:
            row = add_follow_up(fieldwork, REPORT, by=preparer)
            assess(row, assessment(status="improving", result=exception, repeat=finding), version=1, by=preparer)
        with CaptureQueriesContext(connection) as captured:
            for url in urls:
                client.get(url)
        return len(captured)

    queries_with(2)
    assert queries_with(3) == queries_with(9)
