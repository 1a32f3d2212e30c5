"""The desk's side of HTTP: one bridge, nothing taken on trust."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import requests
from pydantic import BaseModel, ValidationError

from advisor_desk.api import body, connection, stream, strict_json, trouble, wire
from advisor_desk.api.address import checked_url
from advisor_desk.api.connection import Network
from advisor_desk.api.deadline import Deadline
from advisor_desk.api.errors import (
    CursorGone,
    CutShort,
    NotOurs,
    Numbering,
    Offline,
    Portal,
    ProxyTrouble,
    Said,
    SignInNeeded,
    TooNew,
    TooOld,
    Unreadable,
    WrongServer,
)
from advisor_desk.api.retry import retry_after

M = TypeVar("M", bound=BaseModel)
_MB: Final = 1024 * 1024


class Limits(NamedTuple):
    """How long a request may take, in seconds, and how much may come back, in bytes, packed or unpacked."""

    connect: float = 2.5
    """Name look-up and every address of it included."""
    quiet: float = 10.0
    """Without a byte."""
    total: float = 60.0
    """However it drips, headers included."""
    stream_quiet: float = 40.0
    """The live stream of any bridge gives a sign of life every 15 seconds at least."""
    probe: float = 1.1
    """For a bridge to show that it is there."""
    answer: int = 16 * _MB
    snapshot: int = 64 * _MB


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
class Reply:
    """A reply that is provably the bridge's."""

    body: bytes
    sent_at: datetime | None
    round_trip: timedelta


