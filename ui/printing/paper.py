"""A plain page of headings and lines, as a PDF: what somebody prints to take along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter

_DPI: Final = 144
_WRAP: Final = int(Qt.TextFlag.TextWordWrap.value)
_MARGIN: Final = QMarginsF(18, 16, 18, 16)
Part = tuple[str, Sequence[str]]
"""A heading and its lines."""


def write(path: str, title: str, printed: str, parts: Sequence[Part]) -> bool:
    """Write the page to a file; False when the file cannot be written."""
    return saved(path, as_pdf(title, printed, parts))


def as_pdf(title: str, printed: str, parts: Sequence[Part]) -> bytes:
    """The page, or as many as it takes."""
    buffer = QBuffer()
    writer = pages(buffer, title)
    painter = QPainter(writer)
    page = _Page(writer, painter)
    page.write(title, page.large, 0)
    page.write(printed, page.small, 4)
    for head, lines in parts:
        page.write(head, page.bold, 22)
        for line in lines:
            page.write(f"•  {line}", page.plain, 6)
    painter.end()
    return bytes(buffer.data().data())


def pages(buffer: QBuffer, title: str, size: QPageSize | None = None, dpi: int = _DPI) -> QPdfWriter:
    """Pages written into the buffer: Letter with a margin, or papers of a size to be painted up to their edges."""
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Advisor Desk")
    writer.setResolution(dpi)
    margin, letter = (_MARGIN, QPageSize(QPageSize.PageSizeId.Letter)) if size is None else (QMarginsF(), size)
    writer.setPageLayout(QPageLayout(letter, QPageLayout.Orientation.Portrait, margin, QPageLayout.Unit.Millimeter))
    return writer


def saved(path: str, pdf: bytes) -> bool:
    """Write a page to a file; False when the file cannot be written."""
    try:
        Path(path).write_bytes(pdf)
    except OSError:
        return False
    return True


class _Page:
    """Writes down the page, and begins another where there is no room."""

    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self._writer, self._painter, self._top = writer, painter, 0
        self.plain, self.bold, self.small, self.large = _font(10), _font(10, True), _font(8.5), _font(15, True)

    def write(self, text: str, font: QFont, space: int) -> None:
        """Write words, wrapped."""
        self._painter.setFont(font)
        width, height = self._writer.width(), self._writer.height()
        wanted = self._painter.fontMetrics().boundingRect(QRect(0, 0, width, height), _WRAP, text).height()
        if self._top + space + wanted > height and self._top:
            self._writer.newPage()
            self._top, space = 0, 0
        self._top += space
        self._painter.drawText(QRect(0, self._top, width, wanted + 4), _WRAP, text)
        self._top += wanted


def _font(points: float, bold: bool = False) -> QFont:
    font = QFont()
    font.setPointSizeF(points)
    font.setBold(bold)
    return font
