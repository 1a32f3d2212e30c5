"""The real bridge in this process: its own route functions over its books, and a client that asks them directly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import Response

from advisor_desk.api import strict_json, wire
from advisor_desk.api.errors import ApiError, CursorGone, Numbering, Offline, Said, SignInNeeded
from advisor_desk.bridge import folder, records
from advisor_desk.bridge.judge import Caller
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.routes import records as record_routes
from advisor_desk.bridge.routes import sync as sync_routes


class DirectBridge:
    """A bridge's books and the functions that answer requests on them; ``page`` is the snapshot's page size."""

    def __init__(self, data: Path, now: Callable[[], datetime], page: int = 4_000) -> None:
        self.data = data
        self.now = now
        self.page = page
        self._callers: dict[tuple[str, str], Caller] = {}
        self.books = folder.open_books(data)
        self.meanwhile: Callable[[], None] = lambda: None
        """What others do while a slow transaction is under way; the bridge as it is has none."""

    def reopen(self) -> None:
        """Start again on the same folder."""
        self.books.close()
        self.books = folder.open_books(self.data)

    def caller(self, store_id: str, employee_id: str) -> Caller:
        """Whom a token of this employee would speak for."""
        known = self._callers.get((store_id, employee_id))
        if known is None:
            with self.books.read(store_id) as conn:
                person = records.load(conn, store_id, "employee", employee_id)
            if person is None or person.deleted:
                raise Problem(401, "sign_in", "Sign in again.")
            known = Caller(store_id, employee_id, frozenset(person.fields.get("roles") or []))
            self._callers[store_id, employee_id] = known  # as a token holds the roles of its day
        return known

    def capabilities(self, who: Caller) -> bytes:
        """``GET /v1/capabilities``."""
        return _bytes(record_routes.capabilities(self.books, who))

    def me(self, who: Caller) -> bytes:
        """``GET /v1/me``."""
        return _bytes(record_routes.me(self.books, who))

    def snapshot(self, who: Caller, after: str, since: str = "") -> bytes:
        """``GET /v1/snapshot``."""
        reply = sync_routes.snapshot_page(self.books, who, self.now(), after, self.page, "", since)
        assert isinstance(reply, Response)
        return bytes(reply.body)

    def changes(self, who: Caller, cursor: str, limit: int) -> bytes:
        """``GET /v1/changes``."""
        return _bytes(sync_routes.changes(self.books, who, cursor, limit))

    def mutations(self, who: Caller, body: bytes) -> bytes:
        """``POST /v1/mutations``."""
        push = wire.Push.model_validate(strict_json.loads(body))
        return _bytes(sync_routes.mutations(self.books, who, self.now(), push))

    def lease(self, who: Caller, body: bytes) -> bytes:
        """``POST /v1/leases``."""
        ask = wire.LeaseAsk.model_validate(strict_json.loads(body))
        return _bytes(sync_routes.lease(self.books, who, self.now(), ask))


def _bytes(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


class Line:
    """What carries a request to the bridge and its reply back; this one is perfect."""

    def carry(self, what: str, ask: Callable[[], bytes]) -> bytes:
        """Deliver a request and bring back its reply; raises what a broken line raises."""
        del what
        return ask()


class DirectClient:
    """A desk's client whose bridge is in this process; what it sends and takes passes through the wire's models."""

    def __init__(
        self,
        bridge: DirectBridge,
        store_id: str,
        employee_id: str,
        desk_now: Callable[[], datetime],
        line: Line | None = None,
    ) -> None:
        self.url = "http://127.0.0.1:1"
        self.server_id: str | None = None
        self.on_clock: Callable[[timedelta], None] = lambda offset: None
        self._desk_now = desk_now
        self._bridge = bridge
        self._who = (store_id, employee_id)
        self._line = line or Line()

    def capabilities(self) -> wire.Capabilities:
        """As ``Client.capabilities``."""
        return wire.Capabilities.model_validate(self._json("capabilities", self._bridge.capabilities))

    def me(self) -> wire.Me:
        """As ``Client.me``."""
        return wire.Me.model_validate(self._json("me", self._bridge.me))

    def snapshot(self, after: str, since: str = "") -> tuple[list[dict[str, Any]], wire.SnapshotEnd]:
        """As ``Client.snapshot``."""
        body = self._send("snapshot", lambda who: self._bridge.snapshot(who, after, since))
        head, _, last = body.rstrip(b"\n").rpartition(b"\n")
        lines = head + b"\n" if head else b""
        end = wire.SnapshotEnd.model_validate(json.loads(last)["end"])
        page = [json.loads(line) for line in lines.splitlines()]
        if len(page) != end.count or hashlib.sha256(lines).hexdigest() != end.sha256:
            raise Offline
        return page, end

    def changes(self, cursor: str, limit: int = 500) -> wire.Changes:
        """As ``Client.changes``."""
        return wire.Changes.model_validate(self._json("changes", lambda who: self._bridge.changes(who, cursor, limit)))

    def push(self, desk: str, mutations: list[dict[str, Any]], epoch: str = "") -> wire.Results:
        """As ``Client.push``."""
        body = json.dumps({"desk": desk, "epoch": epoch, "mutations": mutations}, ensure_ascii=False).encode()
        return wire.Results.model_validate(self._json("push", lambda who: self._bridge.mutations(who, body)))

    def lease(self, desk: str) -> wire.Lease:
        """As ``Client.lease``."""
        body = json.dumps({"desk": desk}).encode()
        return wire.Lease.model_validate(self._json("lease", lambda who: self._bridge.lease(who, body)))

    def stream(self, stop: Callable[[], bool]) -> Iterator[wire.Head | None]:
        """No stream: the turns of these desks are taken by hand."""
        del stop
        return iter(())

    def close(self) -> None:
        """Nothing is held open."""

    def _json(self, what: str, ask: Callable[[Caller], bytes]) -> Any:
        return strict_json.loads(self._send(what, ask))

    def _send(self, what: str, ask: Callable[[Caller], bytes]) -> bytes:
        try:
            body = self._line.carry(what, lambda: ask(self._bridge.caller(*self._who)))
        except Problem as problem:
            raise refusal(problem.status, problem.code) from None
        self.on_clock(self._bridge.now() - self._desk_now())
        return body


def refusal(status: int, code: str) -> ApiError:
    """What the real client raises for a refused request."""
    if status == 401:
        return SignInNeeded()
    if status == 410:
        return CursorGone()
    if status == 409 and code in {"desk_gap", "desk_rewind"}:
        return Numbering(code)
    return Said(code, status)


class Inline(Executor):
    """Does what it is given at once, in the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call, done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
