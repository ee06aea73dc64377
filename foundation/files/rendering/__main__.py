"""The command: SOURCE KIND OUT, and which pages to draw, or which to mask. OUT/outcome.json says how it went."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from foundation.files.rendering.limits import PAGES, confine
from foundation.files.rendering.masking import masked_pdf
from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.pages import Pages, open_pages
from foundation.files.rendering.scale import ON_SCREEN

SMALL = 400  # width of the picture beside a workpaper
QUALITY = 82


def draw(pages: Pages, first: int, last: int, out: Path) -> dict[str, Any]:
    """Write pages `first` to `last`, as far as there are any; a page that can't be drawn leaves NNNNNN.none.

    Raises CannotShow if that is true of all of them. Beyond `PAGES` nothing is drawn.
    """
    refusals = []
    shown = min(len(pages), PAGES)
    numbers = range(first, min(last, shown) + 1)
    for number in numbers:
        try:
            _draw_page(pages, number, out)
        except CannotShow as refusal:
            refusals.append(refusal)
            (out / f"{number:06}.none").touch()
    if refusals and len(refusals) == len(numbers):
        raise refusals[0]
    return {"pages": shown, "cut": pages.cut or shown < len(pages)}


def _draw_page(pages: Pages, number: int, out: Path) -> None:
    """Write NNNNNN.webp, NNNNNN-small.webp and NNNNNN.txt."""
    picture = pages.picture(number, ON_SCREEN)
    picture.save(out / f"{number:06}.webp", quality=QUALITY, method=1)
    picture.thumbnail((SMALL, 2 * SMALL), Image.Resampling.LANCZOS)
    picture.save(out / f"{number:06}-small.webp", quality=QUALITY, method=1)
    (out / f"{number:06}.txt").write_text(pages.text(number), errors="replace")


def mask(pages: Pages, plan: dict[str, Any], out: Path) -> dict[str, Any]:
    """Write masked.pdf as planned: {"pages": [number], "areas": [[page, left, top, right, bottom]]}."""
    return {"pages": masked_pdf(pages, plan["pages"], plan["areas"], out / "masked.pdf"), "cut": pages.cut}


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m foundation.files.rendering", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("kind")
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=1)
    parser.add_argument("--mask", type=json.loads)
    return parser.parse_args(given)


def _outcome(order: argparse.Namespace) -> dict[str, Any]:
    try:
        pages = open_pages(order.source, order.kind)
        return mask(pages, order.mask, order.out) if order.mask else draw(pages, order.first, order.last, order.out)
    except CannotShow as refusal:
        return {"reason": refusal.reason}
    except MemoryError:
        return {"reason": Reason.TOO_LARGE}


def main(given: Sequence[str]) -> None:
    """Do what the command line says, within the limits."""
    order = _arguments(given)
    confine()
    (order.out / "outcome.json").write_text(json.dumps(_outcome(order)))


if __name__ == "__main__":
    main(sys.argv[1:])
