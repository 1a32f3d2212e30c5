"""Signing in through the browser: authorization code with PKCE, answered to a port of this computer (RFC 8252)."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from advisor_desk.api.client import Client
from advisor_desk.api.errors import SignInNeeded

WITHIN: Final = 120.0
"""Seconds the browser has to come back."""
_DONE: Final = (
    b"<!doctype html><meta charset=utf-8><title>Advisor Desk</title><p>You are signed in. You can close this page.</p>"
)


def sign_in(client: Client, show: Callable[[str], None], stop: threading.Event) -> tuple[str, str | None]:
    """Ask for a sign-in at the address given to ``show``; the access and refresh token. Raises SignInNeeded in vain."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _Listener() as listener:
        asked = {
            "response_type": "code",
            "client_id": "advisor-desk",
            "redirect_uri": listener.redirect_uri,
            "state": state,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        show(f"{client.url}/oauth/authorize?{urlencode(asked)}")
        answer = listener.wait(stop)
    if not secrets.compare_digest(answer.get("state", ""), state) or not answer.get("code"):
        raise SignInNeeded
    tokens = client.exchange(
        {
            "grant_type": "authorization_code",
            "client_id": "advisor-desk",
            "code": answer["code"],
            "code_verifier": verifier,
            "redirect_uri": asked["redirect_uri"],
        }
    )
    return tokens.access_token, tokens.refresh_token


class _Listener:
    """One request on a loopback port that nobody chose beforehand."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self.redirect_uri = f"http://127.0.0.1:{self._server.server_port}/callback"

    def __enter__(self) -> _Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, stop: threading.Event) -> dict[str, str]:
        """What the browser brought, or nothing when it did not come in time."""
        self._server.timeout = 0.5
        deadline = time.monotonic() + WITHIN
        while not self._server.answer and time.monotonic() < deadline and not stop.is_set():
            self._server.handle_request()
        return self._server.answer


class _Server(HTTPServer):
    address_family = socket.AF_INET
    answer: dict[str, str] = {}  # noqa: RUF012 - replaced whole, never changed


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Take the code and thank the browser."""
        parts = urlsplit(self.path)
        if parts.path != "/callback":
            self.send_error(404)
            return
        self.server.answer = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_DONE)))
        self.end_headers()
        self.wfile.write(_DONE)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the request line holds the code."""
