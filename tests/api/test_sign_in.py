"""Signing in through the browser: only the answer to our own question counts."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from advisor_desk.api.errors import Said, SignInNeeded
from advisor_desk.api.sign_in import sign_in
from tests.api.hostile import TOKENS, Hostile, Purse, client, problem, says_json

Asked = dict[str, str]


class Browser:
    """Opens the page it is shown and comes back as it was told to, in a thread of its own."""

    def __init__(self, *visits: Callable[[Asked], Any]) -> None:
        self.shown = ""
        self.asked: Asked = {}
        self.pages: list[str] = []
        self._visits = visits
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def show(self, url: str) -> None:
        self.shown = url
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self._thread.start()

    def join(self) -> None:
        self._thread.join(20)

    def _visit(self) -> None:
        for visit in self._visits:
            self.pages.append(str(visit(self.asked)))


def comes_back(path: str = "", **answer: str) -> Callable[[Asked], str]:
    """The bridge sends the browser back with these words; ``{state}`` stands for the state it was given."""

    def visit(asked: Asked) -> str:
        query = urlencode({name: value.format(**asked) for name, value in answer.items()})
        url = (asked["redirect_uri"] if not path else asked["redirect_uri"].replace("/callback", path)) + "?" + query
        try:
            with urllib.request.urlopen(url, timeout=10) as page:
                assert page.headers["Cache-Control"] == "no-store"
                return page.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return str(error.code)

    return visit


APPROVED = comes_back(code="c0de", state="{state}")


def signed_in(browser: Browser, *, within: float = 20.0, answer: Any = None) -> tuple[tuple[str, str | None], Hostile]:
    with Hostile(answer or says_json(TOKENS)) as server:
        got = sign_in(client(server, Purse(None, None)), browser.show, threading.Event(), within)
    browser.join()
    return got, server


def test_a_sign_in_brings_tokens_for_the_code_and_its_proof() -> None:
    browser = Browser(APPROVED)
    got, server = signed_in(browser)
    assert got == ("eyJ.new.one", "adr_second")
    assert "You are signed in" in browser.pages[0]
    asked = browser.asked
    assert (asked["response_type"], asked["client_id"]) == ("code", "advisor-desk")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert urlsplit(browser.shown).path == "/oauth/authorize"
    form = {name: values[0] for name, values in parse_qs(server.asked[0].body.decode()).items()}
    assert form["grant_type"] == "authorization_code"
    assert (form["code"], form["redirect_uri"]) == ("c0de", asked["redirect_uri"])
    proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert proof == asked["code_challenge"]
    assert "code_verifier" not in asked


def test_every_sign_in_has_a_state_and_a_proof_of_its_own() -> None:
    first, second = Browser(APPROVED), Browser(APPROVED)
    signed_in(first)
    signed_in(second)
    assert first.asked["state"] != second.asked["state"]
    assert first.asked["code_challenge"] != second.asked["code_challenge"]
    assert len(first.asked["state"]) >= 32


def test_answers_that_do_not_know_the_state_are_not_heard_and_do_not_end_the_wait() -> None:
    browser = Browser(
        comes_back(code="forged"),
        comes_back(code="forged", state="guess"),
        comes_back(code="forged", state="ä"),
        comes_back(path="/favicon.ico"),
        comes_back(path="/", code="forged", state="{state}"),
        APPROVED,
    )
    _, server = signed_in(browser)
    assert browser.pages[:5] == ["404"] * 5
    assert b"code=c0de" in server.asked[0].body


def test_a_browser_that_connects_ahead_and_says_nothing_does_not_hold_up_the_answer() -> None:
    silent: list[socket.socket] = []

    def connects(asked: Asked) -> None:
        silent.append(socket.create_connection(("127.0.0.1", urlsplit(asked["redirect_uri"]).port or 0)))

    signed_in(Browser(connects, APPROVED))
    silent[0].close()


def test_a_sign_in_that_was_refused_at_the_bridge_ends_at_once() -> None:
    browser = Browser(comes_back(error="access_denied", state="{state}"))
    with pytest.raises(SignInNeeded):
        signed_in(browser)
    browser.join()
    assert "You are not signed in" in browser.pages[0]


def test_nobody_coming_back_ends_the_wait_in_its_time_and_a_stop_ends_it_at_once() -> None:
    with pytest.raises(SignInNeeded):
        signed_in(Browser(), within=0.1)
    stop = threading.Event()
    stop.set()
    with Hostile(says_json(TOKENS)) as server, pytest.raises(SignInNeeded):
        sign_in(client(server), lambda url: None, stop)


@pytest.mark.parametrize(
    ("answer", "error"), [(problem("invalid_grant", 400), SignInNeeded), (problem("busy", 503), Said)]
)
def test_a_code_the_bridge_will_not_have_is_said_as_what_it_is(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        signed_in(Browser(APPROVED), answer=answer)


def test_nothing_of_a_sign_in_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    signed_in(Browser(comes_back(code="forged", state="guess"), APPROVED))
    assert capfd.readouterr() == ("", "")


def test_the_form_is_never_json() -> None:
    _, server = signed_in(Browser(APPROVED))
    with pytest.raises(json.JSONDecodeError):
        json.loads(server.asked[0].body)
    assert server.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"