class Client:
    """Requests to one bridge; every reply is checked before a byte of it is believed."""

    def __init__(self, url: str, tokens: Tokens, network: Network | None = None, limits: Limits | None = None) -> None:
        self.url = checked_url(url)
        self._tokens = tokens
        self._session = connection.session(self.url, network or Network())
        self._limits = limits or Limits()
        self._renewing = threading.Lock()
        self._open: set[Deadline] = set()
        self._closed = False
        self.server_id: str | None = None
        """The bridge this desk belongs to; once known, no other's reply is taken."""
        self.heard = time.monotonic()
        """When the bridge last gave a sign of life on any connection."""
        self.on_clock: Callable[[timedelta], None] = lambda offset: None
        """Told how far the bridge's clock is ahead of this computer's."""

    def capabilities(self) -> wire.Capabilities:
        """Who the bridge is; raises TooNew, TooOld or WrongServer when this desk cannot work with it."""
        found = _read(wire.Capabilities, self._send("GET", "/v1/capabilities", signed=False))
        if found.min_client > wire.API_VERSION:
            raise TooNew
        if found.api_version < wire.MIN_CLIENT:
            raise TooOld
        return found

    def probe(self) -> None:
        """Make sure that the bridge is there; raises ApiError when it does not show at once."""
        with self._request("GET", "/v1/capabilities", self._limits.probe, total=self._limits.probe):
            pass  # its first bytes say it all

    def me(self) -> wire.Me:
        """Who the token speaks for."""
        return _read(wire.Me, self._send("GET", "/v1/me"))

    def snapshot(self, after: str, since: str = "") -> tuple[list[dict[str, Any]], wire.SnapshotEnd]:
        """One page of the snapshot, its count and digest checked; without the contacts before the day ``since``."""
        params = {name: value for name, value in (("after", after), ("since", since)) if value}
        page = self._send("GET", "/v1/snapshot", params=params, most=self._limits.snapshot).body
        head, _, last = page.rstrip(b"\n").rpartition(b"\n")
        lines = head + b"\n" if head else b""
        try:
            end = wire.SnapshotEnd.model_validate(strict_json.loads(last)["end"])
            records = strict_json.lines(lines)
        except (ValueError, KeyError, TypeError):
            raise CutShort from None
        if len(records) != end.count or hashlib.sha256(lines).hexdigest() != end.sha256:
            raise CutShort
        return records, end

    def changes(self, cursor: str, limit: int = 500) -> wire.Changes:
        """A page of the feed after ``cursor``; raises CursorGone."""
        page = _read(wire.Changes, self._send("GET", "/v1/changes", params={"cursor": cursor, "limit": str(limit)}))
        if page.count != len(page.changes):
            raise CutShort
        return page

    def push(self, desk: str, mutations: list[dict[str, Any]], epoch: str = "") -> wire.Results:
        """Send edits; each is answered. Raises CursorGone where the bridge has begun another life than ``epoch``."""
        message = {"desk": desk, "epoch": epoch, "mutations": mutations}
        return _read(wire.Results, self._send("POST", "/v1/mutations", message=message))

    def history(self, customer_id: str, before: str) -> wire.History:
        """A page of a customer's contacts before a moment, or before the place an earlier page ended at."""
        params = {"before": before} if before else {}
        return _read(wire.History, self._send("GET", f"/v1/customers/{customer_id}/history", params=params))

    def lease(self, desk: str) -> wire.Lease:
        """A block of RO numbers for this desk alone."""
        return _read(wire.Lease, self._send("POST", "/v1/leases", message={"desk": desk}))

    def exchange(self, form: Mapping[str, str]) -> wire.Tokens:
        """Tokens for a code or a refresh token; raises SignInNeeded when the bridge will not have it."""
        try:
            reply = self._once("POST", "/oauth/token", self._limits.answer, data=dict(form))
        except Said as said:
            if said.status in (400, 401):
                raise SignInNeeded from None
            raise
        return _read(wire.Tokens, reply)

    def stream(self, stop: Callable[[], bool]) -> Iterator[wire.Head | None]:
        """The live stream: a head at each nudge, None at each sign of life; ends when the line does."""
        if self._tokens.access() is None and not self.renew():
            raise SignInNeeded
        headers = self._bearer() | {"Accept": "text/event-stream"}
        with self._request("GET", "/v1/stream", self._limits.stream_quiet, headers=headers) as (reply, deadline):
            if reply.status_code == 401:
                raise SignInNeeded
            if reply.status_code != 200:
                raise Said("stream", reply.status_code, _wait(reply))
            deadline.lift()
            yield from stream.events(self._chunks(reply), stop)

    def renew(self, stale: str | None = None) -> bool:
        """Get a new access token by the refresh token, unless ``stale`` was replaced meanwhile; False without one.

        One at a time: a refresh token works once, and two that use it at the same moment look like a theft.
        """
        with self._renewing:
            access = self._tokens.access()
            if access is not None and stale is not None and access != stale:
                return True
            refresh = self._tokens.refresh()
            if not refresh:
                return False
            form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": "advisor-desk"}
            got = self.exchange(form)
            self._tokens.keep(got.access_token, got.refresh_token or refresh)
            return True

    def close(self) -> None:
        """Hang up, for good: what is under way ends at once, the stream too."""
        self._closed = True
        for deadline in list(self._open):
            deadline.end()
        self._session.close()

    def _send(
        self, method: str, path: str, *, message: Any = None, params: Any = None, signed: bool = True, most: int = 0
    ) -> Reply:
        """One request; a token that ran out is renewed, once."""
        data = json.dumps(message, ensure_ascii=False).encode() if message is not None else None
        headers = {"Content-Type": "application/json"} if data is not None else {}
        most = most or self._limits.answer
        if not signed:
            return self._once(method, path, most, data=data, params=params, headers=headers)
        stale = self._tokens.access()
        if stale is None and not self.renew():
            raise SignInNeeded
        try:
            return self._once(method, path, most, data=data, params=params, headers=headers | self._bearer())
        except SignInNeeded:
            if not self.renew(stale):
                raise
            return self._once(method, path, most, data=data, params=params, headers=headers | self._bearer())

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.access() or ''}"}

    def _once(self, method: str, path: str, most: int, **more: Any) -> Reply:
        started = time.monotonic()
        with self._request(method, path, self._limits.quiet, **more) as (reply, deadline):
            content = body.read(reply, most, deadline, self._hear)
        took = timedelta(seconds=time.monotonic() - started)
        sent = _date(reply.headers.get("Date"))
        if sent is not None:
            self.on_clock(sent - datetime.now(UTC) + took / 2)
        _check_status(reply, content)
        return Reply(content, sent, took)

    def _hear(self) -> None:
        self.heard = time.monotonic()

    def _chunks(self, reply: requests.Response) -> Iterator[bytes]:
        """What the stream brings, until it ends or breaks."""
        while chunk := _next(reply):
            self._hear()
            yield chunk

    @contextmanager
    def _request(
        self, method: str, path: str, quiet: float, total: float = 0.0, **more: Any
    ) -> Iterator[tuple[requests.Response, Deadline]]:
        """A reply whose headers are ours, to be read within its deadline."""
        total = total or self._limits.total
        with Deadline(total) as deadline:
            self._open.add(deadline)
            if self._closed:
                deadline.end()
            try:
                with deadline.applies():
                    reply = self._session.request(
                        method,
                        self.url + path,
                        stream=True,
                        allow_redirects=False,
                        timeout=(min(self._limits.connect, total), quiet),
                        **more,
                    )
                with reply:
                    if deadline.over:  # hung up amid the headers: what there is of them says nothing
                        raise body.too_slow()
                    self._check_headers(reply)
                    self._hear()
                    yield reply, deadline
            except trouble.FAULTS as error:
                raise body.too_slow() if deadline.over else trouble.meaning(error) from None
            finally:
                self._open.discard(deadline)

    def _check_headers(self, reply: requests.Response) -> None:
        """Ours say so; anything else is a portal, a proxy page or some other server."""
        version, server = reply.headers.get(wire.API_HEADER), reply.headers.get(wire.SERVER_HEADER)
        status = reply.status_code
        if version is None or not server:
            if status == 407:
                raise ProxyTrouble
            if status == 511:
                raise Portal
            if status >= 500 or status == 429:
                raise Said("gateway", status, _wait(reply))
            if self.server_id is None:
                raise NotOurs
            if 300 <= status < 400 or "html" in reply.headers.get("Content-Type", ""):
                raise Portal
            raise Offline("What answered was not the bridge, or not whole. Work goes on; changes wait here.")
        if version != str(wire.API_VERSION):
            raise TooNew if version.isdecimal() and int(version[:9]) > wire.API_VERSION else TooOld
        if self.server_id is not None and server != self.server_id:
            raise WrongServer


