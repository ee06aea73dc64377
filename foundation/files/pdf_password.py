"""Whether the empty password opens an encrypted PDF (ISO 32000-2, 7.6.4: algorithms 2, 2.B, 6 and 11)."""

import hashlib
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

# What an empty password is filled up with.
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


@dataclass(frozen=True, slots=True)
class Encryption:
    """The standard security handler's dictionary: revision 2 to 6, its strings as bytes, `permissions` unsigned."""

    revision: int
    permissions: int
    key_bytes: int
    owner: bytes
    user: bytes
    file_id: bytes
    covers_metadata: bool


def opens_without_password(found: Encryption) -> bool:
    """Compare what the empty password leads to with what the file keeps of the user's password."""
    if found.revision >= 5:
        validator, salt = found.user[:32], found.user[32:40]
        hashed = hashlib.sha256(salt).digest() if found.revision == 5 else _hardened(salt)
        return hashed == validator
    key = _key(found)
    if found.revision == 2:
        return _rc4(key, _PADDING) == found.user[:32]
    mark = hashlib.md5(_PADDING + found.file_id, usedforsecurity=False).digest()
    for step in range(20):
        mark = _rc4(bytes(byte ^ step for byte in key), mark)
    return mark == found.user[:16]


def _key(found: Encryption) -> bytes:
    """Algorithm 2 for the empty password."""
    said = _PADDING + found.owner[:32] + struct.pack("<I", found.permissions) + found.file_id
    if found.revision >= 4 and not found.covers_metadata:
        said += b"\xff" * 4
    digest = hashlib.md5(said, usedforsecurity=False).digest()
    size = 5 if found.revision == 2 else found.key_bytes
    for _round in range(50 if found.revision >= 3 else 0):
        digest = hashlib.md5(digest[:size], usedforsecurity=False).digest()
    return digest[:size]


def _hardened(salt: bytes) -> bytes:
    """Algorithm 2.B for the empty password: at least 64 rounds, the last byte says when to end."""
    key, step, last = hashlib.sha256(salt).digest(), 0, 0
    while step < 64 or last > step - 32:
        encryptor = Cipher(AES(key[:16]), CBC(key[16:32])).encryptor()
        mixed = encryptor.update(key * 64)
        kind = ("sha256", "sha384", "sha512")[sum(mixed[:16]) % 3]
        key, step, last = hashlib.new(kind, mixed).digest(), step + 1, mixed[-1]
    return key[:32]


def _rc4(key: bytes, text: bytes) -> bytes:
    """RC4, which no library offers willingly any more; here it only recognizes a password."""
    state = list(range(256))
    swap = 0
    for place in range(256):
        swap = (swap + state[place] + key[place % len(key)]) & 0xFF
        state[place], state[swap] = state[swap], state[place]
    found, first, second = bytearray(), 0, 0
    for byte in text:
        first = (first + 1) & 0xFF
        second = (second + state[first]) & 0xFF
        state[first], state[second] = state[second], state[first]
        found.append(byte ^ state[(state[first] + state[second]) & 0xFF])
    return bytes(found)
