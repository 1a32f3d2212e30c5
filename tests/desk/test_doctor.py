"""``advisor-desk doctor``: each thing that can be wrong is found, with one next step, and nothing is changed."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.api.connection import Network
from advisor_desk.desk import check_bridge, check_computer, doctor
from advisor_desk.desk.check_bridge import Place
from advisor_desk.desk.findings import Finding
from advisor_desk.host import secrets
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings
from tests.host.keyrings import Forgetful, Locked, ReadOnly, Ring
from tests.support import cli, stand_in
from tests.support.authority import DAY, NOW, Authority
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess
from tests.support.stand_in import Answer, Speaks, StandIn

NAMES = ["keyring", "cache", "disk", "network", "certificate", "bridge", "clock"]


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    """The findings by their check."""
    return {finding.name: finding for finding in findings}


def has_one_next_step(finding: Finding) -> bool:
    """True when nothing is wrong, or one sentence says what to do."""
    return not finding.next if finding.state == "ok" else finding.next.endswith(".") and len(finding.next) < 120


def look(profile: Path, *, bridge: str | None = None, ring: Any = None) -> dict[str, Finding]:
    """What the doctor finds in a profile whose key is in this keyring."""
    given = ring if ring is not None else Ring()
    findings = doctor.look(Profile.at(profile), bridge, None, lambda: given)
    assert [finding.name for finding in findings] == NAMES
    assert all(has_one_next_step(finding) for finding in findings), findings
    return by_name(findings)


def way(url: str, server_id: str = "", **network: str) -> dict[str, Finding]:
    """What the doctor finds on the way to a bridge."""
    findings = check_bridge.bridge(Place(url, Network(**network), server_id))
    assert [finding.name for finding in findings] == NAMES[3:]
    assert all(has_one_next_step(finding) for finding in findings), findings
    return by_name(findings)


def test_beside_a_running_desk_all_is_well(desk: DeskProcess) -> None:
    hello = json.dumps({"hello": {"key": desk.key, "bridge": desk.bridge}}) + "\n"
    done = cli.run("doctor", "--json", "--hello-stdin", "--profile-dir", desk.profile, given=hello)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["ok"] is True
    assert [check["name"] for check in told["checks"]] == NAMES
    assert {check["state"] for check in told["checks"]} == {"ok"}
    words = {check["name"]: check["words"] for check in told["checks"]}
    assert "0 waiting to be sent" in words["cache"]
    assert "the one this cache belongs to" in words["bridge"]
    assert not desk.ask("read.outbox")["outbox"]


def test_told_to_a_person_each_trouble_has_its_next_step_beneath(tmp_path: Path) -> None:
    done = cli.run("doctor", "--profile-dir", tmp_path / "profile", "--bridge", "http://127.0.0.1:9")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("problem  network"))
    assert "Nothing listens at 127.0.0.1:9." in lines[at]
    assert lines[at + 1].strip() == "Next: Start the bridge, or correct the bridge's address in Settings."
    assert all(len(line) <= 105 for line in lines)


def test_it_makes_neither_a_cache_nor_a_key(tmp_path: Path) -> None:
    ring = Ring()
    found = look(tmp_path / "profile", ring=ring)
    assert found["keyring"].state == "ok" and "went in and out" in found["keyring"].words
    assert found["cache"].state == "ok" and "There is none yet" in found["cache"].words
    assert ring.kept == {}
    assert list((tmp_path / "profile").iterdir()) == []


def test_without_a_bridge_it_says_where_to_give_one(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert found["network"].state == "problem"
    assert "--bridge" in found["network"].next
    assert {found[name].state for name in ("certificate", "bridge", "clock")} == {"warning"}


@pytest.mark.parametrize(
    ("ring", "says", "step"),
    [
        (Locked(), "The keyring is locked.", "Unlock it"),
        (ReadOnly(), "The keyring is locked.", "Unlock it"),
        (Forgetful(), "does not give back what it was given.", "passphrase"),
    ],
)
def test_a_keyring_that_does_not_keep_a_key_is_found(tmp_path: Path, ring: Ring, says: str, step: str) -> None:
    found = look(tmp_path, ring=ring)["keyring"]
    assert found.state == "problem"
    assert says in found.words and step in found.next


def test_a_computer_without_a_keyring_is_pointed_to_a_passphrase(tmp_path: Path) -> None:
    def none() -> Any:
        raise secrets.NoKeyring

    found, key = check_computer.keyring(Profile.at(tmp_path), none)
    assert (found.state, key) == ("problem", None)
    assert "passphrase" in found.next


def test_a_key_under_a_passphrase_is_no_trouble(tmp_path: Path) -> None:
    Settings().save(Profile.at(tmp_path), key_source="passphrase")
    assert look(tmp_path)["keyring"].state == "ok"


@pytest.fixture
def profile(closed: DeskProcess, tmp_path: Path) -> Path:
    """A copy of its profile."""
    return Path(shutil.copytree(closed.profile, tmp_path / "profile"))


def test_a_cache_is_opened_by_the_key_in_the_keyring_and_its_bridge_is_remembered(
    profile: Path, closed: DeskProcess
) -> None:
    found = look(profile, ring=Ring(**{str(profile): closed.key}))
    assert {finding.state for finding in found.values()} == {"ok"}
    assert "is whole" in found["cache"].words


def test_a_cache_whose_key_is_gone_is_found(profile: Path) -> None:
    found = look(profile)
    assert (found["keyring"].state, found["cache"].state) == ("problem", "warning")
    assert "not in the keyring" in found["keyring"].words


def test_a_cache_of_another_key_is_found(profile: Path) -> None:
    found = look(profile, ring=Ring(**{str(profile): "00" * 32}))["cache"]
    assert found.state == "problem"
    assert "does not open with this key" in found.words


def test_a_damaged_cache_is_found(profile: Path, closed: DeskProcess) -> None:
    file = profile / "cache.db"
    pages = bytearray(file.read_bytes())
    pages[len(pages) // 2] ^= 0xFF
    file.write_bytes(pages)
    found = look(profile, ring=Ring(**{str(profile): closed.key}))["cache"]
    assert found.state == "problem"
    assert "is damaged" in found.words
    assert file.read_bytes() == bytes(pages)


@pytest.mark.parametrize(("free", "state"), [(10**6, "problem"), (3 * 10**8, "warning"), (10**10, "ok")])
def test_room_on_the_disk_is_judged(tmp_path: Path, free: int, state: str) -> None:
    found = check_computer.disk(tmp_path, free)
    assert found.state == state
    assert has_one_next_step(found)


@pytest.mark.parametrize(
    ("url", "says", "step"),
    [
        ("ftp://x", "must begin with https://", "Settings"),
        ("http://127.0.0.1:9", "Nothing listens at 127.0.0.1:9.", "Start the bridge"),
        ("https://127.0.0.1:9", "Nothing listens at 127.0.0.1:9.", "Start the bridge"),
        ("https://no-such-place.invalid", "The name no-such-place.invalid is not known here.", "Wi-Fi"),
    ],
)
def test_a_network_path_that_does_not_lead_there_is_found(url: str, says: str, step: str) -> None:
    found = way(url)
    assert found["network"].state == "problem"
    assert says in found["network"].words and step in found["network"].next
    assert {found[name].state for name in ("certificate", "bridge", "clock")} == {"warning"}


def test_a_proxy_that_is_not_there_is_found_as_the_proxy(bridge: BridgeProcess) -> None:
    found = way(bridge.url, proxy="http://127.0.0.1:9")["network"]
    assert found.state == "problem"
    assert "Correct the proxy in Settings." in found.next
    assert way(bridge.url, proxy="nonsense")["network"].state == "problem"


def test_a_proxy_that_lets_nobody_through_is_found(bridge: BridgeProcess) -> None:
    with StandIn(lambda path: Answer(407, {"Content-Type": "text/plain"}, b"no")) as proxy:
        found = way("https://bridge.invalid", proxy=proxy.url)
    assert found["network"].state == "problem", found


@pytest.mark.parametrize("speaks", [stand_in.portal, stand_in.portal_page, stand_in.website])
def test_a_page_in_place_of_the_bridge_is_found(speaks: Speaks) -> None:
    with StandIn(speaks) as other:
        found = way(other.url)
    assert (found["network"].state, found["bridge"].state, found["clock"].state) == ("ok", "problem", "warning")
    assert "not an Advisor Desk bridge" in found["bridge"].words
    assert "browser" in found["bridge"].next


def test_a_portal_before_a_bridge_that_is_known_is_called_by_its_name() -> None:
    with StandIn(stand_in.portal) as other:
        found = way(other.url, "my-bridge")["bridge"]
    assert "sign in to it first" in found.words
    assert found.next.startswith("Open a browser")


def test_bridges_of_another_age_and_of_another_store_are_found() -> None:
    for speaks, says in (
        (stand_in.bridge_of("mine", 9, 9), "too old for the bridge"),
        (stand_in.bridge_of("mine", 0, 0), "older than this Advisor Desk"),
        (stand_in.bridge_of("theirs"), "not the bridge this desk belongs to"),
    ):
        with StandIn(speaks) as other:
            found = way(other.url, "mine")["bridge"]
        assert found.state == "problem"
        assert says in found.words


def test_a_clock_that_is_wrong_is_found() -> None:
    honest = stand_in.bridge_of("mine")

    def an_hour_behind(path: str) -> Answer:
        answer = honest(path)
        date = (NOW + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return answer._replace(headers={**answer.headers, "Date": date})

    with StandIn(an_hour_behind) as other:
        found = way(other.url)["clock"]
    assert found.state == "warning"
    assert "behind" in found.words and found.next == "Set it right."


def test_something_that_is_no_web_server_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            with suppress(OSError):
                while True:
                    line, _ = other.accept()
                    with line:
                        line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        threading.Thread(target=greet, daemon=True).start()
        found = way(f"http://127.0.0.1:{other.getsockname()[1]}")["bridge"]
        other.shutdown(socket.SHUT_RDWR)
    assert found.state == "problem"
    assert "does not answer as a bridge does" in found.words


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The store's own certificate authority."""
    return Authority(tmp_path_factory.mktemp("trust"), "Harbor Motors CA")


