"""How the API reads JSON: one meaning for each body (RFC 8259, I-JSON), and 400 or 413 for everything else.

Stricter than the framework's parser, because each of these ended in an error of ours or in a value that the sender may
not have meant: half a surrogate pair (no text that can be stored or sent back), nesting without end, a name twice.
NaN and Infinity are no JSON.
"""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class TooLarge(APIException):
    """The body is larger than Django reads of a form without files."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    default_code = "too_large"


class JSONBody(BaseParser):
    """UTF-8 JSON."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002 -- the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Return what the body says."""
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            said = json.loads(body.decode(), object_pairs_hook=_with_names_once, parse_constant=_no_number)
            json.dumps(said, ensure_ascii=False).encode()  # an escaped half of a surrogate pair can't be written
        except UnicodeError as error:
            raise ParseError("The body is not UTF-8 text.") from error
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        return said


def _with_names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values for one name: whoever checks and whoever acts might read different ones."""
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name occurs twice")
    return named


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
