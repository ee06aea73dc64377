"""Files as somebody sends them."""

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(name: str = "弱點掃描報告.pdf", extra: bytes = b"") -> SimpleUploadedFile:
    """A file that really is a PDF; `extra` makes it another one."""
    return SimpleUploadedFile(name, PDF + extra, "application/pdf")


def text(name: str = "說明.txt", content: bytes = "內容".encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")
