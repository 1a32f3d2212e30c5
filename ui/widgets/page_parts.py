"""What the pages of the rail share: a head with a count, an empty state, and a foot that names the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.theme.icons import pixmap
from ui.theme.look import Look
from ui.widgets.plain_text import PlainLabel, draw

_SIDE: Final = 14
_ICON: Final = 32


class PageHead(QWidget):
    """The page's name, how many, and perhaps a few words at the right."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self._name = title
        self._title = PlainLabel(look, title, "ink", look.large_bold)
        self._count = PlainLabel(look, "", "soft", look.font)
        self.note = PlainLabel(look, "", "soft", look.small)
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 12, _SIDE, 10)
        row.setSpacing(8)
        for label in (self._title, self._count):
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            row.addWidget(label)
        row.addWidget(self.note, 1)

    def count(self, number: int) -> None:
        """Say how many there are; none says nothing."""
        self._count.say(str(number) if number else "")


class Empty(QWidget):
    """A page with nothing on it says so, and what would stand there."""

    def __init__(self, look: Look, icon: str, text: str, more: str) -> None:
        super().__init__()
        self._look, self._icon, self._text, self._more = look, icon, text, more
        self.say(text)

    def say(self, text: str) -> None:
        """Say other words for why nothing stands here."""
        self._text = text
        self.setAccessibleName(f"{text} {self._more}")
        self.update()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def sizeHint(self) -> QSize:
        """Room for the words in the middle."""
        return QSize(360, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the middle, a little above."""
        del event
        painter = QPainter(self)
        centre = QPoint(self.width() // 2, self.height() * 2 // 5)
        drawn = pixmap(self._icon, self._look, "faint", _ICON, self.devicePixelRatio())
        painter.drawPixmap(centre - QPoint(_ICON // 2, _ICON + 12), drawn)
        width = min(self.width() - 2 * _SIDE, 460)
        line = QRect(centre.x() - width // 2, centre.y(), width, self._look.line_height + 4)
        painter.setFont(self._look.bold)
        painter.setPen(self._look.colour("ink"))
        draw(painter, line, self._text, Qt.AlignmentFlag.AlignHCenter)
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("soft"))
        line.moveTop(line.bottom() + 4)
        line.setHeight(3 * self._look.line_height)
        draw(painter, line, self._more, Qt.AlignmentFlag.AlignHCenter, wrap=True)
        painter.end()


class Footer(QWidget):
    """What the keys do here, perhaps with what they apply to before them and a count at the right."""

    def __init__(self, look: Look, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._look = look
        self._keys: tuple[tuple[str, str], ...] = ()
        self._about: tuple[str, str, str] = ("", "", "")
        self._note = ""
        self.show_keys(keys)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Say what other keys do."""
        self._take((tuple(keys), self._about, self._note))

    def show_about(self, before: str, strong: str, after: str, note: str) -> None:
        """Say what the keys apply to, the middle of it in bold, and a note at the right."""
        self._take((self._keys, (before, strong, after), note))

    @property
    def words(self) -> str:
        """All it says, as a screen reader hears it."""
        keys = ", ".join(f"{key}: {words}" for key, words in self._keys)
        return ". ".join(part for part in (" ".join(filter(None, self._about)), keys, self._note) if part)

    def _take(self, said: tuple[tuple[tuple[str, str], ...], tuple[str, str, str], str]) -> None:
        if said != (self._keys, self._about, self._note):
            self._keys, self._about, self._note = said
            self.setAccessibleName(self.words)
            self.update()

    def sizeHint(self) -> QSize:
        """A line and its air."""
        return QSize(300, QFontMetrics(self._look.small).height() + 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what they apply to, each key as a cap with its words, and the note."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.small)
        metrics = painter.fontMetrics()
        right = self.width() - (metrics.horizontalAdvance(self._note) + 2 * _SIDE if self._note else 0)
        painter.setPen(self._look.colour("soft"))
        draw(painter, self.rect().adjusted(0, 0, -_SIDE, 0), self._note, Qt.AlignmentFlag.AlignRight)
        left = self._paint_about(painter, right)
        height = metrics.height() + 4
        top = (self.height() - height) // 2
        for key, words in self._keys:
            cap = QRect(left, top, metrics.horizontalAdvance(key) + 12, height)
            if cap.right() + metrics.horizontalAdvance(words) + 10 > right:
                break
            paint_cap(painter, cap, key, self._look)
            place = QRect(cap.right() + 8, top, metrics.horizontalAdvance(words) + 2, height)
            painter.setPen(self._look.colour("soft"))
            draw(painter, place, words)
            left = place.right() + 18
        painter.end()

    def _paint_about(self, painter: QPainter, right: int) -> int:
        """Where the keys may begin."""
        left = _SIDE
        for words, strong in zip(self._about, (False, True, False), strict=True):
            if not words:
                continue
            painter.setFont(self._look.small_bold if strong else self._look.small)
            painter.setPen(self._look.colour("ink" if strong else "soft"))
            width = min(painter.fontMetrics().horizontalAdvance(words) + 2, max(0, right - left))
            draw(painter, QRect(left, 0, width, self.height()), words)
            left += width + painter.fontMetrics().horizontalAdvance(" ")
        painter.setFont(self._look.small)
        return left + (12 if left > _SIDE else 0)


def paint_cap(painter: QPainter, cap: QRect, key: str, look: Look) -> None:
    """A key as it stands on a keyboard."""
    painter.setPen(look.colour("line"))
    painter.setBrush(look.colour("panel"))
    painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(look.colour("soft"))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
