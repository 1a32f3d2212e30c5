"""Servers that are not the bridge one expects: a captive portal, a web site, a bridge of another age."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What a stand-in answers with."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Speaks = Callable[[str], Answer]


class StandIn:
    """Answers every request the same way, on a free port or on the one a bridge has left."""

    def __init__(self, speaks: Speaks, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        """Method and path of each request; a token that reached it is in ``tokens``."""
        self.tokens: list[str] = []
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stand_in = self
        self.speaks = speaks
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        where = f"127.0.0.1:{self._server.server_port}" if tls is None else f"localhost:{self._server.server_port}"
        self.url = f"http{'s' if tls else ''}://{where}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    stand_in: StandIn
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        at = self.server.stand_in
        at.asked.append((self.command, self.path))
        if token := self.headers.get("Authorization"):
            at.tokens.append(token)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = at.speaks(self.path.partition("?")[0])
        self.send_response_only(answer.status)
        self.send_header("Date", answer.headers.get("Date") or self.date_time_string())
        for name, value in answer.headers.items() - {("Date", answer.headers.get("Date"))}:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = _answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def portal(path: str) -> Answer:
    """A network that wants a sign-in first: every page is sent to its own."""
    return Answer(302, {"Location": "http://portal.example/login", "Content-Type": "text/html"}, b"<h1>Welcome</h1>")


def portal_page(path: str) -> Answer:
    """A network that answers every page with its own, and says all is well."""
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html><body>Accept our terms</body></html>")


def website(path: str) -> Answer:
    """Some server that knows nothing of desks."""
    return Answer(404, {"Content-Type": "application/json"}, b'{"error": "not found"}')


def bridge_of(server_id: str, api_version: int = 1, min_client: int = 1, header: int = 1) -> Speaks:
    """A bridge that says its age, and knows nobody's token."""

    def speaks(path: str) -> Answer:
        if path == "/v1/capabilities":
            said = {"server_id": server_id, "epoch": "1", "api_version": api_version, "min_client": min_client}
            return ours(200, said, server_id, header)
        return ours(401, {"type": "signed_out", "title": "Sign in"}, server_id, header)

    return speaks


def ours(status: int, said: dict[str, Any], server_id: str, header: int = 1) -> Answer:
    """A reply with all that a bridge's carries."""
    body = json.dumps(said).encode()
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "Content-Digest": f"sha-256=:{digest}:",
        "Advisor-Desk-Api": str(header),
        "Advisor-Desk-Server": server_id,
    }
    return Answer(status, headers, body)
