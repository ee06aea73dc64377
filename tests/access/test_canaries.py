"""Of the other firm's data nobody else reads a word: not by searching, not by counting, not in a file."""

import subprocess
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from reports import pdf
from reports.binder import Binder
from signoff.models import ReportVersion
from tests.access.asking import CANARY, leaked
from tests.access.canaries import BYTES, SONG, SPARED, name_of, text_columns
from tests.access.looks import LOOKING, NO_DATA, look
from tests.access.matrix import ANY, SHARED, cases, matrix
from tests.access.test_strangers import NOBODYS

# Doors and the pages of one's own factors read nobody else's data and have no search.
WITH_DATA = [case for case in cases() if case.method == "GET" and case.endpoint not in NO_DATA]
READ = [
    case
    for case in WITH_DATA
    if case.state in {ANY, *SHARED, "withdrawn_evidence"}
    or (case.state in {"issued", "released"} and "report" in case.objects)
]
GETS = [case for case in WITH_DATA if case.state in {ANY, *SHARED}]
API_LISTS = sorted(name for name in matrix().lines if name.startswith("v1:") and name.endswith("-list"))


def base(place: str) -> str:
    """accounts.Organization.name of the firm → accounts.Organization.name."""
    return place.partition(" of the ")[0]


def test_every_text_of_the_other_firm_is_planted_or_spared_for_a_reason(world):
    columns = {name_of(field) for field in text_columns()}
    assert {base(place) for place in world.planted.values()} - {BYTES} == columns - set(SPARED)


def test_no_column_is_spared_that_is_not_there():
    assert set(SPARED) - {name_of(field) for field in text_columns()} == set()
    assert all(SPARED.values())


# What the pages don't show to anybody, so that the other firm's people don't meet it there either.
UNSEEN = {
    "account.EmailAddress.email": "allauth's copy of an address: no page of it is in use",
    "engagements.Note.anchor_label": "a note is shown beside what it is about",
    "files.Upload.cause": "told to its sender alone, who isn't among those who look here",
    "files.Upload.concerns": "told to its sender alone, who isn't among those who look here",
    "files.Upload.name": "its sender's page knows it already",
    "jobs.Job.cause": "the page tells it of a rendering that failed; here none did",
    "jobs.Job.requested_by_label": "kept for whoever looks into the table",
    "procedures.DeclinedGap.reason": "on the sheet of another paper than the one that is looked at",
    "procedures.Matrix.items": "on the sheet of another paper",
    "procedures.StatedFrequency.source": "on the sheet of another paper",
    "signoff.Reissue.cancelled_because": "kept for the trail",
    "signoff.Reissue.reason": "on the pages while a reissue is under way or through; here it was given up",
    "socialaccount.SocialAccount.extra_data": "what a provider said of a person: no page of it is in use",
    "socialaccount.SocialAccount.uid": "who a person is to their provider: no page of it is in use",
}
SIDES = ("", "side=notes", "side=requests", "side=history")


def test_the_other_firms_own_people_read_every_canary(world):
    """The canaries are there: in the same crawl, the first who may read a page does; lists tell one
    engagement whole.
    """
    read: set[str] = set()
    whole = f"engagement={world.theirs['fieldwork']['engagement']}&page_size=250"
    for case in READ:
        reader = next((who for who in LOOKING if case.expected[who] == "in"), None)
        sides = SIDES if case.endpoint == "workpaper" else ("",)
        url = world.url(case, world.theirs.get(case.state))
        for side in sides if reader else ():
            read |= world.ask(f"other_{reader}", "GET", f"{url}?{side}&{whole}").canaries
    assert set(world.planted.values()) - {world.planted[canary] for canary in read} == set(UNSEEN)


# Searching ----------------------------------------------------------------------------------


