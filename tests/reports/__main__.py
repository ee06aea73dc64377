"""`python -m tests.reports FOLDER`: a report of every kind as issued, and a draft, in every format. For bin/judge."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# Settings are read from here on.
from reports import pdf, word, workbook  # noqa: E402
from reports.binder import Binder  # noqa: E402
from tests.reports import binders, kinds  # noqa: E402


def issued(binder: Binder) -> Binder:
    return replace(binder, draft=False, disclose_evidence=False)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {
        "annual": issued(binders.annual()),
        "establishment": issued(kinds.establishment()),
        "relocation": issued(kinds.relocation()),
        "qualified": issued(kinds.qualified()),
        "draft": binders.annual(),
    }
    for name, binder in drawn.items():
        (folder / f"{name}.pdf").write_bytes(pdf.render(binder).content)
        (folder / f"{name}.xlsx").write_bytes(workbook.render(binder))
        (folder / f"{name}.docx").write_bytes(word.render(binder))


main(Path(sys.argv[1]))
