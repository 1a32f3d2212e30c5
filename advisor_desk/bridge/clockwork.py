"""What time alone brings about at a bridge: the rules run over what is under way, once a minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from sqlalchemy.exc import OperationalError, TimeoutError

from advisor_desk.bridge import head, promises
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.promises import StoreBooks

EVERY: Final = 60.0
"""Seconds between two rounds."""
_AT_ONCE: Final = 20
"""Files of one transaction: a store's desks wait for its writers no longer than that takes."""
_log = logging.getLogger(__name__)


def go_round(books: Books, store_id: str, now: datetime) -> bool:
    """Run the rules over all of a store that time may have changed; True when it changed anything."""
    with books.read(store_id) as conn:
        due = iter(StoreBooks(conn, store_id).due(now))
        before = head.head_of(conn, store_id)
    while some := list(islice(due, _AT_ONCE)):
        with books.write(store_id) as conn:
            head.hold(conn, store_id)
            promises.of_files(conn, store_id, some, now)
    after = books.head(store_id)
    if after != before:
        books.announce(store_id, after)
    return after != before


class Clockwork:
    """A thread that goes round the stores whose desks listen here; nobody waits for the others."""

    def __init__(self, books: Books, stores: Callable[[], Iterable[str]], every: float = EVERY) -> None:
        self._books = books
        self._stores = stores
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)

    def __enter__(self) -> Clockwork:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        seen: dict[str, float] = {}
        while not self._stop.wait(min(1.0, self._every)):
            now = datetime.now(UTC)
            for store_id in self._stores():
                if now.timestamp() - seen.get(store_id, 0.0) < self._every or self._stop.is_set():
                    continue
                seen[store_id] = now.timestamp()
                try:
                    go_round(self._books, store_id, now)
                except (OperationalError, TimeoutError) as error:
                    _log.warning("the rules wait for the database: %s", type(error).__name__)
                except Exception as error:  # one store's trouble does not stop the others' clocks
                    _log.error("the rules could not run: %s", type(error).__name__, exc_info=True)
