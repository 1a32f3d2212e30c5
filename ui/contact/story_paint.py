"""How the story is painted: clock, icon, and words that wrap, each height worked out once for a width."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.contact.entries import Entry
from ui.theme import icons
from ui.theme.look import Look
from ui.widgets.dot import paint_dot
from ui.widgets.plain_text import draw, unbroken

Index = QModelIndex | QPersistentModelIndex
ENTRY: Final = int(Qt.ItemDataRole.UserRole) + 1
_LEFT: Final = 14
_ICON: Final = 55
_WORDS: Final = 79
_SIDE: Final = 16
_WIDTHS: Final = 2
_BOUND: Final = re.compile(r" (?=·|person)|(?<=·) | (?=\w\.(?: |$))")
"""Where a line may not end: before a dot between two facts, after it, within ``in person`` and ``Maria K.``."""
_KEPT_SPACE: Final = "\u00a0"
_MOST: Final = 2_000
_LONGEST: Final = 500
"""Longer words are cut until they are asked for in full."""


class StoryPainter(QStyledItemDelegate):
    """Paints entries; keeps their laid-out words until the width or the theme is another."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.width = 0
        self._laid: dict[int, dict[Entry, QTextLayout]] = {}
        """What is laid out, by width: Qt asks for one or two besides the one it then paints."""
        self._small = QFontMetrics(look.small)
        self.full: set[str] = set()
        """Ids of entries shown in full length."""
        look.changed.connect(self.forget)

    def forget(self) -> None:
        """Lay everything out anew."""
        self._laid.clear()

    def height(self, entry: Entry, width: int) -> int:
        """How high an entry is in a width."""
        if entry.is_day:
            return self._small.height() + 10
        return round(self._layout(entry, width).boundingRect().height()) + 11

    def is_cut(self, entry: Entry) -> bool:
        """True when the entry is longer than it is shown."""
        return len(entry.words) > _LONGEST

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words."""
        del option
        return QSize(max(self.width, 1), self.height(index.data(ENTRY), self.width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one entry."""
        entry: Entry = index.data(ENTRY)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        look = self._look
        painter.save()
        if entry.is_day:
            painter.setFont(look.small)
            painter.setPen(look.colour("faint"))
            draw(painter, box.adjusted(_LEFT, 2, -_SIDE, 0), entry.words)
            painter.restore()
            return
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, look.colour("accent_wash" if state & QStyle.StateFlag.State_HasFocus else "sunk"))
        top = box.top() + 5
        line = QRect(box.left() + _LEFT, top, _ICON - _LEFT - 2, look.line_height)
        painter.setFont(look.small)
        painter.setPen(look.colour("soft"))
        draw(painter, line, entry.clock)
        icons.paint(painter, QRect(box.left() + _ICON, top, 15, look.line_height), entry.icon, look, entry.tone)
        if entry.pending:
            paint_dot(painter, QPoint(box.right() - 8, line.center().y() + 1), look)
        self._layout(entry, box.width()).draw(painter, QPointF(box.left() + _WORDS, top))
        painter.restore()

    def _layout(self, entry: Entry, width: int) -> QTextLayout:
        laid = self._laid.get(width)
        if laid is None:
            while len(self._laid) >= _WIDTHS:
                del self._laid[next(iter(self._laid))]
            laid = self._laid[width] = {}
        if entry not in laid:
            if len(laid) >= _MOST:
                laid.clear()
            laid[entry] = self._lay_out(entry, width)
        return laid[entry]

    def _lay_out(self, entry: Entry, width: int) -> QTextLayout:
        said = entry.words
        if len(said) > _LONGEST and entry.id not in self.full:
            said = said[:_LONGEST].rstrip() + "…"
        # Isolated, so that words written from right to left leave what follows them in its place.
        words = f"\u2068{said}\u2069" + entry.bold
        text = f"{words}  {_BOUND.sub(_KEPT_SPACE, entry.suffix)}" if entry.suffix else words
        layout = QTextLayout(unbroken(text.replace("\n", "\u2028")), self._look.font)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        cuts = (
            (0, _units(words) - _units(entry.bold), self._look.font, "ink"),
            (_units(words) - _units(entry.bold), _units(entry.bold), self._look.bold, "ink"),
            (_units(words), _units(text) - _units(words), self._look.tiny, entry.tone),
        )
        layout.setFormats([self._format(*cut) for cut in cuts if cut[1]])
        room = max(width - _WORDS - _SIDE, 60)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        return layout

    def _format(self, start: int, length: int, font: QFont, role: str) -> QTextLayout.FormatRange:
        out = QTextLayout.FormatRange()
        out.start, out.length = start, length
        said = QTextCharFormat()
        said.setFont(font)
        said.setForeground(self._look.colour(role))
        out.format = said
        return out


def _units(text: str) -> int:
    """How long Qt counts a text: in UTF-16 units, of which an emoji takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
