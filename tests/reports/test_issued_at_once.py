"""Two at the same moment about one report: one is first, the other is told; nothing is half done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from engagements.models import Engagement
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from signoff.cosigning import name_cosigner
from signoff.issued import release_report, return_report
from signoff.models import Reissue, ReportReturn, ReportVersion, Signature
from signoff.reissuing import open_reissue
from signoff.reporting import issue_report
from tests.at_once import at_once
from tests.reports.conftest import move, sign_again
from tests.separate import separate_database

State = ReportVersion.State


@pytest.fixture
def db(django_db_setup, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    """A database of the test's own, in which what people do is really committed."""
    with django_db_blocker.unblock(), separate_database(tmp_path):
        yield


def told(name: str) -> int:
    return Event.objects.filter(name=name).count()


def refusals(came_of: list[object]) -> int:
    return sum(isinstance(each, Refused) for each in came_of)


def test_a_report_that_a_partner_issues_in_two_windows_is_issued_once(frozen, partner):
    came_of = at_once(*[lambda: issue_report(frozen, by=partner)] * 2)
    assert refusals(came_of) == 1
    assert (Signature.objects.count(), told("report.issued")) == (1, 1)


def test_a_report_that_two_partners_issue_is_issued_by_the_one_who_signed_its_file(frozen, partner, second_partner):
    came_of = at_once(lambda: issue_report(frozen, by=partner), lambda: issue_report(frozen, by=second_partner))
    assert refusals(came_of) == 1
    assert [row.user for row in Signature.objects.all()] == [partner]
    assert told("report.issued") == 1


def test_of_two_signers_at_once_both_sign_and_the_report_is_issued_once(
    ready, quick, partner, quality_reviewer, second_partner
):
    name_cosigner(ready, second_partner, by=partner)
    move(ready, "reporting")
    report = sign_again(Engagement.objects.get(pk=ready.pk), partner=partner, eqr=quality_reviewer)
    came_of = at_once(lambda: issue_report(report, by=partner), lambda: issue_report(report, by=second_partner))
    assert refusals(came_of) == 0
    assert (Signature.objects.count(), told("report.signed"), told("report.issued")) == (2, 1, 1)
    assert ReportVersion.objects.get().state == State.ISSUED


def test_a_report_is_returned_once_and_reissued_once_by_two_at_once(issued, partner, exchange):
    engagement = issued.engagement
    returned = at_once(*[lambda: return_report(issued, reason="缺頁。", by=exchange)] * 2)
    released = at_once(*[lambda: release_report(issued, by=partner)] * 2)
    opened = at_once(*[lambda: open_reissue(engagement, kind="editorial", reason="誤植。", by=partner)] * 2)
    assert (refusals(returned), refusals(released), refusals(opened)) == (1, 0, 1)
    assert (ReportReturn.objects.count(), Reissue.objects.count()) == (1, 1)
    assert (told("report.returned"), told("report.released"), told("engagement.reissued")) == (1, 1, 1)
