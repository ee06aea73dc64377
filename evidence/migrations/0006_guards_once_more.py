from importlib import import_module
from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable

SAME = import_module("evidence.migrations.0004_guards_again").SAME


class Migration(migrations.Migration):
    """SQLite has made the table anew for its columns."""

    dependencies: ClassVar = [("evidence", "0005_kinds_of_time")]

    operations: ClassVar = [GuardTable("Evidence", update_if=SAME)]
