"""The screen's door to read by: the cache, read-only, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from advisor_desk.cache import reads
from advisor_desk.domain.lights import Settings


class Reader:
    """Reads the cache; before the service has made it, everything is empty."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._conn: Any = None
        self.open()

    def open(self) -> bool:
        """Connect once the cache is there; True when connected."""
        if self._conn is None and self._path.exists():
            try:
                self._conn = reads.connect(self._path, self._key)
            except reads.DatabaseError:
                self._conn = None
        return self._conn is not None

    def board(self) -> list[dict[str, Any]]:
        """The facts of every open repair order."""
        return reads.board(self._conn) if self.open() else []

    def board_rows(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The facts of these repair orders."""
        return reads.board_rows(self._conn, ids) if self.open() else {}

    def orders_of(self, kinds: Mapping[str, Iterable[str]]) -> set[str]:
        """The repair orders that changed records belong to."""
        return reads.boards_of(self._conn, kinds) if self.open() else set()

    def repair_order(self, id: str) -> dict[str, Any] | None:
        """One repair order with all that stands beside it."""
        return reads.repair_order(self._conn, id) if self.open() else None

    def older_story(self, customer_id: str, before: str) -> list[dict[str, Any]]:
        """What was said before a moment."""
        return reads.story(self._conn, customer_id, before=before) if self.open() else []

    def search(self, text: str) -> list[dict[str, Any]]:
        """Records that begin with the words."""
        return reads.search(self._conn, text) if self.open() else []

    def attention(self) -> list[dict[str, Any]]:
        """What a person must decide."""
        return reads.attention(self._conn) if self.open() else []

    def outbox(self) -> list[dict[str, Any]]:
        """What waits to be sent."""
        return reads.outbox(self._conn) if self.open() else []

    def reconcile(self) -> list[dict[str, Any]]:
        """What became of the work done while the line was down."""
        return reads.reconcile(self._conn) if self.open() else []

    def status(self) -> dict[str, Any]:
        """How the cache stands."""
        empty = {
            "waiting": 0,
            "attention": 0,
            "reconcile": 0,
            "first_sync_done": False,
            "as_of": "",
            "employee_id": "",
            "store_name": "",
        }
        return reads.status(self._conn) if self.open() else empty

    def employees(self) -> dict[str, dict[str, Any]]:
        """Who works at the store."""
        return reads.employees(self._conn) if self.open() else {}

    def settings(self) -> Settings:
        """The store's settings for its lights."""
        return reads.settings(self._conn) if self.open() else Settings()

    def close(self) -> None:
        """Let go of the cache."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None
