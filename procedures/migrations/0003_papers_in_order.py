from typing import Any, ClassVar

from django.db import migrations
from django.db.models import F

FROM = 1000


def after_planning(apps: Any, _schema_editor: Any) -> None:
    """Papers on control points come after the general papers of sections A and B."""
    apps.get_model("procedures", "Workpaper").objects.filter(position__lt=FROM).update(position=F("position") + FROM)


def as_before(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("procedures", "Workpaper").objects.filter(section="C").update(position=F("position") - FROM)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procedures", "0002_general_papers_and_duties")]

    operations: ClassVar = [migrations.RunPython(after_planning, as_before)]
