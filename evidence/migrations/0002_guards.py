from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable


class Migration(migrations.Migration):
    """A piece of evidence keeps its number, its file and the time that it speaks about, and never goes."""

    dependencies: ClassVar = [("evidence", "0001_evidence"), ("files", "0002_guards"), ("trail", "0002_guards")]

    operations: ClassVar = [GuardTable("Evidence")]
