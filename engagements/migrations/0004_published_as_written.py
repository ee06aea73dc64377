from typing import Any, ClassVar

from django.db import migrations
from django.db.models import F


def as_written(apps: Any, _schema_editor: Any) -> None:
    """Notes from before there were reviews were published when they were written."""
    apps.get_model("engagements", "Note").objects.update(published_at=F("written_at"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("engagements", "0003_reviews")]

    operations: ClassVar = [migrations.RunPython(as_written, migrations.RunPython.noop)]
