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
from advisor_desk.api.errors import ApiError, BadAddress, BadAuthority, Certificate, NotOurs, Offline
from advisor_desk.desk.findings import OK, PROBLEM, WARNING, Finding, refusal
from advisor_desk.sync import schedule

_CONNECT: Final = 2.5
_ENDS_SOON: Final = timedelta(days=14)
_UNREACHED: Final = "Mend the network path first."
_REASONS: Final = {
    9: ("has not begun to be valid", "Set this computer's date right."),
    10: ("has run out", "Check this computer's date; if it is right, ask for the bridge's certificate to be renewed."),
    18: ("is signed by itself", "Name its file as the certificate authority in Settings, or ask your IT person."),
    19: ("comes from an authority not trusted here", "Name that authority's file in Settings, or ask your IT person."),
    20: ("comes from an authority not trusted here", "Name that authority's file in Settings, or ask your IT person."),
    62: ("is for another name", "Correct the bridge's address in Settings to the name on the certificate."),
}
"""OpenSSL's verification codes, as people say them."""


class Place(NamedTuple):
    """Where to look for the bridge, and who it has to be (empty: anybody)."""

    url: str
    network: Network
    server_id: str = ""


def bridge(place: Place) -> list[Finding]:
    """All that can be said about the way there; what lies behind a break is named as not looked at."""
    try:
        url = checked_url(place.url)
    except BadAddress as bad:
        return [refusal("network", bad.message), *_not_looked("certificate", "bridge", "clock")]
    parts = urlsplit(url)
    path = _path(parts, place.network)
    if path.state == PROBLEM:
        return [path, *_not_looked("certificate", "bridge", "clock")]
    certificate = _certificate(parts, place.network)
    if certificate.state == PROBLEM:
        return [path, certificate, *_not_looked("bridge", "clock", step="Mend the certificate first.")]
    return [path, certificate, *_who(place)]


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
    """Whether the certificate is trusted and for how long; behind a proxy, the request itself judges it."""
    if parts.scheme == "http":
        return Finding("certificate", OK, "None is needed: the bridge is on this computer.")
    try:
        context = trusting(network.ca_file)
    except BadAuthority as bad:
        return refusal("certificate", bad.message)
    if network.proxy:
        return Finding("certificate", OK, "It is checked through the proxy, with every request.")
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), _CONNECT) as raw,
            context.wrap_socket(raw, server_hostname=host) as tls,
        ):
            shown = tls.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        reason, step = _REASONS.get(error.verify_code, ("is not trusted here", "Ask your IT person."))
        return Finding("certificate", PROBLEM, f"The bridge's certificate {reason}.", step)
    except ssl.SSLError:
        words = "What listens there does not speak TLS 1.2 or newer."
        return Finding("certificate", PROBLEM, words, "Correct the bridge's address in Settings.")
    except OSError:
        return Finding("certificate", PROBLEM, "The connection broke off.", "Check the network and any firewall.")
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


def _who(place: Place) -> list[Finding]:
    """Who answers, whether it speaks our protocol, and how far its clock is from this one."""
    offsets: list[timedelta] = []
    client = Client(place.url, _NoTokens(), place.network)
    client.server_id = place.server_id or None
    client.on_clock = offsets.append
    try:
        found = client.capabilities()
    except Certificate as error:  # seen only through a proxy
        return [refusal("bridge", error.message), *_clock(offsets)]
    except NotOurs as error:
        step = "Correct the address in Settings; if this network asks for a sign-in, sign in to it in a browser first."
        return [Finding("bridge", PROBLEM, error.message.partition(". ")[0] + ".", step), *_clock(offsets)]
    except Offline:
        words = "It does not answer as a bridge does."
        return [Finding("bridge", PROBLEM, words, "Try again; if it stays so, restart the bridge."), *_clock(offsets)]
    except ApiError as error:
        return [refusal("bridge", error.message), *_clock(offsets)]
    finally:
        client.close()
    ours = " and the one this cache belongs to" if place.server_id else ""
    words = f"Bridge {found.server_id}, protocol {found.api_version} (this desk: {wire.API_VERSION}){ours}."
    return [Finding("bridge", OK, words), *_clock(offsets)]


def _clock(offsets: list[timedelta]) -> list[Finding]:
    if not offsets:
        return _not_looked("clock", step="Mend what the bridge check says first.")
    words = schedule.skew_words(offsets[-1])
    if words:
        said, _, step = words.partition(". ")
        return [Finding("clock", WARNING, f"{said}.", step)]
    return [Finding("clock", OK, f"Within {max(1, round(abs(offsets[-1].total_seconds())))} s of the bridge's.")]
