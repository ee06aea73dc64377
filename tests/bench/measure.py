"""What a measurement is, and how slow the machine is while it is taken."""

import json
from dataclasses import dataclass, replace
from time import process_time

# CPU ms that `_work` takes on the machine that the budgets were set on, when neither it nor its host is busy.
REFERENCE_MS = 120
TIMES = {"CPU ms", "s LCP"}  # units whose budgets follow the machine


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit, and the most that it may be (None: told for comparison only)."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def within(self) -> bool | None:
        return None if self.budget is None else self.value <= self.budget

    def on(self, slowness: float) -> "Measure":
        """The same, with the budget that a machine so slow has: never a smaller one than was set."""
        if self.budget is None or self.unit not in TIMES:
            return self
        return replace(self, budget=round(self.budget * max(slowness, 1), 2))


def slowness() -> float:
    """How many times longer than on the reference machine a fixed piece of work takes now (median of seven)."""
    return sorted(_work() for _ in range(7))[3] / REFERENCE_MS


def _work() -> float:
    """CPU ms of writing and reading some JSON: strings, dictionaries and calls, as in a request."""
    before = process_time()
    rows = [{"code": f"3.{number}", "title": "資訊安全管理" * 4, "states": list(range(12))} for number in range(300)]
    for _ in range(40):
        rows = json.loads(json.dumps(rows, indent=1))
    return (process_time() - before) * 1000
