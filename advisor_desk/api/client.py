"""The desk's side of HTTP: one bridge, nothing taken on trust."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from advisor_desk.api import strict_json, wire
from advisor_desk.api.errors import (
    BadAddress,
    BadAuthority,
    Certificate,
    CursorGone,
    NotOurs,
    Numbering,
    Offline,
    Portal,
    Said,
    SignInNeeded,
    TooNew,
    TooOld,
    WrongServer,
)
from advisor_desk.api.retry import retry_after

_MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_RATIO: Final = 100
_CONNECT: Final = 2.5
_QUIET: Final = 10.0
"""Seconds without a byte before a reply is given up."""
_TOTAL: Final = 60.0
"""Seconds a whole request may take, however it drips."""
STREAM_QUIET: Final = 40.0
_VERSION: Final = "advisor-desk/0.1.0"


class Tokens(Protocol):
    """Where access tokens come from, and what becomes of them."""

    def access(self) -> str | None:
        """The access token, if there is one."""
        ...

    def refresh(self) -> str | None:
        """The refresh token, if there is one."""
        ...

    def keep(self, access: str, refresh: str | None) -> None:
        """Keep new tokens, durably, before they are used."""
        ...


@dataclass(frozen=True, slots=True)
class Network:
    """How this computer reaches the bridge; never taken from the environment."""

    proxy: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is provably the bridge's."""

    body: bytes
    sent_at: datetime | None
    round_trip: timedelta


