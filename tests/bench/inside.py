"""What has to run inside Django, in a process of its own: `python -m tests.bench.inside WHAT`; prints JSON."""

import json
import os
import sys
from time import process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# Models exist only from here on.
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from weasyprint import HTML  # noqa: E402

from desk.demo.cast import PASSWORD, PEOPLE  # noqa: E402
from engagements.models import Engagement, Stage  # noqa: E402
from foundation.accounts.models import User  # noqa: E402
from procedures.models import Workpaper  # noqa: E402
from reports import pdf, workbook  # noqa: E402
from reports.assets import AssetsOnly  # noqa: E402
from reports.binder import Binder  # noqa: E402
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
    html = pdf.document_html(binder)
    started = process_time()
    if how == "ours":
        content = pdf.render(binder).content
    else:
        content = HTML(string=html, base_url="asset:", url_fetcher=AssetsOnly()).write_pdf(pdf_variant=pdf.VARIANT)
    return {"seconds": process_time() - started, "bytes": len(content)}


def sheets() -> dict[str, float]:
    """CPU seconds of the workbook of all papers."""
    binder = issued_binder()
    started = process_time()
    content = workbook.render(binder)
    return {"seconds": process_time() - started, "bytes": len(content)}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps(globals()[what](*arguments)))
