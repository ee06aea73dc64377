"""General papers: they are there from the beginning, hold a memo instead of results, and are signed like any other."""

import pytest

from engagements.models import Engagement
from foundation.accounts.models import User
from foundation.trail.queries import events_of
from foundation.web.refusals import Refused
from procedures.actions import Entry, save_result
from procedures.gates import Standing, blockers
from procedures.general import add_paper
from procedures.models import ProcedureResult, SignOff, Workpaper
from procedures.progress import progress_of
from procedures.queries import paper_lines
from procedures.workflow import needs_partner, sign_off


def general(engagement: Engagement, index: str) -> Workpaper:
    found: Workpaper = Workpaper.objects.get(engagement=engagement, code=index)
    return found


def write(paper: Workpaper, entry: Entry, by: User) -> Workpaper:
    memo = paper.results.get()
    save_result(memo, entry, version=memo.version, by=by)
    paper.refresh_from_db()
    return paper


def kinds_of_blockers(paper: Workpaper, by: User) -> set[str]:
    return {blocker.kind for blocker in blockers(Standing(paper), SignOff.Role.PREPARED, by=by)}


def test_an_engagement_begins_with_its_general_papers(engagement):
    papers = Workpaper.objects.filter(engagement=engagement)
    assert [paper.index for paper in papers if paper.section == "A"] == ["A-1", "A-2", "A-3", "A-4"]
    assert {paper.section for paper in papers} == {"A", "B", "D"}
    assert {paper.results.get().kind for paper in papers} == {ProcedureResult.Kind.MEMO}


def test_they_stand_before_and_after_the_papers_on_control_points(fieldwork):
    sections = [line.section for line in paper_lines(fieldwork)]
    assert sections == sorted(sections)


def test_progress_counts_the_procedures_alone(fieldwork, preparer):
    write(general(fieldwork, "A-1"), Entry(work="已評估。"), preparer)
    progress = progress_of(paper_lines(fieldwork))
    assert (progress.papers, progress.procedures, progress.concluded) == (69, 230, 0)


def test_acceptance_is_written_before_fieldwork_opens(engagement, preparer):
    paper = write(general(engagement, "A-1"), Entry(work="誠信評估無異常。"), preparer)
    assert paper.results.get().work == "誠信評估無異常。"


def test_an_empty_memo_can_t_be_signed_a_written_one_can(engagement, preparer):
    paper = general(engagement, "A-1")
    assert kinds_of_blockers(paper, preparer) == {"work.missing"}
    assert kinds_of_blockers(write(paper, Entry(work="誠信評估無異常。"), preparer), preparer) == set()


def test_a_paper_that_does_not_apply_says_why(engagement, preparer):
    paper = write(general(engagement, "B-5"), Entry("not_applicable"), preparer)
    assert kinds_of_blockers(paper, preparer) == {"reason.missing"}
    paper = write(paper, Entry("not_applicable", reason="未利用他人之工作。"), preparer)
    assert kinds_of_blockers(paper, preparer) == set()
    assert not needs_partner(paper)


def test_a_memo_has_no_other_result(engagement, preparer):
    with pytest.raises(Refused, match="一般底稿"):
        write(general(engagement, "A-1"), Entry("no_exception", "誠信評估無異常。"), preparer)


def test_a_change_ends_its_signature_as_on_any_paper(engagement, preparer):
    paper = write(general(engagement, "A-1"), Entry(work="誠信評估無異常。"), preparer)
    sign_off(paper, SignOff.Role.PREPARED, content_version=paper.content_version, by=preparer)
    paper = write(paper, Entry(work="誠信評估無異常，另查詢裁罰紀錄。"), preparer)
    assert Standing(paper).signed(SignOff.Role.PREPARED) is None


def test_the_team_adds_papers_under_the_next_number(engagement, preparer):
    paper = add_paper(engagement, section="B", title="資料可靠性之評估", by=preparer)
    assert (paper.index, paper.heading, paper.results.get().kind) == ("B-6", "資料可靠性之評估", "memo")
    assert add_paper(engagement, section="B", title="專家會議", by=preparer).index == "B-7"
    assert [event.name for event in events_of(engagement.chain)[:2]] == ["paper.added", "paper.added"]


@pytest.mark.parametrize(("section", "title"), [("C", "多一張"), ("X", "多一張"), ("B", "  ")])
def test_none_is_added_to_the_control_points_nor_without_a_title(engagement, preparer, section, title):
    with pytest.raises(Refused):
        add_paper(engagement, section=section, title=title, by=preparer)


def test_the_form_sends_the_page_to_the_new_paper(sign_in, engagement, preparer):
    client, url = sign_in(preparer), f"/engagements/{engagement.pk}/papers/new/"
    assert 'value="D" selected' in client.get(f"{url}?section=D").content.decode()
    answer = client.post(url, {"section": "D", "title": "主管機關訪談"}, headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == f"/engagements/{engagement.pk}/papers/D-7/"


def test_the_form_says_what_is_wrong_and_adds_nothing(sign_in, engagement, preparer):
    before, wrong = Workpaper.objects.count(), {"section": "C", "title": ""}
    url, by_htmx = f"/engagements/{engagement.pk}/papers/new/", {"hx-request": "true"}
    answer = sign_in(preparer).post(url, wrong, headers=by_htmx)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"section", "title"})
    assert Workpaper.objects.count() == before


def test_the_list_of_papers_leads_to_the_form_on_a_page_of_its_own(sign_in, engagement, preparer):
    client, url = sign_in(preparer), f"/engagements/{engagement.pk}/papers/new/"
    assert f'href="{url}"' in client.get(f"/engagements/{engagement.pk}/papers/").content.decode()
    assert "<h1>" in client.get(url).content.decode()
    answer = client.post(url, {"section": "D", "title": "主管機關訪談"})
    assert answer["Location"] == f"/engagements/{engagement.pk}/papers/D-7/"


def test_that_page_keeps_what_was_typed_with_what_is_wrong(sign_in, engagement, preparer):
    before = Workpaper.objects.count()
    typed = {"section": "C", "title": "主管機關訪談"}
    answer = sign_in(preparer).post(f"/engagements/{engagement.pk}/papers/new/", typed)
    assert (answer.status_code, Workpaper.objects.count()) == (422, before)
    assert 'value="主管機關訪談"' in answer.content.decode()
    assert 'id="id_section_error"' in answer.content.decode()


def test_the_quality_reviewer_is_offered_none(sign_in, engagement, quality_reviewer):
    page = sign_in(quality_reviewer).get(f"/engagements/{engagement.pk}/papers/").content.decode()
    assert "papers/new/" not in page


def test_a_general_paper_has_a_page_with_what_belongs_on_it(sign_in, engagement, preparer):
    html = sign_in(preparer).get(general(engagement, "B-2").get_absolute_url()).content.decode()
    assert 'name="work"' in html
    assert "conclusion-title" not in html
