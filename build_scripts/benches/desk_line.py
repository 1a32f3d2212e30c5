"""A simulated desk's two lines to a bridge, as lean as they can be: what drives a load must not be the load."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any, Final
from urllib.parse import urlsplit

_LONGEST: Final = 64 * 1024


class Refused(RuntimeError):
    """The bridge answered something else than 200."""


class Busy(Refused):
    """The bridge answered 503; the same may be asked again after ``seconds``."""

    def __init__(self, words: str, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


class Line:
    """One connection, kept open; a request at a time."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._at = (parts.hostname, parts.port)
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\nAccept-Encoding: gzip\r\n"
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(*self._at, limit=_LONGEST)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """One request; the body of its answer, unpacked."""
        await self._send(method, path, body)
        first, headers = await self._answer()
        whole = await self._reader.readexactly(int(headers[b"content-length"]))
        _check(path, first, headers)
        return gzip.decompress(whole) if headers.get(b"content-encoding") == b"gzip" else whole

    async def follow(self, path: str) -> None:
        """Ask for a stream; its events are then read by ``event``."""
        await self._send("GET", path, None)
        _check(path, *await self._answer())

    async def event(self) -> Any:
        """The next event of the stream; raises IncompleteReadError when it ends."""
        while True:
            line = await self._reader.readuntil(b"\n")
            if line.startswith(b"data:"):
                return json.loads(line[5:])

    async def _send(self, method: str, path: str, body: Any) -> None:
        packed = b"" if body is None else json.dumps(body).encode()
        told = f"Content-Type: application/json\r\nContent-Length: {len(packed)}\r\n" if packed else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{told}\r\n".encode() + packed)
        await self._writer.drain()

    async def _answer(self) -> tuple[bytes, dict[bytes, bytes]]:
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).rstrip().split(b"\r\n")
        return first, {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}


def _check(path: str, first: bytes, headers: dict[bytes, bytes]) -> None:
    status, words = int(first.split()[1]), f"{path.partition('?')[0]}: {first.decode()}"
    if status == 503:
        raise Busy(words, float(headers.get(b"retry-after", b"1")))
    if status != 200:
        raise Refused(words)
