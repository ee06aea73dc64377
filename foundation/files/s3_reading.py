"""An object in a bucket read like a file: in order in one request, from elsewhere by asking anew."""

import io
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError

Answer = dict[str, Any]


class ObjectReader(io.RawIOBase):
    """The bytes of one version. Seeking only notes the place; the next read asks the server from there.

    `first` is the answer to a request for the whole, `ask` requests the rest from a place on. A connection that breaks
    off raises OSError: bytes that are missing must never look like the end.
    """

    def __init__(self, first: Answer, ask: Callable[[int], Answer]) -> None:
        self._size: int = first["ContentLength"]
        self._body: Any = first["Body"]
        self._ask = ask
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if place < 0:
            raise OSError(f"No file has a place {place}")
        if place != self._at:
            self._let_go()
        self._at = place
        return place

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        if self._body is None:
            self._body = self._ask(self._at)["Body"]
        try:
            piece = self._body.read(len(buffer))
        except BotoCoreError as error:
            raise OSError(str(error)) from error
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
