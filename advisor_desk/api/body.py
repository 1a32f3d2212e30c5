"""Reading a reply's body: within its limits of size, ratio and time, and whole."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Final

import requests

from advisor_desk.api.deadline import Deadline
from advisor_desk.api.errors import CutShort, Offline

_STEP: Final = 64 * 1024
_RATIO: Final = 100
_FREE: Final = 1_000_000
"""Bytes that may come out before the ratio counts: a short reply of one letter packs better than any real one."""
_DIGEST: Final = re.compile(r"(?:^|[,\s])sha-256=:([A-Za-z0-9+/=]{44}):")


def read(reply: requests.Response, most: int, deadline: Deadline, hear: Callable[[], None] = lambda: None) -> bytes:
    """The whole body, its digest checked over the bytes as they came; raises Offline saying why not.

    ``hear`` is told of each piece that comes.
    """
    said = reply.headers.get("Content-Length", "")
    if said.isdecimal() and int(said[:20]) > most:
        raise _too_large()
    packed, out, hasher = 0, bytearray(), hashlib.sha256()
    unzip = _Unzip() if reply.headers.get("Content-Encoding", "") == "gzip" else None
    while chunk := reply.raw.read1(_STEP):
        hear()
        packed += len(chunk)
        hasher.update(chunk)
        for piece in unzip.pieces(chunk) if unzip else (chunk,):
            out += piece
            if packed > most or len(out) > most or len(out) > _FREE + packed * _RATIO:
                raise _too_large()
        if deadline.left() <= 0:
            break
    if deadline.left() <= 0:
        raise too_slow()
    given = _DIGEST.search(reply.headers.get("Content-Digest", ""))
    whole = unzip is None or unzip.whole
    if not whole or given is None or given[1] != base64.b64encode(hasher.digest()).decode():
        raise CutShort
    return bytes(out)


def too_slow() -> Offline:
    """What is said of a reply that takes too long."""
    return Offline("The bridge answers too slowly. Work goes on; changes wait here.")


def _too_large() -> Offline:
    return Offline("The bridge's answer was too large to be real; it was not read.")


class _Unzip:
    """Unpacks gzip in small pieces, so that a bomb is seen before it has gone off."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(wbits=31)

    @property
    def whole(self) -> bool:
        """True once the packed stream has come to its end."""
        return self._unpack.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What comes out of a chunk; raises CutShort for bytes that are no gzip."""
        try:
            more = True
            while more:
                piece = self._unpack.decompress(chunk, _STEP)
                yield piece
                chunk = self._unpack.unconsumed_tail
                more = not self._unpack.eof and (bool(chunk) or len(piece) == _STEP)
        except zlib.error:
            raise CutShort from None
