from django.db import migrations

from foundation.trail.guards import GuardTable


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_chains_and_events")]

    operations = [
        GuardTable("event"),
        # A head only moves forward, by one event.
        GuardTable(
            "chain",
            update_if='NEW."id" = OLD."id" AND NEW."key" = OLD."key"'
            ' AND NEW."seq" = OLD."seq" + 1 AND NEW."head" <> OLD."head"',
        ),
    ]
