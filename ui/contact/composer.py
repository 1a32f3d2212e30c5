"""The composer: what was said, written down in one line and logged with a key; nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.contact.draft import CHANNELS, OUTCOMES, Draft, Untold, consent_fault, fault_words, usual
from ui.contact.field import HINT, Field
from ui.contact.tells import Tells
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton, Segmented
from ui.widgets.flow import Flow
from ui.widgets.menu import Menu
from ui.widgets.plain_text import Panel, PlainLabel

Answer = Callable[[dict[str, Any]], None]
_DIRECTIONS: Final = (("out", "Out"), ("in", "In"))


class Composer(Panel):
    """Writes down one contact at a time; drafts are kept by repair order."""

    def __init__(self, look: Look, ask: Callable[..., None]) -> None:
        super().__init__(look, "panel", "top")
        self._ask = ask
        self._data: Mapping[str, Any] = {}
        self._untold: list[Untold] = []
        self._drafts: dict[str, Draft] = {}
        self._draft = Draft()
        self._filling = False
        self.channel = KeyButton(look, "Call ▾")
        self.field = Field(look)
        self.log = KeyButton(look, "Log", primary=True)
        self.fault = PlainLabel(look, "", "late", look.small, wrap=True)
        self.outcomes = {
            name: Segmented(look, [(key, words.OUTCOME[key].capitalize()) for key in keys], keys[0])
            for name, keys in OUTCOMES.items()
            if len(keys) > 1
        }
        self.direction = Segmented(look, _DIRECTIONS, "out")
        self.tells = Tells(look)
        self._arrange()
        self.channel.clicked.connect(self._on_channel)
        self.log.clicked.connect(self.send)
        self.field.entered.connect(self.send)
        self.field.textChanged.connect(self._on_typed)
        self.direction.chosen.connect(self._on_direction)
        self.tells.changed.connect(self._on_tells)
        for outcome in self.outcomes.values():
            outcome.chosen.connect(self._on_outcome)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        self.setAccessibleName("Log a contact")

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 9, 16, 9)
        column.setSpacing(7)
        self._options = QWidget()
        options = Flow(self._options, gap=6)
        options.addWidget(self.direction)
        for outcome in self.outcomes.values():
            options.addWidget(outcome)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(self.channel, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.log, 0, Qt.AlignmentFlag.AlignBottom)
        for part in (self.tells, self._options):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self.fault)

    # What it is about

    def show_order(self, data: Mapping[str, Any], untold: Sequence[Untold]) -> None:
        """Write about this repair order; ``untold`` are the part lines whose news the customer lacks, with words."""
        id = str((data.get("repair_order") or {}).get("id") or "")
        before = str((self._data.get("repair_order") or {}).get("id") or "")
        self._data, self._untold = data, list(untold)
        if id != before or id not in self._drafts:
            if self._draft.is_untouched:
                self._drafts.pop(before, None)
            fresh = Draft()
            fresh.choose(usual(data.get("customer") or {}))
            self._draft = self._drafts.setdefault(id, fresh)
            self._fill()
        self._refresh()

    def focus(self, channel: str = "", *, tell: Sequence[str] | None = None) -> None:
        """Begin to write, on a channel; ``tell`` ticks these part lines, or all when empty."""
        draft = self._draft
        if not draft.sending:
            if channel in CHANNELS:
                draft.choose(channel)
            if channel or tell is not None:
                draft.direction = "out"
            if tell is not None:
                draft.not_told -= set(tell or [id for id, _ in self._untold])
                if draft.channel == "note" or not draft.tells:
                    draft.choose("call" if draft.channel == "note" else draft.channel)
                    draft.outcome = OUTCOMES[draft.channel][0]
            self._refresh()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def propose(self, body: str) -> None:
        """Begin with these words, of everything the customer lacks; what somebody has begun to write stays instead."""
        draft = self._draft
        if not draft.sending and not draft.body.strip():
            draft.choose(usual(self._data.get("customer") or {}))
            draft.body = body
            self._fill()
        self.focus(tell=())

    # Sending

    @Slot()
    def send(self) -> None:
        """Log it; the words stay until the service has kept them."""
        draft, data = self._draft, self._data
        if draft.sending or not self.field.isEnabled():
            return
        if not draft.says_something and not draft.told(self._untold):
            draft.fault = "What was said is missing. A few words are enough."
            self._refresh()
            self.field.setFocus()
            return
        draft.sending, draft.fault = True, ""
        self._refresh()
        id = str((data.get("repair_order") or {}).get("id") or "")
        self._ask("contact.log", draft.args(data, self._untold), self._kept(id), self._refused(id))

    def _kept(self, id: str) -> Answer:
        def ok(answer: dict[str, Any]) -> None:
            del answer
            sent = self._drafts[id]
            fresh = self._drafts[id] = Draft(channel=sent.channel)
            fresh.choose(sent.channel)
            if self._draft is sent:
                self._draft = fresh
                self._fill()
                self._refresh()

        return ok

    def _refused(self, id: str) -> Answer:
        def error(said: dict[str, Any]) -> None:
            draft = self._drafts[id]
            draft.sending, draft.fault = False, fault_words(said)
            if self._draft is draft:
                self._refresh()

        return error

    # What the person does

    @Slot()
    def _on_typed(self) -> None:
        if not self._filling:
            self._draft.body = self.field.toPlainText()
            self._draft.fault = ""
            self._refresh()

    @Slot(str)
    def _on_direction(self, direction: str) -> None:
        self._draft.direction = direction
        self._refresh()

    @Slot(str)
    def _on_outcome(self, outcome: str) -> None:
        self._draft.outcome = outcome
        self._refresh()

    @Slot(str, bool)
    def _on_tells(self, id: str, told: bool) -> None:
        self._draft.not_told.discard(id) if told else self._draft.not_told.add(id)

    @Slot()
    def _on_channel(self) -> None:
        menu = self.channel_menu()
        menu.popup(self.channel.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def channel_menu(self) -> Menu:
        """The channels to choose from."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in CHANNELS:
            action = menu.addAction(words.CHANNEL[name])
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name == self._draft.channel)
        menu.triggered.connect(self._on_chosen)
        return menu

    @Slot(object)
    def _on_chosen(self, action: Any) -> None:
        self._draft.choose(str(action.data()))
        self._draft.fault = ""
        self._refresh()
        self.field.setFocus()

    @Slot(QWidget, QWidget)
    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        del old, new
        self._show_options()
        self.update()

    # What is shown

    def _fill(self) -> None:
        """Show the draft's words."""
        self._filling = True
        self.field.setPlainText(self._draft.body)
        self._filling = False

    def _refresh(self) -> None:
        draft, customer = self._draft, self._data.get("customer") or {}
        can = bool(customer.get("id"))
        self.channel.say(f"{words.CHANNEL[draft.channel]} ▾")
        self.channel.setAccessibleName(f"Channel: {words.CHANNEL[draft.channel]}")
        self.direction.choose(draft.direction)
        for name, outcome in self.outcomes.items():
            outcome.setVisible(name == draft.channel and draft.direction == "out")
            outcome.choose(draft.outcome)
        self.direction.setVisible(draft.channel != "note")
        self.tells.show_lines(self._untold, draft.not_told, enabled=draft.tells)
        self.field.setReadOnly(draft.sending)
        for part in (self.channel, self.field, self.log):
            part.setEnabled(can)
        self.field.setPlaceholderText(HINT if can else "No customer to log a contact with")
        self.log.say("Logging…" if draft.sending else "Log")
        self._show_options()

    def _say_fault(self, active: bool) -> None:
        draft, customer = self._draft, self._data.get("customer") or {}
        warn = consent_fault(customer, draft.channel) if active and draft.direction == "out" else ""
        self.fault.say(draft.fault or warn, "late" if draft.fault else "amber")
        self.fault.setVisible(bool(draft.fault or warn))

    def _is_active(self) -> bool:
        focus = QApplication.focusWidget()
        inside = focus is not None and (focus is self or self.isAncestorOf(focus))
        return inside or bool(self._draft.body or self._draft.fault)

    def _show_options(self) -> None:
        active = self._is_active()
        self._options.setVisible(active and self._draft.channel != "note")
        self.tells.setVisible(bool(self._untold) and active)
        self._say_fault(active)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and the field's box."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._look.colour("sunk"))
        painter.setPen(self._look.colour("accent" if self.field.hasFocus() else "line"))
        painter.drawRoundedRect(QRectF(self.field.geometry()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()
