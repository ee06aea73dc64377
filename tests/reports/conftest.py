"""Report versions asked for, and an engagement that is ready for its final one."""

import pytest
from django.db import transaction

from controls.models import Condition
from engagements.actions import answer_condition
from engagements.models import Engagement, Stage
from evidence.models import Request
from foundation.accounts.models import Organization
from foundation.accounts.policy import Role
from foundation.jobs.execution import perform
from procedures.content import content_hash
from procedures.models import SignOff, Workpaper
from reports import pdf, word
from reports.models import LetterEntries
from reports.tasks import render
from signoff.conclusions import conclude, sign_file
from signoff.fingerprint import fingerprint
from signoff.reporting import issue_report, request_report
from tests import stages
from tests.conftest import person
from tests.scenes import scene


@pytest.fixture
def quick(monkeypatch):
    """Pages that cost nothing, for tests that are not about pages."""
    monkeypatch.setattr(pdf, "render", lambda binder, progress: pdf.Rendering(b"%PDF-1.7\n" + binder.to_json(), 42))
    monkeypatch.setattr(word, "render", lambda binder: b"PK\x03\x04" + binder.to_json())


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """Laid-out parts that tests leave to each other."""
    return tmp_path_factory.mktemp("parts")


@pytest.fixture
def shared_parts(settings, shelf):
    """Parts that any test laid out already: a draft of them is the same as one laid out afresh (test_drafts.py)."""
    settings.FRAGMENT_ROOT = shelf


@pytest.fixture
def draft(fieldwork, partner):
    """A draft that was asked for and not rendered yet."""
    return scene("draft", lambda: request_report(fieldwork, by=partner))


@pytest.fixture
def rendered(draft, quick):
    """The same, rendered by its job."""
    return scene("rendered", lambda: finish(draft))


@pytest.fixture
def ready(fieldwork, preparer, reviewer, partner, quality_reviewer):
    """The engagement in QUALITY_REVIEW: all performed, reviewed, concluded and signed."""

    def make():
        return make_ready(fieldwork, preparer=preparer, reviewer=reviewer, partner=partner, eqr=quality_reviewer)

    return scene("ready", make)


def make_ready(fieldwork, *, preparer, reviewer, partner, eqr):
    Organization.objects.filter(pk=fieldwork.firm_id).update(address="臺北市信義區松仁路 100 號")
    with transaction.atomic():  # what tests write in bulk records events of its own
        stages.perform_all(fieldwork, by=preparer)
    Workpaper.objects.filter(engagement=fieldwork).update(conclusion="符合。")
    Request.objects.filter(engagement=fieldwork).update(state=Request.State.DISPOSED)
    for condition in Condition.objects.filter(version=fieldwork.catalogue, kind=Condition.Kind.EVENT):
        answer_condition(fieldwork, condition, applies=True, reason="", by=partner)
    scope = {"評估系統": "交易平台", "場所": "總公司"}
    LetterEntries.objects.create(engagement=fieldwork, values=scope, options=["直接案件"], saved_by=partner)
    sign_papers(fieldwork, preparer, reviewer, partner)
    move(fieldwork, Stage.REPORTING)
    conclude(fieldwork, kind="unmodified", rationale="未發現重大缺失。", by=partner)
    stages.represent(fieldwork, by=partner)
    sign_file(fieldwork, "final", seen=fingerprint(fieldwork), by=partner)
    move(fieldwork, Stage.QUALITY_REVIEW)
    sign_file(fieldwork, "quality", seen=fingerprint(fieldwork), by=eqr)
    return Engagement.objects.get(pk=fieldwork.pk)


@pytest.fixture
def frozen(ready, quick, partner):
    """Its final version, rendered and not issued yet."""
    return scene("frozen", lambda: finish(request_report(ready, final=True, by=partner)))


@pytest.fixture
def issued(frozen, partner):
    return scene("issued", lambda: issue_report(frozen, by=partner))


@pytest.fixture
def second_partner(firm):
    """Another partner of the firm, who isn't on the engagement's team."""
    return person("劉會計", "second@firm.example", firm, Role.PARTNER)


def sign_again(engagement, *, partner, eqr):
    """From REPORTING to a final version that is rendered: the file is signed as it is now."""
    sign_file(engagement, "final", seen=fingerprint(engagement), by=partner)
    move(engagement, Stage.QUALITY_REVIEW)
    sign_file(engagement, "quality", seen=fingerprint(engagement), by=eqr)
    return finish(request_report(engagement, final=True, by=partner))


def sign_papers(engagement, preparer, reviewer, partner):
    for paper in Workpaper.objects.filter(engagement=engagement).select_related("engagement"):
        signed = {"workpaper": paper, "content_version": paper.content_version, "content_hash": content_hash(paper)}
        SignOff.objects.create(role="prepared", user=preparer, **signed)
        SignOff.objects.create(role="reviewed", user=reviewer, **signed)
        if paper.template == "memorandum":
            SignOff.objects.create(role="approved", user=partner, **signed)


def move(engagement, stage):
    Engagement.objects.filter(pk=engagement.pk).update(stage=stage)


def finish(report):
    """Run a report's job here and now."""
    perform(report.job_id, render)
    report.refresh_from_db()
    return report
