"""Files that a form sends only to be hashed: read as they come, kept nowhere.

A view that says so (`@hashes_files`) is sent files up to MOST_HASHED bytes; all others read past a form's files.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.urls import Resolver404, resolve

MOST_HASHED = 200 * 1024**2
View = Callable[..., Any]


def hashes_files(view: View) -> View:
    """Declare that a view wants the SHA-256 of the files of its form."""
    view.hashes_files = True  # type: ignore[attr-defined]  # read by the middleware below
    return view


class HashedFile(UploadedFile):  # type: ignore[type-arg]  # generic for the type checker alone
    """A file that was read past; what is left of it is its name, its size and its SHA-256 (hex)."""

    def __init__(self, *, name: str, size: int, sha256: str) -> None:
        super().__init__(name=name, size=size)
        self.sha256 = sha256


class Hashing(FileUploadHandler):
    """Hashes every file of a form."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a hash."""
        super().new_file(*args, **kwargs)
        self.hash = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 -- Django's signature
        """Hash a part; no other handler gets it."""
        self.hash.update(raw_data)

    def file_complete(self, file_size: int) -> HashedFile:
        """Hand over what is known of the file."""
        return HashedFile(name=self.file_name or "", size=file_size, sha256=self.hash.hexdigest())


def wants_hashes(request: HttpRequest) -> bool:
    """Whether this request goes to a view that hashes files, from somebody who may use it."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "hashes_files", False) and request.user.can(view.permission)  # type: ignore[attr-defined, union-attr]  # somebody signed in
