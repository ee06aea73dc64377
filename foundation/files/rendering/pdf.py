"""PDF pages, drawn by pdfium. Its build has no JavaScript engine; attachments and links are never followed."""

from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from PIL import Image

from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.scale import Scale

_LOCKED = frozenset({pdfium_raw.FPDF_ERR_PASSWORD, pdfium_raw.FPDF_ERR_SECURITY})


class PdfPages:
    """The pages of a PDF, given as a file or as bytes; each is opened when it is asked for."""

    def __init__(self, source: Path | bytes, *, cut: bool = False) -> None:
        self.cut = cut
        try:
            self.document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as error:
            raise CannotShow(Reason.ENCRYPTED if error.err_code in _LOCKED else Reason.DAMAGED) from error
        self.document.init_forms()  # what was filled in belongs to the page
        if not len(self):
            raise CannotShow(Reason.DAMAGED)

    def __len__(self) -> int:
        return len(self.document)

    def picture(self, number: int, scale: Scale) -> Image.Image:
        page = self._page(number)
        drawn: Image.Image = page.render(scale=scale.of(*page.get_size()), rev_byteorder=True).to_pil()
        return drawn.convert("RGB")

    def text(self, number: int) -> str:
        text: str = self._page(number).get_textpage().get_text_bounded()
        return text

    def size(self, number: int) -> tuple[float, float]:
        width, height = self._page(number).get_size()
        return width, height

    def _page(self, number: int) -> pdfium.PdfPage:
        try:
            return self.document[number - 1]
        except pdfium.PdfiumError as error:
            raise CannotShow(Reason.DAMAGED) from error
