"""The sync engine: one worker that pushes and pulls, and one stream that nudges it."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

from advisor_desk.api.client import Client
from advisor_desk.api.errors import ApiError, CursorGone, Offline, SignInNeeded
from advisor_desk.api.retry import CAP, backoff
from advisor_desk.api.sign_in import sign_in
from advisor_desk.cache import meta, outbox
from advisor_desk.cache.database import Cache
from advisor_desk.cache.errors import CacheError, DiskFull
from advisor_desk.sync import identity, outage, schedule
from advisor_desk.sync.events import Announce, Stopped
from advisor_desk.sync.first import first_sync, one_ahead
from advisor_desk.sync.hybrid import HybridClock
from advisor_desk.sync.lease import lease_numbers
from advisor_desk.sync.link import Link
from advisor_desk.sync.pull import pull
from advisor_desk.sync.push import push
from advisor_desk.sync.wake import Place, Wake
from advisor_desk.sync.watch import EVERY, Watch

_log = logging.getLogger(__name__)
_IDLE_CHECKPOINT = 5.0
_MEET_AGAIN = frozenset({schedule.SIGN_IN, schedule.NOT_OURS, schedule.TOO_OLD})
"""States after which bridge and desk make sure of each other anew."""
_FAULT = "Something went wrong while syncing. Work goes on; changes wait here."

_PAUSE: Final = 0.06
_PATIENCE: Final = 0.2
"""A turn begins when no command has come for so long, or this has passed: many in a row are sent together.

