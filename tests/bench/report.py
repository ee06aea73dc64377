"""Report and workbook of the demo's finished engagement, in CPU seconds; each run in a process of its own."""

from collections.abc import Iterator

from tests.bench.measure import Measure
from tests.bench.pages import inside
from tests.browser.servers import Installation

RUNS = 3
RATIO = 1.0
EDITED_RATIO = 0.4  # a draft after one edited paper, against the first one
MANY_PIECES = 500
MEMORY_MIB = 700
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
    drafts = [inside(installation, "edited_draft") for _ in range(RUNS)]
    cold, edited = (min(draft[name] for draft in drafts) for name in ("cold", "edited"))
    yield Measure("a first draft", cold, "CPU s")
    yield Measure("a draft after one edited paper", edited, "CPU s")
    yield Measure("a draft after one edited paper, against the first", edited / cold, "ratio", EDITED_RATIO)
    few, many = (inside(installation, "memory", str(pieces))["mib"] for pieces in (0, MANY_PIECES))
    yield Measure("peak memory, report without evidence", few, "MiB")
    yield Measure(f"peak memory, {MANY_PIECES} pieces of evidence", many, "MiB", MEMORY_MIB)
    sheets = min(inside(installation, "sheets")["seconds"] for _ in range(RUNS))
    yield Measure("workbook of all papers", sheets, "CPU s", WORKBOOK_SECONDS)
