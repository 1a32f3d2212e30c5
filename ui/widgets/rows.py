"""Rows of the right-hand side: a mark or letter, two lines, a reason, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.theme import icons
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.dot import paint_dot
from ui.widgets.light_mark import paint_light
from ui.widgets.menu import Menu
from ui.widgets.plain_text import draw, tooltip, wrapped_height
from ui.widgets.row_facts import Act, RowFacts

LEFT: Final = 46
"""Where words begin, after the mark or the letter."""
SIDE: Final = 16
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


class Row(QWidget):
    """One row; hover and focus show that something can be done, Enter does the first thing, the menu has all."""

    acted = Signal(str, dict)
    moved = Signal(int)
    entered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._hover = False
        self._buttons: list[KeyButton] = []
        self._cut: list[str] = []
        """Words that were cut when they were last painted."""
        self._title = QFontMetrics(look.font)
        self._small = QFontMetrics(look.small)
        self.facts = RowFacts("", "")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def show_facts(self, facts: RowFacts) -> None:
        """Show another state, or another row altogether."""
        if facts == self.facts:
            return
        self.facts = facts
        self.setAccessibleName(facts.sentence)
        self.setAccessibleDescription("Enter: " + facts.acts[0].words if facts.acts else "")
        self._show_buttons(facts.acts[: facts.buttons])
        self.updateGeometry()
        self.update()

    @property
    def stops(self) -> list[QWidget]:
        """Itself and its buttons, as Tab comes to them."""
        return [self, *self._buttons]

    def menu(self) -> Menu:
        """All that can be done, as a menu."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in self.facts.acts:
            menu.addAction(act.words).setData(act)
        menu.triggered.connect(self._on_chosen)
        return menu

    def _show_buttons(self, acts: Sequence[Act]) -> None:
        for number, act in enumerate(acts):
            if number == len(self._buttons):
                button = KeyButton(self._look, act.words)
                button.setParent(self)
                button.clicked.connect(self._on_button)
                self._buttons.append(button)
            self._buttons[number].say(act.words)
            self._buttons[number].setAccessibleDescription(self.facts.title)
            self._buttons[number].show()
        for button in self._buttons[len(acts) :]:
            button.hide()
        self._place_buttons()

    def _place_buttons(self) -> None:
        """Buttons stand at the right, beside the reason where there is room, else beneath it."""
        right, bottom = self.width() - SIDE, self.height() - 6
        for button in reversed(self._buttons[: self.facts.buttons]):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, bottom - size.height(), size.width(), size.height())
            right -= 6

    def _buttons_size(self) -> QSize:
        sizes = [button.sizeHint() for button in self._buttons[: self.facts.buttons]]
        return QSize(sum(size.width() + 6 for size in sizes), max((size.height() for size in sizes), default=0))

    @Slot()
    def _on_button(self) -> None:
        number = self._buttons.index(self.sender())  # type: ignore[arg-type]
        self._do(self.facts.acts[number])

    @Slot(object)
    def _on_chosen(self, action: Any) -> None:
        self._do(action.data())

    def _do(self, act: Act) -> None:
        self.acted.emit(act.name, dict(act.args))

    def _dots(self) -> QRect:
        return QRect(self.width() - SIDE + 1, 6, 12, self._title.height())

    def _reason_height(self, width: int) -> int:
        """How high the reason is, with the buttons beside or beneath it."""
        buttons, room = self._buttons_size(), max(width - LEFT - SIDE, 40)
        if not self.facts.reason:
            return buttons.height()
        beside = self._small.horizontalAdvance(self.facts.reason) + buttons.width() + 8 <= room
        if beside and buttons.height():
            return buttons.height() + 3
        words = wrapped_height(self._small, self.facts.reason, room) + 1
        return words + (buttons.height() + 4 if buttons.height() else 0)

    def hasHeightForWidth(self) -> bool:
        """A reason wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The lines there are, and the buttons."""
        detail = self._small.height() + 1 if self.facts.detail or self.facts.told else 0
        return 6 + self._title.height() + 1 + detail + self._reason_height(width) + 6

    def sizeHint(self) -> QSize:
        """Its height comes of its width."""
        return QSize(200, 40)

    def minimumSizeHint(self) -> QSize:
        """It may be cut to any width."""
        return QSize(100, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        del event
        look, facts, painter = self._look, self.facts, QPainter(self)
        self._cut = []
        if self._hover or self.hasFocus():
            painter.fillRect(self.rect(), look.colour("accent_wash" if self.hasFocus() else "sunk"))
        painter.fillRect(0, 0, self.width(), 1, look.colour("line"))
        top, height = 6, self._title.height() + 1
        self._paint_mark(painter, QRect(14, top, 22, height))
        box = QRect(LEFT, top, self.width() - LEFT - SIDE, height)
        self._pair(painter, box, (facts.title, facts.right), ("ink", "ink"), dot=facts.pending)
        box.moveTop(box.bottom() + 1)
        if facts.detail or facts.told:
            box.setHeight(self._small.height() + 1)
            painter.setFont(look.small)
            self._pair(painter, box, (facts.detail, facts.told), ("soft", facts.told_tone))
            box.moveTop(box.bottom() + 1)
        if facts.reason:
            painter.setFont(look.small)
            painter.setPen(look.colour(facts.reason_tone))
            draw(painter, QRect(box.topLeft(), QSize(box.width(), self.height())), facts.reason, wrap=True)
        if facts.acts and (self._hover or self.hasFocus()):
            icons.paint(painter, self._dots(), "more", self._look, "soft")
        painter.end()

    def _paint_mark(self, painter: QPainter, box: QRect) -> None:
        painter.setFont(self._look.font)
        if self.facts.light is not None:
            painter.setFont(self._look.small_bold)
            mark = QRect(box.left(), box.center().y() - 8, 22, 17)
            paint_light(painter, mark.adjusted(1, 0, -1, 0), "parts", self.facts.light, self._look)
            painter.setFont(self._look.font)
            return
        painter.setPen(self._look.colour("ink"))
        draw(painter, box, self.facts.letter)

    def _pair(
        self, painter: QPainter, box: QRect, words: tuple[str, str], tones: tuple[str, str], *, dot: bool = False
    ) -> None:
        """Words at the left, cut by those at the right; those at the right have at most half the room."""
        metrics = painter.fontMetrics()
        right = min(metrics.horizontalAdvance(words[1]) + 2, box.width() // 2) if words[1] else 0
        left = QRect(
            box.left(), box.top(), box.width() - right - (10 if right else 0) - (12 if dot else 0), box.height()
        )
        rooms = zip(words, (left.width(), right), strict=True)
        self._cut += [said for said, room in rooms if said and metrics.horizontalAdvance(said) > room]
        painter.setPen(self._look.colour(tones[0]))
        draw(painter, left, words[0])
        if dot:
            used = min(metrics.horizontalAdvance(words[0]), left.width())
            paint_dot(painter, QPoint(left.left() + used + 8, left.center().y() + 1), self._look)
        painter.setPen(self._look.colour(tones[1]))
        draw(painter, QRect(box.right() - right + 1, box.top(), right, box.height()), words[1], _RIGHT)

    def hint(self, place: QPoint) -> str:
        """What the mouse is told at a place: why a light is as it is, and words that were cut."""
        light = self.facts.light
        why = [light.why] if light and place.x() < LEFT and not self.facts.reason else []
        return "\n".join([*why, *self._cut])

    def event(self, event: QEvent) -> bool:
        """Say what is not to be seen, when the mouse rests."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            said = self.hint(event.pos())
            QToolTip.showText(event.globalPos(), tooltip(said), self) if said else QToolTip.hideText()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the first thing; up and down go to the next row."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.facts.acts:
            self._do(self.facts.acts[0])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done."""
        if self.facts.acts:
            keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
            self.menu().popup(self.mapToGlobal(QPoint(LEFT, self.height())) if keyboard else event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The dots open the menu."""
        if (
            self.facts.acts
            and event.button() is Qt.MouseButton.LeftButton
            and event.position().x() > self._dots().left()
        ):
            self.menu().popup(self.mapToGlobal(QPoint(self.width() - 120, self._dots().bottom() + 4)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click does what Enter does."""
        if (
            self.facts.acts
            and event.button() is Qt.MouseButton.LeftButton
            and event.position().x() < self._dots().left()
        ):
            self._do(self.facts.acts[0])

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse is on it."""
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse has left."""
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self.entered.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard has gone."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons keep to the bottom."""
        super().resizeEvent(event)
        self._place_buttons()
