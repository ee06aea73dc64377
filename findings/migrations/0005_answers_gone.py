from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable


class Migration(migrations.Migration):
    """What is a row now is no column any more; what management was told and said is only added to."""

    dependencies: ClassVar = [("findings", "0004_answers_moved"), ("trail", "0002_guards")]

    operations: ClassVar = [
        migrations.RemoveField("finding", "response"),
        migrations.RemoveField("finding", "response_due"),
        migrations.RemoveField("finding", "response_owner"),
        GuardTable("FindingRelease"),
        GuardTable("ManagementResponse"),
    ]