def searches(world) -> list[tuple[str, dict[str, str]]]:
    """What somebody would try: the canaries' beginning in every field, as a form and as htmx would send it; the other
    firm's keys in every filter.
    """
    theirs = world.theirs["fieldwork"]
    words = dict.fromkeys(("q", "text", "search", "name", "state", "point", "event"), SONG)
    keys = {name: theirs[name] for name in ("engagement", "finding", "evidence", "result")}
    person = world.cast.people["other_partner"].pk
    keyed = {**keys, "person": person, "page": 2, "page_size": 500}
    script = {"HX-Request": "true"}
    return [(f"?{urlencode(query)}", way) for query, way in ((words, {}), (words, script), (keyed, {}))]


@pytest.mark.parametrize("case", GETS, ids=str)
def test_no_search_and_no_filter_finds_the_other_firm(world, case):
    for who in LOOKING:
        for query, headers in searches(world) if case.expected[who] == "in" else ():
            answer = world.ask(who, "GET", world.url(case) + query, **headers)
            assert leaked(world.planted, {who: answer}, at=case.endpoint) == {}


@pytest.mark.parametrize("side", SIDES[1:])
def test_no_side_of_a_paper_shows_the_other_firms(world, side):
    url = world.url(next(case for case in GETS if case.endpoint == "workpaper"))
    for headers in ({}, {"HX-Request": "true", "HX-Target": "side"}):
        answer = world.ask("partner", "GET", f"{url}?{side}", **headers)
        assert leaked(world.planted, {"partner": answer}, at="workpaper") == {}


@pytest.mark.parametrize("name", API_LISTS)
def test_a_list_narrowed_to_the_other_firm_is_that_of_nobody(world, name):
    theirs = world.theirs["fieldwork"]["engagement"]
    for who in LOOKING:
        foreign, unknown = (world.ask(who, "GET", f"{reverse(name)}?engagement={key}") for key in (theirs, NOBODYS))
        assert (foreign.status, foreign.without(theirs)) == (unknown.status, unknown.without(NOBODYS))


# Counting -----------------------------------------------------------------------------------


def test_every_page_of_ours_is_what_it_was_before_the_other_firm_came(world):
    """To the letter, so that no number of it counts what the other firm has."""
    now = look(world)
    assert [name for name in now if now[name] != world.seen_before[name]] == []
    assert set(now) == set(world.seen_before)


# Files --------------------------------------------------------------------------------------


@pytest.fixture
def drawn(world):
    """A report asked for and drawn now, that the canaries are planted: ours, or theirs."""

    def drawn(firm: str) -> ReportVersion:
        engagement = getattr(world, firm)["fieldwork"]["engagement"]
        return world.firms[firm].drawn(engagement)

    return drawn


def read_in(world, who: str, report: ReportVersion) -> set[str]:
    """What somebody reads in a report's files, PDF and workbook: the planted columns."""
    urls = [reverse("report-download", kwargs={"report": report.pk, "kind": kind}) for kind in ("pdf", "xlsx")]
    answers = [world.ask(who, "GET", url) for url in urls]
    assert {answer.met for answer in answers} == {"in"}
    return {world.planted[canary] for answer in answers for canary in answer.canaries}


def test_the_other_firms_report_is_full_of_canaries(world, drawn):
    assert {"accounts.Organization.address", "evidence.Evidence.title", "findings.Finding.title"} <= read_in(
        world, "other_partner", drawn("theirs")
    )


def test_our_report_holds_nothing_of_the_other_firm(world, drawn):
    assert read_in(world, "partner", drawn("ours")) == set()


def test_our_reports_printed_pages_hold_nothing_of_the_other_firm(world, printed, drawn, tmp_path):
    """The letter, the findings and the first chapter: pages are dear, and the workbook above holds the rest."""
    with drawn("ours").binder.open() as file:
        binder = Binder.from_json(file.read())
    pages = printed(replace(binder, chapters=binder.chapters[:1]), pdf.unheard)
    (tmp_path / "report.pdf").write_bytes(pages.content)
    text = subprocess.run(["pdftotext", tmp_path / "report.pdf", "-"], capture_output=True, check=True).stdout
    assert binder.findings[0].title.encode() in text
    assert CANARY.findall(text) == []
