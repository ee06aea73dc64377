"""What the team had typed as management's response becomes a release and an answer to it, as the trail is told."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from findings.words import digest_of
from foundation.trail.actions import record

WORDED = ("title", "condition", "criterion", "severity", "type", "risk", "recommendation")
SOURCE = "改版前由查核團隊登載"


def move(apps: Any, _schema_editor: Any) -> None:
    findings = apps.get_model("findings", "Finding")
    findings.__str__ = lambda finding: f"F-{finding.number:02} {finding.title}"
    for finding in findings.objects.order_by("engagement", "number"):
        if finding.response or finding.response_owner or finding.response_due:
            _move(apps, finding)


def _move(apps: Any, finding: Any) -> None:
    release = apps.get_model("findings", "FindingRelease").objects.create(
        finding=finding,
        number=1,
        wording={name: str(getattr(finding, name)) for name in WORDED},
        due_on=timezone.localdate(),
    )
    _tell(finding, "finding.released", _of_release(release))
    response = apps.get_model("findings", "ManagementResponse").objects.create(
        release=release,
        kind="given",
        text=finding.response or "—",
        owner=finding.response_owner,
        due_on=finding.response_due,
        source=SOURCE,
    )
    _tell(finding, "finding.answered", _of_response(response))


def _tell(finding: Any, event: str, facts: Any) -> None:
    record(event, chain=f"engagement:{finding.engagement_id}", by=None, about=finding, facts=facts)


def _of_release(release: Any) -> dict[str, Any]:
    told = {"release": release.pk, "number": 1, "due_on": release.due_on.isoformat(), "asks": True}
    return {**told, "digest": digest_of(release.wording)}


def _of_response(response: Any) -> dict[str, Any]:
    said = {name: str(getattr(response, name)) for name in ("text", "owner", "due_on", "source")}
    told = {"response": response.pk, "answer": "given", "release": response.release_id}
    return {**told, "digest": digest_of(said)}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("findings", "0003_releases"), ("trail", "0002_guards")]

    operations: ClassVar = [migrations.RunPython(move, migrations.RunPython.noop)]
