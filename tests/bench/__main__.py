"""`python -m tests.bench`: all measurements on one fresh installation, as a table or as JSON. bin/bench starts it."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.bench import checkout, first_visit, pages, report, trail, upload
from tests.bench.measure import Measure, slowness
from tests.browser.servers import Installation

PARTS: dict[str, Callable[[Installation], Iterator[Measure]]] = {
    "report": report.measure,
    "trail": trail.measure,
    "upload": upload.measure,
    "first-visit": first_visit.measure,
    "pages": pages.measure,
    "checkout": checkout.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--only", action="append", choices=PARTS, help="these parts only")
    options = parser.parse_args()
    measures = run(options.only or list(PARTS))
    if options.json:
        print(json.dumps([asdict(one) | {"within": one.within} for one in measures], indent=2))
    else:
        print_table(measures)


def run(parts: list[str]) -> list[Measure]:
    """Measure on one installation; `pages` grows it to 200 engagements, so it comes after the others."""
    with tempfile.TemporaryDirectory(prefix="digao-bench-") as folder:
        installation = Installation(Path(folder))
        installation.prepare()
        installation.serve()
        try:
            return [one for name in PARTS if name in parts for one in measured(name, installation)]
        finally:
            installation.stop()


def measured(name: str, installation: Installation) -> list[Measure]:
    """One part's measures; time budgets are those of the machine as slow as it was meanwhile."""
    print(f"measuring: {name} …", file=sys.stderr, flush=True)
    before = slowness()
    measures = list(PARTS[name](installation))
    slow = (before + slowness()) / 2
    return [*(one.on(slow) for one in measures), Measure(f"the machine during {name}", slow, "× as slow")]


def print_table(measures: list[Measure]) -> None:
    width = max(len(one.name) for one in measures)
    for one in measures:
        limit = "" if one.budget is None else f"≤ {one.budget:g}"
        verdict = {True: "", False: "OVER", None: ""}[one.within]
        print(f"{one.name:<{width}}  {one.value:>9.2f} {one.unit:<12} {limit:<8} {verdict}")


if __name__ == "__main__":
    main()
