"""The doctor's look at the way to the bridge: address, network, certificate, who answers there, and its clock."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from advisor_desk.api import wire
from advisor_desk.api.address import checked_url
from advisor_desk.api.client import Client
from advisor_desk.api.connection import Network, trusting
from advisor_desk.api.errors import (
    ApiError,
    BadAddress,
    BadAuthority,
    Certificate,
    NotOurs,
    Offline,
    ProxyTrouble,
)
from advisor_desk.desk.findings import OK, PROBLEM, WARNING, Finding, refusal
from advisor_desk.sync import schedule

_CONNECT: Final = 2.5
_ENDS_SOON: Final = timedelta(days=14)
_UNREACHED: Final = "Mend the network path first."


class Place(NamedTuple):
    """Where to look for the bridge, and who it has to be (empty: anybody)."""

    url: str
    network: Network
    server_id: str = ""


def bridge(place: Place) -> list[Finding]:
    """All that can be said about the way there; what lies behind a break is named as not looked at."""
    try:
        parts = urlsplit(checked_url(place.url))
    except BadAddress as bad:
        return [refusal("network", bad.message), *_not_looked("certificate", "bridge", "clock")]
    path = _path(parts, place.network)
    if path.state == PROBLEM:
        return [path, *_not_looked("certificate", "bridge", "clock")]
    heard = _ask(place)
    if isinstance(heard.fault, ProxyTrouble):
        return [refusal("network", heard.fault.message), *_not_looked("certificate", "bridge", "clock")]
    if isinstance(heard.fault, Certificate | BadAuthority):
        found = refusal("certificate", heard.fault.message)
        return [path, found, *_not_looked("bridge", "clock", step="Mend the certificate first.")]
    return [path, _certificate(parts, place.network), _who(place, heard), _clock(heard)]


def no_bridge() -> list[Finding]:
    """The findings where no address is known."""
    step = "Give the bridge's address in Settings, or with --bridge."
    return [
        Finding("network", PROBLEM, "No bridge is set.", step),
        *_not_looked("certificate", "bridge", "clock", step=step),
    ]


def _not_looked(*names: str, step: str = _UNREACHED) -> list[Finding]:
    return [Finding(name, WARNING, "Not looked at: the bridge was not reached.", step) for name in names]


def _path(parts: SplitResult, network: Network) -> Finding:
    """Whether the name is known and something listens there, or at the proxy."""
    try:
        by = urlsplit(network.proxy) if network.proxy else parts
        host, port = by.hostname or "", by.port or (443 if by.scheme == "https" else 80)
    except ValueError:
        host, port = "", 0
    what = f"The proxy {host}:{port}" if network.proxy else f"{host}:{port}"
    settings = "Correct the proxy in Settings." if network.proxy else "Correct the bridge's address in Settings."
    if not host:
        return Finding("network", PROBLEM, "The proxy's address cannot be used.", settings)
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        step = f"Check the network cable or Wi-Fi; if others work, {settings[0].lower()}{settings[1:]}"
        return Finding("network", PROBLEM, f"The name {host} is not known here.", step)
    try:
        socket.create_connection((host, port), _CONNECT).close()
    except ConnectionRefusedError:
        step = settings if network.proxy else f"Start the bridge, or {settings[0].lower()}{settings[1:]}"
        return Finding("network", PROBLEM, f"Nothing listens at {host}:{port}.", step)
    except OSError:
        step = f"Check the network and any firewall; if they are well, {settings[0].lower()}{settings[1:]}"
        return Finding("network", PROBLEM, f"{what} does not answer.", step)
    return Finding("network", OK, f"{what} answers{'' if network.proxy else ', without a proxy'}.")


def _certificate(parts: SplitResult, network: Network) -> Finding:
    """How long the certificate is good for, that the bridge's answer came by."""
    if parts.scheme == "http":
        return Finding("certificate", OK, "None is needed: the bridge is on this computer.")
    if network.proxy:
        return Finding("certificate", OK, "It is trusted.")
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), _CONNECT) as raw,
            trusting(network.ca_file).wrap_socket(raw, server_hostname=host) as tls,
        ):
            shown = tls.getpeercert() or {}
    except OSError:
        return Finding("certificate", WARNING, "The connection broke off.", "Run the doctor again.")
    return _until(str(shown.get("notAfter") or ""))


def _until(ends: str) -> Finding:
    if not ends:
        return Finding("certificate", OK, "It is trusted.")
    moment = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
    words = f"It is trusted, until {moment:%Y-%m-%d}."
    if moment - datetime.now(UTC) < _ENDS_SOON:
        return Finding("certificate", WARNING, words, "Ask for the bridge's certificate to be renewed.")
    return Finding("certificate", OK, words)


class _NoTokens:
    """The doctor asks only what needs no sign-in: looking must not use up anybody's token."""

    def access(self) -> str | None:
        return None

    def refresh(self) -> str | None:
        return None

    def keep(self, access: str, refresh: str | None) -> None:
        """Never called: nothing is exchanged."""


class _Heard(NamedTuple):
    """What came back when the bridge was asked who it is."""

    said: wire.Capabilities | None
    fault: ApiError | None
    offset: timedelta | None
    """How far its clock is ahead of this computer's; None when nothing of it was heard."""


def _ask(place: Place) -> _Heard:
    offsets: list[timedelta] = []
    try:
        client = Client(place.url, _NoTokens(), place.network)
        client.server_id = place.server_id or None
        client.on_clock = offsets.append
        try:
            return _Heard(client.capabilities(), None, offsets[-1] if offsets else None)
        finally:
            client.close()
    except ApiError as fault:
        return _Heard(None, fault, offsets[-1] if offsets else None)


def _who(place: Place, heard: _Heard) -> Finding:
    """Who answers, and whether it speaks our protocol."""
    if isinstance(heard.fault, NotOurs):
        step = "Correct the address in Settings; if this network asks for a sign-in, sign in to it in a browser first."
        return Finding("bridge", PROBLEM, heard.fault.message.partition(". ")[0] + ".", step)
    if isinstance(heard.fault, Offline):
        words = "What answers there does not answer as a bridge does."
        return Finding("bridge", PROBLEM, words, "Try again; if it stays so, restart the bridge.")
    if heard.fault is not None or heard.said is None:
        return refusal("bridge", heard.fault.message if heard.fault else "")
    ours = " and the one this cache belongs to" if place.server_id else ""
    versions = f"protocol {heard.said.api_version} (this desk: {wire.API_VERSION})"
    return Finding("bridge", OK, f"Bridge {heard.said.server_id}, {versions}{ours}.")


def _clock(heard: _Heard) -> Finding:
    if heard.offset is None:
        return _not_looked("clock", step="Mend what the bridge check says first.")[0]
    said, _, step = schedule.skew_words(heard.offset).partition(". ")
    if said:
        return Finding("clock", WARNING, f"{said}.", step)
    return Finding("clock", OK, f"Within {max(1, round(abs(heard.offset.total_seconds())))} s of the bridge's.")
