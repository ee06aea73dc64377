"""Render an engagement's report as it stands, without a worker and without leaving a trace in the database."""

import os
from argparse import ArgumentParser
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from engagements.models import Engagement
from foundation.spreadsheets.writing import BadCell
from reports import pdf, workbook
from reports.compilation import compile_binder
from reports.engine import RenderingFailed, unheard
from reports.readiness import NotReady
from reports.typefaces import TypefaceMissing
from signoff.models import ReportVersion


class Command(BaseCommand):
    """The file is a draft: the final report is asked for in the application and frozen there."""

    help = "Write a draft of an engagement's report as PDF (and, with --workbook, as xlsx)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("engagement", help="the engagement's id, a UUID")
        parser.add_argument("--output", type=Path, required=True, help="where the PDF goes")
        parser.add_argument("--workbook", type=Path, help="where the workbook goes")

    def handle(self, *_args: Any, **options: Any) -> None:
        binder = compile_binder(ReportVersion(engagement=_engagement(options["engagement"]), number=0))
        try:
            rendering = pdf.render(binder, self._tell if options["verbosity"] > 1 else unheard)
            sheets = workbook.render(binder) if options["workbook"] else b""
        except (NotReady, RenderingFailed, TypefaceMissing, BadCell) as error:
            raise CommandError(str(error)) from error
        _write(options["output"], rendering.content)
        if sheets:
            _write(options["workbook"], sheets)
        self.stdout.write(f"{options['output']}: {rendering.pages} pages, {len(rendering.content)} bytes")

    def _tell(self, stage: str) -> None:
        self.stdout.write(stage)


def _engagement(key: str) -> Engagement:
    try:
        return Engagement.objects.get(pk=key)
    except (Engagement.DoesNotExist, ValidationError) as error:
        raise CommandError(f"There is no engagement {key}.") from error


def _write(path: Path, content: bytes) -> None:
    """The whole file or none: a reader never sees half a PDF."""
    try:
        with NamedTemporaryFile(dir=path.parent, delete=False) as temporary:
            temporary.write(content)
            temporary.flush()
            os.fsync(temporary.fileno())
        Path(temporary.name).replace(path)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
