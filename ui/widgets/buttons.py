"""Small painted buttons: a chip, a button with its key, a choice of segments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.theme.look import Look


class _Button(QAbstractButton):
    """What the painted buttons share: rounded, focus shown, Enter presses."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__()
        self._look = look
        self.setText(text)
        self.setFont(look.small)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def say(self, text: str) -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _width(self, text: str) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(text)

    def _box(self, painter: QPainter, fill: str, edge: str, radius: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._look.colour(fill))
        painter.setPen(self._look.colour("accent" if self.hasFocus() else edge))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class Chip(_Button):
    """A rounded word or two in a tone; a filter chip can be on."""

    def __init__(self, look: Look, text: str = "", tone: str = "grey", *, pill: bool = True) -> None:
        super().__init__(look, text)
        self.tone = tone
        self._pill = pill
        self.count: str = ""

    def show_as(self, text: str, tone: str) -> None:
        """Other words in another tone."""
        self.tone = tone
        self.say(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Words and a margin."""
        return QSize(self._width(self.text()) + 22, QFontMetrics(self.font()).height() + 9)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip; a filter has its number in the tone and the rest in ink."""
        del event
        painter = QPainter(self)
        painter.setFont(self.font())
        if self._pill:
            self._box(painter, f"{self.tone}_wash", f"{self.tone}_wash", self.height() / 2)
            painter.setPen(self._look.colour(self.tone))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
            painter.end()
            return
        self._box(painter, "accent_wash" if self.isChecked() else "panel", "accent" if self.isChecked() else "line", 6)
        number, _, words = self.text().partition(" ")
        painter.setFont(self._look.small_bold)
        painter.setPen(self._look.colour(self.tone if self.tone != "grey" else "ink"))
        place = self.rect().adjusted(11, 0, -4, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, number)
        left = painter.fontMetrics().horizontalAdvance(number + " ")
        painter.setFont(self.font())
        painter.setPen(self._look.colour("soft"))
        painter.drawText(place.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class KeyButton(_Button):
    """A button that shows the key that presses it; the primary one is filled."""

    def __init__(self, look: Look, text: str, key: str = "", *, primary: bool = False) -> None:
        super().__init__(look, text)
        self._key = key
        self._primary = primary
        if key:
            self.setAccessibleDescription(f"Key {key}")

    def set_primary(self, primary: bool) -> None:
        """Fill it, or not."""
        self._primary = primary
        self.update()

    def sizeHint(self) -> QSize:
        """Words, key and margins."""
        key = self._width(self._key) + 16 if self._key else 0
        return QSize(self._width(self.text()) + 22 + key, QFontMetrics(self.font()).height() + 11)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button and its key."""
        del event
        painter = QPainter(self)
        painter.setFont(self.font())
        on = self._primary and self.isEnabled()
        self._box(painter, "accent" if on else ("sunk" if self.isDown() else "panel"), "accent" if on else "line", 6)
        ink = "on_accent" if on else ("ink" if self.isEnabled() else "faint")
        painter.setPen(self._look.colour(ink))
        words = self.rect().adjusted(11, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._key:
            cap = QRect(
                self.rect().right() - self._width(self._key) - 18, 5, self._width(self._key) + 10, self.height() - 10
            )
            painter.setPen(self._look.colour("on_accent" if on else "line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(self._look.colour("on_accent" if on else "soft"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()


class _Segment(_Button):
    def __init__(self, look: Look, text: str, place: str) -> None:
        super().__init__(look, text)
        self._place = place
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        widest = QFontMetrics(self._look.small_bold).horizontalAdvance(self.text())  # as wide chosen as not
        return QSize(widest + 24, QFontMetrics(self.font()).height() + 11)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._place == "first":
            box.adjust(0, 0, 8, 0)
        elif self._place == "last":
            box.adjust(-8, 0, 0, 0)
        elif self._place == "middle":
            box.adjust(-8, 0, 8, 0)
        painter.setPen(self._look.colour("line"))
        painter.setBrush(self._look.colour("accent_wash" if on else "panel"))
        painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(self._look.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(self._look.small_bold if on else self._look.small)
        painter.setPen(self._look.colour("accent" if on else "soft"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Segmented(QWidget):
    """One of a few, side by side."""

    chosen = Signal(str)
    again = Signal(str)
    """The one that was chosen already was pressed once more."""

    def __init__(self, look: Look, choices: Sequence[tuple[str, str]], current: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._segments: dict[str, _Segment] = {}
        for number, (key, words) in enumerate(choices):
            place = "first" if number == 0 else "last" if number == len(choices) - 1 else "middle"
            segment = _Segment(look, words, place)
            segment.setProperty("choice", key)
            segment.clicked.connect(self._on_clicked)
            self._segments[key] = segment
            row.addWidget(segment)
        self.current = ""
        self.choose(current)

    def choose(self, key: str) -> None:
        """Show a choice, without telling anybody."""
        self.current = key
        for name, segment in self._segments.items():
            segment.setChecked(name == key)

    def take_focus(self) -> None:
        """Give the keyboard to the choice that is shown."""
        self._segments[self.current].setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, key: str, words: str) -> None:
        """Other words on a segment: a count has changed."""
        self._segments[key].say(words)

    def _on_clicked(self) -> None:
        sender = self.sender()
        key = str(sender.property("choice"))
        changed = key != self.current
        self.choose(key)
        (self.chosen if changed else self.again).emit(key)