The pause is as long as a screen takes to paint what was done: an engine at work beside it would take its processor.
"""
_STEP: Final = 0.05
"""Between the steps of a turn that has begun commands are let pass for so long: others wait for what it sends."""
_AWAY: Final = 10.0
"""Seconds between tries while nobody answers: asking costs nobody anything, and a bridge that is back is soon found."""


class Engine:
    """Keeps a cache in step with its bridge, for as long as it runs."""

    def __init__(
        self,
        cache: Cache,
        client: Client,
        clock: HybridClock,
        announce: Announce,
        new_id: Callable[[], str],
        *,
        chance: Callable[[], float] = random.random,  # spreads desks apart, no secret
        fetching: Callable[[], Executor] = one_ahead,
    ) -> None:
        self._cache = cache
        self._client = client
        self._clock = clock
        self._announce = announce
        self._new_id = new_id
        self._chance = chance
        self._fetching = fetching
        self.line = Link(cache, clock, announce)
        self._stop = threading.Event()
        self._wake = Wake()
        self._poked = 0.0
        self._signing = threading.Lock()
        self._streaming = False
        self._known = False
        self._failures = 0
        self._threads = [
            threading.Thread(target=self._work, name="sync", daemon=True),
            threading.Thread(target=self._follow, name="stream", daemon=True),
            threading.Thread(target=self._listen, name="watch", daemon=True),
        ]
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
        self._wake.ask()
        self._client.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)

    def poke(self) -> None:
        """There is something to send or to fetch: do it now."""
        self.make_way()
        self._wake.ask()

    def make_way(self) -> None:
        """Somebody waits for an answer: what is not begun yet waits for that."""
        self._poked = time.monotonic()

    def once(self) -> None:
        """Push and pull once in this thread; raises ApiError with words when it cannot."""
        self._identify()
        self._step()

    def turn(self) -> float:
        """Push and pull in this thread, note how it went, and say how many seconds to rest; raises only Stopped."""
        try:
            if not self._known:
                self._identify()
            self._step()
        except Stopped:
            raise
        except CursorGone:
            return self._begin_afresh()
        except ApiError as error:
            self._known = self._known and error.state not in _MEET_AGAIN
            if error.state == schedule.TOO_OLD:
                with suppress(CacheError):  # a full disk: nothing can be changed there anyway
                    identity.note_too_old(self._cache)
            away = isinstance(error, Offline)
            return self._fall_back(error.state, error.message, error.retry_after, _AWAY if away else CAP)
        except CacheError as error:
            state = schedule.DISK_FULL if isinstance(error, DiskFull) else schedule.OFFLINE
            return self._fall_back(state, error.message)
        except Exception as error:
            _log.error("sync step failed: %s", type(error).__name__, exc_info=True)
            return self._fall_back(schedule.OFFLINE, _FAULT)
        self._failures = 0
        if not self._known:  # somebody signed out while this turn was under way
            return 0.1
        self.line.set(schedule.LIVE)
        return schedule.until_next_pull(self._streaming, self._chance())

    def _begin_afresh(self) -> float:
        """Read the bridge anew from its beginning; a disk that has no room for that is tried again."""
        self._known = False
        try:
            identity.begin_afresh(self._cache)
        except CacheError as error:
            return self._fall_back(schedule.OFFLINE, error.message)
        return 0.1

    def sign_in(self) -> None:
        """Ask for a sign-in in the browser; the address goes out as an event. Returns at once."""
        threading.Thread(target=self._sign_in, name="sign-in", daemon=True).start()

    def sign_out(self) -> None:
        """Forget the tokens; unsent work stays, for the same person to send."""
        with self._cache.write() as conn:
            meta.put(conn, "access_token", None)
            meta.put(conn, "refresh_token", None)
        self._known = False
        self.line.set(schedule.SIGN_IN, SignInNeeded().message)

    def _on_clock(self, offset: timedelta) -> None:
        # The Date header counts whole seconds; a smaller difference is no difference.
        self._clock.offset = offset if abs(offset) > timedelta(seconds=2) else timedelta(0)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._let_commands_pass()
            self._wake.begin()
            try:
                wait = self.turn()
            except Stopped:
                return
            self._rest(wait)

    def _let_commands_pass(self, patience: float = _PATIENCE) -> None:
        until = time.monotonic() + patience
        while (now := time.monotonic()) < min(until, self._poked + _PAUSE):
            self._stop.wait(min(until, self._poked + _PAUSE) - now)

    def _fall_back(self, state: str, trouble: str, wait: float | None = None, cap: float = CAP) -> float:
        self._failures += 1
        if state != schedule.DISK_FULL:
            outage.begin(self._cache, self.line.down_since or self._clock.now())
        self.line.set(state, trouble)
        return wait or min(cap, backoff(self._failures, self._chance()))

    def _rest(self, wait: float) -> None:
        """Wait to be woken; once quiet for a while, empty the write-ahead log."""
        if wait > _IDLE_CHECKPOINT:
            if self._wake.rest(_IDLE_CHECKPOINT):
                return
            self._checkpoint()
            wait -= _IDLE_CHECKPOINT
        self._wake.rest(wait)

    def _checkpoint(self) -> None:
        with suppress(CacheError):  # a full disk: the log stays as long as it is
            self._cache.checkpoint()

    def _identify(self) -> None:
        me = identity.identify(self._cache, self._client, self._new_id)
        self._known = True
        self._announce({"event": "signed_in", "employee": me.employee.model_dump(), "store": me.store.model_dump()})

    def _step(self) -> None:
        with self._cache.read() as conn:
            cursor, waiting = meta.get(conn, "cursor"), outbox.waiting(conn)
        if cursor is None:
            self.line.set(schedule.SYNCING)
            first_sync(self._cache, self._client, self._announce, self._stop.is_set, self._clock.now(), self._fetching)
        pause = partial(self._let_commands_pass, _STEP)
        if waiting and push(self._cache, self._client, self._announce, self._clock.now, self._new_id, pause):
            pause()
            self._checkpoint()  # a short log: what it holds is what a damaged one would lose
            pause()
        if reached := pull(self._cache, self._client, self._announce, self._clock.now):
            self._wake.reach(reached)
        lease_numbers(self._cache, self._client)
        outage.end(self._cache, self._announce, self._clock.now())

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
                        self._wake.nudge(Place(head.epoch, head.seq))
            except ApiError as error:
                _log.info("stream ended: %s", error.code)
            except Exception as error:
                _log.error("stream failed: %s", type(error).__name__, exc_info=True)
            self._streaming = False
            self._wake.ask()  # the worker finds out whether the bridge is gone
            failures = 0 if time.monotonic() - began > 5 else failures + 1
            self._stop.wait(min(5.0, backoff(failures, self._chance())))

    def _listen(self) -> None:
        """Notice when nothing at all comes from the bridge, which a request alone finds out late."""
        watch = Watch(self.line, self._client)
        while not self._stop.wait(EVERY):
            try:
                watch.look()
            except Exception as error:
                _log.error("the watch failed: %s", type(error).__name__, exc_info=True)

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
            self._wake.ask()
        except ApiError as error:
            self.line.set(error.state, error.message)
        finally:
            self._signing.release()
