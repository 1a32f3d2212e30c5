"""Which addresses a desk will speak to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.api.address import checked_url
from advisor_desk.api.errors import BadAddress


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://bridge.example-motors.com", "https://bridge.example-motors.com"),
        (" https://bridge.example-motors.com/ ", "https://bridge.example-motors.com"),
        ("HTTPS://Bridge.Example.com:8443/desk/", "https://Bridge.Example.com:8443/desk"),
        ("https://bücher.example", "https://bücher.example"),
        ("https://192.0.2.7:8443", "https://192.0.2.7:8443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("http://127.0.0.1:8737", "http://127.0.0.1:8737"),
        ("http://localhost:8737", "http://localhost:8737"),
        ("http://[::1]:8737/", "http://[::1]:8737"),
    ],
)
def test_https_anywhere_and_http_to_this_computer_are_taken(typed: str, url: str) -> None:
    assert checked_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "bridge.example.com", "https://", "https:///x", "http://bridge.example.com", "ftp://bridge.example.com",
        "file:///etc/passwd", "javascript:alert(1)", "http://localhost.example.com", "http://127.0.0.1.example.com",
        "http://127.1", "http://0.0.0.0", "http://2130706433", "https://maria:secret@bridge.example.com",
        "https://:secret@bridge.example.com", "https://bridge.example.com@evil.example", "https://evil.example\\@b.com",
        "https://bridge.example.com\\evil", "https://bridge.example.com?x=1", "https://bridge.example.com#top",
        "https://bridge.example.com:0", "https://bridge.example.com:99999", "https://bridge.example.com:http",
        "https://bridge example.com", "https://bridge.\nexample.com", "https://bridge.example.com/a\tb", "https://[::1",
        "https://<b>", "https://a%2fb", "//bridge.example.com",
    ],
)  # fmt: skip
def test_anything_else_says_how_an_address_begins(typed: str) -> None:
    with pytest.raises(BadAddress, match="must begin with https://"):
        checked_url(typed)


@given(st.text() | st.text().map("https://{}".format) | st.text().map("http://{}".format))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        url = checked_url(typed)
    except BadAddress:
        return
    assert url.startswith(("https://", "http://"))
    assert checked_url(url) == url
    assert "@" not in url.split("/")[2]
