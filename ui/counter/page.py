"""The parts counter: every open part line of the store, ranked by whom it hurts, with the ETA typed where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal, Slot

from advisor_desk.domain import harm, parts
from advisor_desk.domain.delivery import ORDER, Scanned
from advisor_desk.domain.lights import Settings
from ui.counter import eta, matched, rows
from ui.counter.eta_field import EtaField
from ui.counter.items import Items
from ui.counter.matched import Matched
from ui.counter.rows import BY_HARM, BY_ORDER, BY_SUPPLIER, Item, Row
from ui.counter.scan_box import ScanBox
from ui.counter.wedge import Wedge
from ui.theme.look import Look
from ui.widgets.buttons import Chip, Segmented
from ui.widgets.chip_row import ChipRow
from ui.widgets.page_parts import Empty
from ui.widgets.table import Spot
from ui.widgets.workspace import Deed, Workspace

EMPTY: Final = "No part is open."
_EMPTY_MORE: Final = (
    "A part shows here from when an advisor asks for it until it is in the car or has gone back, the worst first."
)
DEEDS: Final = {
    "r": Deed("receive", "Receive", "part.receive"),
    "k": Deed("claim", "Take in hand, or let go", "part.claim"),
    "q": Deed("quote", "Quote", "part.quote"),
    "o": Deed("order", "Order", "part.order"),
    "u": Deed("backordered", "The supplier has none", "part.backorder"),
    "t": Deed("told", "The customer has been told", "part.tell"),
    "l": Deed("pull", "Pull from the shelf", "part.pull"),
    "b": Deed("bin", "Put in a bin", "part.set_bin"),
    "v": Deed("send back", "Send back", "part.return"),
    "p": Deed("print", "Print its label, the pick list or the RO", "print"),
    "g": Deed("show the RO", "Show the RO on the board", "order"),
}
_NEXT: Final = ("t", "l", "g")
"""What Enter does on a row that is asked nothing: the first of these that can be done."""
_ASKED: Final = frozenset({"requested", "quoted"})
_ON_SHELF: Final = frozenset({"in_stock", "partly_received", "received", "return_due"})
_LEFT_TO_DO: Final = parts.AWAITED | _ASKED | {"in_stock", "received"}


class CounterPage(Workspace):
    """Lists open part lines; what is done with one goes out through ``wanted``."""

    view_changed = Signal(str)
    eta_wanted = Signal(str, object, list)
    """A line, the ETA it is to have, and the other lines that are to have it too."""
    receipt_wanted = Signal(object)
    """A ``Receipt``: what has come."""

    def __init__(self, look: Look, now: Callable[[], datetime]) -> None:
        super().__init__(look, "Parts counter", rows.COLUMNS, Empty(look, "box", EMPTY, _EMPTY_MORE), DEEDS)
        self._items = Items()
        self._looking: Iterator[bool] | None = None
        self._again = QTimer(self, interval=0)
        self._again.timeout.connect(self._look_on)
        self._settings = Settings()
        self._now: datetime | None = None
        self._clock = now
        self._shown = 0
        self._changed = False
        self.views = Segmented(look, ((BY_HARM, "By harm"), (BY_SUPPLIER, "By supplier"), (BY_ORDER, "By RO")), BY_HARM)
        self.overdue = Chip(look, "", "late", pill=False)
        self.to_quote = Chip(look, "", "grey", pill=False)
        self.not_told = Chip(look, "", "amber", pill=False)
        self.untold = Chip(look, "", "amber", pill=False)
        self.money = Chip(look, "", "grey", pill=False)
        self._chips: dict[Chip, Callable[[Item], bool]] = {
            self.overdue: lambda item: item.harm.need == harm.OVERDUE,
            self.to_quote: lambda item: item.row.get("state") == "requested",
            self.not_told: lambda item: item.harm.need == harm.ARRIVED,
            self.untold: lambda item: harm.untold(item.row),
            self.money: lambda item: item.harm.at_risk > 0,
        }
        self.eta = EtaField(look, self.table.viewport())
        self.scan = ScanBox(look)
        self.matched = Matched(look)
        self._scanned = ""
        """The text that is being answered; it comes back into the box when nothing comes of it."""
        self._spot = Spot((), -1, 0)
        """Where the row stood whose ETA is being set."""
        self._done: set[str] = set()
        """The lines that are given that ETA."""
        self.bar.addWidget(self.views)
        self._row = ChipRow(self._chips)
        self.bar.addWidget(self._row, 1)
        self.bar.addWidget(self.scan)
        self.column.insertWidget(1, self.matched)
        self.views.chosen.connect(self._on_view)
        for chip in self._chips:
            chip.clicked.connect(self.refresh)
        self.wedge = Wedge(self.table)
        self.wedge.scanned.connect(self._on_burst)
        self.wedge.typed.connect(self._on_keys)
        self.table.lit.connect(self._on_lit)
        self.table.moved.connect(self._place_field)
        self.eta.covers.connect(self.table.cover)
        self.opened.connect(self._on_enter)
        self.eta.entered.connect(self._on_eta)
        self.eta.left.connect(self.table.setFocus)
        self.scan.scanned.connect(self._on_scanned)
        self.scan.textEdited.connect(self._on_scan_edited)
        self.scan.left.connect(self.table.setFocus)
        self.matched.received.connect(self.receipt_wanted)
        self.matched.left.connect(self._on_matched_left)

    # What it shows.

    @property
    def items(self) -> Mapping[str, Item]:
        """The open lines of the store, by id."""
        return self._items.by_id

    def show_rows(self, found: Iterable[Row], now: datetime, settings: Settings) -> None:
        """Show all the open part lines of the store."""
        self._items = Items()
        self.show_changed((), found, now, settings)

    def show_changed(self, orders: Iterable[str], found: Iterable[Row], now: datetime, settings: Settings) -> None:
        """Show the lines of some repair orders anew; those that are not found any more are done with."""
        self._items.replace(orders, found, now, settings)
        self._now, self._settings = now, settings
        self.refresh()

    def tick(self, now: datetime, settings: Settings) -> None:
        """Time has passed: what it alone has made late moves up, once all have been looked at between other work."""
        self._now, self._settings = now, settings
        self._looking, self._changed = self._items.look_again(now, settings), False
        self._again.start()

    @Slot()
    def _look_on(self) -> None:
        found = next(self._looking, None) if self._looking else None
        self._changed = self._changed or bool(found)
        if found is None:
            self._again.stop()
            if self._changed:
                self.refresh()

    def show_view(self, view: str) -> None:
        """Show the rows in the order in which the page was left."""
        self.views.choose(view if view in rows.VIEWS else BY_HARM)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Sort, filter and count what is known."""
        if self._now is None:
            return
        ranked: Sequence[Item] = self._items.ranked
        self._count()
        wanted = [shows for chip, shows in self._chips.items() if chip.isChecked()]
        held = self.eta.row  # the row that is being written in stays, whatever it has become
        if wanted:
            ranked = [item for item in ranked if item.id == held or any(shows(item) for shows in wanted)]
        self._shown = len(ranked)
        self.table.show_columns(rows.columns(self.views.current))
        self.show_groups(rows.groups(ranked, self.views.current, self._now, self._settings))
        self._place_field()

    def show_groups(self, groups: Sequence[Any]) -> None:
        """A filter that leaves nothing leaves the table: only a store without open lines has nothing to show."""
        super().show_groups(groups)
        if self.items:
            self._frame.show()
            self.foot.show()
            self.empty.hide()

    def _count(self) -> None:
        found = self._items.totals
        said = (
            (self.overdue, found.overdue, f"{found.overdue} overdue"),
            (self.to_quote, found.to_quote, f"{found.to_quote} to quote"),
            (self.not_told, found.not_told, f"{found.not_told} arrived, not told"),
            (self.untold, found.untold, f"{found.untold} not told"),
            (self.money, found.money, f"{harm.money(found.money)} at risk of no return"),
        )
        for chip, count, words in said:
            chip.say(words)
            self._row.want(chip, bool(count) or chip.isChecked())
        self._row.fit()

    # What can be done.

    def deeds(self, id: str) -> Sequence[str]:
        """What can be done follows from the state of the line."""
        item = self.items.get(id)
        if item is None:
            return ()
        state = str(item.row.get("state") or parts.STATES[0])
        can = {
            "r": state in parts.AWAITED,
            "k": state in _LEFT_TO_DO,
            "q": state in _ASKED,
            "o": state in _ASKED,
            "u": state == "ordered",
            "t": harm.untold(item.row),
            "l": state in ("in_stock", "received") and not harm.is_left_here(item.row),
            "b": state in _ON_SHELF,
            "v": harm.is_left_here(item.row),
        }
        return [*(letter for letter, now in can.items() if now), "p", "g"]

    def row(self, id: str = "") -> Row:
        """A row, or the one in hand; empty when there is none."""
        item = self.items.get(id or self.table.current_id())
        return item.row if item else {}

    def to_pull(self) -> list[str]:
        """The repair orders of the store with something on the shelf to be pulled."""
        return [item.order_id for id, item in self.items.items() if "l" in self.deeds(id)]

    def of_order(self, row: Row) -> list[Row]:
        """The awaited lines that came with a row's order."""
        return self._items.same_order(row)

    @Slot()
    def name_row(self) -> None:
        """Say what the keys do, and to which lines: Shift and Enter is for all that came with an order."""
        row = self.row()
        letters = [*self.deeds(str(row.get("id") or ""))]
        lines = self.of_order(row) if row else []
        many = len(lines) > 1
        enter: list[tuple[str, str]] = []
        if row.get("state") in parts.AWAITED:
            enter = [("Enter", "set ETA"), *[("Shift Enter", "all lines of the order")] * many]
        elif row:
            first = self._next(str(row["id"]))
            letters.remove(first)
            enter = [("Enter", self.all_deeds[first].short)]
        self.foot.show_keys([*enter, *((letter.upper(), self.all_deeds[letter].short) for letter in letters)])
        count = f"{len(lines)} lines" if many else rows.name(row) if row else ""
        after = f"of order {rows.order_words(row)}" if many else ""
        total = len(self.items)
        self.foot.show_about("Applies to" if row else "", count, after, f"{self._shown} of {total} open lines")

    @Slot(str)
    def _on_lit(self, id: str) -> None:
        if id and self.eta.row not in ("", id):
            self.eta.shut()

    # What has come.

    def receive(self, id: str) -> None:
        """Book in a line, or the order it came with: at once when there is nothing to count."""
        lines = self.of_order(self.row(id))
        self._scanned = ""
        if receipt := matched.at_once(lines):
            self.receipt_wanted.emit(receipt)
            return
        what = f"Order {rows.order_words(lines[0])}" if len(lines) > 1 else rows.name(lines[0])
        count = f"{len(lines)} lines" if len(lines) > 1 else matched.missing(lines[0])
        self.matched.show_found(Scanned(ORDER, (), f"{what}: {count} to receive."), lines)

    def received(self) -> None:
        """It has been booked in: the box is ready for the next."""
        came = bool(self._scanned) or self.scan.hasFocus()
        self._scanned = ""
        self.matched.hide()
        (self.scan if came else self.table).setFocus()

    def refuse_receipt(self, words: str) -> None:
        """Say why nothing was booked in; what was typed stays."""
        if self.matched.isVisible():
            self.matched.refuse(words)
            return
        self._put_back()
        self.matched.show_found(Scanned("", (), words), ())

    @Slot(str)
    def _on_scanned(self, text: str) -> None:
        found, lines = matched.find(text, self._open_lines())
        receipt = matched.at_once(lines)
        if lines:  # a scanner may be at the next label before this one is answered
            self._scanned = text
            self.scan.clear()
        if receipt:
            self.matched.hide()
            self.receipt_wanted.emit(receipt)
        else:
            self.matched.show_found(found, lines)

    def _open_lines(self) -> dict[str, Row]:
        return {item.id: item.row for item in self._items.ranked}

    @Slot()
    def _on_scan_edited(self) -> None:
        if not self._scanned:
            self.matched.hide()

    @Slot()
    def _on_matched_left(self) -> None:
        came = bool(self._scanned)
        self.matched.hide()
        self._put_back()
        (self.scan if came else self.table).setFocus()

    def _put_back(self) -> None:
        if self._scanned and not self.scan.text():
            self.scan.setText(self._scanned)
            self.scan.selectAll()
        self._scanned = ""

    # The ETA, typed where it stands.

    def edit_eta(self, id: str, text: str = "") -> None:
        """Open the field in a row, perhaps with the first letter of what is typed."""
        self.table.go_to(self.table.model_.row_of(id))
        row = self.row(id)

        def understand(typed: str) -> eta.Understood:
            return eta.understand(typed, self.row(id) or row, self._clock(), self._settings)

        self.eta.open(id, self.table.cell_place(id, rows.ETA_COLUMN), understand, text)

    @Slot(str)
    def _on_burst(self, text: str) -> None:
        """A scan, unless nothing goes by it here and it reads as an ETA for the row in hand."""
        row = self.row()
        eta_typed = (
            row.get("state") in parts.AWAITED and eta.understand(text, row, self._clock(), self._settings).moment
        )
        if eta_typed and not matched.find(text, self._open_lines())[1]:
            self.edit_eta(str(row["id"]), text)
            self.eta.enter()
            return
        self.scan.setFocus()
        self.scan.setText(text)
        self._on_scanned(text)

    @Slot(str)
    def _on_keys(self, text: str) -> None:
        """What was typed on a row, a key at a time; once an ETA has begun, the rest belongs to it."""
        for letter in text:
            if self.eta.row:
                self.eta.entry.insert(letter)
            else:
                self._on_typed(letter.lower())

    @Slot(str)
    def _on_typed(self, letter: str) -> None:
        """A letter that is no deed's, or a figure, begins an ETA."""
        id = self.table.current_id()
        if letter not in self.all_deeds and self.row(id).get("state") in parts.AWAITED:
            self.edit_eta(id, letter)
        else:
            super()._on_typed(letter)

    @Slot(str)
    def _on_enter(self, id: str) -> None:
        """Enter does what the row needs next."""
        row = self.row(id)
        if row.get("state") in parts.AWAITED:
            self.edit_eta(id)
        elif row:
            super()._on_typed(self._next(id))

    def _next(self, id: str) -> str:
        asked = {"requested": "q", "quoted": "o"}.get(str(self.row(id).get("state")))
        return asked or next(letter for letter in _NEXT if letter in self.deeds(id))

    @Slot(bool)
    def _on_eta(self, whole: bool) -> None:
        id, moment = self.eta.row, self.eta.said.moment
        others = [str(row["id"]) for row in self.of_order(self.row(id))] if whole else []
        self._spot, self._done = self.table.spot(id), {id, *others}
        self.eta.wait()
        self.eta_wanted.emit(id, moment, [other for other in others if other != id])

    def eta_kept(self) -> None:
        """It has been set: whoever goes down the list goes on with the next, where it took its row elsewhere."""
        self.table.setFocus()  # before its field goes, which would look for whom to give the keyboard to
        self.eta.kept()
        self.table.go_on(self._spot, self._done)

    @Slot()
    def _place_field(self) -> None:
        if not self.eta.row:
            return
        place = self.table.cell_place(self.eta.row, rows.ETA_COLUMN)
        if place.isEmpty():
            self.eta.shut()  # the line is done with; what was typed would set nothing
        else:
            self.eta.put_at(place)

    @Slot(str)
    def _on_view(self, view: str) -> None:
        first = self.table.is_first()
        self.refresh()
        if first:  # nobody has chosen it: another view begins with its own first row
            self.table.go_first()
        self.view_changed.emit(view)
