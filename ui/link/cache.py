"""The screen's door to read by: the cache, read-only, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from advisor_desk.cache import reads
from advisor_desk.domain.lights import Settings

T = TypeVar("T")


class Reader:
    """Reads the cache; before the service has made it, and once a page of it is damaged, everything is empty."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._conn: Any = None
        self._file: tuple[int, int] = (0, 0)
        self.on_damage: Callable[[], None] = lambda: None
        """Called once when a page does not pass its check; the service rebuilds the cache at its next start."""
        self._damaged = False
        self.open()

    def open(self) -> bool:
        """Connect once the cache is there; True when connected."""
        if self._conn is None and not self._damaged and self._path.exists():
            try:
                self._file = _which(self._path)
                self._conn = reads.connect(self._path, self._key)
            except (reads.DatabaseError, OSError):
                self._conn = None
        return self._conn is not None

    def renew(self) -> None:
        """The service has opened the cache: when it had to make another file of it, read that one from now on."""
        if self._damaged or (self._conn is not None and self._path.exists() and _which(self._path) != self._file):
            self.close()
            self._damaged = False
            self.open()

    def _ask(self, read: Callable[..., T], otherwise: T, *args: Any, **more: Any) -> T:
        if not self.open():
            return otherwise
        try:
            return read(self._conn, *args, **more)
        except reads.DatabaseError as error:
            if not reads.note_damage(self._path, error):
                raise
        self.close()
        self._damaged = True
        self.on_damage()
        return otherwise

    def board(self) -> list[dict[str, Any]]:
        """The facts of every open repair order."""
        return self._ask(reads.board, [])

    def board_rows(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The facts of these repair orders."""
        return self._ask(reads.board_rows, {}, ids)

    def orders_of(self, kinds: Mapping[str, Iterable[str]]) -> set[str]:
        """The repair orders that changed records belong to."""
        return self._ask(reads.boards_of, set(), kinds)

    def repair_order(self, id: str) -> dict[str, Any] | None:
        """One repair order with all that stands beside it."""
        return self._ask(reads.repair_order, None, id)

    def papers(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Repair orders as the papers of many are made from."""
        from advisor_desk.cache import reads_print  # nothing is printed at the start

        return self._ask(reads_print.orders, [], ids)

    def older_story(self, customer_id: str, before: str) -> list[dict[str, Any]]:
        """What was said before a moment."""
        return self._ask(reads.story, [], customer_id, before=before)

    def search(self, text: str) -> list[dict[str, Any]]:
        """Records that begin with the words."""
        return self._ask(reads.search, [], text)

    def promises(self, ids: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Every open promise of the store, or those of some ids, soonest first."""
        return reads.promises(self._conn, ids) if self.open() else []

    def drive(self, day: date | None, now: datetime) -> dict[str, Any]:
        """A day's visits; today's when no day is named, nothing before the cache is there."""
        from advisor_desk.cache import reads_drive  # its calendar takes a moment that the first paint has not

        if not self.open():
            return {}
        return reads_drive.drive(self._conn, day or reads_drive.today(self._conn, now))

    def counter(self, order_ids: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """Every open part line of the store, or those of some orders; ``domain.harm.of`` places them."""
        from advisor_desk.cache import reads_counter  # a page that no first paint asks for

        if order_ids is None:
            return self._ask(reads_counter.counter, [])
        return self._ask(reads_counter.counter_of, [], order_ids)

    def customer(self, id: str) -> dict[str, Any]:
        """A customer with all that was between them and the store; empty for one who is not on this desk."""
        from advisor_desk.cache import reads_customer  # a page that no first paint asks for

        return (reads_customer.customer(self._conn, id) or {}) if self.open() else {}

    def carried(self) -> dict[str, dict[str, int]]:
        """How many open orders and customers each employee answers for."""
        return reads.carried(self._conn) if self.open() else {}

    def handed_on(self, changed: Mapping[str, Iterable[str]], sold: bool) -> list[dict[str, Any]]:
        """What of a change others have now, each with who."""
        from advisor_desk.cache import reads_staff  # looked at when somebody leaves

        return reads_staff.handed_on(self._conn, changed, sold) if self.open() else []

    def store(self) -> dict[str, Any]:
        """The store's own record."""
        return reads.store(self._conn) if self.open() else {}

    def records(self, records: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """Records as a list shows them."""
        return reads.records_of(self._conn, records) if self.open() else []

    def attention(self) -> list[dict[str, Any]]:
        """What a person must decide."""
        return self._ask(reads.attention, [])

    def outbox(self) -> list[dict[str, Any]]:
        """What waits to be sent."""
        return self._ask(reads.outbox, [])

    def reconcile(self) -> list[dict[str, Any]]:
        """What became of the work done while the line was down."""
        return self._ask(reads.reconcile, [])

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
        return self._ask(reads.status, empty)

    def employees(self) -> dict[str, dict[str, Any]]:
        """Who works at the store."""
        return self._ask(reads.employees, {})

    def settings(self) -> Settings:
        """The store's settings for its lights."""
        return self._ask(reads.settings, Settings())

    def close(self) -> None:
        """Let go of the cache."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None


def _which(path: Path) -> tuple[int, int]:
    """Which file stands at the path: another one may have taken its place."""
    found = path.stat()
    return found.st_dev, found.st_ino
