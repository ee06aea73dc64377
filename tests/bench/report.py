"""Report and workbook of the demo's finished engagement, in CPU seconds; each run in a process of its own."""

from collections.abc import Iterator

from tests.bench.measure import Measure
from tests.bench.pages import inside
from tests.browser.servers import Installation

RUNS = 3
RATIO = 1.0
WORKBOOK_SECONDS = 0.5


def measure(installation: Installation) -> Iterator[Measure]:
    """Alternate both ways, so that a busy moment hits both; the fastest of each counts."""
    seconds: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(RUNS):
        for how, found in seconds.items():
            found.append(inside(installation, "render", how)["seconds"])
    ours, bare = min(seconds["ours"]), min(seconds["bare"])
    yield Measure("report, from binder to PDF/A", ours, "CPU s")
    yield Measure("bare WeasyPrint, same HTML", bare, "CPU s")
    yield Measure("report against bare WeasyPrint", ours / bare, "ratio", RATIO)
    sheets = min(inside(installation, "sheets")["seconds"] for _ in range(RUNS))
    yield Measure("workbook of all papers", sheets, "CPU s", WORKBOOK_SECONDS)
