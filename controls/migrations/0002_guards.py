"""The database refuses to change or delete what is in the catalogue; only a draft version may be published."""

from typing import ClassVar

from django.db import migrations

from foundation.trail.guards import GuardTable

TABLES = (
    "chapter",
    "area",
    "controlpoint",
    "instrument",
    "instrumentversion",
    "referenceline",
    "citation",
    "condition",
    "conditionrule",
    "procedure",
    "procedure_branch_conditions",
    "documentgroup",
    "expecteddocument",
    "frequencyrule",
    "frequencyrule_procedures",
    "threshold",
    "anomaly",
    "coveragegap",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("controls", "0001_catalogue"), ("trail", "0002_guards")]

    operations: ClassVar = [
        GuardTable("catalogueversion", update_if="""OLD."status" = 'draft'"""),
        *(GuardTable(table) for table in TABLES),
    ]
