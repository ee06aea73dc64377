"""`python -m tests.reports FOLDER`: a report of every kind as issued, and a draft, in every format. For bin/judge."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# Settings are read from here on.
from reports import pdf, word, workbook  # noqa: E402
from tests.reports import binders, kinds, modified  # noqa: E402

DRAWN = {
    "annual": binders.final,
    "establishment": kinds.establishment,
    "reissued": kinds.reissued,
    "relocation": kinds.relocation,
    "qualified": kinds.qualified,
    "adverse": modified.adverse,
    "disclaimer": modified.disclaimer,
}


def draw(folder: Path, name: str) -> None:
    binder = binders.annual() if name == "draft" else replace(DRAWN[name](), draft=False, disclose_evidence=False)
    (folder / f"{name}.pdf").write_bytes(pdf.render(binder).content)
    (folder / f"{name}.xlsx").write_bytes(workbook.render(binder))
    (folder / f"{name}.docx").write_bytes(word.render(binder))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(draw, folder), (*DRAWN, "draft")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
