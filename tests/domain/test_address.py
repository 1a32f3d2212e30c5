"""Which addresses a bridge and a proxy may have."""

from __future__ import annotations

import pytest

from advisor_desk.domain import address


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("https://bridge.northgate.example", "https://bridge.northgate.example"),
        (" https://bridge.northgate.example:8443/desk/ ", "https://bridge.northgate.example:8443/desk"),
        ("http://127.0.0.1:8737", "http://127.0.0.1:8737"),
        ("http://[::1]:8737", "http://[::1]:8737"),
        ("http://localhost:8737/", "http://localhost:8737"),
        ("http://bridge.northgate.example", None),
        ("http://127.1.evil.example", None),
        ("https://northgate.example@evil.example", None),
        ("https://bridge\\evil", None),
        ("https://bridge.example/?q=1", None),
        ("https://bridge.example:0", None),
        ("https://bridge.example:port", None),
        ("bridge.northgate.example", None),
        ("", None),
    ],
)
def test_a_bridge_is_reached_over_https_or_on_this_computer(typed: str, base: str | None) -> None:
    assert address.bridge_base(typed) == base


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("http://proxy:3128", True),
        ("https://proxy.northgate.example", True),
        ("proxy:3128", False),
        ("http://proxy:3128/path", False),
        ("socks5://proxy:1080", False),
        ("http://proxy 3128", False),
    ],
)
def test_a_proxy_is_a_host_and_perhaps_a_port(typed: str, good: bool) -> None:
    assert address.is_proxy(typed) is good
