"""What has to run inside Django, in a process of its own: `python -m tests.bench.inside WHAT`; prints JSON."""

import json
import os
import resource
import sys
import tempfile
from dataclasses import replace
from datetime import date
from time import process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# Models exist only from here on.
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from weasyprint import HTML  # noqa: E402

from desk.demo.cast import PASSWORD, PEOPLE  # noqa: E402
from engagements.models import Engagement, Stage  # noqa: E402
from foundation.accounts.models import User  # noqa: E402
from procedures.models import Workpaper  # noqa: E402
from reports import pdf, typefaces, workbook  # noqa: E402
from reports.assets import AssetsOnly  # noqa: E402
from reports.binder import Binder, Citation, ControlPoint, EvidenceItem, Procedure, Time  # noqa: E402
from reports.composing import document_html  # noqa: E402
from signoff.models import ReportVersion  # noqa: E402
from tests.bench.copies import copy_engagement  # noqa: E402


def under_way() -> Engagement:
    """The demo's engagement in fieldwork."""
    return Engagement.objects.filter(stage=Stage.FIELDWORK).order_by("created_at").first()


def untouched_paper() -> Workpaper:
    return Workpaper.objects.filter(engagement=under_way(), section="C", signoffs=None).order_by("code").first()


def issued_binder() -> Binder:
    """What last year's issued report was drawn from."""
    with ReportVersion.objects.filter(final=True, binder__isnull=False).first().binder.open() as file:
        return Binder.from_json(file.read())


def facts() -> dict:
    """Addresses to ask for, and who asks."""
    paper = untouched_paper()
    result = paper.results.order_by("position").first()
    return {
        "person": PEOPLE["staff"][1],
        "password": PASSWORD,
        "engagements": Engagement.objects.count(),
        "pages": {
            "engagement page": reverse("engagement", args=[under_way().pk]),
            "workpaper page": paper.get_absolute_url(),
            "list of papers": reverse("paper-list", args=[under_way().pk]),
        },
        "save": reverse("result-save", args=[result.pk]),
        "version": result.version,
    }


def grow(total: str) -> int:
    """Copy the engagement under way until there are `total`."""
    original = under_way()
    for _ in range(int(total) - Engagement.objects.count()):
        copy_engagement(original)
    return Engagement.objects.count()


def queries() -> dict[str, int]:
    """Statements per request, without the test client's own."""
    known = facts()
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=known["person"]))
    counts = {name: count(lambda path=path: client.get(path)) for name, path in known["pages"].items()}
    typed = entry(untouched_paper())
    counts["saving a result"] = count(lambda: client.post(known["save"], typed))
    return counts


def entry(paper: Workpaper) -> dict:
    """What the form sends: one more sentence."""
    result = paper.results.order_by("position").first()
    typed = {"outcome": "no_exception", "work": f"{result.work}已檢視。", "reason": "", "performed_on": ""}
    return typed | {"version": result.version}


def count(ask) -> int:
    """Statements that ask or tell the database something: BEGIN and COMMIT are Django's notes of its own."""
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
        statements = [query["sql"] for query in captured]
    assert answer.status_code == 200, f"{answer.status_code}: {answer.content[:500]}"
    return sum(not sql.startswith(("BEGIN", "COMMIT")) for sql in statements)


def render(how: str) -> dict[str, float]:
    """CPU seconds: `ours` is everything from the frozen binder to the bytes, `bare` is WeasyPrint on the same HTML."""
    binder = issued_binder()
    html = document_html(binder, binder.digest())
    started = process_time()
    if how == "ours":
        content = pdf.render(binder).content
    else:
        content = HTML(string=html, base_url="asset:", url_fetcher=AssetsOnly()).write_pdf(pdf_variant=pdf.VARIANT)
    return {"seconds": process_time() - started, "bytes": len(content)}


def edited_draft() -> dict[str, float]:
    """CPU seconds of a whole draft, and of the next one after a sentence more on one paper."""
    settings.FRAGMENT_ROOT = tempfile.mkdtemp(prefix="digao-bench-")
    typefaces.drawable()  # once per worker
    draft = replace(issued_binder(), draft=True, number="", report_date=None)
    seconds = []
    for binder in (draft, with_work(draft, "3.9.1", "補充檢查備份紀錄。")):
        started = process_time()
        pdf.render(binder)
        seconds.append(process_time() - started)
    return {"cold": seconds[0], "edited": seconds[1]}


def with_work(binder: Binder, code: str, text: str) -> Binder:
    """The binder with another text at the first procedure of one paper."""

    def changed(point: ControlPoint) -> ControlPoint:
        first, *others = point.procedures
        return replace(point, procedures=(replace(first, work=text), *others)) if point.code == code else point

    return with_points(binder, changed)


def with_points(binder: Binder, changed) -> Binder:
    def in_area(area):
        return replace(area, points=tuple(map(changed, area.points)))

    chapters = (replace(chapter, areas=tuple(map(in_area, chapter.areas))) for chapter in binder.chapters)
    return replace(binder, chapters=tuple(chapters))


def memory(pieces: str) -> dict[str, float]:
    """Peak MiB of this process while it draws a final report with so many pieces of evidence, each of them cited."""
    day = date(2026, 1, 5)
    evidence = tuple(
        EvidenceItem(f"E-{n:03}", "系統紀錄", f"稽核紀錄_{n:03}.png", f"{n:064x}", day, day, Time.STATE)
        for n in range(1, int(pieces) + 1)
    )
    cited = iter(Citation(item.number, item.name, 1, "✓", "核對相符") for item in evidence)

    def citing(procedure: Procedure) -> Procedure:
        return replace(procedure, citations=tuple(piece for _, piece in zip(range(3), cited, strict=False)))

    def changed(point: ControlPoint) -> ControlPoint:
        return replace(point, procedures=tuple(map(citing, point.procedures)))

    binder = replace(with_points(issued_binder(), changed), evidence=evidence, disclose_evidence=True)
    drawn = pdf.render(binder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"mib": peak, "pages": drawn.pages, "bytes": len(drawn.content)}


def sheets() -> dict[str, float]:
    """CPU seconds of the workbook of all papers."""
    binder = issued_binder()
    started = process_time()
    content = workbook.render(binder)
    return {"seconds": process_time() - started, "bytes": len(content)}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps(globals()[what](*arguments)))
