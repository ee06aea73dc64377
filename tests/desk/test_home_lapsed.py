"""What a reviewer and the partner find on their first page of signatures of theirs that lapsed."""

from desk.my_work import lapsed_for_me, my_engagements, waiting_for_my_approval, waiting_for_my_review
from procedures.actions import Entry, save_result
from procedures.models import Outcome, ProcedureResult, Workpaper
from tests.papers import sign


def changed(paper: Workpaper, by) -> None:
    """Somebody goes on writing on it."""
    result = paper.results.get(position=1)
    save_result(result, Entry("no_exception", "另補充核對。"), version=result.version, by=by)
    paper.refresh_from_db()


def codes(listed) -> list[str]:
    return [paper.code for paper in listed.rows]


def test_a_paper_that_changes_after_my_review_is_listed_until_it_is_prepared_anew(paper, preparer, reviewer):
    sign(paper, by=preparer)
    sign(paper, by=reviewer, role="reviewed")
    rows = my_engagements(reviewer)
    assert codes(lapsed_for_me(reviewer, rows)) == []
    changed(paper, preparer)
    assert codes(lapsed_for_me(reviewer, rows)) == ["3.8.2"]
    sign(paper, by=preparer)
    assert codes(lapsed_for_me(reviewer, rows)) == []


def test_prepared_anew_it_waits_for_review_marked_as_changed(paper, preparer, reviewer):
    sign(paper, by=preparer)
    sign(paper, by=reviewer, role="reviewed")
    changed(paper, preparer)
    sign(paper, by=preparer)
    [waiting] = waiting_for_my_review(reviewer, my_engagements(reviewer)).rows
    assert waiting.changed


def test_what_the_partner_approved_waits_again_marked_as_changed(paper, preparer, reviewer, partner):
    ProcedureResult.objects.filter(workpaper=paper, position=2).update(outcome=Outcome.EXCEPTION)
    sign(paper, by=partner, role="approved")
    changed(paper, preparer)
    assert codes(lapsed_for_me(partner, my_engagements(partner))) == ["3.8.2"]
    sign(paper, by=preparer)
    sign(paper, by=reviewer, role="reviewed")
    [waiting] = waiting_for_my_approval(partner, my_engagements(partner)).rows
    assert waiting.changed


def test_what_i_prepared_myself_is_not_listed_twice(paper, preparer):
    sign(paper, by=preparer)
    changed(paper, preparer)
    assert codes(lapsed_for_me(preparer, my_engagements(preparer))) == []


def test_the_page_lists_it_with_a_way_to_it(sign_in, paper, preparer, reviewer):
    sign(paper, by=preparer)
    sign(paper, by=reviewer, role="reviewed")
    changed(paper, preparer)
    page = sign_in(reviewer).get("/").content.decode()
    section = page.split('id="lapsed"')[1].split("</section>")[0]
    assert f'href="{paper.get_absolute_url()}"' in section
