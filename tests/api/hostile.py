"""A server that does its worst: it speaks raw bytes, late, short, endlessly, or in somebody else's name."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

from advisor_desk.api.client import Client, Limits

SERVER_ID = "srv-1"


class Asked(NamedTuple):
    """A request as it arrived; header names in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Line(NamedTuple):
    """One connection's end at the server: what it may do to the caller."""

    sock: socket.socket
    asked: Asked
    gone: threading.Event
    """Set when the test is over: what drips ends then."""

    def send(self, *parts: bytes) -> None:
        self.sock.sendall(b"".join(parts))

    def drip(self, part: bytes, every: float = 0.02) -> None:
        """The same bytes, again and again, as long as anybody listens."""
        while not self.gone.wait(every):
            self.send(part)

    def reset(self) -> None:
        """Break the connection as a failing router does."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Script = Callable[[Line], None]


class Hostile:
    """Answers the first request by the first script, the second by the second …, the last one for ever after."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self._scripts = list(scripts)
        self._tls = tls
        self._gone = threading.Event()
        self._lock = threading.Lock()
        self._socks: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}" if tls else f"http://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._socks:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                sock.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while not self._gone.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            with self._lock:
                self._socks.append(sock)
                self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                with self._lock:
                    self._socks.append(sock)
            with sock:
                while asked := _request(sock):
                    with self._lock:
                        self.asked.append(asked)
                        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                    script(Line(sock, asked, self._gone))


def _request(sock: socket.socket) -> Asked | None:
    head = b""
    while b"\r\n\r\n" not in head:
        more = sock.recv(65_536)
        if not more:
            return None
        head += more
    head, _, body = head.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += sock.recv(65_536)
    return Asked(method, path, headers, body)


def head(status: int = 200, *, length: int | None = None, **headers: str) -> bytes:
    """A status line and headers; ``content_type`` stands for Content-Type, an empty value leaves one out."""
    ours = {"content_type": "application/json", "advisor_desk_api": "1", "advisor_desk_server": SERVER_ID}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (ours | headers).items() if value]
    if length is not None:
        lines.append(f"content-length: {length}")
    return "\r\n".join([f"HTTP/1.1 {status} So", *lines, "", ""]).encode("latin-1")


def digest(body: bytes) -> str:
    """A Content-Digest."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def whole(body: bytes, status: int = 200, **headers: str) -> bytes:
    """A complete reply, as the bridge would make it."""
    return head(status, length=len(body), **{"content_digest": digest(body)} | headers) + body


def says(body: bytes, status: int = 200, **headers: str) -> Script:
    """Answers with these bytes in the bridge's envelope."""
    return lambda line: line.send(whole(body, status, **headers))


def says_json(value: Any, status: int = 200, **headers: str) -> Script:
    """Answers with a value in the bridge's envelope."""
    return says(json.dumps(value).encode(), status, **headers)


def zipped(body: bytes, cut: int | None = None) -> Script:
    """Answers packed; with ``cut``, only its first bytes, their length and digest told right."""
    packed = gzip.compress(body)[:cut]
    return says(packed, content_encoding="gzip")


def raw(data: bytes) -> Script:
    """Answers with these very bytes and hangs up."""

    def script(line: Line) -> None:
        line.send(data)
        line.sock.close()

    return script


CAPABILITIES = {"server_id": SERVER_ID, "epoch": "1", "api_version": 1, "min_client": 1}
EMPTY_PAGE = {"epoch": "1", "changes": [], "next": "c2", "more": False, "count": 0}
TOKENS = {"access_token": "eyJ.new.one", "token_type": "Bearer", "expires_in": 600, "refresh_token": "adr_second"}


class Purse:
    """Tokens as a desk keeps them."""

    def __init__(self, access: str | None = "eyJ.old.one", refresh: str | None = "adr_first") -> None:
        self._access, self._refresh = access, refresh
        self.kept: list[tuple[str, str | None]] = []

    def access(self) -> str | None:
        return self._access

    def refresh(self) -> str | None:
        return self._refresh

    def keep(self, access: str, refresh: str | None) -> None:
        self.kept.append((access, refresh))
        self._access, self._refresh = access, refresh


SMALL = Limits(answer=200_000, snapshot=400_000)
"""All the time in the world, and little room."""
QUICK = Limits(connect=1.0, quiet=0.5, total=0.4, stream_quiet=0.5)
"""So short that what never ends is seen to end; a test never asserts how long anything took."""


def client(server: Hostile, purse: Purse | None = None, *, known: bool = True, limits: Limits = SMALL) -> Client:
    """A desk's client; it has met the bridge before unless told otherwise."""
    made = Client(server.url, purse or Purse(), limits=limits)
    made.server_id = SERVER_ID if known else None
    return made


def asked(*scripts: Script, known: bool = True, limits: Limits = SMALL) -> Any:
    """What the client makes of an answer to its question for changes."""
    with Hostile(*scripts) as server:
        return client(server, known=known, limits=limits).changes("c1")


def problem(code: str, status: int, **headers: str) -> Script:
    """Answers with a problem document."""
    return says_json({"type": f"urn:advisor-desk:{code}", "title": "No", "status": status}, status, **headers)


def drips(before: bytes, part: bytes) -> Script:
    """Sends something, then the same bytes again and again."""

    def script(line: Line) -> None:
        line.send(before)
        line.drip(part)

    return script


def goes_silent(before: bytes) -> Script:
    """Sends something, then nothing, and keeps the line open."""

    def script(line: Line) -> None:
        line.send(before)
        line.gone.wait()

    return script


PORTALS: list[Script] = [
    raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<h1>Hello</h1>"),
    raw(b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n"),
    raw(b"HTTP/1.1 511 Network Authentication Required\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"),
]


def snapshot(lines: list[bytes], **end: Any) -> bytes:
    """A page of the snapshot with its last line; ``end`` tells it otherwise."""
    body = b"".join(line + b"\n" for line in lines)
    said = {
        "count": len(lines), "sha256": hashlib.sha256(body).hexdigest(), "cursor": "k", "more": False, "total": 1,
        "done": 1, "part": "open",
    } | end  # fmt: skip
    return body + json.dumps({"end": said}).encode() + b"\n"


def taken(body: bytes) -> Any:
    """What the client makes of a snapshot page."""
    with Hostile(says(body, content_type="application/x-ndjson")) as server:
        return client(server).snapshot("")
