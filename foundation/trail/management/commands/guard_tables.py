"""manage.py guard_tables: put the triggers of every append-only table in place again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from foundation.trail.checks import guard_all


class Command(BaseCommand):
    """Repairs what `manage.py check --database default` complains about."""

    help = "Make every append-only table append-only again (after a restore)"
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print one table a line."""
        for table in guard_all(connection):
            self.stdout.write(table)
