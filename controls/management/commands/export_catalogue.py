"""`manage.py export_catalogue --format json [--output FILE]`: the regulator's text as loaded."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from controls.exports import verbatim
from controls.models import CatalogueVersion


class Command(BaseCommand):
    """Exit code 0: written; 1: there is no such catalogue, or the file can't be written."""

    help = "Write the regulator's text of a catalogue as loaded: control points, references, procedures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["json"], default="json")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
        parser.add_argument("--catalogue", metavar="KEY", help="default: the catalogue published last")

    def handle(self, *, output: Path | None, catalogue: str | None, **_options: Any) -> None:
        text = json.dumps(verbatim(_version(catalogue)), ensure_ascii=False, indent=1)
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            message = _("%(file)s can't be written: %(reason)s.") % {"file": output, "reason": error.strerror}
            raise CommandError(message) from error


def _version(key: str | None) -> CatalogueVersion:
    versions = CatalogueVersion.objects.published()
    try:
        return versions.get(key=key) if key else versions.current()
    except CatalogueVersion.DoesNotExist as error:
        raise CommandError(_("No such catalogue is loaded. Run: manage.py load_catalogue")) from error
