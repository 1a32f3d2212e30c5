"""Signing in through the browser: authorization code with PKCE, answered to a port of this computer (RFC 8252)."""

from __future__ import annotations

import secrets
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
_PAGE: Final = "<!doctype html><meta charset=utf-8><title>Advisor Desk</title><p>{}</p>"
_SIGNED_IN: Final = _PAGE.format("You are signed in. You can close this page.").encode()
_NOT_SIGNED_IN: Final = _PAGE.format("You are not signed in. Close this page and try again on the desk.").encode()


def sign_in(
    client: Client, show: Callable[[str], None], stop: threading.Event, within: float = WITHIN
) -> tuple[str, str | None]:
    """Ask for a sign-in at the address given to ``show``; the access and refresh token. Raises SignInNeeded in vain."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _Listener(state) as listener:
        asked = {
            "response_type": "code",
            "client_id": "advisor-desk",
            "redirect_uri": listener.redirect_uri,
            "state": state,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        show(f"{client.url}/oauth/authorize?{urlencode(asked)}")
        code = listener.wait(stop, within)
    if not code:
        raise SignInNeeded
    tokens = client.exchange(
        {
            "grant_type": "authorization_code",
            "client_id": "advisor-desk",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": asked["redirect_uri"],
        }
    )
    return tokens.access_token, tokens.refresh_token


class _Listener(HTTPServer):
    """One answer on a loopback port that nobody chose beforehand; what does not know the state is not heard."""

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.timeout = 0.2
        self.redirect_uri = f"http://127.0.0.1:{self.server_port}/callback"
        self.code: str | None = None
        self._state = state

    def wait(self, stop: threading.Event, within: float) -> str:
        """The code the browser brought; empty when it was refused or did not come in time."""
        deadline = time.monotonic() + within
        while self.code is None and time.monotonic() < deadline and not stop.is_set():
            self.handle_request()
        return self.code or ""

    def take(self, query: str) -> bool:
        """Take an answer; False for one that is not to our question."""
        answer = {name: values[0] for name, values in parse_qs(query).items()}
        if not secrets.compare_digest(answer.get("state", "").encode(), self._state.encode()):
            return False
        self.code = answer.get("code", "")
        return True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    timeout = 1.0
    """Browsers open connections ahead and say nothing on them; the next one must get its turn."""

    def do_GET(self) -> None:
        """Take the code and thank the browser."""
        parts = urlsplit(self.path)
        if parts.path != "/callback" or not self.server.take(parts.query):
            self.send_error(404)
            return
        page = _SIGNED_IN if self.server.code else _NOT_SIGNED_IN
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the request line holds the code."""
