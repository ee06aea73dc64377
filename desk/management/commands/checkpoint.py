"""manage.py checkpoint: keep, now, where every chain of the trail stands."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from desk.checkpoints import checkpoint_now, mail_checkpoint


class Command(BaseCommand):
    """Does what the daily job does: writes the file into DIGAO_CHECKPOINT_DIR and mails it to DIGAO_CHECKPOINT_MAIL."""

    help = "Make a checkpoint of the audit trail, write and mail it; prints where it is"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="print the file's content instead of its place")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = checkpoint_now()
        self.stdout.write(path.read_text() if options["print"] else str(path))
        mail_checkpoint(path)
