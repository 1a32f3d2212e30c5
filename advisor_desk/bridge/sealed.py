"""A file sealed with the bridge's key, encrypted piece by piece: never whole in memory, never on disk in the clear."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC: Final = b"advisor-desk sealed 1\n"
_PIECE: Final = 1024 * 1024
_TAG: Final = 16
_MORE, _LAST = b"more", b"last"
"""What each piece is bound to: a file cut off between two pieces has no last one."""


class NotSealed(Exception):
    """The file is damaged, cut short, or sealed with another key."""


def seal(pieces: Iterable[bytes], to: Path, key: bytes) -> None:
    """Write a new file, readable by its owner, that only ``key`` opens; leaves nothing when the pieces break off."""
    salt = os.urandom(16)
    cipher = _cipher(key, salt)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            file.write(_MAGIC + salt)
            held = bytearray()
            number = 0
            for piece in pieces:
                held += piece
                while len(held) > _PIECE:
                    file.write(cipher.encrypt(_nonce(number), bytes(held[:_PIECE]), _MORE))
                    del held[:_PIECE]
                    number += 1
            file.write(cipher.encrypt(_nonce(number), bytes(held), _LAST))
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            to.unlink(missing_ok=True)
            raise


def is_sealed(path: Path) -> bool:
    """True for a file that begins like a sealed one."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def opened(path: Path, key: bytes) -> Iterator[bytes]:
    """The pieces of a sealed file; raises NotSealed at the first that is not right, or when the last is missing."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise NotSealed
        cipher = _cipher(key, file.read(16))
        for number, (piece, mark) in enumerate(_marked(file)):
            try:
                yield cipher.decrypt(_nonce(number), piece, mark)
            except InvalidTag:
                raise NotSealed from None


def _marked(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    piece = file.read(_PIECE + _TAG)
    while True:
        following = file.read(_PIECE + _TAG)
        yield piece, _MORE if following else _LAST
        if not following:
            return
        piece = following


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    """A key of this file's own, so that its numbers may begin at nothing."""
    return AESGCM(HKDF(SHA256(), 32, salt, _MAGIC).derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
