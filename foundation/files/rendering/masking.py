"""A masked copy: pictures of pages with areas painted over, bound as a PDF in which nothing else is."""

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.pages import Pages
from foundation.files.rendering.scale import ON_PAPER

WHOLE = 10_000  # areas are given in ten-thousandths of the page
INK = "#1d2125"
Area = tuple[int, int, int, int, int]  # page, left, top, right, bottom


def masked_pdf(pages: Pages, kept: Iterable[int], areas: Iterable[Area], target: Path) -> int:
    """Write the kept pages with their areas painted over; return how many there are. Raises CannotShow."""
    of_page = defaultdict(list)
    for page, *corners in areas:
        of_page[page].append(corners)
    document = pdfium.PdfDocument.new()
    for number in kept:
        if not 1 <= number <= len(pages):
            raise CannotShow(Reason.DAMAGED)
        picture = painted(pages.picture(number, ON_PAPER), of_page[number])
        _bind(document, picture, pages.size(number))
    document.save(target)
    return len(document)


def painted(picture: Image.Image, areas: Iterable[Iterable[int]]) -> Image.Image:
    """Paint over the areas: every pixel that they touch."""
    brush = ImageDraw.Draw(picture)
    width, height = picture.size
    for left, top, right, bottom in areas:
        corner = (left * width // WHOLE, top * height // WHOLE)
        brush.rectangle((*corner, -(-right * width // WHOLE), -(-bottom * height // WHOLE)), fill=INK)
    return picture


def _bind(document: pdfium.PdfDocument, picture: Image.Image, size: tuple[float, float]) -> None:
    """Add a page that is this picture and no more."""
    picture.info.clear()  # the writer would take a comment from there
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=88)
    image = pdfium.PdfImage.new(document)
    image.load_jpeg(encoded, inline=True)
    image.set_matrix(pdfium.PdfMatrix().scale(*size))
    page = document.new_page(*size)
    page.insert_obj(image)
    page.gen_content()
    page.close()