@pytest.fixture(scope="module")
def https(demo_store: BridgeFolder, authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real bridge that is served with TLS."""
    pem = authority.certificate(ends=NOW + 90 * DAY)
    folder = BridgeFolder.empty(tmp_path_factory.mktemp("https") / "bridge")
    with BridgeProcess(folder, "--certificate", str(pem), "--key", str(pem)) as bridge:
        yield bridge.url.replace("127.0.0.1", "localhost")


def test_a_trusted_certificate_is_told_with_its_end(https: str, authority: Authority) -> None:
    found = way(https, ca_file=str(authority.file))
    assert {finding.state for finding in found.values()} == {"ok"}
    assert f"until {NOW + 90 * DAY:%Y-%m-%d}" in found["certificate"].words


def test_a_certificate_of_an_authority_that_is_not_trusted_is_found(https: str) -> None:
    found = way(https)
    assert found["certificate"].state == "problem"
    assert "authority's file in Settings" in found["certificate"].next
    assert found["bridge"].next == "Mend the certificate first."


def test_an_authoritys_file_that_is_not_there_is_found(https: str, tmp_path: Path) -> None:
    found = way(https, ca_file=str(tmp_path / "nothing.pem"))["certificate"]
    assert found.state == "problem"
    assert "cannot be read" in found.words


def test_certificates_that_ran_out_or_soon_will_or_name_another_are_found(authority: Authority) -> None:
    for context, state, says in (
        (authority.server(ends=NOW - timedelta(hours=1)), "problem", "has run out"),
        (authority.server(host="other.example"), "problem", "for another name"),
        (authority.server(ends=NOW + 3 * DAY), "warning", "until"),
    ):
        with StandIn(stand_in.bridge_of("mine"), tls=context) as other:
            found = way(other.url, ca_file=str(authority.file))["certificate"]
        assert (found.state, says in found.words) == (state, True), found
