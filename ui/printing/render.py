"""Paints laid-out pages: to a PDF, to a printer, or small for a preview."""

from __future__ import annotations

import math
from itertools import groupby

from PySide6.QtCore import QBuffer, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageSize, QPainter, QPen

from ui.printing import paper
from ui.printing.frame import Barcode, Box, Page, Rule, Text
from ui.printing.layout import Laid
from ui.printing.sheet import Size
from ui.printing.typeface import DPI, dots


def as_pdf(laid: Laid) -> bytes:
    """The pages as a PDF."""
    buffer = QBuffer()
    writer = paper.pages(buffer, laid.document.title, page_size(laid.size), DPI)
    paint_pages(laid, writer, DPI)
    return bytes(buffer.data().data())


def paint_pages(laid: Laid, device: QPagedPaintDevice, resolution: int) -> bool:
    """Paint every page on a device that has pages; False when it would not take one."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    for number, page in enumerate(laid.pages):
        if number and not device.newPage():
            painter.end()
            return False
        painter.save()
        painter.scale(resolution / DPI, resolution / DPI)
        paint(painter, page)
        painter.restore()
    return painter.end()


def picture(laid: Laid, number: int, width: int, ratio: float = 1.0) -> QImage:
    """One page as a picture so many device-independent pixels wide."""
    scale = width * ratio / dots(laid.size.width)
    size = QSize(round(width * ratio), round(dots(laid.size.height) * scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    paint(painter, laid.pages[number])
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def page_size(size: Size) -> QPageSize:
    """A paper as Qt knows it."""
    sides = QSizeF(size.width, size.height)
    return QPageSize(sides, QPageSize.Unit.Millimeter, size.words, QPageSize.SizeMatchPolicy.FuzzyMatch)


def paint(painter: QPainter, page: Page) -> None:
    """Every mark of a page; the painter's unit is a dot of the layout."""
    painter.setPen(QPen(Qt.GlobalColor.black, dots(0.15)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for mark in page.marks:
        match mark:
            case Text(x, y, text, style):
                painter.setFont(page.type.font(style))
                painter.drawText(QPointF(x, y), text)
            case Rule(x, y, width):
                painter.drawLine(QPointF(x, y), QPointF(x + width, y))
            case Box(x, y, side):
                painter.drawRect(QRectF(x, y, side, side))
            case Barcode():
                _paint_bars(painter, mark)


def _paint_bars(painter: QPainter, code: Barcode) -> None:
    """Bars of whole printer's dots: a scanner goes by how wide they are to each other."""
    scale = painter.deviceTransform().m11() or 1.0
    module = math.floor(code.module * scale) / scale if code.module * scale >= 1 else code.module
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, code.module * scale < 1)
    left = round(code.x * scale) / scale
    start = 0
    for black, run in groupby(code.modules):
        count = len(list(run))
        if black == "1":
            bar = QRectF(left + start * module, code.y, count * module, code.height)
            painter.fillRect(bar, Qt.GlobalColor.black)
        start += count
    painter.restore()
