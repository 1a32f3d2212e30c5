"""The login page and the token endpoint: code with PKCE, back to a port of the desk's own computer and nowhere else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.routes.oauth import is_loopback
from tests.bridge.line import Line
from tests.bridge.rooftop import Rooftop

PASSWORD = "correct horse battery staple"
VERIFIER = "v" * 64
ASKED = {
    "response_type": "code",
    "client_id": "advisor-desk",
    "redirect_uri": "http://127.0.0.1:49152/callback",
    "state": "s-1",
    "code_challenge": create_s256_code_challenge(VERIFIER),
    "code_challenge_method": "S256",
}


@pytest.fixture(autouse=True)
def maria(accounts: Accounts, rooftop: Rooftop) -> None:
    """An advisor who has a password."""
    accounts.add("maria", rooftop.store_id, rooftop.people["advisor"], PASSWORD)


class Form(HTMLParser):
    """What a browser would make of the login page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inputs: dict[str, str] = {}
        self.tags: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and of an input what it would send."""
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "input":
            self.inputs[given.get("name") or ""] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        self.words += data


def fill_in(line: Line, name: str = "maria", password: str = PASSWORD, **changed: str) -> httpx.Response:
    """Open the login page, type, and press the button."""
    page = line.get("/oauth/authorize", params=ASKED)
    assert page.status_code == 200
    sent = Form(page.text).inputs | {"login": name, "password": password} | changed
    return line.post("/oauth/authorize", data=sent)


def exchange(line: Line, **form: str) -> httpx.Response:
    asked = {"client_id": "advisor-desk", "redirect_uri": ASKED["redirect_uri"], "code_verifier": VERIFIER}
    return line.post("/oauth/token", data=asked | form)


def code_of(reply: httpx.Response) -> str:
    assert reply.status_code == 303, reply.text
    return parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]


def test_signing_in_leads_back_to_the_desk_with_a_code_and_its_state(line: Line) -> None:
    reply = fill_in(line)
    assert reply.status_code == 303
    location = urlsplit(reply.headers["Location"])
    assert (location.netloc, location.path) == ("127.0.0.1:49152", "/callback")
    assert parse_qs(location.query)["state"] == ["s-1"]
    assert PASSWORD not in reply.headers["Location"]


def test_the_code_gives_tokens_that_work_and_renew(line: Line) -> None:
    tokens = exchange(line, grant_type="authorization_code", code=code_of(fill_in(line))).json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    me = line.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["employee"]["roles"] == ["advisor"]
    renewed = exchange(line, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] != tokens["refresh_token"]


def test_a_code_works_once(line: Line) -> None:
    code = code_of(fill_in(line))
    assert exchange(line, grant_type="authorization_code", code=code).status_code == 200
    again = exchange(line, grant_type="authorization_code", code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:1/callback"},
        {"code": "x"},
    ],
)
def test_a_code_is_not_given_to_another(line: Line, changed: dict[str, str]) -> None:
    code = code_of(fill_in(line))
    reply = exchange(line, **({"grant_type": "authorization_code", "code": code} | changed))
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_grant")
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_a_wrong_password_shows_the_page_again_and_says_nothing_of_which_was_wrong(line: Line) -> None:
    wrong, unknown = fill_in(line, password="not it"), fill_in(line, name="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert "do not match" in Form(wrong.text).words
    assert wrong.text.replace('value="maria"', 'value="nobody"') == unknown.text


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("response_type", "token", 400),
        ("code_challenge_method", "plain", 400),
        ("client_id", "another-app", 400),
        ("redirect_uri", "https://evil.example/callback", 400),
        ("code_challenge", "short", 400),
        ("code_challenge", "x" * 129, 400),
        ("state", "x" * 301, 422),
    ],
)
def test_a_request_that_is_not_a_desks_is_refused_before_anything_is_shown(
    line: Line, name: str, value: str, status: int
) -> None:
    reply = line.get("/oauth/authorize", params=ASKED | {name: value})
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert "Location" not in reply.headers


@pytest.mark.parametrize("missing", sorted(ASKED))
def test_a_request_that_lacks_something_is_refused(line: Line, missing: str) -> None:
    asked = {name: value for name, value in ASKED.items() if name != missing}
    assert line.get("/oauth/authorize", params=asked).status_code == 422


def test_the_form_is_checked_again_when_it_is_sent(line: Line) -> None:
    reply = fill_in(line, redirect_uri="https://evil.example/callback")
    assert reply.status_code == 400
    assert "Location" not in reply.headers


def test_another_sites_form_is_refused(line: Line) -> None:
    page = line.get("/oauth/authorize", params=ASKED)
    sent = Form(page.text).inputs | {"login": "maria", "password": PASSWORD}
    for origin, status in (("https://evil.example", 403), ("http://bridge.test", 303), ("null", 303)):
        reply = line.post("/oauth/authorize", data=sent, headers={"Origin": origin})
        assert reply.status_code == status


def test_what_was_typed_is_shown_as_text_and_never_as_markup(line: Line) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    page = line.get("/oauth/authorize", params=ASKED | {"state": hostile})
    assert Form(page.text).inputs["state"] == hostile
    again = fill_in(line, name=hostile, password="x", state=hostile)
    form = Form(again.text)
    assert (form.inputs["login"], form.inputs["state"]) == (hostile, hostile)
    assert {"script", "img"}.isdisjoint(form.tags)


def test_the_page_may_load_nothing_be_framed_by_nobody_and_tell_nobody_where_it_was(line: Line) -> None:
    for reply in (line.get("/oauth/authorize", params=ASKED), fill_in(line, password="x"), fill_in(line)):
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["Cache-Control"] == "no-store"
    page = line.get("/oauth/authorize", params=ASKED).text
    assert not re.findall(r"(?:src|href)=", page)


@pytest.mark.parametrize("grant", ["password", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"])
def test_no_other_grant_is_served(line: Line, grant: str) -> None:
    reply = exchange(line, grant_type=grant, username="maria", password=PASSWORD)
    assert (reply.status_code, reply.json()["error"]) == (400, "unsupported_grant_type")


def test_no_other_client_is_served(line: Line) -> None:
    reply = exchange(line, grant_type="refresh_token", refresh_token="x", client_id="other")
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


def test_where_to_sign_in_is_published(line: Line) -> None:
    said = line.get("/.well-known/oauth-authorization-server").json()
    assert said["issuer"] == "http://bridge.test"
    assert said["authorization_endpoint"] == "http://bridge.test/oauth/authorize"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["grant_types_supported"] == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("http://127.0.0.1:49152/callback", True),
        ("http://127.0.0.1:1/callback", True),
        ("http://127.1.2.3:80/callback", True),
        ("http://[::1]:49152/callback", True),
        ("https://127.0.0.1:49152/callback", False),
        ("http://localhost:49152/callback", False),
        ("http://127.0.0.1/callback", False),
        ("http://127.0.0.1:49152/other", False),
        ("http://127.0.0.1:49152/callback/", False),
        ("http://127.0.0.1:49152/callback?x=1", False),
        ("http://127.0.0.1:49152/callback#x", False),
        ("http://user@127.0.0.1:49152/callback", False),
        ("http://127.0.0.1:49152@evil.example/callback", False),
        ("http://127.0.0.1.evil.example:80/callback", False),
        ("http://192.168.1.2:49152/callback", False),
        ("http://[::ffff:10.0.0.1]:80/callback", False),
        ("http://127.0.0.1:49152/call\nback", False),
        ("\thttp://127.0.0.1:49152/callback", False),
        ("http://127.0.0.1:49152/callback\n", False),
        ("http://2130706433:80/callback", False),
        ("http://127.0.0.1:٣٣/callback", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_the_way_back_is_a_port_of_this_computer(uri: str, good: bool) -> None:
    assert is_loopback(uri) is good
