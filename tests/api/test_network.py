"""The environment has no say; a proxy and a clock that are wrong are pointed out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from advisor_desk.api.client import Client
from advisor_desk.api.connection import Network
from advisor_desk.api.errors import ProxyTrouble
from tests.api.hostile import EMPTY_PAGE, PORTALS, Hostile, Purse, client, raw, says_json


def test_nothing_in_the_environment_changes_where_and_as_whom_we_ask(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login thief password secret\n")
    netrc.chmod(0o600)
    with Hostile(says_json(EMPTY_PAGE)) as server, Hostile(PORTALS[0]) as trap:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, trap.url)
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(netrc))
        monkeypatch.setenv("CURL_CA_BUNDLE", str(netrc))
        client(server).changes("c1")
    assert trap.asked == []
    assert server.asked[0].headers["authorization"] == "Bearer eyJ.old.one"


def test_a_proxy_that_was_named_is_used_and_one_that_refuses_is_said_so() -> None:
    refuses = raw(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    with Hostile(refuses) as proxy:
        one = Client("https://bridge.example", Purse(), Network(proxy=proxy.url))
        with pytest.raises(ProxyTrouble, match="Check the proxy in Settings"):
            one.changes("c1")
        assert [(line.method, line.path) for line in proxy.asked] == [("CONNECT", "bridge.example:443")]
        assert "authorization" not in proxy.asked[0].headers
        url = proxy.url
    for dead in (url, "http://", "http://no-such-proxy.invalid:3128"):
        with pytest.raises(ProxyTrouble):
            Client("https://bridge.example", Purse(), Network(proxy=dead)).changes("c1")


def test_a_bridge_on_this_computer_is_reached_without_the_proxy() -> None:
    with Hostile(says_json(EMPTY_PAGE)) as server, Hostile(PORTALS[0]) as proxy:
        Client(server.url, Purse(), Network(proxy=proxy.url)).changes("c1")
        assert proxy.asked == []


def test_the_bridges_clock_is_compared_with_this_computers() -> None:
    offsets: list[timedelta] = []
    with Hostile(
        says_json(EMPTY_PAGE, date="Thu, 01 Jan 2037 00:00:00 GMT"), says_json(EMPTY_PAGE, date="noon")
    ) as server:
        one = client(server)
        one.on_clock = offsets.append
        one.changes("c1")
        one.changes("c1")
    assert len(offsets) == 1
    assert offsets[0] > timedelta(days=365)
