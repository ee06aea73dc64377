"""A masked copy shows pages with areas painted over, and holds nothing else of its original."""

import io
import json
from datetime import date

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.actions import leave_team
from engagements.models import TeamMember
from evidence.decisions import withdraw
from evidence.masking import Mask, request_mask
from evidence.models import Evidence
from evidence.tasks import DRAWN_ANEW, mask
from evidence.times import Covered
from foundation.files.tasks import preview
from foundation.jobs.execution import perform
from foundation.jobs.models import Job
from foundation.trail.models import Event
from foundation.web.refusals import Refused
from tests.foundation.files.specimens import paged, talkative
from tests.uploads import deposit, text

SPAN = Covered.span(date(2026, 1, 1), date(2026, 6, 30))
HIDDEN = (500, 400, 9500, 2000)  # where the specimens' words are
MASK = Mask((2,), ((2, *HIDDEN),))


@pytest.fixture
def piece(fieldwork, preparer) -> Evidence:
    """A report of three pages whose texts, author and attachment are confidential, drawn."""
    file = paged("ALPHAWORD", "BETAWORD", "GAMMAWORD", name="名冊.pdf", attachment=b"ATTACHEDWORD")
    stored = deposit(fieldwork, [file], covered=SPAN, by=preparer)[0]
    preview(None, file=str(stored.file_id), first="1")
    return stored


def masked(piece: Evidence, how: Mask, by) -> Evidence:
    """Ask for a copy, and have it made by the worker's function."""
    job = request_mask(piece, how, by=by)
    perform(job.pk, mask)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.cause
    return Evidence.objects.get(derived_from=piece, derivation=how.derivation)


def content_of(piece: Evidence) -> bytes:
    with piece.file.open() as file:
        return file.read()


