from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable

# All of an issued report but its state, which a later version may turn to "superseded".
KEPT = (
    "id",
    "engagement_id",
    "number",
    "final",
    "report_number",
    "report_date",
    "fingerprint",
    "job_id",
    "requested_by_id",
    "requested_at",
    "binder_id",
    "pdf_id",
    "workbook_id",
    "pages",
    "problems",
    "issued_by_id",
    "issued_at",
)
UNCHANGED = " AND ".join(f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in KEPT)
SUPERSEDED = f"""OLD."state" = 'issued' AND NEW."state" = 'superseded' AND {UNCHANGED}"""


class Migration(migrations.Migration):
    """Once a report is issued, nothing of it changes any more, except that another one takes its place."""

    dependencies: ClassVar = [("signoff", "0001_signoff"), ("files", "0002_guards"), ("trail", "0002_guards")]

    operations: ClassVar = [GuardTable("ReportVersion", update_if=f'OLD."issued_at" IS NULL OR ({SUPERSEDED})')]
