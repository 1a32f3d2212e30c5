"""Over TLS the bridge proves who it is, and when it cannot, the advice fits what is wrong."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from advisor_desk.api.client import Client, Limits
from advisor_desk.api.connection import Network
from advisor_desk.api.errors import BadAuthority, Certificate, Offline
from tests.api.hostile import EMPTY_PAGE, Hostile, Purse, says_json
from tests.support.authority import NOW, Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("trust"), "Harbor Motors CA")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody trusts: an inspecting proxy's, for one."""
    return Authority(tmp_path_factory.mktemp("strange"), "Inspection CA")


@contextmanager
def bridge(context: ssl.SSLContext, trusted: Path | str) -> Iterator[tuple[Client, Hostile]]:
    with Hostile(says_json(EMPTY_PAGE), tls=context) as server:
        yield Client(server.url, Purse(), Network(ca_file=str(trusted)), Limits(total=20)), server


def refused(context: ssl.SSLContext, trusted: Path | str) -> Certificate:
    with bridge(context, trusted) as (client, server), pytest.raises(Certificate) as caught:
        client.changes("c1")
    assert server.asked == [], "no request and no token went out"
    return caught.value


def test_a_bridge_with_a_certificate_of_the_named_authority_is_believed(authority: Authority) -> None:
    with bridge(authority.server(), authority.file) as (client, server):
        assert client.changes("c1").next == "c2"
        assert client.changes("c1").next == "c2"
        assert server.connections == 1


def test_a_certificate_that_ran_out_points_to_the_clock(authority: Authority) -> None:
    error = refused(authority.server(ends=NOW - timedelta(hours=1)), authority.file)
    assert error.reason == "expired"
    assert "Check this computer's date and time" in error.message


def test_a_certificate_that_is_not_valid_yet_points_to_the_clock(authority: Authority) -> None:
    error = refused(authority.server(begins=NOW + timedelta(hours=1)), authority.file)
    assert error.reason == "not_yet_valid"
    assert "date and time" in error.message


@pytest.mark.parametrize("host", ["bridge.example", "127.0.0.2"])
def test_a_certificate_for_another_name_points_to_the_address(authority: Authority, host: str) -> None:
    error = refused(authority.server(host), authority.file)
    assert error.reason == "wrong_name"
    assert "address in Settings" in error.message


def test_an_address_in_numbers_needs_its_number_on_the_certificate(authority: Authority) -> None:
    with Hostile(says_json(EMPTY_PAGE), tls=authority.server()) as server:
        client = Client(f"https://127.0.0.1:{server.port}", Purse(), Network(ca_file=str(authority.file)))
        with pytest.raises(Certificate) as caught:
            client.changes("c1")
    assert caught.value.reason == "wrong_name"
    assert ip_address("127.0.0.1").is_loopback  # even here: https is https


def test_a_certificate_that_signs_itself_is_from_nobody(authority: Authority) -> None:
    error = refused(authority.server(signed=False), authority.file)
    assert error.reason == "untrusted"
    assert "authority's file in Settings" in error.message


def test_an_inspecting_proxys_certificate_is_from_nobody(authority: Authority, stranger: Authority) -> None:
    assert refused(stranger.server(), authority.file).reason == "untrusted"


def test_this_computers_own_trust_does_not_know_the_stores_authority(authority: Authority) -> None:
    assert refused(authority.server(), "").reason == "untrusted"


def test_the_librarys_bundled_list_is_not_trusted_besides(
    authority: Authority, stranger: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(stranger.file))
    assert refused(stranger.server(), authority.file).reason == "untrusted"
    assert refused(stranger.server(), "").reason == "untrusted"


@pytest.mark.parametrize("name", ["TLSv1", "TLSv1_1"])
def test_outdated_encryption_is_refused_as_such(authority: Authority, name: str) -> None:
    context = authority.server()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is outdated is the point
        context.minimum_version = context.maximum_version = ssl.TLSVersion[name]
    context.set_ciphers("ALL:@SECLEVEL=0")
    assert refused(context, authority.file).reason == "outdated"


@contextmanager
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


def test_plain_words_in_place_of_a_handshake_are_no_tls(authority: Authority) -> None:
    with listener() as sock:

        def greet() -> None:
            conn, _ = sock.accept()
            with conn, suppress(OSError):
                conn.recv(4096)
                conn.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                conn.recv(4096)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        url = f"https://localhost:{sock.getsockname()[1]}"
        with pytest.raises(Certificate) as caught:
            Client(url, Purse(), Network(ca_file=str(authority.file))).changes("c1")
        thread.join(10)
    assert caught.value.reason == "not_tls"
    assert "does not speak https" in caught.value.message


@pytest.mark.parametrize("what", ["silence", "a drip", "a hang-up"])
def test_a_handshake_that_leads_nowhere_counts_as_offline(authority: Authority, what: str) -> None:
    over = threading.Event()
    with listener() as sock:

        def stall() -> None:
            conn, _ = sock.accept()
            with conn:
                conn.recv(4096)
                if what == "a hang-up":
                    return
                try:
                    if what == "a drip":  # the head of a record of 16 KiB, then its body, byte by byte
                        conn.sendall(b"\x16\x03\x03\x40\x00")
                    while not over.wait(0.02):
                        if what == "a drip":
                            conn.sendall(b"\x02")
                except OSError:
                    return

        thread = threading.Thread(target=stall, daemon=True)
        thread.start()
        url = f"https://localhost:{sock.getsockname()[1]}"
        client = Client(url, Purse(), Network(ca_file=str(authority.file)), Limits(connect=0.5, total=0.5))
        with pytest.raises(Offline):
            client.changes("c1")
        over.set()
        thread.join(10)


@pytest.mark.parametrize("what", ["missing", "a folder", "nonsense"])
def test_an_authoritys_file_that_is_none_is_said_at_once(what: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if what == "a folder":
        file.mkdir()
    elif what == "nonsense":
        file.write_text("not a certificate")
    with pytest.raises(BadAuthority, match="authority's file cannot be read"):
        Client("https://bridge.example", Purse(), Network(ca_file=str(file)))
