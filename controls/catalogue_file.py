"""The catalogue file: JSON in UTF-8, `{"format": …, "sha256": …, "catalogue": {…}}`.

`sha256` is the hexadecimal SHA-256 of the member `catalogue` in canonical form (RFC 8785), so that layout
doesn't matter and a cut or altered content is noticed. The shape of `catalogue` is `fixtures/catalogue.schema.json`.
"""

import codecs
import hashlib
import json
from collections.abc import Iterator
from typing import Any, NoReturn

import rfc8785
from django.utils.translation import gettext as _

from foundation.web.refusals import Refused

FORMAT = "digao.catalogue/1"
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MAX_BYTES = 20 * 1024 * 1024

Catalogue = dict[str, Any]


def read(content: bytes) -> tuple[Catalogue, str]:
    """Return the catalogue of a file and its checksum; `Refused` where the file isn't whole or isn't ours."""
    try:
        return _opened(_parsed(_decoded(content)))
    except RecursionError as error:
        raise Refused(_("The file is nested too deeply.")) from error


def _opened(document: object) -> tuple[Catalogue, str]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused(_("This is not a catalogue file: “format” must be “%(format)s”.") % {"format": FORMAT})
    catalogue = document.get("catalogue")
    if not isinstance(catalogue, dict):
        raise Refused(_("The file has no “catalogue”."))
    return catalogue, _checked_seal(catalogue, document.get("sha256"))


def seal(catalogue: Catalogue) -> str:
    """The checksum of a catalogue: hexadecimal SHA-256 of its canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(catalogue)).hexdigest()


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Refused(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024**2})
    if content.startswith(BYTE_ORDER_MARKS):
        raise Refused(_("The file starts with a byte-order mark (BOM). Save it as UTF-8 without BOM."))
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        reason = _("The file is not UTF-8 (Big5, perhaps?): byte %(at)s can't be read. Save it as UTF-8.")
        raise Refused(reason % {"at": error.start + 1}) from error


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        reason = _("The file is cut off or no JSON: line %(line)s, column %(column)s: %(message)s.")
        raise Refused(reason % {"line": error.lineno, "column": error.colno, "message": error.msg}) from error


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(_("The member “%(name)s” stands twice in one object.") % {"name": twice})
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise Refused(_("%(name)s is no JSON number.") % {"name": name})


def _checked_seal(catalogue: Catalogue, declared: object) -> str:
    if unprintable := next((text for text in _texts(catalogue) if not _is_storable(text)), None):
        raise Refused(_("A text has characters that can't be stored: %(text)s") % {"text": ascii(unprintable)[:80]})
    try:
        computed = seal(catalogue)
    except rfc8785.CanonicalizationError as error:
        raise Refused(_("A value can't be checked: %(message)s") % {"message": error}) from error
    if computed != declared:
        reason = _("The checksum doesn't fit the content: the file was altered or cut. Declared %(old)s, is %(new)s.")
        raise Refused(reason % {"old": declared or "—", "new": computed})
    return computed


def _texts(value: object) -> Iterator[str]:
    """Every text in a JSON value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)


def _is_storable(text: str) -> bool:
    """Whether there are neither control characters (bar line feed) nor lone surrogates in it."""
    return all(char == "\n" or (char >= " " and not "\ud800" <= char <= "\udfff") for char in text)
