"""The bridge as a process: where it listens, how it starts and ends, and the live stream over a real socket."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from advisor_desk.api import wire
from advisor_desk.bridge import folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.server import Address, serve
from advisor_desk.domain.errors import Refused
from tests.bridge.conftest import ONLY_SQLITE
from tests.bridge.databases import Sqlite
from tests.bridge.rooftop import Rooftop
from tests.support import cli
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.waiting import PATIENCE, until


def with_maria(data: Path) -> BridgeFolder:
    """The folder, and a token of an advisor in it: made here, which is quicker than by the command line."""
    with closing(folder.open_books(data)) as shelf:
        rooftop, accounts = Rooftop(shelf), Accounts(shelf)
        accounts.add("maria", rooftop.store_id, rooftop.people["advisor"], None)
        return BridgeFolder(data, {"maria": accounts.token("maria", datetime.now(UTC), long=False)})


@pytest.fixture
def bridge(data: Path) -> Iterator[BridgeProcess]:
    """Harbor Motors, served; maria signs in as an advisor."""
    with BridgeProcess(with_maria(data)) as running:
        yield running


@pytest.fixture(scope="module")
def shared(on_sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BridgeProcess]:
    """The same on SQLite, served once for the tests that leave it as it is."""
    data = on_sqlite.folder(tmp_path_factory.mktemp("shared") / "bridge")
    with BridgeProcess(with_maria(data)) as running:
        yield running


class Files(NamedTuple):
    """A certificate for 127.0.0.1, signed by itself, and its key."""

    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """TLS files as an administrator would bring them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bridge")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Files(tmp_path_factory.mktemp("tls") / "bridge.pem", tmp_path_factory.mktemp("tls") / "key.pem")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


@ONLY_SQLITE
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "bridge.example", "::"])
def test_beyond_this_computer_it_listens_only_with_tls(data: Path, host: str) -> None:
    with pytest.raises(Refused) as refused:
        serve(data, Address(host, 0))
    assert refused.value.code == "needs_tls"
    assert "--certificate" in refused.value.message


@ONLY_SQLITE
def test_half_of_what_tls_needs_is_not_taken_for_none_of_it(data: Path, files: Files) -> None:
    for half in (Address(port=0, certificate=files.certificate), Address(port=0, key=files.key)):
        with pytest.raises(Refused) as refused:
            serve(data, half)
        assert refused.value.code == "half_tls"


@ONLY_SQLITE
def test_files_that_are_no_certificate_are_refused_in_words(data: Path, files: Files, tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("not a certificate")
    for address in (
        Address(port=0, certificate=junk, key=files.key),
        Address(port=0, certificate=files.certificate, key=junk),
        Address(port=0, certificate=tmp_path / "nowhere.pem", key=files.key),
    ):
        with pytest.raises(Refused) as refused:
            serve(data, address)
        assert refused.value.code == "bad_certificate"


@ONLY_SQLITE
def test_with_tls_it_serves_https_and_nothing_older_than_1_2(data: Path, files: Files) -> None:
    options = ("--host", "127.0.0.1", "--certificate", str(files.certificate), "--key", str(files.key))
    with BridgeProcess(BridgeFolder(data), *options) as running:
        assert running.url.startswith("https://127.0.0.1:")
        reply = requests.get(f"{running.url}/v1/capabilities", verify=str(files.certificate), timeout=30)
        assert reply.json()["server_id"] == reply.headers[wire.SERVER_HEADER]
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{running.url}/v1/capabilities", timeout=30)
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        with pytest.warns(DeprecationWarning):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        port = int(running.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as line, pytest.raises(ssl.SSLError):
            old.wrap_socket(line)


@ONLY_SQLITE
def test_a_taken_port_is_said_with_what_to_do(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = cli.run("bridge", "serve", "--data", data, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_served_once(shared: BridgeProcess) -> None:
    done = cli.run("bridge", "serve", "--data", shared.folder.data, "--port", "0")
    assert (done.returncode, "Stop it first" in done.stderr) == (2, True)


def test_a_folder_that_is_served_is_not_replaced_but_may_be_backed_up(shared: BridgeProcess, tmp_path: Path) -> None:
    to = tmp_path / "copy"
    cli.said("bridge", "backup", "--data", shared.folder.data, "--to", to)
    done = cli.run("bridge", "restore", "--data", shared.folder.data, "--from", to)
    assert (done.returncode, "Stop it first" in done.stderr) == (2, True)


def listening(bridge: BridgeProcess) -> tuple[list[wire.Head], threading.Thread]:
    """A desk on the stream; the heads it has heard so far."""
    heard: list[wire.Head] = []
    headers = {"Authorization": f"Bearer {bridge.folder.token('maria')}"}
    reply = requests.get(f"{bridge.url}/v1/stream", headers=headers, stream=True, timeout=PATIENCE)
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    assert reply.headers[wire.API_HEADER] == "1"

    def listen() -> None:
        try:
            for line in reply.iter_lines(chunk_size=1):
                if line.startswith(b"data: "):
                    heard.append(wire.Head.model_validate(json.loads(line[6:])))
        except requests.RequestException:
            pass

    thread = threading.Thread(target=listen)
    thread.start()
    return heard, thread


def edit(bridge: BridgeProcess, n: int, word: str) -> dict[str, object]:
    """A tag hung on the mirror by maria."""
    return {
        "id": f"tag-{n}",
        "n": n,
        "kind": "repair_order",
        "record_id": "harbor-ro",
        "op": "update",
        "base_rev": 1,
        "set": {"tag": word},
        "was": {},
        "intent": "ro.set_tag",
        "made_at": "2026-11-23T15:00:00.000Z",
        "actor": bridge.get("/v1/me", "maria")["employee"]["id"],
    }


def test_a_push_nudges_every_desk_that_listens(bridge: BridgeProcess) -> None:
    desks = [listening(bridge) for _ in range(3)]
    until(lambda: all(heard for heard, _ in desks), what="the head at once")
    start = desks[0][0][-1]
    bridge.push("d1", [edit(bridge, 1, "T-7")], "maria")
    until(lambda: all(heard[-1].seq > start.seq for heard, _ in desks), what="the nudge")
    bridge.stop()
    for _, thread in desks:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the stream ends with the server"


def test_it_ends_when_told_to_though_desks_listen(bridge: BridgeProcess) -> None:
    heard, thread = listening(bridge)
    until(lambda: bool(heard), what="the head")
    bridge.stop()  # waits for its end, with a deadline
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_an_answered_push_survives_kill_9(bridge: BridgeProcess) -> None:
    for n in range(1, 3):
        (result,) = bridge.push("d1", [edit(bridge, n, f"T-{n}")], "maria")
        bridge.restart()
        again = bridge.push("d1", [edit(bridge, n, f"T-{n}")], "maria")
        assert again[0]["outcome"] == "duplicate"
        assert bridge.get("/v1/records/repair_order/harbor-ro", "maria")["fields"]["tag"] == f"T-{n}"
        assert again[0]["seq"] == result["seq"]


def test_a_request_whose_head_never_ends_is_given_up(shared: BridgeProcess) -> None:
    port = int(shared.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(b"GET /v1/capabilities HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000)
        assert line.recv(100).startswith(b"HTTP/1.1 400")
    assert requests.get(f"{shared.url}/v1/capabilities", timeout=30).status_code == 200


def test_no_reply_names_the_server_software(shared: BridgeProcess) -> None:
    assert "Server" not in requests.get(f"{shared.url}/v1/capabilities", timeout=30).headers
