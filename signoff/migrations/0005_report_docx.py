from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from foundation.trail.guards import GuardTable

# All of an issued report but its state, which may turn to "superseded" or "withdrawn".
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
    "docx_id",
    "pages",
    "outline",
    "problems",
    "issued_by_id",
    "issued_at",
)
UNCHANGED = " AND ".join(f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in KEPT)
REPLACED = """OLD."state" IN ('issued', 'withdrawn') AND NEW."state" = 'superseded'"""
WITHDRAWN = """OLD."state" = 'issued' AND NEW."state" = 'withdrawn'"""


class Migration(migrations.Migration):
    """A report has a docx beside its PDF and workbook, and its headings with their pages."""

    dependencies: ClassVar = [("signoff", "0004_letters_and_grounds"), ("files", "0002_guards"), ("trail", "0002_guards")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="reportversion",
            name="docx",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"),
        ),
        migrations.AddField(model_name="reportversion", name="outline", field=models.JSONField(default=list)),
        GuardTable("ReportVersion", update_if=f'OLD."issued_at" IS NULL OR (({REPLACED} OR {WITHDRAWN}) AND {UNCHANGED})'),
    ]
