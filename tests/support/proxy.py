"""A proxy between a desk and its bridge that does to requests and replies what bad networks do, drawn by a seed."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, NoReturn, Self
from urllib.parse import urlsplit


class HangUp(Exception):
    """The connection ends here."""


class Reply(NamedTuple):
    """A whole reply as it came from the bridge."""

    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """As it goes over the line."""
        return self.head + self.body


@dataclass
class Exchange:
    """One request on its way, and what may be done to it."""

    line: str
    """``GET /v1/changes``: method and path."""
    request: bytes
    near: socket.socket
    luck: random.Random
    calm: threading.Event
    """Set when the faults have stopped: what hangs or drips ends then."""
    older: Reply | None
    """What the same question was answered earlier."""
    _ask: Callable[[bytes], Reply]

    def ask(self) -> Reply:
        """Put it to the bridge; raises HangUp when that is not there."""
        return self._ask(self.request)

    def send(self, data: bytes) -> None:
        """Give bytes to the desk."""
        self.near.sendall(data)


Fault = Callable[[Exchange], None]


class Weather:
    """Which fault meets which request: drawn from a seed by the request's kind and number, so that it comes again."""

    def __init__(self, seed: int, faults: dict[str, Fault], often: float = 0.7) -> None:
        self.seed = seed
        luck = random.Random(seed)
        names = luck.sample(sorted(faults), luck.randint(1, min(5, len(faults))))
        self.drawn = {name: faults[name] for name in names}
        self._often = often

    def meets(self, line: str, number: int) -> tuple[str, random.Random]:
        """The fault's name, or none, for the ``number``th request of a kind, and the luck it has."""
        luck = random.Random(f"{self.seed} {line} {number}")
        name = luck.choice(sorted(self.drawn)) if luck.random() < self._often else ""
        return name, luck

    def __repr__(self) -> str:
        """What a failing test shows."""
        return f"seed {self.seed}: {', '.join(self.drawn)}"


class Proxy:
    """Passes HTTP on to the bridge, as it is or through the weather; its address stays the same."""

    def __init__(self, bridge: str) -> None:
        self._bridge = ("127.0.0.1", urlsplit(bridge).port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[str] = []
        """``GET /v1/changes`` and so on, in the order they came."""
        self.happened: Counter[str] = Counter()
        """How often each fault was met since the line got bad."""
        self._weather: Weather | None = None
        self._next: dict[str, list[Fault]] = {}
        self._all: Fault | None = None
        self._calm = threading.Event()
        self._calm.set()
        self._open: set[socket.socket] = set()
        self._streams: set[socket.socket] = set()
        self._older: dict[str, Reply] = {}
        self._lock = threading.Lock()
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self.clear()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            left = list(self._open)
        for line in left:
            _hang_up(line)

    def storm(self, weather: Weather) -> None:
        """From now on its faults are met; live streams break off."""
        with self._lock:
            self._weather = weather
            self.happened.clear()
            self._calm.clear()
            streams = list(self._streams)
        for stream in streams:
            _hang_up(stream)

    def every(self, fault: Fault) -> None:
        """From now on every request meets this fault; live streams break off."""
        with self._lock:
            self._all = fault
            self.happened.clear()
            self._calm.clear()
            streams = list(self._streams)
        for stream in streams:
            _hang_up(stream)

    def once(self, line: str, fault: Fault) -> None:
        """The next request of this kind meets this fault."""
        with self._lock:
            self._next.setdefault(line, []).append(fault)
            self._calm.clear()

    def clear(self) -> None:
        """The faults have stopped."""
        with self._lock:
            self._weather, self._all = None, None
            self._next.clear()
            self._calm.set()

    def count(self, request: str) -> int:
        """How many requests of this kind have come."""
        with self._lock:
            return self.requests.count(request)

    def _accept(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, contextlib.ExitStack() as stack, contextlib.suppress(OSError, HangUp, ValueError):
            with self._lock:
                self._open.add(near)
            far = _Far(self._bridge, stack)
            while request := _message(near, b""):
                line = b" ".join(request.partition(b"\r\n")[0].partition(b"?")[0].split()[:2]).decode("latin-1")
                self._meet(near, far, line, request)
        with self._lock:
            self._open.discard(near)

    def _meet(self, near: socket.socket, far: _Far, line: str, request: bytes) -> None:
        with self._lock:
            number = self.requests.count(line)
            self.requests.append(line)
            fault, name, luck = self._all, "every", random.Random(number)
            planned = self._next.get(line)
            if planned:
                fault, name = planned.pop(0), "once"
            elif fault is None and self._weather is not None:
                name, luck = self._weather.meets(line, number)
                fault = self._weather.drawn.get(name)
            older = self._older.get(line)
            if fault is not None:
                self.happened[name] += 1
        if fault is None and line == "GET /v1/stream":
            self._stream(near, far, request)
        exchange = Exchange(line, request, near, luck, self._calm, older, far.ask)
        if fault is not None and line != "GET /v1/stream":
            fault(exchange)
        elif fault is not None:
            raise HangUp  # a stream is answered without end: of its faults only the cut is told from a fault of a reply
        else:
            reply = exchange.ask()
            with self._lock:
                self._older[line] = reply
            exchange.send(reply.raw)

    def _stream(self, near: socket.socket, far: _Far, request: bytes) -> NoReturn:
        with self._lock:
            self._streams.add(near)
        try:
            far.pipe(request, near)
        finally:
            with self._lock:
                self._streams.discard(near)
        raise HangUp


class _Far:
    """The proxy's own connection to the bridge, made when it is first needed."""

    def __init__(self, bridge: tuple[str, int], stack: contextlib.ExitStack) -> None:
        self._bridge = bridge
        self._stack = stack
        self._sock: socket.socket | None = None

    def ask(self, request: bytes) -> Reply:
        """The bridge's answer to one request."""
        try:
            if self._sock is None:
                self._sock = self._stack.enter_context(socket.create_connection(self._bridge, 5))
                self._sock.settimeout(60)
            self._sock.sendall(request)
            raw = _message(self._sock, b"")
        except OSError:
            raise HangUp from None
        if not raw:
            raise HangUp
        head, _, body = raw.partition(b"\r\n\r\n")
        return Reply(head + b"\r\n\r\n", body)

    def pipe(self, request: bytes, near: socket.socket) -> None:
        """Pass on what comes, for as long as both are there."""
        try:
            with socket.create_connection(self._bridge, 5) as far:
                far.settimeout(None)
                far.sendall(request)
                # The desk says nothing more on this connection: word from it means that it is gone.
                threading.Thread(target=_until_gone, args=(near, far), daemon=True).start()
                while data := far.recv(65536):
                    near.sendall(data)
        except OSError:
            raise HangUp from None


def _until_gone(near: socket.socket, far: socket.socket) -> None:
    with contextlib.suppress(OSError):
        near.recv(1)
    _hang_up(far)


def _message(sock: socket.socket, head: bytes) -> bytes:
    """One request or reply with its body, as long as it says it is; nothing when the line ended before."""
    while b"\r\n\r\n" not in head:
        more = sock.recv(65536)
        if not more:
            return b""
        head += more
    start, _, body = head.partition(b"\r\n\r\n")
    length = 0
    for header in start.split(b"\r\n")[1:]:
        name, _, value = header.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = sock.recv(65536)
        if not more:
            return b""
        body += more
    return start + b"\r\n\r\n" + body


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def reset(line: socket.socket) -> None:
    """Break a connection as a failing router does."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
