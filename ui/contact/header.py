"""The head of the right-hand side: who, how to reach them, and the keys that help, the most urgent one filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from advisor_desk.domain.lights import Settings
from advisor_desk.domain.repair_order import LANES, is_open
from ui.contact import who
from ui.contact.segments import Segments
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.flow import Flow
from ui.widgets.menu import Menu
from ui.widgets.plain_text import Panel, PlainLabel, tooltip

_MORE: Final = (("tag", "ro.set_tag", "Tag…"), ("spot", "ro.set_spot", "Spot…"), ("hold", "ro.hold", "Hold…"))


class Header(Panel):
    """Who and what; ``wanted`` names a command with the repair order, ``compose`` a channel to write down."""

    wanted = Signal(str, dict)
    compose = Signal(str, bool)
    """A channel (empty for the customer's own), and whether the news of parts is to be told."""

    def __init__(self, look: Look, keys: Mapping[str, str]) -> None:
        super().__init__(look, "panel", "bottom")
        self._keys = keys
        self._ro: Mapping[str, Any] = {}
        self._may: Callable[[str], bool] = lambda name: True
        self._worst = ""
        self.name = PlainLabel(look, font=look.large_bold)
        self.car, self.reach, self.state = Segments(look), Segments(look), Segments(look)
        self.tell = KeyButton(look, "Tell", primary=True)
        self.repromise = KeyButton(look, "Re-promise", keys.get("repromise", ""))
        self.call = KeyButton(look, "Call", keys.get("call", ""))
        self.text = KeyButton(look, "Text", keys.get("text", ""))
        self.more = KeyButton(look, "More ▾")
        self.more.setAccessibleName("More to do")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 16, 12)
        column.setSpacing(1)
        for part in (self.name, self.car, self.reach, self.state):
            column.addWidget(part)
        column.addSpacing(8)
        row = Flow(gap=6)
        for key in (self.tell, self.repromise, self.call, self.text, self.more):
            row.addWidget(key)
        column.addLayout(row)
        self.tell.clicked.connect(self._on_tell)
        self.repromise.clicked.connect(self._on_repromise)
        self.call.clicked.connect(self._on_call)
        self.text.clicked.connect(self._on_text)
        self.more.clicked.connect(self._on_more)

    def show_order(
        self, data: Mapping[str, Any], me: str, now: datetime, settings: Settings, may: Callable[[str], bool]
    ) -> None:
        """Show a repair order's head."""
        self._ro, self._may = data.get("repair_order") or {}, may
        customer = data.get("customer") or {}
        name = who.full_name(customer)
        self.name.say(name)
        self.name.setToolTip(tooltip(name))
        self.car.say(who.car_line(data))
        self.reach.say(who.reach_line(data, now, settings))
        self.state.say(who.state_line(data, me, now, settings))
        self._show_keys(who.worst(data, now, settings), bool(customer))

    def menu(self) -> Menu:
        """What else can be done with the repair order."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stages = menu.under("Move to")
        stages.setEnabled(self._may("ro.move_stage") and is_open(str(self._ro.get("stage") or "")))
        for stage in LANES:
            action = stages.addAction(words.STAGE[stage])
            action.setData(("ro.move_stage", {"stage": stage}))
            action.setCheckable(True)
            action.setChecked(stage == (self._ro.get("stage") or LANES[0]))
        for key, command, said in _MORE:
            if self._may(command):
                menu.addAction(f"{said}\t{self._keys.get(key, '')}".rstrip()).setData((command, {}))
        menu.addAction(f"Print…\t{self._keys.get('ro_copy', '')}".rstrip()).setData(("ro_copy", {}))
        menu.triggered.connect(self._on_chosen)
        return menu

    def take_focus(self) -> None:
        """Give the keyboard to the key that is filled, else to the first."""
        keys = [key for key in (self.tell, self.repromise, self.call, self.text, self.more) if not key.isHidden()]
        primary = {"tell": self.tell, "repromise": self.repromise, "call": self.call}.get(self._worst)
        (primary if primary in keys else keys[0]).setFocus(Qt.FocusReason.TabFocusReason)

    def _show_keys(self, worst: str, reachable: bool) -> None:
        self._worst = worst
        may = self._may("ro.repromise") and is_open(str(self._ro.get("stage") or ""))
        log = reachable and self._may("contact.log")
        self.repromise.setVisible(may)
        self.call.setVisible(log)
        self.text.setVisible(log)
        self.tell.setVisible(log and worst == "tell")
        self.repromise.set_primary(worst == "repromise")
        self.call.set_primary(worst == "call")

    def _want(self, name: str, more: dict[str, Any]) -> None:
        self.wanted.emit(name, {"repair_order_id": str(self._ro.get("id")), **more})

    @Slot()
    def _on_tell(self) -> None:
        self.compose.emit("", True)

    @Slot()
    def _on_repromise(self) -> None:
        self._want("ro.repromise", {})

    @Slot()
    def _on_call(self) -> None:
        self.compose.emit("call", False)

    @Slot()
    def _on_text(self) -> None:
        self.compose.emit("text", False)

    @Slot()
    def _on_more(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    @Slot(object)
    def _on_chosen(self, action: Any) -> None:
        name, more = action.data()
        self._want(name, more)
