"""Files as strangers send them, good and bad, made on the spot."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from PIL.PngImagePlugin import PngInfo

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf_of(*texts: str, attachment: bytes = b"", script: str = "", password: str = "") -> bytes:
    """A PDF with one page per text (Latin letters), and what else it may carry."""
    document = pikepdf.new()
    document.docinfo["/Author"] = "Lin Secret"
    for text in texts:
        _add_page(document, text)
    if attachment:
        document.attachments["secret.txt"] = attachment
    if script:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=script)
        document.Root.OpenAction = document.make_indirect(action)
    locked = pikepdf.Encryption(owner=password, user=password) if password else None
    target = io.BytesIO()
    document.save(target, encryption=locked or False)
    return target.getvalue()


def paged(*texts: str, name: str = "掃描報告.pdf", **more: Any) -> SimpleUploadedFile:
    """The same, as somebody sends it."""
    return SimpleUploadedFile(name, pdf_of(*texts, **more), "application/pdf")


def _add_page(document: pikepdf.Pdf, text: str) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page = document.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream(f"BT /F1 24 Tf 60 760 Td ({text}) Tj ET".encode())


def picture(size: tuple[int, int] = (640, 400), colour: Any = "navy", form: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, form, **options)
    return target.getvalue()


def talkative(form: str, word: str) -> bytes:
    """A picture that says a word wherever its format lets it: comments, EXIF, XMP, a colour profile."""
    about, exif = PngInfo(), Image.Exif()
    about.add_text("comment", word)
    about.add_itxt("XML:com.adobe.xmp", word)
    exif[0x010E] = word
    told = word.encode()
    common = {"exif": exif, "icc_profile": told}
    options = {
        "JPEG": common | {"comment": told, "xmp": told},
        "PNG": common | {"pnginfo": about},
        "GIF": {"comment": told},
        "WEBP": common | {"xmp": told},
        "TIFF": common | {"description": word},
    }
    return picture(form=form, **options[form])


def scan(*colours: str) -> bytes:
    """A TIFF with a frame of each colour."""
    first, *others = (Image.new("RGB", (620, 877), colour) for colour in colours)
    target = io.BytesIO()
    first.save(target, "TIFF", save_all=True, append_images=others)
    return target.getvalue()


def pixel_bomb(side: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says that it is `side` pixels wide and high."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(archive: bytes, name: str, content: bytes) -> bytes:
    """The same archive with another content of one part."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in source.infolist():
            changed.writestr(entry.filename, content if entry.filename == name else source.read(entry))
    return target.getvalue()


def document(body: str, prolog: str = "", **parts: str) -> bytes:
    """A .docx with this body of WordprocessingML, and further parts of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        text = f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{WORDS}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", text)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:part xmlns:w="{WORDS}">{content}</w:part>')
    return target.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