class Client:
    """Requests to one bridge; every reply is checked before a byte of it is believed."""

    def __init__(self, url: str, tokens: Tokens, network: Network | None = None) -> None:
        self.url = checked_url(url)
        self._tokens = tokens
        self._session = _session(self.url, network or Network())
        self._streaming: requests.Response | None = None
        self.server_id: str | None = None
        """The bridge this desk belongs to; once known, no other's reply is taken."""
        self.on_clock: Callable[[timedelta], None] = lambda offset: None
        """Told how far the bridge's clock is ahead of this computer's."""

    def capabilities(self) -> wire.Capabilities:
        """Who the bridge is; raises TooNew, TooOld or WrongServer when this desk cannot work with it."""
        found = wire.Capabilities.model_validate(self._json("GET", "/v1/capabilities", signed=False))
        if found.min_client > wire.API_VERSION:
            raise TooNew
        if found.api_version < wire.MIN_CLIENT:
            raise TooOld
        return found

    def me(self) -> wire.Me:
        """Who the token speaks for."""
        return wire.Me.model_validate(self._json("GET", "/v1/me"))

    def snapshot(self, after: str) -> tuple[list[dict[str, Any]], wire.SnapshotEnd]:
        """One page of the snapshot, its count and digest checked."""
        body = self._send("GET", "/v1/snapshot", params={"after": after} if after else {}).body
        head, _, last = body.rstrip(b"\n").rpartition(b"\n")
        lines = head + b"\n" if head else b""
        try:
            end = wire.SnapshotEnd.model_validate(json.loads(last)["end"])
            records = [json.loads(line) for line in lines.splitlines()]
        except (ValueError, KeyError, TypeError):
            raise Offline("The bridge's answer was cut short; it is asked again.") from None
        if len(records) != end.count or hashlib.sha256(lines).hexdigest() != end.sha256:
            raise Offline("The bridge's answer was cut short; it is asked again.")
        return records, end

    def changes(self, cursor: str, limit: int = 500) -> wire.Changes:
        """A page of the feed after ``cursor``; raises CursorGone."""
        page = wire.Changes.model_validate(
            self._json("GET", "/v1/changes", params={"cursor": cursor, "limit": str(limit)})
        )
        if page.count != len(page.changes):
            raise Offline("The bridge's answer was cut short; it is asked again.")
        return page

    def push(self, desk: str, mutations: list[dict[str, Any]]) -> wire.Results:
        """Send edits; each is answered."""
        return wire.Results.model_validate(self._json("POST", "/v1/mutations", {"desk": desk, "mutations": mutations}))

    def exchange(self, form: Mapping[str, str]) -> wire.Tokens:
        """Tokens for a code or a refresh token; raises SignInNeeded when the bridge will not have it."""
        try:
            reply = self._once("POST", "/oauth/token", data=dict(form))
        except Said as said:
            if said.status in (400, 401):
                raise SignInNeeded from None
            raise
        return wire.Tokens.model_validate(strict_json.loads(reply.body))

    def stream(self, stop: Callable[[], bool]) -> Iterator[wire.Head | None]:
        """The live stream: a head at each nudge, None at each sign of life; ends when the line does."""
        try:
            reply = self._session.get(
                self.url + "/v1/stream",
                headers=self._bearer() | {"Accept": "text/event-stream"},
                stream=True,
                allow_redirects=False,
                timeout=(_CONNECT, STREAM_QUIET),
            )
        except requests.RequestException as error:
            raise _network_error(error) from None
        with reply:
            if reply.status_code == 401:
                raise SignInNeeded
            self._check_headers(reply)
            if reply.status_code != 200:
                raise Said("stream", reply.status_code)
            self._streaming = reply
            if not stop():
                yield from _events(reply, stop)

    def renew(self) -> bool:
        """Get a new access token by the refresh token; False when there is none."""
        refresh = self._tokens.refresh()
        if not refresh:
            return False
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": "advisor-desk"}
        got = self.exchange(form)
        self._tokens.keep(got.access_token, got.refresh_token or refresh)
        return True

    def close(self) -> None:
        """Hang up; a stream that is open ends."""
        if self._streaming is not None:
            with suppress(ValueError, RuntimeError, OSError):  # it may have ended by itself
                self._streaming.raw.shutdown()  # closing the session does not wake a thread that reads
        self._session.close()

    def _json(self, method: str, path: str, body: Any = None, *, signed: bool = True, params: Any = None) -> Any:
        reply = self._send(method, path, body=body, params=params, signed=signed)
        try:
            return strict_json.loads(reply.body)
        except strict_json.BadJson:
            raise Offline("The bridge's answer could not be read; it is asked again.") from None

    def _send(self, method: str, path: str, *, body: Any = None, params: Any = None, signed: bool = True) -> Reply:
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        headers = {"Content-Type": "application/json"} if data is not None else {}
        if signed and self._tokens.access() is None and not self.renew():
            raise SignInNeeded
        bearer = self._bearer() if signed else {}
        try:
            return self._once(method, path, data=data, params=params, headers=headers | bearer)
        except SignInNeeded:
            if not signed or not self.renew():
                raise
            return self._once(method, path, data=data, params=params, headers=headers | self._bearer())

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.access() or ''}"}

    def _once(self, method: str, path: str, *, data: Any = None, params: Any = None, headers: Any = None) -> Reply:
        started = time.monotonic()
        try:
            with self._session.request(
                method,
                self.url + path,
                params=params,
                data=data,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(_CONNECT, _QUIET),
            ) as reply:
                self._check_headers(reply)
                body = _read(reply, started + _TOTAL)
        except (requests.RequestException, OSError) as error:
            raise _network_error(error) from None
        sent = _date(reply.headers.get("Date"))
        took = timedelta(seconds=time.monotonic() - started)
        if sent is not None:
            self.on_clock(sent - datetime.now(UTC) + took / 2)
        self._check_status(reply, body)
        return Reply(body, sent, took)

    def _check_headers(self, reply: requests.Response) -> None:
        """Ours say so; anything else is a portal, a proxy page or some other server."""
        version = reply.headers.get(wire.API_HEADER)
        server = reply.headers.get(wire.SERVER_HEADER)
        if version is None or not server:
            kind = reply.headers.get("Content-Type", "")
            if 300 <= reply.status_code < 400 or reply.status_code == 511 or "html" in kind:
                raise Portal if self.server_id else NotOurs
            if reply.status_code >= 500 or reply.status_code == 429:
                raise Said(
                    "gateway", reply.status_code, retry_after(reply.headers.get("Retry-After"), datetime.now(UTC))
                )
            raise Portal if self.server_id else NotOurs
        if version != str(wire.API_VERSION):
            raise TooNew if version.isdigit() and int(version) > wire.API_VERSION else TooOld
        if self.server_id is not None and server != self.server_id:
            raise WrongServer

    def _check_status(self, reply: requests.Response, body: bytes) -> None:
        if reply.status_code == 200:
            return
        code = _problem_code(body)
        if reply.status_code == 401 and code != "invalid_client":
            raise SignInNeeded
        if reply.status_code == 410:
            raise CursorGone
        if reply.status_code == 409 and code in {"desk_gap", "desk_rewind"}:
            raise Numbering(code)
        wait = retry_after(reply.headers.get("Retry-After"), datetime.now(UTC))
        raise Said(code or "refused", reply.status_code, wait)


