"""A firm's own wordings: a version each time, in force once a second person approved it, frozen with each report."""

import pytest
from django.db import IntegrityError, transaction

from foundation.trail.models import Event
from foundation.web.refusals import Refused
from reports import letter
from reports.binder import Binder, Conclusion, Kind
from reports.compilation import compile_binder
from reports.letter_templates import Place, approve_template, write_template
from signoff.fingerprint import fingerprint
from signoff.gates import FINAL_REPORT, blockers_of
from signoff.letters import supplied, wording_in_force
from signoff.models import LetterTemplate, ReportVersion
from signoff.reporting import issue_blockers, request_report
from signoff.standing import Standing
from tests.reports.conftest import finish

OWN = "本所依確信準則辦理"


@pytest.fixture
def place(firm) -> Place:
    return Place(firm, Kind.ANNUAL, Conclusion.UNMODIFIED)


@pytest.fixture
def text(place) -> str:
    return place.supplied.replace("辦理合理確信案件", f"{OWN}合理確信案件")


@pytest.fixture
def written(place, text, reviewer) -> LetterTemplate:
    return write_template(place, text, reason="依本所用語。", seen=0, by=reviewer)


def in_force(firm):
    return wording_in_force(firm.pk, Kind.ANNUAL, Conclusion.UNMODIFIED)


# Versions ------------------------------------------------------------------------------------


def test_until_the_firm_has_its_own_the_supplied_wording_is_in_force(firm, place):
    assert (in_force(firm).text, in_force(firm).version) == (place.supplied, 0)


def test_a_version_counts_only_once_a_second_person_has_approved_it(firm, written, text, partner):
    assert in_force(firm).version == 0
    approve_template(written, by=partner)
    assert (in_force(firm).text, in_force(firm).version) == (text, 1)


def test_whoever_wrote_a_version_does_not_approve_it(firm, place, text, partner):
    own = write_template(place, text, reason="依本所用語。", seen=0, by=partner)
    with pytest.raises(Refused):
        approve_template(own, by=partner)
    assert in_force(firm).version == 0


def test_the_database_refuses_self_approval_too(written):
    written.approved_by, written.approved_at = written.written_by, written.written_at
    with pytest.raises(IntegrityError), transaction.atomic():
        written.save()


def test_approved_twice_is_approved_once(written, partner, quality_reviewer):
    approve_template(written, by=partner)
    assert approve_template(written, by=quality_reviewer).approved_by == partner
    assert Event.objects.filter(name="template.approved").count() == 1


def test_only_the_last_version_can_be_approved(place, written, text, reviewer, partner):
    write_template(place, text + "\n補充。\n", reason="再修。", seen=1, by=reviewer)
    with pytest.raises(Refused):
        approve_template(written, by=partner)


def test_two_who_write_at_the_same_time_do_not_cover_each_other_up(place, written, text, partner):
    with pytest.raises(Refused):
        write_template(place, text, reason="同時修改。", seen=0, by=partner)
    assert LetterTemplate.objects.count() == 1


@pytest.mark.parametrize(("wording", "reason"), [("# 只有標題", "改"), (None, " ")])
def test_a_faulty_wording_or_one_without_a_reason_leaves_no_version(place, reviewer, wording, reason):
    with pytest.raises(Refused):
        write_template(place, wording or place.supplied, reason=reason, seen=0, by=reviewer)
    assert not LetterTemplate.objects.exists()


def test_the_firm_goes_back_to_the_supplied_wording_by_a_version_of_its_own(firm, place, written, reviewer, partner):
    approve_template(written, by=partner)
    back = write_template(place, "", reason="回復。", seen=1, by=reviewer)
    approve_template(back, by=partner)
    assert in_force(firm).text == place.supplied
    assert LetterTemplate.objects.get(version=1).text == written.text


def test_what_a_version_says_is_never_changed(written):
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterTemplate.objects.filter(pk=written.pk).update(text="改寫")


def test_another_firm_keeps_the_supplied_wording(written, partner, other_firm):
    approve_template(written, by=partner)
    assert in_force(other_firm.organization).version == 0


def test_the_trail_of_the_firm_tells_who_wrote_why_and_who_approved(firm, written, partner):
    approve_template(written, by=partner)
    events = Event.objects.filter(chain__key=firm.chain, name__startswith="template.").order_by("seq")
    assert [event.content["actor"]["label"] for event in events] == ["李佳穎", "王怡君"]
    assert events[0].content["reason"] == "依本所用語。"


# Reports -------------------------------------------------------------------------------------


def put_in_force(written, partner):
    return approve_template(written, by=partner)


def test_a_report_is_written_with_the_wording_in_force_and_keeps_it(ready, written, partner, place):
    put_in_force(written, partner)
    binder = compile_binder(ReportVersion(engagement=ready, number=1))
    assert (binder.letter_template, binder.letter_version) == (written.text, 1)
    assert OWN in "".join(paragraph.text for paragraph in letter.compose(binder).paragraphs)


def test_a_draft_without_a_conclusion_keeps_no_wording(fieldwork):
    assert compile_binder(ReportVersion(engagement=fieldwork, number=1)).letter_template == ""


def test_a_wording_approved_after_the_signatures_makes_them_stale(ready, written, partner):
    before = fingerprint(ready)
    put_in_force(written, partner)
    assert fingerprint(ready) != before
    assert {blocker.kind for blocker in blockers_of(FINAL_REPORT, Standing(ready))} == {
        "final.unsigned",
        "quality.unsigned",
    }


def test_the_wording_of_another_conclusion_changes_nothing(ready, firm, reviewer, partner):
    other = Place(firm, Kind.ANNUAL, Conclusion.ADVERSE)
    before = fingerprint(ready)
    written = write_template(other, other.supplied + "\n補充。\n", reason="改。", seen=0, by=reviewer)
    approve_template(written, by=partner)
    assert fingerprint(ready) == before


def test_a_wording_approved_between_asking_and_issuing_is_refused_at_issue(ready, written, partner, quick):
    report = finish(request_report(ready, final=True, by=partner))
    put_in_force(written, partner)
    assert "report.outdated" in {blocker.kind for blocker in issue_blockers(report)}


def test_a_frozen_report_says_the_same_whatever_is_approved_later(ready, written, partner, quick):
    report = finish(request_report(ready, final=True, by=partner))
    put_in_force(written, partner)
    with report.binder.open() as file:
        assert Binder.from_json(file.read()).letter_template == supplied(Kind.ANNUAL, Conclusion.UNMODIFIED)


def test_an_issued_file_s_signatures_stay_current_whatever_is_approved_later(ready, written, partner, quick):
    report = finish(request_report(ready, final=True, by=partner))
    ReportVersion.objects.filter(pk=report.pk).update(state="issued", issued_at=report.requested_at, issued_by=partner)
    type(ready).objects.filter(pk=ready.pk).update(stage="issued")
    put_in_force(written, partner)
    standing = Standing(type(ready).objects.get(pk=ready.pk))
    assert (standing.fingerprint, standing.signed) == (report.fingerprint, {"final", "quality"})
