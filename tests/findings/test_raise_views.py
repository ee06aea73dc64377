"""Raising findings from exceptions, tying exceptions to findings."""

import json
from datetime import date

import pytest
from django.urls import reverse

from engagements.models import Engagement
from findings.actions import link, raise_finding
from findings.models import Finding, FindingLink
from procedures.actions import Entry, save_result
from procedures.models import Support

WORDING = {
    "title": "下半年未執行弱點掃描",
    "condition": "下半年未執行。",
    "criterion": "每半年應進行弱點掃描",
    "severity": "significant",
    "type": "operation",
    "risk": "弱點未及時發現。",
    "recommendation": "應依規定執行。",
}


@pytest.fixture
def exception(result, preparer):
    """The first procedure of C-3.8.2 with an exception."""
    return save_result(result, Entry("exception", "程序書未經核准。", "", date(2026, 11, 9)), version=1, by=preparer)


@pytest.fixture
def raising(sign_in):
    def raising(user, result, **typed):
        return sign_in(user).post(reverse("finding-raise", args=[result.pk]), typed)

    return raising


def test_the_form_starts_from_what_the_paper_says(sign_in, exception, preparer):
    html = sign_in(preparer).get(reverse("finding-raise", args=[exception.pk])).content.decode()
    assert "程序書未經核准。" in html
    assert "每半年應進行弱點掃描" in html
    assert '<option value="design" selected>' in html


def test_an_exception_becomes_a_finding_and_the_page_hears_of_it(raising, exception, preparer):
    answer = raising(preparer, exception, **WORDING)
    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Trigger"]) == {"digao:changed": {"content_version": 3, "changes": 1}}
    finding = Finding.objects.get()
    assert (finding.label, finding.severity, finding.raised_by) == ("F-01", "significant", preparer)
    assert Support.objects.get(result=exception).kind == "finding"


def test_what_is_missing_is_told_at_its_field_and_nothing_is_raised(raising, exception, preparer):
    answer = raising(preparer, exception, **(WORDING | {"severity": "", "risk": " "}))
    assert (answer.status_code, sorted(answer.json()["errors"])) == (422, ["risk", "severity"])
    assert not Finding.objects.exists()


def test_only_an_exception_becomes_a_finding(raising, result, preparer):
    answer = raising(preparer, result, **WORDING)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["__all__"])
    assert not Finding.objects.exists()


def test_an_issued_engagement_takes_no_finding(raising, exception, preparer):
    Engagement.objects.filter(pk=exception.workpaper.engagement_id).update(stage="issued")
    assert raising(preparer, exception, **WORDING).status_code == 422


def test_a_second_exception_is_tied_to_the_same_finding_and_untied(sign_in, paper, exception, preparer):
    finding = raise_finding(exception, WORDING, by=preparer)
    second = save_result(paper.results.get(position=2), Entry("exception", "同。", "", None), version=1, by=preparer)
    client = sign_in(preparer)
    url = reverse("finding-link", args=[second.pk])
    assert client.post(url, {"finding": finding.pk}).status_code == 204
    assert FindingLink.objects.filter(finding=finding).count() == 2
    assert client.post(url, {"finding": finding.pk}).json()["errors"].keys() == {"finding"}
    assert client.delete(reverse("finding-unlink", args=[second.pk, finding.pk])).status_code == 204
    assert FindingLink.objects.get(finding=finding).result_id == exception.pk
    assert Finding.objects.count() == 1


def test_a_finding_of_nowhere_can_not_be_tied(sign_in, exception, preparer):
    nowhere = "00000000-0000-4000-8000-000000000000"
    client = sign_in(preparer)
    answer = client.post(reverse("finding-link", args=[exception.pk]), {"finding": nowhere})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["finding"])
    assert client.delete(reverse("finding-unlink", args=[exception.pk, nowhere])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("quality_reviewer", 403), ("broker", 404), ("other_firm", 404), ("exchange", 404)]
)
def test_who_raises_no_findings_here(raising, sign_in, exception, preparer, request, who, status):
    finding = raise_finding(exception, WORDING, by=preparer)
    link(finding, exception, by=preparer)
    user = request.getfixturevalue(who)
    assert raising(user, exception, **WORDING).status_code == status
    client = sign_in(user)
    assert client.get(reverse("finding-raise", args=[exception.pk])).status_code == status
    assert client.post(reverse("finding-link", args=[exception.pk]), {"finding": finding.pk}).status_code == status
    assert client.delete(reverse("finding-unlink", args=[exception.pk, finding.pk])).status_code == status
    assert FindingLink.objects.count() == Finding.objects.count() == 1
