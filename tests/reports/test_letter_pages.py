"""The pages of the firm's letter templates: the twelve with their state, the editor, the preview, the approval."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.binder import Conclusion, Kind
from reports.letter_pages import differences, preview
from reports.letter_templates import Place, approve_template, write_template
from signoff.models import LetterTemplate

SHELF = "/library/letters/"
ONE = f"{SHELF}annual-unmodified/"


@pytest.fixture
def place(firm) -> Place:
    return Place(firm, Kind.ANNUAL, Conclusion.UNMODIFIED)


@pytest.fixture
def changed(place) -> str:
    return place.supplied.replace("抽核未及於全部項目。", "抽核未及於全部項目，亦未及於全部期間。")


@pytest.fixture
def pending(place, changed, reviewer) -> LetterTemplate:
    return write_template(place, changed, reason="依本所用語。", seen=0, by=reviewer)


def posted(text, *, reason="依本所用語。", seen=0):
    return {"text": text, "reason": reason, "seen": seen}


def test_the_shelf_shows_all_twelve(sign_in, preparer):
    page = sign_in(preparer).get(SHELF).content.decode()
    assert page.count(f'href="{SHELF}') == 12


def test_the_shelf_asks_as_often_with_many_versions(sign_in, partner, place, pending, reviewer, changed):
    client = sign_in(partner)
    with CaptureQueriesContext(connection) as one:
        client.get(SHELF)
    write_template(place, changed + "\n再補充。\n", reason="再改。", seen=1, by=reviewer)
    with CaptureQueriesContext(connection) as several:
        client.get(SHELF)
    assert len(several) == len(one)


def test_a_manager_writes_a_version(sign_in, reviewer, changed):
    answer = sign_in(reviewer).post(f"{ONE}version/", posted(changed.replace("\n", "\r\n")))
    assert answer.status_code == 302
    assert LetterTemplate.objects.get().text == changed


def test_staff_look_at_it_and_are_offered_no_editor(sign_in, preparer):
    page = sign_in(preparer).get(ONE).content.decode()
    assert "<textarea" not in page
    assert sign_in(preparer).post(f"{ONE}version/", {}).status_code == 403


def test_a_fault_is_told_at_the_text_and_what_was_typed_stays(sign_in, reviewer, changed):
    typed = changed.replace("{受查者}董事會", "{受查人}董事會")
    answer = sign_in(reviewer).post(f"{ONE}version/", posted(typed, reason="我的理由"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_text_error"' in page
    assert "{受查人}董事會" in page
    assert "我的理由" in page
    assert not LetterTemplate.objects.exists()


def test_another_s_version_meanwhile_is_not_covered_up(sign_in, partner, pending, changed):
    assert sign_in(partner).post(f"{ONE}version/", posted(changed, seen=0)).status_code == 422
    assert LetterTemplate.objects.count() == 1


def test_a_partner_who_did_not_write_it_approves_it(sign_in, partner, pending):
    page = sign_in(partner).get(ONE).content.decode()
    assert f"{SHELF}approval/{pending.pk}/" in page
    sign_in(partner).post(f"{SHELF}approval/{pending.pk}/")
    assert LetterTemplate.objects.get().approved_by == partner


def test_whoever_wrote_it_is_not_offered_its_approval_and_is_refused_it(sign_in, partner, place, changed):
    own = write_template(place, changed, reason="改。", seen=0, by=partner)
    assert f"{SHELF}approval/" not in sign_in(partner).get(ONE).content.decode()
    sign_in(partner).post(f"{SHELF}approval/{own.pk}/")
    assert LetterTemplate.objects.get().approved_by is None


def test_going_back_to_the_supplied_wording_is_a_version_with_a_reason(sign_in, reviewer, pending):
    client = sign_in(reviewer)
    assert client.post(f"{ONE}reset/", {"reset-seen": 1, "reset-reason": ""}).status_code == 422
    client.post(f"{ONE}reset/", {"reset-seen": 1, "reset-reason": "回復所附範本。"})
    assert LetterTemplate.objects.get(version=2).text == ""


def test_the_preview_shows_what_is_typed_filled_and_what_is_wrong(sign_in, reviewer, changed):
    answer = sign_in(reviewer).post(f"{ONE}preview/", {"text": changed + "\n本公司{不存在}。\n"})
    page = answer.content.decode()
    assert "○○證券股份有限公司董事會" in page
    assert "{不存在}" in page
    assert not LetterTemplate.objects.exists()


def test_what_is_typed_is_shown_as_text_never_as_markup(sign_in, reviewer, changed):
    page = sign_in(reviewer).post(f"{ONE}preview/", {"text": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in page


def test_the_preview_shows_every_optional_paragraph_with_its_name(place):
    options = [option for option, _paragraph in preview(place.supplied, place).paragraphs if option]
    assert {"直接案件", "管理階層聲明案件", "開業未滿一年"} <= set(options)


def test_the_difference_to_the_supplied_wording_is_by_paragraph(place, changed):
    assert [tag for tag, _text in differences(place.supplied, changed)] == ["del", "ins"]


def test_who_approves_reads_what_it_changes_in_the_wording_in_force(
    sign_in, partner, quality_reviewer, pending, changed
):
    approve_template(pending, by=partner)
    place = Place(partner.organization, Kind.ANNUAL, Conclusion.UNMODIFIED)
    write_template(place, changed.replace("亦未及於全部期間", "期間亦同"), reason="再改。", seen=1, by=partner)
    page = sign_in(quality_reviewer).get(ONE).content.decode()
    asked = page[page.index('class="note warn"') : page.index('class="drafting"')]
    assert asked.index("<del>") < asked.index("亦未及於全部期間") < asked.index("期間亦同") < asked.index("核准第 2 版")


@pytest.mark.parametrize("letter", ["annual-perfect", "weekly-unmodified", "annual"])
def test_there_are_twelve_letters_and_no_other(sign_in, reviewer, letter):
    assert sign_in(reviewer).get(f"{SHELF}{letter}/").status_code == 404
