"""Text from outside, shown as it is: never read as HTML, cut with an ellipsis, in a colour of the theme."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.look import Look


class PlainLabel(QLabel):
    """A label that paints its words itself: one line cut with an ellipsis, or wrapped."""

    def __init__(
        self, look: Look, text: str = "", role: str = "ink", font: QFont | None = None, *, wrap: bool = False
    ) -> None:
        super().__init__()
        self._look = look
        self._role = role
        self._wrap = wrap
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font or look.font)
        self.setWordWrap(wrap)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Ignored if not wrap else policy.Preferred, policy.Preferred)
        if not wrap:
            self.setSizePolicy(policy.Expanding, policy.Fixed)
        self.say(text)

    def say(self, text: str, role: str | None = None) -> None:
        """Show other words, perhaps in another colour."""
        self._role = role or self._role
        self.setText(text)
        self.setAccessibleName(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """A cut label may shrink to a few characters."""
        hint = super().minimumSizeHint()
        return hint if self._wrap else QSize(24, hint.height())

    def sizeHint(self) -> QSize:
        """As wide as the words."""
        metrics = QFontMetrics(self.font())
        if self._wrap:
            return super().sizeHint()
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 2)

    def heightForWidth(self, width: int) -> int:
        """As many lines as the words are painted in."""
        return wrapped_height(self.fontMetrics(), self.text(), width) if self._wrap else super().heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words."""
        del event
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._look.colour(self._role))
        draw(painter, self.contentsRect(), self.text(), self.alignment(), wrap=self._wrap)
        painter.end()


def draw(
    painter: QPainter,
    rect: QRect,
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    wrap: bool = False,
) -> None:
    """Draw plain words in a rectangle, cut or wrapped."""
    flags = int(align.value) | int(Qt.TextFlag.TextIncludeTrailingSpaces.value)
    if wrap:
        painter.drawText(rect, flags | _WRAP, unbroken(text))
        return
    line = text.replace("\n", " ")
    if _RIGHT_TO_LEFT.search(line):
        line = each_in_its_place(line)
        flags |= int(Qt.TextFlag.TextForceLeftToRight.value)
    line = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(
        rect, flags | int(Qt.AlignmentFlag.AlignVCenter.value) | int(Qt.TextFlag.TextSingleLine.value), line
    )


def wrapped_height(metrics: QFontMetrics, text: str, room: int) -> int:
    """How high words stand that are drawn wrapped in a room."""
    return metrics.boundingRect(QRect(0, 0, room, 10_000), _WRAP, unbroken(text)).height()


def unbroken(text: str) -> str:
    """Words as they are painted where they wrap: ``e-mail``, ``T-231`` and ``Maria K.`` go to the next line whole."""
    return _INITIAL.sub("\u00a0", _HYPHEN.sub("\u2011", text))


_WRAP: Final = int(Qt.TextFlag.TextWordWrap.value)
_HYPHEN: Final = re.compile(r"(?<=\b\w)-(?=\w)")
"""One after a single letter."""
_INITIAL: Final = re.compile(r"(?<=\w) (?=[^\W\d_]\.(?!\w))")
"""The space before the first letter of a family name."""
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def each_in_its_place(line: str) -> str:
    """Parts between dots, each read in its own direction: a Hebrew name does not turn the line around it (UAX #9)."""
    return " · ".join(f"\u2068{part}\u2069" for part in line.split(" · "))


def draw_sentence(
    painter: QPainter, rect: QRect, text: str, lines: int, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> None:
    """Draw plain words in so many lines from the top of a rectangle, the last line cut."""
    metrics = painter.fontMetrics()
    line = QRect(rect.left(), rect.top(), rect.width(), metrics.height())
    for words in in_lines(metrics, text, rect.width(), lines):
        draw(painter, line, words, align)
        line.translate(0, metrics.lineSpacing())


def in_lines(metrics: QFontMetrics, text: str, room: int, lines: int) -> list[str]:
    """Words in no more than so many lines of a room; the last one takes what is left, however long."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and len(found) < lines and not fits(metrics, longer, room):
            found.append(word)
        else:
            found[-1] = longer
    return found


def fits(metrics: QFontMetrics, text: str, room: int) -> bool:
    """True where words stand uncut; asked as they are cut, since their width in whole pixels may be too small."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) == text


def cut_beginning(metrics: QFontMetrics, text: str, room: int) -> str:
    """Words cut to a room before their first dot, so that what follows is kept: ``Washing… · waits · 17:30``."""
    begin, dot, rest = text.partition(" · ")
    left = room - metrics.horizontalAdvance(dot + rest) - 1
    if not rest or fits(metrics, text, room):
        return text
    if left < metrics.averageCharWidth() * 4:
        return rest
    return metrics.elidedText(begin, Qt.TextElideMode.ElideRight, left) + dot + rest


def cut_end(metrics: QFontMetrics, text: str, room: int) -> str:
    """Words without their last part where it would be cut: ``stock order · today``."""
    rest = text.rpartition(" · ")[0]
    return rest if rest and not fits(metrics, text, room) else text


def cut_before_end(metrics: QFontMetrics, text: str, room: int) -> str:
    """Words cut to a room so that what stands after their last dot is kept: ``2024 Tundra Lim… · waiter``."""
    rest, dot, end = text.rpartition(" · ")
    left = room - metrics.horizontalAdvance(dot + end)
    if not rest or metrics.horizontalAdvance(text) <= room or left < metrics.averageCharWidth() * 4:
        return text
    return metrics.elidedText(rest, Qt.TextElideMode.ElideRight, left) + dot + end


def tooltip(text: str) -> str:
    """Words for a tooltip, which Qt would read as HTML when they look like it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>") if "<" in text or "&" in text else text


class Panel(QWidget):
    """A plain surface of a role, with one-pixel lines on the sides named, or ``round``."""

    def __init__(self, look: Look, role: str = "panel", lines: str = "") -> None:
        super().__init__()
        self._look = look
        self._role = role
        self._lines = lines

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface."""
        del event
        painter = QPainter(self)
        box = self.rect()
        if self._lines == "round":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(self._look.colour(self._role))
            painter.setPen(self._look.colour("line"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.end()
            return
        painter.fillRect(box, self._look.colour(self._role))
        painter.setPen(self._look.colour("line"))
        if "top" in self._lines:
            painter.drawLine(box.topLeft(), box.topRight())
        if "bottom" in self._lines:
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        if "left" in self._lines:
            painter.drawLine(box.topLeft(), box.bottomLeft())
        if "right" in self._lines:
            painter.drawLine(box.topRight(), box.bottomRight())
        painter.end()
