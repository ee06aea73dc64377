"""The day on which each engagement's first report was issued: told by the reports until now."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone


def told_by_reports(apps: Any, _editor: Any) -> None:
    issued = apps.get_model("signoff", "ReportVersion").objects.filter(issued_at__isnull=False).order_by("-issued_at")
    engagements = apps.get_model("engagements", "Engagement").objects
    for engagement, issued_at in issued.values_list("engagement", "issued_at"):  # the first one last
        engagements.filter(pk=engagement).update(issued_on=timezone.localdate(issued_at))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("engagements", "0007_day_of_issue"), ("signoff", "0005_report_docx")]

    operations: ClassVar = [migrations.RunPython(told_by_reports, migrations.RunPython.noop)]
