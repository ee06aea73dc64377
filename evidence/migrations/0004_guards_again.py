from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable

_FIXED = ("id", "engagement_id", "number", "version", "file_id", "received_at", "derivation")
_FIXED_OR_NOTHING = ("request_id", "replaces_id", "derived_from_id")
SAME = " AND ".join(
    [f'CAST(NEW."{name}" AS text) = CAST(OLD."{name}" AS text)' for name in _FIXED]
    + [f"""COALESCE(CAST(NEW."{name}" AS text), '') = COALESCE(CAST(OLD."{name}" AS text), '')""" for name in _FIXED_OR_NOTHING]
)


class Migration(migrations.Migration):
    """A piece of evidence keeps all but its title and the time it speaks about; a decision on it stays as it is."""

    dependencies: ClassVar = [("evidence", "0003_versions_and_decisions"), ("files", "0004_guards_again")]

    operations: ClassVar = [GuardTable("Evidence", update_if=SAME), GuardTable("EvidenceDecision")]
