"""`manage.py load_catalogue [FILE]`: load and publish the control catalogue; safe to run again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from controls.imports import load
from foundation.web.refusals import Refused

CATALOGUE = settings.BASE_DIR / "fixtures" / "tpex-sto.json"


class Command(BaseCommand):
    """Exit code 0: loaded, or already loaded and unchanged; 1: refused, nothing written."""

    help = "Load and publish the control catalogue; the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=CATALOGUE, help="default: %(default)s")

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            loaded = load(file.read_bytes(), by=None)
        except OSError as error:
            message = _("%(file)s can't be read: %(reason)s.") % {"file": file, "reason": error.strerror}
            raise CommandError(message) from error
        except Refused as refusal:
            headline = _("%(file)s was refused, nothing was written:") % {"file": file}
            raise CommandError("\n- ".join([headline, *refusal.reasons])) from refusal
        message = _("%(title)s: loaded and published.") if loaded.is_new else _("%(title)s: already loaded, unchanged.")
        self.stdout.write(message % {"title": loaded.version})
