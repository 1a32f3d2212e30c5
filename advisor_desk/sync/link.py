"""The line to the bridge as the screen shows it: its state in words, said whenever it says something new."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, NamedTuple

from advisor_desk.cache import attention, meta, outbox
from advisor_desk.cache.database import Cache
from advisor_desk.cache.errors import CacheError
from advisor_desk.domain import times
from advisor_desk.sync import schedule
from advisor_desk.sync.events import Announce
from advisor_desk.sync.hybrid import HybridClock

_SILENT: Final = "The bridge does not answer. Work goes on; changes wait here."


class _Counted(NamedTuple):
    """How many edits wait, how many a person must decide, and how old the records are."""

    waiting: int
    attend: int
    as_of: str


class Link:
    """The state of the line, since when, and what is wrong with it."""

    def __init__(self, cache: Cache, clock: HybridClock, announce: Announce) -> None:
        self._cache = cache
        self._clock = clock
        self._announce = announce
        self._lock = threading.Lock()
        self._state = schedule.STARTING
        self._since = clock.now()
        self._trouble = ""
        self._silenced: str | None = None
        """What was said before the bridge fell silent, while it is and nothing else is known."""
        self._last_said: dict[str, Any] = {}
        self._counted = _Counted(0, 0, "")
        self.zone: Callable[[], tzinfo] = lambda: UTC
        """The store's time zone, for "offline since"."""

    def set(self, state: str, trouble: str = "") -> None:
        """Note the state, with a sentence on what is wrong, and say so."""
        with self._lock:
            if state != self._state:
                self._since = self._clock.now()
            self._state, self._trouble, self._silenced = state, trouble, None
        self.say()

    @property
    def says_there(self) -> bool:
        """True while it says that the bridge is there, or has just said that it is silent."""
        with self._lock:
            return self._state in (schedule.LIVE, schedule.SYNCING) or self._silenced is not None

    @property
    def down_since(self) -> datetime | None:
        """When it was first said that the line is down; None while it is not."""
        with self._lock:
            return self._since if self._state == schedule.OFFLINE else None

    def silent(self) -> None:
        """The bridge gives no sign; whoever waits for an answer finds out what it is."""
        with self._lock:
            if self._silenced is not None or self._state not in (schedule.LIVE, schedule.SYNCING):
                return
            self._silenced = self._state
            self._state, self._trouble, self._since = schedule.OFFLINE, _SILENT, self._clock.now()
        self.say()

    def heard(self) -> None:
        """There is a sign of the bridge: what was said before it fell silent holds again."""
        with self._lock:
            if self._silenced is None:
                return
            self._state, self._trouble, self._since = self._silenced, "", self._clock.now()
            self._silenced = None
        self.say()

    def now(self) -> dict[str, Any]:
        """The line as the screen shows it."""
        waiting, attend, as_of = self._count()
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

    def _count(self) -> _Counted:
        """What the cache says; while its disk cannot be read, what it said last: the line must be told all the same."""
        with suppress(CacheError), self._cache.read() as conn:
            as_of = meta.get(conn, "last_synced_at") or ""
            self._counted = _Counted(outbox.waiting_of_people(conn), attention.count(conn), as_of)
        return self._counted

    def say(self) -> None:
        """Announce the line when it says something new."""
        said = self.now()
        shown = {name: value for name, value in said.items() if name != "as_of"}
        with self._lock:
            is_news, self._last_said = shown != self._last_said, shown
        if is_news:
            self._announce(said)