def checked_url(url: str) -> str:
    """The bridge's base address; raises BadAddress unless it is https, or http to this computer."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise BadAddress from None
    plain = parts.scheme == "http" and (host == "localhost" or _loopback(host))
    if not host or parts.username or not (parts.scheme == "https" or plain):
        raise BadAddress
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def trusting(ca_file: str) -> ssl.SSLContext:
    """Trust by this computer's own store, or by the one CA file that was named; raises BadAuthority."""
    if ca_file:
        try:
            context = ssl.create_default_context(cafile=ca_file)
        except (OSError, ValueError):
            raise BadAuthority from None
    else:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Trusting(HTTPAdapter):
    """HTTPS with ``trusting``'s context."""

    def __init__(self, ca_file: str) -> None:
        self._context = trusting(ca_file)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Hand our context to the pool."""
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)


def _session(url: str, network: Network) -> requests.Session:
    session = requests.Session()
    # The environment's proxies, .netrc and CA bundles would be obeyed, a .netrc even in place of our token.
    session.trust_env = False
    session.headers.update({"User-Agent": _VERSION, "Accept-Encoding": "gzip"})
    session.proxies = {"http": network.proxy, "https": network.proxy} if network.proxy else {}
    if url.startswith("https:"):
        session.mount("https://", _Trusting(network.ca_file))
    return session


def _read(reply: requests.Response, deadline: float) -> bytes:
    """The whole body within its limits, its digest checked over the bytes as they came."""
    hasher = hashlib.sha256()
    packed = 0
    zipped = reply.headers.get("Content-Encoding", "") == "gzip"
    unzip = zlib.decompressobj(wbits=31) if zipped else None
    out = bytearray()
    while chunk := reply.raw.read1(64 * 1024) if hasattr(reply.raw, "read1") else reply.raw.read(64 * 1024):
        packed += len(chunk)
        hasher.update(chunk)
        out += unzip.decompress(chunk, _MAX_BYTES - len(out) + 1) if unzip else chunk
        if packed > _MAX_BYTES or len(out) > _MAX_BYTES or len(out) > 1_000_000 + packed * _MAX_RATIO:
            raise Offline("The bridge's answer was too large to be real; it was not read.")
        if time.monotonic() > deadline:
            raise Offline("The bridge answers too slowly. Work goes on; changes wait here.")
    given = reply.headers.get("Content-Digest", "")
    whole = unzip is None or unzip.eof
    if not whole or given != f"sha-256=:{base64.b64encode(hasher.digest()).decode()}:":
        raise Offline("The bridge's answer was cut short; it is asked again.")
    return bytes(out)


def _network_error(error: Exception) -> Exception:
    if isinstance(error, requests.exceptions.SSLError | ssl.SSLError):
        return Certificate()
    return Offline()


def _events(reply: requests.Response, stop: Callable[[], bool]) -> Iterator[wire.Head | None]:
    """Server-sent events (the WHATWG's grammar as far as the bridge uses it)."""
    name, data = "", ""
    try:
        for raw in reply.iter_lines(chunk_size=1):
            if stop():
                return
            line = raw.decode("utf-8", "replace")
            if line.startswith(":"):
                yield None
            elif line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data += line[5:].strip()
            elif not line:
                if name == "head" and len(data) < 1_000:
                    yield wire.Head.model_validate(strict_json.loads(data))
                name, data = "", ""
    except (requests.RequestException, OSError, ValueError, AttributeError):
        return


def _problem_code(body: bytes) -> str:
    try:
        kind = strict_json.loads(body).get("type", "")
    except (strict_json.BadJson, AttributeError):
        return ""
    return kind.removeprefix(wire.PROBLEM)[:60] if isinstance(kind, str) else ""


def _date(value: str | None) -> datetime | None:
    try:
        read = parsedate_to_datetime(value or "")
    except (ValueError, TypeError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