def _read(kind: type[M], reply: Reply) -> M:
    try:
        return kind.model_validate(strict_json.loads(reply.body))
    except (strict_json.BadJson, ValidationError):
        raise Unreadable from None


def _check_status(reply: requests.Response, content: bytes) -> None:
    status = reply.status_code
    if status == 200:
        return
    code = _problem_code(content)
    if status == 401 and code != "invalid_client":
        raise SignInNeeded
    if status == 410:
        raise CursorGone
    if status == 409 and code in {"desk_gap", "desk_rewind"}:
        raise Numbering(code)
    raise Said(code or "refused", status, _wait(reply))


def _problem_code(content: bytes) -> str:
    try:
        kind = strict_json.loads(content).get("type", "")
    except (strict_json.BadJson, AttributeError):
        return ""
    return kind.removeprefix(wire.PROBLEM)[:60] if isinstance(kind, str) else ""


def _next(reply: requests.Response) -> bytes:
    try:
        return bytes(reply.raw.read1(4096))
    except trouble.FAULTS:
        return b""


def _wait(reply: requests.Response) -> float | None:
    return retry_after(reply.headers.get("Retry-After"), datetime.now(UTC))


def _date(value: str | None) -> datetime | None:
    try:
        read = parsedate_to_datetime(value or "")
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
