"""A network plug between a desk and its bridge, to be pulled and put back; it counts what goes through."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from urllib.parse import urlsplit

_REQUEST = re.compile(rb"(GET|POST) (/[^ ?]*)[^ ]* HTTP/1\.1\r\n")


class Plug:
    """Passes TCP on to the bridge while it is in; pulled, it cuts every connection and refuses new ones."""

    def __init__(self, bridge: str) -> None:
        self._bridge = ("127.0.0.1", urlsplit(bridge).port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._in = True
        self._ended = False
        self.requests: list[str] = []
        """``GET /v1/changes`` and so on, in the order they came."""
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Plug:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self.pull()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def pull(self) -> None:
        """Cut the line."""
        with self._lock:
            self._in = False
            cut, self._open = self._open, set()
        for line in cut:
            _hang_up(line)

    def push(self) -> None:
        """Put it back."""
        with self._lock:
            self._in = True

    def count(self, request: str) -> int:
        """How many requests of this kind have gone through."""
        with self._lock:
            return self.requests.count(request)

    def _accept(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._bridge, 5) if self._in else None
            except OSError:
                far = None
            with self._lock:
                joined = far is not None and self._in
                if joined and far is not None:
                    self._open |= {near, far}
            if not joined or far is None:
                for line in (near, far):
                    if line is not None:
                        _hang_up(line)
                        line.close()
                continue
            far.settimeout(None)
            threading.Thread(target=self._join, args=(near, far), daemon=True).start()

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        back = threading.Thread(target=self._pump, args=(far, near, False), daemon=True)
        back.start()
        self._pump(near, far, True)
        back.join()
        with self._lock:
            self._open -= {near, far}
        near.close()
        far.close()

    def _pump(self, source: socket.socket, target: socket.socket, outward: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if outward:
                    said = [f"{found[1].decode()} {found[2].decode()}" for found in _REQUEST.finditer(data)]
                    with self._lock:
                        self.requests += said
                target.sendall(data)
        for line in (source, target):
            _hang_up(line)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
