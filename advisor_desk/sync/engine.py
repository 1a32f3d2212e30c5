"""The sync engine: one worker that pushes and pulls, one stream that nudges it, and the state of the link in words."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta, tzinfo
from typing import Any

from advisor_desk.api.client import Client
from advisor_desk.api.errors import ApiError, CursorGone, SignInNeeded, WrongServer
from advisor_desk.api.retry import backoff
from advisor_desk.api.sign_in import sign_in
from advisor_desk.cache import attention, meta, outbox, records
from advisor_desk.cache.database import Cache
from advisor_desk.cache.errors import CacheError, DiskFull
from advisor_desk.domain import times
from advisor_desk.sync import schedule
from advisor_desk.sync.events import Announce, Stopped
from advisor_desk.sync.first import first_sync
from advisor_desk.sync.hybrid import HybridClock
from advisor_desk.sync.pull import pull
from advisor_desk.sync.push import push

_log = logging.getLogger(__name__)
_IDLE_CHECKPOINT = 5.0


class Engine:
    """Keeps a cache in step with its bridge, for as long as it runs."""

    def __init__(
        self, cache: Cache, client: Client, clock: HybridClock, announce: Announce, new_id: Callable[[], str]
    ) -> None:
        self._cache = cache
        self._client = client
        self._clock = clock
        self._announce = announce
        self._new_id = new_id
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._signing = threading.Lock()
        self._lock = threading.Lock()
        self._state = schedule.STARTING
        self._since = clock.now()
        self._trouble = ""
        self._streaming = False
        self._known = False
        self._last_said: dict[str, Any] = {}
        self._threads = [
            threading.Thread(target=self._work, name="sync", daemon=True),
            threading.Thread(target=self._follow, name="stream", daemon=True),
        ]
        self.zone: Callable[[], tzinfo] = lambda: UTC
        client.on_clock = self._on_clock
        with cache.read() as conn:
            client.server_id = meta.get(conn, "server_id")

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the step in hand and end."""
        self._stop.set()
        self._wake.set()
        self._client.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)

    def poke(self) -> None:
        """There is something to send or to fetch: do it now."""
        self._wake.set()

    def once(self) -> None:
        """Push and pull once in this thread; raises ApiError with words when it cannot."""
        self._identify()
        self._step()

    def sign_in(self) -> None:
        """Ask for a sign-in in the browser; the address goes out as an event. Returns at once."""
        threading.Thread(target=self._sign_in, name="sign-in", daemon=True).start()

    def sign_out(self) -> None:
        """Forget the tokens; unsent work stays, for the same person to send."""
        with self._cache.write() as conn:
            meta.put(conn, "access_token", None)
            meta.put(conn, "refresh_token", None)
        self._known = False
        self._set(schedule.SIGN_IN, SignInNeeded().message)

    def link(self) -> dict[str, Any]:
        """The link as the screen shows it."""
        with self._cache.read() as conn:
            waiting, attend = outbox.waiting(conn), attention.count(conn)
            as_of = meta.get(conn, "last_synced_at") or ""
        with self._lock:
            state, since, trouble = self._state, self._since, self._trouble
        return {
            "event": "link",
            "state": state,
            "since": times.to_wire(since),
            "waiting": waiting,
            "attention": attend,
            "as_of": as_of,
            "words": schedule.words(state, since, waiting, self.zone(), self._clock.now()),
            "trouble": trouble or schedule.skew_words(self._clock.offset),
        }

    def say_link(self) -> None:
        """Announce the link when it says something new."""
        said = self.link()
        shown = {name: value for name, value in said.items() if name != "as_of"}
        if shown != self._last_said:
            self._last_said = shown
            self._announce(said)

    def _set(self, state: str, trouble: str = "") -> None:
        with self._lock:
            if state != self._state:
                self._since = self._clock.now()
            self._state, self._trouble = state, trouble
        self.say_link()

    def _on_clock(self, offset: timedelta) -> None:
        # The Date header counts whole seconds; a smaller difference is no difference.
        self._clock.offset = offset if abs(offset) > timedelta(seconds=2) else timedelta(0)

    def _work(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._wake.clear()
            wait = schedule.until_next_pull(self._streaming, random.random())  # noqa: S311 - spreads desks, no secret
            try:
                if not self._known:
                    self._identify()
                self._step()
                failures = 0
                self._set(schedule.LIVE)
            except Stopped:
                return
            except CursorGone:
                self._afresh()
                wait = 0.1
            except ApiError as error:
                failures += 1
                self._known = self._known and error.state not in {schedule.SIGN_IN, schedule.NOT_OURS}
                wait = error.retry_after or backoff(failures, random.random())  # noqa: S311
                self._set(error.state, error.message)
            except CacheError as error:
                failures += 1
                wait = backoff(failures, random.random())  # noqa: S311
                self._set(schedule.DISK_FULL if isinstance(error, DiskFull) else schedule.OFFLINE, error.message)
            except Exception as error:
                failures += 1
                wait = backoff(failures, random.random())  # noqa: S311
                _log.error("sync step failed: %s", type(error).__name__, exc_info=True)
                self._set(schedule.OFFLINE, "Something went wrong while syncing. Work goes on; changes wait here.")
            self._rest(wait)

    def _rest(self, wait: float) -> None:
        """Wait to be woken; once quiet for a while, empty the write-ahead log."""
        if wait > _IDLE_CHECKPOINT and not self._wake.wait(_IDLE_CHECKPOINT):
            with suppress(CacheError):  # a full disk: the log stays as long as it is
                self._cache.checkpoint()
            wait -= _IDLE_CHECKPOINT
        if not self._wake.is_set():
            self._wake.wait(wait)

    def _identify(self) -> None:
        """Make sure who answers, and who we are to it, before anything is mixed."""
        found = self._client.capabilities()
        with self._cache.read() as conn:
            server_id, epoch = meta.get(conn, "server_id"), meta.get(conn, "epoch")
        if server_id is not None and server_id != found.server_id:
            raise WrongServer
        me = self._client.me()
        if epoch is not None and epoch != found.epoch:
            self._restored(found.epoch)
        with self._cache.write() as conn:
            self._client.server_id = found.server_id
            meta.put(conn, "server_id", found.server_id)
            meta.put(conn, "epoch", found.epoch)
            meta.put(conn, "bridge_url", self._client.url)
            meta.put(conn, "employee_id", me.employee.id)
            meta.put(conn, "store_id", me.store.id)
            meta.put(conn, "store_name", me.store.name)
            if meta.get(conn, "desk_id") is None:
                meta.put(conn, "desk_id", self._new_id())
        self._known = True
        self._announce({"event": "signed_in", "employee": me.employee.model_dump(), "store": me.store.model_dump()})

    def _restored(self, epoch: str) -> None:
        """The bridge was put back from a backup: read it afresh, and offer it again all it acknowledged."""
        with self._cache.write() as conn:
            records.distrust(conn)
            outbox.reoffer(conn, self._new_id())
            meta.put(conn, "epoch", epoch)
            meta.put(conn, "cursor", None)
            meta.put(conn, "snapshot_after", None)

    def _afresh(self) -> None:
        """The bridge has forgotten our place: read everything again; unsent work stays as it is."""
        self._known = False
        with self._cache.write() as conn:
            records.distrust(conn)
            meta.put(conn, "cursor", None)
            meta.put(conn, "snapshot_after", None)

    def _step(self) -> None:
        with self._cache.read() as conn:
            cursor, waiting = meta.get(conn, "cursor"), outbox.waiting(conn)
        if cursor is None:
            self._set(schedule.SYNCING)
            first_sync(self._cache, self._client, self._announce, self._stop.is_set)
        if waiting:
            push(self._cache, self._client, self._announce, self._clock.now, self._new_id)
        pull(self._cache, self._client, self._announce, self._clock.now())

    def _follow(self) -> None:
        """Hold the stream open and pass its nudges on; when the line breaks, say so at once."""
        failures = 0
        while not self._stop.is_set():
            if not self._known:
                self._stop.wait(0.1)
                continue
            began = time.monotonic()
            try:
                for head in self._client.stream(self._stop.is_set):
                    self._streaming = True
                    failures = 0
                    if head is not None:
                        self._wake.set()
            except ApiError as error:
                _log.info("stream ended: %s", error.code)
            except Exception as error:
                _log.error("stream failed: %s", type(error).__name__, exc_info=True)
            self._streaming = False
            self._wake.set()  # the worker finds out whether the bridge is gone
            failures = 0 if time.monotonic() - began > 5 else failures + 1
            self._stop.wait(min(5.0, backoff(failures, random.random())))  # noqa: S311

    def _sign_in(self) -> None:
        if not self._signing.acquire(blocking=False):
            return
        try:
            access, refresh = sign_in(
                self._client, lambda url: self._announce({"event": "sign_in", "url": url}), self._stop
            )
            with self._cache.write() as conn:
                meta.put(conn, "access_token", access)
                meta.put(conn, "refresh_token", refresh)
            self._known = False
            self._wake.set()
        except ApiError as error:
            self._set(error.state, error.message)
        finally:
            self._signing.release()
