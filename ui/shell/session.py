"""One desk at work: the cache it reads, the service it asks, the board they keep, and the repair order in hand."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from advisor_desk.domain.board import Owed
from advisor_desk.domain.lights import Settings
from ui.board.card import Card
from ui.board.model import Board
from ui.link.cache import Reader
from ui.link.desk import DeskLink

_TICK: Final = 15_000
"""Milliseconds between looks at the clock; the shortest thing a card says is a minute."""
_GATHER: Final = 15
"""Milliseconds between two times that changes are taken, so that a burst repaints each card once."""
_FRAME: Final = 25
"""Milliseconds within which what has changed is painted: Qt puts a frame off by 5, so that several make one."""
_MENDINGS: Final = 3
"""How often the service is started anew for a damaged cache: a disk that damages each new one is not mended so."""
_ALL: Final = "all"
_STORE_WIDE: Final = frozenset({_ALL, "store", "employee"})
_MANY: Final = 200
"""Changed promises that are read one by one."""
_ABOUT_CUSTOMER: Final = frozenset({"contact_event", "customer", "vehicle"})


class Session(QObject):
    """Passes what changed from the service to the board, and says when the order in hand or the status is another."""

    order_changed = Signal()
    status_changed = Signal()
    people_changed = Signal()
    owed_changed = Signal()
    ticked = Signal()
    touched = Signal(object, object)
    """The repair orders that changed, None for all of them, and of which kinds the records were."""

    def __init__(
        self, reader: Reader, link: DeskLink, now: Callable[[], datetime], *, mine_first: bool = False
    ) -> None:
        super().__init__()
        self.reader = reader
        self.link = link
        self.now = now
        self.board = Board(reader.settings(), now, self.owes)
        self.people: dict[str, dict[str, Any]] = reader.employees()
        self.status: dict[str, Any] = reader.status()
        self.promises: list[dict[str, Any]] = []
        """Every open promise of the store, soonest first; read once the board stands."""
        self.said: dict[str, Any] = {}
        """The link as the service last said it; empty before its first word."""
        self.order_id = ""
        self.order: dict[str, Any] | None = None
        self._changed: dict[str, set[str]] = {}
        self._gather = QTimer(self, singleShot=True)
        self._gather.timeout.connect(self._take_changes)
        self._board_shown = True
        """While another page covers the board, its cars can wait until that page is painted."""
        self._orders: set[str] = set()
        self._promised: set[str] = set()
        self._later = QTimer(self, interval=_FRAME, singleShot=True)
        """A store owes thousands: what changed is painted where it was changed before they are gone through."""
        self._later.timeout.connect(self._take_later)
        self._taken = QElapsedTimer()
        self._taken.start()
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._on_time)
        link.changed.connect(self._on_changed)
        link.link_changed.connect(self._on_link)
        link.ready.connect(self._on_opened)
        link.signed_in.connect(self._on_ready)
        self._mending = 0
        self._mend = QTimer(self, interval=0, singleShot=True)
        self._mend.timeout.connect(self._on_mend)
        reader.on_damage = self._mend.start
        self._load(mine_first)

    @property
    def settings(self) -> Settings:
        """The store's settings for its lights."""
        return self.board.settings

    @property
    def me(self) -> dict[str, Any]:
        """Who is signed in, with ``id``; empty before a first sign-in."""
        id = str(self.status.get("employee_id") or "")
        return {"id": id, **self.people.get(id, {})} if id else {}

    def owes(self, owed: Owed) -> bool:
        """True for what is for the one signed in to do: their own, or what stands in the queue of their role."""
        return self._mine()(owed.owner_id, owed.owner_role)

    def owed(self) -> list[dict[str, Any]]:
        """The open promises that are for the one signed in to keep, soonest first."""
        mine = self._mine()
        return [one for one in self.promises if mine(one.get("owner_id"), one.get("owner_role"))]

    def _mine(self) -> Callable[[Any, Any], bool]:
        me, roles = self.me.get("id"), self.me.get("roles") or ()
        return lambda owner, role: bool(me) and (owner == me or role in roles)

    def _load(self, mine_first: bool) -> None:
        """Read the board; the cars of others can wait until mine are painted, when only mine are shown."""
        rows, me = self.reader.board(), self.status.get("employee_id")
        mine = [row for row in rows if row.get("advisor_id") == me] if mine_first and me else rows
        self.board.load(mine, len(rows))

    def start(self) -> None:
        """Start the service and the clock; called once the board has been painted."""
        self.board.replace(self.reader.board())
        self.promises = self.reader.promises()
        self.link.start()
        self._clock.start()

    def pick(self, order_id: str) -> None:
        """Take another repair order in hand; an empty id puts it down."""
        if order_id != self.order_id:
            self.order_id = order_id
            self._read_order()

    def worst(self, cards: list[Card]) -> str:
        """The card that needs someone most, to begin a day with: late ones first, then by promised time."""
        ranked = sorted(cards, key=lambda card: (not card.after_promise, not card.late, not card.untold, card.order))
        return ranked[0].id if ranked else ""

    @Slot()
    def _on_time(self) -> None:
        """Time has passed: what it alone changes is shown."""
        self.board.tick()
        self.ticked.emit()

    def _read_order(self) -> None:
        self.order = self.reader.repair_order(self.order_id) if self.order_id else None
        self.order_changed.emit()

    @Slot(dict)
    def _on_changed(self, kinds: dict[str, list[str]]) -> None:
        for kind, ids in kinds.items():
            self._changed.setdefault(kind, set()).update(ids)
        if self._gather.isActive():
            return
        if (left := _GATHER - self._taken.elapsed()) > 0:
            self._gather.start(left)
        else:  # at once: the answer to the command comes right behind, and one frame shows both
            self._take_changes()

    @Slot()
    def _take_changes(self) -> None:
        kinds, self._changed = self._changed, {}
        if _STORE_WIDE & kinds.keys():
            self.status = self.reader.status()
            self.board.settings = self.reader.settings()
            self.people = self.reader.employees()
            self.promises = self.reader.promises()
            self.board.replace(self.reader.board())
            self.people_changed.emit()
            self.owed_changed.emit()
            self.touched.emit(None, set(kinds))
            touched = {self.order_id}
        else:
            touched = self.reader.orders_of(kinds)
            self._orders |= touched
            self._promised |= kinds.get("promise", set())
            if self._board_shown:
                self._take_orders()
            if self._orders or self._promised:
                self._later.start()
            self.touched.emit(set(touched), set(kinds))
        if self.order_id and (self.order_id in touched or _ABOUT_CUSTOMER & kinds.keys()):
            self._read_order()
        self._read_status()
        self._taken.start()

    def show_board(self, shown: bool) -> None:
        """The board is shown from now on, as things stand, or covered by another page."""
        self._board_shown = shown
        if shown:
            self._take_orders()

    def _take_orders(self) -> None:
        """Read the board's changed cars again."""
        orders, self._orders = self._orders, set()
        if orders:
            rows = self.reader.board_rows(orders)
            self.board.update(rows, orders - rows.keys())

    @Slot()
    def _take_later(self) -> None:
        self._take_orders()
        if self._promised:
            self._take_promises()

    def _take_promises(self) -> None:
        """Read the changed ones again, or all when so many are that it comes to the same."""
        ids, self._promised = self._promised, set()
        if len(ids) > _MANY:
            self.promises = self.reader.promises()
        else:
            kept = [promise for promise in self.promises if promise["id"] not in ids]
            for promise in self.reader.promises(ids):
                bisect.insort(kept, promise, key=_due)
            self.promises = kept
        self.owed_changed.emit()

    @Slot(dict)
    def _on_link(self, said: dict[str, Any]) -> None:
        self.said = said
        self._read_status()

    @Slot()
    def _on_mend(self) -> None:
        """A page of the cache is damaged: the service looks at it when it starts, and rebuilds the cache."""
        self._mending += 1
        if self.link.pid and self._mending <= _MENDINGS:  # one that is not started yet will look by itself
            self.link.restart()

    @Slot(dict)
    def _on_opened(self, said: dict[str, Any]) -> None:
        self.reader.renew()
        self._on_ready(said)

    @Slot(dict)
    def _on_ready(self, _: dict[str, Any]) -> None:
        self._on_changed({_ALL: []})

    def _read_status(self) -> None:
        self.status = self.reader.status()
        self.status_changed.emit()


def _due(promise: dict[str, Any]) -> tuple[str, str]:
    """The order that the cache gives them in."""
    return str(promise.get("due_at") or ""), str(promise["id"])
