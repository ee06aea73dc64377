"""What a measurement is."""

from dataclasses import dataclass


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
