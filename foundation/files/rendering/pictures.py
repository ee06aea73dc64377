"""Pictures as pages: one per frame, turned upright, drawn anew on white, without what the file says beside them."""

from pathlib import Path

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from foundation.files.rendering.outcomes import CannotShow, Reason
from foundation.files.rendering.scale import ON_SCREEN, POINTS_PER_INCH, Scale

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
MOST_PIXELS = 120_000_000  # A3 scanned at 600 dpi has 70 million
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class PicturePages:
    """The frames of a picture."""

    cut = False

    def __init__(self, source: Path) -> None:
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint allows them: half a picture would pass for the whole
        try:
            self.image = Image.open(source, formats=FORMATS)
            self.frames = int(getattr(self.image, "n_frames", 1))
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
            raise CannotShow(Reason.DAMAGED) from error
        except Image.DecompressionBombError as error:
            raise CannotShow(Reason.TOO_LARGE) from error

    def __len__(self) -> int:
        return self.frames

    def picture(self, number: int, scale: Scale) -> Image.Image:
        frame = self._frame(number)
        frame.thumbnail((scale.width, scale.height))
        return frame

    def text(self, number: int) -> str:  # noqa: ARG002 -- one shape for all kinds of pages
        return ""

    def size(self, number: int) -> tuple[float, float]:
        width, height = self._frame(number).size
        return width * POINTS_PER_INCH / ON_SCREEN.dpi, height * POINTS_PER_INCH / ON_SCREEN.dpi

    def _frame(self, number: int) -> Image.Image:
        try:
            self.image.seek(number - 1)
            if self.image.width * self.image.height > MOST_PIXELS:
                raise CannotShow(Reason.TOO_LARGE)
            return _bare(_on_white(ImageOps.exif_transpose(self.image)))
        except Image.DecompressionBombError as error:
            raise CannotShow(Reason.TOO_LARGE) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise CannotShow(Reason.DAMAGED) from error


def _bare(image: Image.Image) -> Image.Image:
    """Forget comments, EXIF, XMP and colour profiles: Pillow hands them on with every copy, and writes some of them."""
    image.info.clear()
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I;16", "F")) or image.mode == "I":  # 16 bits a pixel: the upper eight are seen
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    above = image.convert("RGBA")
    sheet = Image.new("RGBA", above.size, "white")
    sheet.alpha_composite(above)
    return sheet.convert("RGB")
