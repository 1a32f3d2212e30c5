"""Word from the bridge's other processes on one PostgreSQL: which store's head has moved, by LISTEN and NOTIFY."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Final

import psycopg
from sqlalchemy import URL

_log = logging.getLogger(__name__)
_CHANNEL: Final = "advisor_desk"
_ALIVE_EVERY: Final = 10.0
_AGAIN: Final = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each new try to connect; the last one from then on."""


class Listener:
    """One connection that listens, and is made anew when it breaks; what was missed meanwhile is looked up."""

    def __init__(self, url: URL, stores: Callable[[], Iterable[str]], moved: Callable[[str], None]) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(False)
        self._stores = stores
        self._moved = moved
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="listen", daemon=True)
        self.listening = threading.Event()
        """Set while word arrives."""

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        tries = 0
        while not self._stop.is_set():
            try:
                with psycopg.connect(
                    self._url, autocommit=True, connect_timeout=5, application_name="advisor-desk listener"
                ) as conn:
                    conn.execute(f"LISTEN {_CHANNEL}")
                    self.listening.set()
                    tries = 0
                    for store_id in self._stores():
                        self._moved(store_id)
                    self._follow(conn)
            except Exception as error:
                _log.info("listening broke off: %s", type(error).__name__)
            self.listening.clear()
            self._stop.wait(_AGAIN[min(tries, len(_AGAIN) - 1)])
            tries += 1

    def _follow(self, conn: psycopg.Connection) -> None:
        """Pass word on until told to stop; raises when the line is dead."""
        quiet = 0.0
        while not self._stop.is_set():
            heard = False
            for note in conn.notifies(timeout=0.5, stop_after=1):
                heard = True
                self._moved(note.payload)
            quiet = 0.0 if heard else quiet + 0.5
            if quiet >= _ALIVE_EVERY:
                conn.execute("SELECT 1")  # a line cut in the middle says nothing by itself
                quiet = 0.0
