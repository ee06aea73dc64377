"""`manage.py render_report`: the same pages without a worker, and no trace in the database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.files.models import StoredFile
from procedures.models import ProcedureResult
from signoff.models import ReportVersion

pytestmark = pytest.mark.usefixtures("shared_parts")


def run(engagement, output, *arguments, **options):
    out = StringIO()
    call_command("render_report", str(engagement), "--output", str(output), *arguments, stdout=out, **options)
    return out.getvalue()


def test_it_writes_a_pdf_and_a_workbook_and_no_rows(fieldwork, tmp_path):
    before = StoredFile.objects.count()
    said = run(fieldwork.pk, tmp_path / "r.pdf", "--workbook", str(tmp_path / "r.xlsx"))
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")
    assert " pages, " in said
    assert (ReportVersion.objects.count(), StoredFile.objects.count()) == (0, before)


def test_it_tells_its_stages_when_asked(fieldwork, tmp_path):
    assert run(fieldwork.pk, tmp_path / "r.pdf", verbosity=2).startswith("check\ncompose\nlayout\nwrite\n")


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_engagement_that_does_not_exist_is_named(db, tmp_path, key):
    with pytest.raises(CommandError, match=key):
        run(key, tmp_path / "r.pdf")


def test_a_place_that_cannot_be_written_is_named(fieldwork, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run(fieldwork.pk, tmp_path / "nowhere" / "r.pdf")


def test_what_cannot_be_printed_leaves_no_file(fieldwork, tmp_path):
    ProcedureResult.objects.filter(workpaper__engagement=fieldwork).update(work="字" * 20_001)
    with pytest.raises(CommandError, match="20001"):
        run(fieldwork.pk, tmp_path / "r.pdf")
    assert list(tmp_path.glob("*.pdf")) == []
