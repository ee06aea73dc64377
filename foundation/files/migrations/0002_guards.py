from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable


class Migration(migrations.Migration):
    """The row of a stored file stays as it was written."""

    dependencies: ClassVar = [("files", "0001_stored_files"), ("trail", "0002_guards")]

    operations: ClassVar = [GuardTable("StoredFile")]