def unpacked(content: bytes) -> bytes:
    """Every byte of a PDF with its streams unpacked."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(target, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    return content + target.getvalue()


def picture_of(document: pikepdf.Pdf) -> pikepdf.Stream:
    """The only picture on the first page."""
    (picture,) = document.pages[0].Resources.XObject.as_dict().values()
    return picture


def grey(content: bytes, page: int, x: float, y: float) -> int:
    """How light a place of a page is, from 0 to 255; x and y from 0 to 1."""
    document = pypdfium2.PdfDocument(content)
    picture = document[page - 1].render(scale=1).to_pil().convert("L")
    document.close()
    return picture.getpixel((int(x * picture.width), int(y * picture.height)))


def test_nothing_of_the_original_remains_but_the_pictures_of_the_chosen_pages(piece, preparer):
    copy = masked(piece, MASK, preparer)
    content = unpacked(content_of(copy))
    for word in (b"ALPHAWORD", b"BETAWORD", b"GAMMAWORD", b"ATTACHEDWORD", b"Secret", b"/Font", b"/Author"):
        assert word in unpacked(content_of(piece)), word
        assert word not in content, word
    with pikepdf.open(io.BytesIO(content_of(copy))) as document:
        assert (len(document.pages), len(document.attachments)) == (1, 0)
    document = pypdfium2.PdfDocument(content_of(copy))
    assert document[0].get_textpage().get_text_bounded() == ""
    document.close()


def test_what_was_masked_is_black_and_the_rest_as_it_was(piece, preparer):
    content = content_of(masked(piece, Mask((1, 2, 3), ((2, *HIDDEN),)), preparer))
    assert [grey(content, page, 0.5, 0.1) < 60 for page in (1, 2, 3)] == [False, True, False]
    assert grey(content, 2, 0.5, 0.5) > 250


def test_the_words_under_a_mask_can_t_be_told_from_its_pixels(fieldwork, preparer):
    """Two originals that differ only there make pictures of the same bytes."""
    copies = []
    for word in ("SECRETONE", "OTHER"):
        original = deposit(fieldwork, [paged(word)], covered=SPAN, by=preparer)[0]
        copies.append(content_of(masked(original, Mask((1,), ((1, *HIDDEN),)), preparer)))
    with pikepdf.open(io.BytesIO(copies[0])) as one, pikepdf.open(io.BytesIO(copies[1])) as other:
        pictures = [picture_of(document).read_raw_bytes() for document in (one, other)]
    assert pictures[0] == pictures[1]


def test_a_copy_is_evidence_of_its_own_that_says_what_it_was_made_from(piece, preparer):
    before = content_of(piece)
    copy = masked(piece, MASK, preparer)
    assert (copy.derived_from, copy.number, copy.derivation) == (piece, 2, {"pages": [2], "areas": [[2, *HIDDEN]]})
    assert Covered.of(copy) == SPAN
    assert copy.title.startswith("名冊.pdf")
    assert copy.title != "名冊.pdf"
    assert content_of(piece) == before
    facts = Event.objects.filter(name="evidence.received").latest("seq").content["facts"]
    assert (facts["original"], facts["derivation"]) == (str(piece.pk), copy.derivation)


def test_a_table_is_masked_as_its_pages(fieldwork, preparer):
    table = deposit(
        fieldwork, [text("帳號.csv", "帳號,姓名\nA123456789,王小明\n".encode())], covered=SPAN, by=preparer
    )[0]
    copy = masked(table, Mask((1,), ((1, 0, 0, 10_000, 10_000),)), preparer)
    assert copy.file.media_type == "application/pdf"
    assert b"A123456789" not in unpacked(content_of(copy))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "TIFF"])
def test_what_a_picture_says_beside_its_pixels_stays_behind(fieldwork, preparer, form):
    sent = SimpleUploadedFile(f"畫面.{form.lower()}", talkative(form, "SECRETWORD"))
    original = deposit(fieldwork, [sent], covered=SPAN, by=preparer)[0]
    copy = masked(original, Mask((1,), ((1, *HIDDEN),)), preparer)
    assert b"SECRETWORD" not in unpacked(content_of(copy))


def test_pages_are_drawn_with_at_least_150_dots_an_inch(piece, preparer):
    with pikepdf.open(io.BytesIO(content_of(masked(piece, MASK, preparer)))) as document:
        inches = float(document.pages[0].MediaBox[2]) / 72
        assert int(picture_of(document).Width) / inches >= 150


# Once, and by whoever may -------------------------------------------------------------------------


def test_asking_twice_makes_one_copy(piece, preparer):
    jobs = {request_mask(piece, MASK, by=preparer).pk for _ in range(2)}
    assert len(jobs) == 1
    masked(piece, MASK, preparer)
    with pytest.raises(Refused):
        request_mask(piece, MASK, by=preparer)
    assert piece.derived.count() == 1


def test_a_job_that_runs_twice_makes_one_copy(piece, preparer):
    job = request_mask(piece, MASK, by=preparer)
    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
        perform(job.pk, mask)
    assert piece.derived.count() == 1


def test_what_was_withdrawn_is_not_masked(piece, preparer, partner):
    withdraw(piece, reason="誤傳。", by=partner)
    with pytest.raises(Refused):
        request_mask(piece, MASK, by=preparer)


@pytest.fixture
def waiting(piece, preparer) -> Job:
    return request_mask(piece, MASK, by=preparer)


def failed_of(job: Job) -> str:
    """Why the job failed at its first attempt, for good."""
    perform(job.pk, mask)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    return job.cause


def test_who_left_the_team_meanwhile_gets_no_copy(waiting, piece, preparer, partner):
    leave_team(TeamMember.objects.get(engagement=piece.engagement, user=preparer), by=partner)
    assert failed_of(waiting) == "The person who asked for this may no longer do so."
    assert piece.derived.count() == 0


def test_what_is_withdrawn_meanwhile_is_not_masked(waiting, piece, partner):
    withdraw(piece, reason="誤傳。", by=partner)
    assert failed_of(waiting)
    assert piece.derived.count() == 0


def test_areas_marked_on_pages_that_another_version_drew_hide_nothing(waiting, piece, preparer, monkeypatch):
    for module in ("evidence.tasks", "evidence.masking"):
        monkeypatch.setattr(f"{module}.version", lambda: "newer")
    assert failed_of(waiting) == DRAWN_ANEW
    assert piece.derived.count() == 0
    masked(piece, MASK, preparer)


def test_a_copy_for_which_there_is_no_room_says_so(waiting, piece, settings):
    settings.DISK_RESERVE = 100
    assert failed_of(waiting)
    assert piece.derived.count() == 0


def test_a_file_without_pages_fails_with_its_reason(fieldwork, preparer):
    piece = deposit(fieldwork, [text("頁面.html", b"<!doctype html><p>x")], covered=SPAN, by=preparer)[0]
    assert failed_of(request_mask(piece, Mask((1,), ((1, *HIDDEN),)), by=preparer))


def test_a_page_that_isn_t_there_is_no_copy(piece, preparer):
    assert failed_of(request_mask(piece, Mask((9,), ((9, *HIDDEN),)), by=preparer))
    assert piece.derived.count() == 0


# The form -------------------------------------------------------------------------------------------


@pytest.fixture
def ask(sign_in, piece):
    """Send the viewer's form."""

    def ask(user, areas, pages="marked"):
        typed = {"areas": areas if isinstance(areas, str) else json.dumps(areas), "pages": pages}
        return sign_in(user).post(reverse("evidence-masks", args=[piece.pk]), typed)

    return ask


