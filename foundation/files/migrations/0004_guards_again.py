from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable


class Migration(migrations.Migration):
    """SQLite remade the table of stored files and lost its guards."""

    dependencies: ClassVar = [("files", "0003_uploads"), ("trail", "0002_guards")]

    operations: ClassVar = [GuardTable("StoredFile")]
