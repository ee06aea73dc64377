"""How large a page is drawn."""

from dataclasses import dataclass

POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Scale:
    """A resolution, and the most pixels in width and height."""

    dpi: int
    width: int
    height: int

    def of(self, width: float, height: float) -> float:
        """Return pixels per point for a page of this size in points."""
        return min(self.dpi / POINTS_PER_INCH, self.width / max(width, 1), self.height / max(height, 1))


# A4 at 170 dpi is 1,400 pixels wide: small print can be read. Wider paper isn't drawn as finely.
ON_SCREEN = Scale(170, 2000, 4000)
ON_PAPER = Scale(200, 5000, 5000)
