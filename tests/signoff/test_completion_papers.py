"""Section D: nothing of it has to be ready before REPORTING, all of it before QUALITY_REVIEW, D-3 and D-5 by name."""

import pytest

from engagements.models import Engagement, Stage
from foundation.accounts.models import User
from procedures.models import SignOff, Workpaper
from signoff.conclusions import conclude
from signoff.gates import blockers_into
from signoff.standing import Standing
from tests.stages import in_reporting, represent


def changed(engagement, code: str, *roles: str, by: User) -> Workpaper:
    """The paper with other content, which was signed in these roles only."""
    paper = Workpaper.objects.get(engagement=engagement, code=code)
    paper.content_version += 1
    paper.save(update_fields=["content_version"])
    for role in roles:
        signed = {"content_version": paper.content_version, "content_hash": "cd" * 32}
        SignOff.objects.create(workpaper=paper, role=role, user=by, **signed)
    return paper


def kinds(engagement, stage):
    return [blocker.kind for blocker in blockers_into(stage, Standing(Engagement.objects.get(pk=engagement.pk)))]


@pytest.fixture
def concluded(reporting, partner):
    """In REPORTING, with everything but the partner's signature on the file."""
    conclude(reporting, kind="unmodified", rationale="無重大缺失。", by=partner)
    represent(reporting, by=partner)
    return reporting


def test_with_all_of_section_d_signed_only_the_partner_s_signature_is_missing(concluded):
    assert kinds(concluded, Stage.QUALITY_REVIEW) == ["final.unsigned"]


def test_reporting_does_not_wait_for_section_d(review, reviewer, partner):
    engagement = in_reporting(review, reviewer=reviewer, partner=partner)
    Engagement.objects.filter(pk=engagement.pk).update(stage=Stage.REVIEW)
    for code in ("D-1", "D-3", "D-5"):
        changed(engagement, code, by=partner)
    assert kinds(engagement, Stage.REPORTING) == []


@pytest.mark.parametrize("code", ["D-1", "D-2", "D-4", "D-6"])
def test_every_paper_of_section_d_is_reviewed_before_the_quality_review(concluded, preparer, code):
    changed(concluded, code, "prepared", by=preparer)
    assert kinds(concluded, Stage.QUALITY_REVIEW) == ["paper.unreviewed", "final.unsigned"]


@pytest.mark.parametrize(("code", "template"), [("D-3", "subsequent"), ("D-5", "memorandum")])
@pytest.mark.parametrize("roles", [(), ("prepared",)])
def test_subsequent_events_and_the_memorandum_are_named(concluded, preparer, code, template, roles):
    paper = changed(concluded, code, *roles, by=preparer)
    (blocker, _unsigned) = blockers_into(Stage.QUALITY_REVIEW, Standing(Engagement.objects.get(pk=concluded.pk)))
    assert (blocker.kind, blocker.url) == (f"{template}.unsigned", paper.get_absolute_url())
    assert code in str(blocker.text)


def test_the_memorandum_waits_for_the_partner_too(concluded, preparer, reviewer):
    paper = changed(concluded, "D-5", "prepared", by=preparer)
    signed = {"content_version": paper.content_version, "content_hash": "cd" * 32}
    SignOff.objects.create(workpaper=paper, role="reviewed", user=reviewer, **signed)
    assert kinds(concluded, Stage.QUALITY_REVIEW) == ["memorandum.unsigned", "final.unsigned"]
