"""The page of what a person must decide: each entry with both values, why, and the keys that settle it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from advisor_desk.domain.lights import Settings
from ui.shell import attention_edit
from ui.shell.ask_dialog import Ask
from ui.shell.attention_entry import EDIT, KEEP, OPEN, SET, Entry
from ui.theme.look import Look
from ui.widgets.page_parts import Empty, Footer, PageHead
from ui.widgets.plain_text import Panel
from ui.widgets.scroll_bar import SlimBar

EMPTY: Final = "Nothing needs a decision."
_EMPTY_MORE: Final = (
    "A change that was not accepted, or that clashes with somebody else's, waits here with both values."
)
_KEYS: Final = (("K", "keep theirs"), ("M", "set mine again"), ("E", "edit"), ("Enter", "open the RO"))
_DEEDS: Final = {
    Qt.Key.Key_K: KEEP,
    Qt.Key.Key_M: SET,
    Qt.Key.Key_E: EDIT,
    Qt.Key.Key_Return: OPEN,
    Qt.Key.Key_Enter: OPEN,
}
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class AttentionPage(Panel):
    """Lists the entries; each stays until the desk has taken a decision on it."""

    order_wanted = Signal(str)

    def __init__(self, look: Look, ask: Ask, now: Callable[[], datetime]) -> None:
        super().__init__(look, "bg")
        self._look = look
        self._ask = ask
        self._now = now
        self._settings = Settings()
        self._current = ""
        self.entries: dict[str, Entry] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Needs attention")
        self._head = PageHead(look, "Needs attention")
        self.empty = Empty(look, "check", EMPTY, _EMPTY_MORE)
        self._list = Panel(look, "bg")
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(12, 2, 12, 12)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._scroll = _Scroll()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBar(SlimBar(look))
        self._scroll.setWidget(self._list)
        self._foot = Footer(look, _KEYS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._head, self.empty, self._scroll, self._foot):
            column.addWidget(widget, 0 if widget in (self._head, self._foot) else 1)
        self._show_state()

    def show_items(self, items: Sequence[Mapping[str, Any]], settings: Settings) -> None:
        """Show what waits now; the entry in hand, what it was refused for and the place on the page stay."""
        self._settings = settings
        wanted = {str(item["id"]): item for item in items}
        order = list(self.entries)
        for id in [id for id in self.entries if id not in wanted]:
            self._drop(id, order)
        for place, (id, item) in enumerate(wanted.items()):
            if id not in self.entries:
                entry = Entry(self._look, id)
                entry.pressed.connect(self._on_pressed)
                entry.entered.connect(self._on_entered)
                self.entries[id] = entry
                self._column.insertWidget(place, entry)
            editable = bool(attention_edit.fields(self._look, item, self._now, settings))
            self.entries[id].show_item(item, self._now(), settings, editable=editable)
        self.entries = {id: self.entries[id] for id in wanted}
        self._show_state()

    @property
    def current(self) -> Entry | None:
        """The entry in hand."""
        return self.entries.get(self._current)

    def decide(self, id: str, deed: str) -> None:
        """Do one of the three with an entry, or open its RO."""
        entry = self.entries.get(id)
        if entry is None:
            return
        if deed == OPEN:
            if entry.item.get("repair_order_id"):
                self.order_wanted.emit(str(entry.item["repair_order_id"]))
        elif deed == EDIT:
            self._edit(entry)
        elif entry.keep.isEnabled():
            entry.set_busy(True)

            def done(_: dict[str, Any]) -> None:
                self.settled(id)

            def refused(error: dict[str, Any]) -> None:
                self.refused(id, str(error.get("message") or ""))

            self._ask("attention.resolve", {"attention_id": id, "action": deed}, done, refused)

    def _edit(self, entry: Entry) -> None:
        fields = attention_edit.fields(self._look, entry.item, self._now, self._settings)
        if fields and not entry.edit.isHidden():
            dialog = attention_edit.EditDialog(self._look, self.window(), self._ask, entry.item, fields)
            dialog.setProperty("entry", entry.id)
            dialog.answered.connect(self._on_edited)
            dialog.open()

    @Slot(str, dict)
    def _on_edited(self, command: str, answer: dict[str, Any]) -> None:
        sender = self.sender()
        if sender is not None:
            self.settled(str(sender.property("entry")))

    def settled(self, id: str) -> None:
        """The desk has taken the decision: the entry goes, the next is in hand."""
        if id in self.entries:
            self._drop(id, list(self.entries))
            self._show_state()

    def refused(self, id: str, why: str) -> None:
        """The desk has not: say why, in place."""
        if id in self.entries:
            self.entries[id].refuse(why)

    def _drop(self, id: str, order: list[str]) -> None:
        entry = self.entries.pop(id)
        held = _holds(entry, QApplication.focusWidget())
        self._column.removeWidget(entry)
        entry.hide()
        entry.deleteLater()
        if id == self._current:
            later = [other for other in order[order.index(id) :] + order[::-1] if other in self.entries]
            self._take(later[0] if later else "", focus=held)

    def _take(self, id: str, *, focus: bool) -> None:
        self._current = id
        for entry in self.entries.values():
            entry.lit = entry.id == id
            entry.update()
        if id and focus:
            self.entries[id].setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self.entries[id], 0, 12)

    def _show_state(self) -> None:
        count = len(self.entries)
        self._head.count(count)
        self.empty.setVisible(not count)
        self._scroll.setVisible(bool(count))
        self._foot.setVisible(bool(count))
        if count and self._current not in self.entries:
            self._take(next(iter(self.entries)), focus=self.hasFocus())

    @Slot(str, str)
    def _on_pressed(self, id: str, deed: str) -> None:
        self.decide(id, deed)

    @Slot(str)
    def _on_entered(self, id: str) -> None:
        self._take(id, focus=False)
        self._scroll.ensureWidgetVisible(self.entries[id], 0, 12)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the entry in hand."""
        super().focusInEvent(event)
        if self.current is not None:
            self.current.setFocus(event.reason())

    def event(self, event: QEvent) -> bool:
        """The letters are the page's own while it has the keyboard, though the window means others by them."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._deed(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """K, M, E and Enter decide; up and down go from entry to entry."""
        deed, step = self._deed(event), _STEPS.get(Qt.Key(event.key()))
        order = list(self.entries)
        if deed:
            self.decide(self._current, deed)
        elif step and self._current in order:
            self._take(order[max(0, min(len(order) - 1, order.index(self._current) + step))], focus=True)
        else:
            super().keyPressEvent(event)

    def _deed(self, event: QKeyEvent) -> str:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return _DEEDS.get(Qt.Key(event.key()), "") if plain and self.entries else ""


class _Scroll(QScrollArea):
    """Leaves the arrows to the page, which goes from entry to entry."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take no key."""
        event.ignore()


def _holds(entry: Entry, focus: QWidget | None) -> bool:
    return focus is entry or (focus is not None and entry.isAncestorOf(focus))
