"""The list after an outage on paper: a plain page with a box before each edit, to work through at the dealer system."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPdfWriter, QPen

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.printing import paper
from ui.shell.reconcile_words import Done, Order, Row

TITLE: Final = "After the outage"
_WRAP: Final = int(Qt.TextFlag.TextWordWrap.value)


def write_pdf(path: str, rows: list[Row], store: str, now: datetime, settings: Settings) -> bool:
    """Write the list to a file; False when the file cannot be written."""
    return not paper.save(Path(path), as_pdf(rows, store, now, settings))


def as_pdf(rows: list[Row], store: str, now: datetime, settings: Settings) -> bytes:
    """The list as a PDF."""
    buffer = QBuffer()
    writer = paper.pages(buffer, TITLE)
    painter = QPainter(writer)
    at = now.astimezone(settings.zone)
    day = f"{times.DAYS[at.weekday()]} {times.MONTHS[at.month - 1]} {at.day}, {at.year}"
    printed = " · ".join(part for part in (store, f"printed {day}, {at.hour}:{at.minute:02}") if part)
    _Sheet(writer, painter, printed).lay_out(rows)
    painter.end()
    return bytes(buffer.data().data())


class _Sheet:
    """Lays rows out down the pages."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, printed: str) -> None:
        self._writer, self._painter, self._printed = writer, painter, printed
        self._plain, self._bold, self._small = QFont(), QFont(), QFont()
        self._plain.setPointSizeF(10)
        self._bold.setPointSizeF(10)
        self._bold.setBold(True)
        self._small.setPointSizeF(8.5)
        self._width, self._height = writer.width(), writer.height()
        self._page, self._top = 0, 0

    def lay_out(self, rows: list[Row]) -> None:
        """Every row, over as many pages as it takes."""
        self._head()
        for row in rows:
            if isinstance(row, Done):
                self._edit(row)
            elif isinstance(row, Order):
                self._write(row.title, self._bold, 0, space=14, keep=70)
            else:
                self._write(row.title, self._small, 0, space=18, keep=130)

    def _head(self) -> None:
        self._page += 1
        self._top = 0
        title = QFont(self._plain)
        title.setPointSizeF(15)
        title.setBold(True)
        self._put(QRect(0, 0, self._width, self._metrics(title).height()), TITLE, title)
        self._top = self._metrics(title).height() + 2
        small = self._metrics(self._small).height()
        self._put(QRect(0, self._top, self._width, small), self._printed, self._small)
        number = QRect(0, self._top, self._width, small)
        self._painter.drawText(number, int(Qt.AlignmentFlag.AlignRight.value), f"Page {self._page}")
        self._top += small + 8
        self._painter.setPen(QPen(Qt.GlobalColor.black, 1))
        self._painter.drawLine(0, self._top, self._width, self._top)
        self._top += 6

    def _edit(self, row: Done) -> None:
        left = 34
        line = self._metrics(self._plain).height()
        said = f"{row.what}, {row.state}"
        tall = self._tall(said, self._plain, left) + self._tall(row.more, self._small, left) + 12
        self._make_room(tall)
        box = QRectF(6, self._top + 8 + line * 0.15, line * 0.7, line * 0.7)
        self._painter.drawRect(box)
        if row.ticked:
            self._painter.drawLine(box.topLeft(), box.bottomRight())
            self._painter.drawLine(box.topRight(), box.bottomLeft())
        self._write(said, self._plain, left, space=8)
        self._write(row.more, self._small, left, space=0)

    def _write(self, text: str, font: QFont, left: int, *, space: int, keep: int = 0) -> None:
        """Words over the whole width; ``keep`` is the room wanted beneath them on the same page."""
        tall = self._tall(text, font, left)
        self._make_room(space + tall + keep)
        self._top += space
        self._put(QRect(left, self._top, self._width - left, tall), text, font)
        self._top += tall

    def _make_room(self, tall: int) -> None:
        if self._top + tall > self._height and self._top > self._height // 4:
            self._writer.newPage()
            self._head()

    def _tall(self, text: str, font: QFont, left: int) -> int:
        room = QRect(0, 0, self._width - left, 100_000)
        return self._metrics(font).boundingRect(room, _WRAP, text).height()

    def _put(self, box: QRect, text: str, font: QFont) -> None:
        self._painter.setFont(font)
        self._painter.drawText(box, _WRAP, text)

    def _metrics(self, font: QFont) -> QFontMetrics:
        return QFontMetrics(font, self._writer)