@pytest.mark.parametrize(("pages", "kept"), [("marked", [2]), ("all", [1, 2, 3])])
def test_the_form_takes_marked_pages_or_all(ask, preparer, pages, kept):
    assert ask(preparer, [[2, *HIDDEN]], pages).status_code == 200
    assert json.loads(Job.objects.get(task="evidence.mask").ids["derivation"])["pages"] == kept


@pytest.mark.parametrize(
    "areas",
    [
        *("", "x", "{}", "[]", "[[1,2,3]]", "[" * 5000, "[[NaN,0,0,1,1]]"),
        *(
            [[4, 0, 0, 10, 10]],
            [[0, 0, 0, 10, 10]],
            [[1, 10, 0, 10, 10]],
            [[1, 0, 20, 10, 10]],
            [[1, 0, 0, 10, 10_001]],
        ),
        *([[1, -1, 0, 10, 10]], [[True, 0, 0, 10, 10]], [[1.0, 0, 0, 10, 10]], [["1", 0, 0, 10, 10]]),
    ],
)
def test_areas_that_are_none_are_an_error_at_their_field(ask, preparer, areas):
    answer = ask(preparer, areas)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["areas"])
    assert not Job.objects.filter(task="evidence.mask").exists()


def test_the_person_who_asked_follows_the_job_to_the_copy(ask, sign_in, piece, preparer, reviewer):
    ask(preparer, [[2, *HIDDEN]])
    url = reverse("evidence-masks", args=[piece.pk])
    assert f'hx-get="{url}"' in sign_in(preparer).get(url).content.decode()
    perform(Job.objects.get(task="evidence.mask").pk, mask)
    copy = piece.derived.get()
    assert copy.get_absolute_url() in sign_in(preparer).get(url).content.decode()
    assert sign_in(reviewer).get(url).content.decode().strip() == ""


def test_a_copy_s_page_leads_to_its_original_and_back(sign_in, piece, preparer):
    copy = masked(piece, MASK, preparer)
    preview(None, file=str(copy.file_id), first="1")
    pages = [sign_in(preparer).get(each.get_absolute_url()).content.decode() for each in (copy, piece)]
    assert [piece.get_absolute_url() in pages[0], copy.get_absolute_url() in pages[1]] == [True, True]
