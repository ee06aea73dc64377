"""manage.py verify_trail: recompute the trail, compare rows with events and papers with signatures, read every file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from desk.checkpoints import kept_checkpoints
from desk.witnesses import verify_everything
from foundation.trail.anchors import Anchor
from foundation.trail.verification import Verification

COULD_NOT_CHECK = 2


def anchor(text: str) -> Anchor:
    """Read CHAIN@SEQ=HASH, as the last page of a report prints it."""
    try:
        place, digest = text.rsplit("=", 1)
        chain, seq = place.rsplit("@", 1)
        return Anchor(chain, int(seq), bytes.fromhex(digest))
    except ValueError as error:
        raise CommandError(_("An anchor is written CHAIN@SEQ=HASH: %(text)s") % {"text": text}) from error


class Command(BaseCommand):
    """Exit status 0: all is as recorded; 1: something was changed; 2: not everything could be looked at."""

    help = (
        "Verify the audit trail: the guards of its tables, chains, rows and events against each other, signed papers,"
        " stored files, anchors, the checkpoints in DIGAO_CHECKPOINT_DIR. Exit 0 whole, 1 broken, 2 unread."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="CHAIN@SEQ=HASH", help="an event known from elsewhere"
        )
        parser.add_argument(
            "--checkpoint", action="append", default=[], type=Path, metavar="FILE", help="a copy kept elsewhere"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        anchors = [anchor(text) for text in options["anchor"]]
        try:
            found = verify_everything(anchors, [*kept_checkpoints(), *options["checkpoint"]])
        except DatabaseError as error:
            self.stderr.write(_("The trail could not be read: %(error)s") % {"error": error})
            sys.exit(COULD_NOT_CHECK)
        self.stdout.write(as_json(found) if options["json"] else in_words(found))
        if found.exit_status:
            sys.exit(found.exit_status)


def in_words(found: Verification) -> str:
    """Say what was looked at, then what is wrong and where, one line each."""
    looked_at = _(
        "Looked at %(chains)d chains, %(events)d events, %(rows)d rows, %(seals)d contents of papers, %(files)d files."
    ) % vars(found)
    compared = (
        _("Compared with %(n)d checkpoints.") % {"n": found.checkpoints}
        if found.checkpoints
        else _("There is no checkpoint in %(folder)s: a tail that was cut off with its head leaves no trace.")
        % {"folder": settings.CHECKPOINT_DIR}
    )
    verdicts = (_("The trail is whole."), _("The trail is broken:"), _("Not everything could be looked at:"))
    troubles = [f"  {problem}" for problem in (*found.problems, *found.unread)]
    return "\n".join([looked_at, compared, verdicts[found.exit_status], *troubles])


def as_json(found: Verification) -> str:
    """Return the same as an object: counts, `problems` and `unread` as lists of {place, text}."""
    counts = {name: getattr(found, name) for name in ("chains", "events", "rows", "seals", "files", "checkpoints")}
    troubles = {name: [vars(problem) for problem in getattr(found, name)] for name in ("problems", "unread")}
    return json.dumps({"status": found.exit_status, **counts, **troubles}, ensure_ascii=False, indent=1)
