"""Seal once more what issued reports consist of: after the bytes were restored, or moved to a bucket."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from signoff.models import ReportVersion
from signoff.sealing import seal


class Command(BaseCommand):
    """What is sealed already stays so; the exit code is 1 if something couldn't be sealed."""

    help = "Seal the evidence and the reports of all issued engagements where they are kept."

    def handle(self, *_args: Any, **_options: Any) -> None:
        failed = [report for report in _issued() if not self._sealed(report)]
        if failed:
            raise CommandError(f"{len(failed)} could not be sealed")

    def _sealed(self, report: ReportVersion) -> bool:
        try:
            self.stdout.write(f"{report}: {seal(report)} files")
        except OSError as error:
            self.stderr.write(f"{report}: {error}")
            return False
        return True


def _issued() -> list[ReportVersion]:
    return list(ReportVersion.objects.exclude(issued_at=None).select_related("engagement").order_by("issued_at"))
