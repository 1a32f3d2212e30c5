"""The pages of a document as they fill: marks at their places, and another page where there is no room."""

from __future__ import annotations

from typing import Final, NamedTuple

from ui.printing.sheet import PAGE, Document, Size
from ui.printing.typeface import Type, dots


class Text(NamedTuple):
    """One line of words; ``y`` is what they stand on."""

    x: float
    y: float
    text: str
    style: str


class Rule(NamedTuple):
    """A thin line across."""

    x: float
    y: float
    width: float


class Box(NamedTuple):
    """A box to tick."""

    x: float
    y: float
    side: float


class Barcode(NamedTuple):
    """Bars of a height, each module of a width."""

    x: float
    y: float
    module: float
    height: float
    modules: str


Mark = Text | Rule | Box | Barcode


class Page(NamedTuple):
    """One page: its marks, and the type they are set in."""

    marks: list[Mark]
    type: Type


_HEAD_GAP: Final = dots(3)


class Frame:
    """Takes blocks from the top down; ``top`` is where the next one begins."""

    def __init__(self, document: Document, size: Size, type: Type) -> None:
        self._document = document
        self.type = type
        self.left = dots(size.margin)
        self.width = dots(size.width - 2 * size.margin)
        self._first, self.bottom = dots(size.margin), dots(size.height - size.margin)
        self.pages: list[Page] = []
        self.top = self._body = self._first
        self.begin_page()

    @property
    def right(self) -> float:
        """Where the paper's margin begins at the right."""
        return self.left + self.width

    def begin_page(self) -> None:
        """Another page, with the document's head."""
        self.pages.append(Page([], self.type))
        self.top = self._body = self._first
        if self._document.kind == PAGE:
            self.write(self._document.title, "large", self.left, self.width * 0.8)
            if self._document.under:
                self.write(self._document.under, "small", self.left, self.width)
            self.top += dots(1)
            self.put(Rule(self.left, self.top, self.width))
            self.top += _HEAD_GAP
        self._body = self.top

    @property
    def room(self) -> float:
        """What is left of this page."""
        return self.bottom - self.top

    @property
    def whole(self) -> float:
        """What a page has below its head."""
        return self.bottom - self._body

    @property
    def is_fresh(self) -> bool:
        """True while the page has nothing but its head."""
        return self.top <= self._body

    def put(self, mark: Mark) -> None:
        """Put a mark on the page."""
        self.pages[-1].marks.append(mark)

    def gap(self, millimetres: float) -> None:
        """Leave some white, but not at the head of a page."""
        if not self.is_fresh:
            self.top += dots(millimetres)

    def write(self, text: str, style: str, left: float, width: float) -> None:
        """Write words wrapped; a line for which there is no room begins another page."""
        for line in self.type.lines(text, style, width):
            if self.type.height(style) > self.room and not self.is_fresh:
                self.begin_page()
            self.line(line, style, left)
            self.top += self.type.height(style)

    def line(self, text: str, style: str, left: float, right: float | None = None, beside: str = "") -> None:
        """One line at the top, from ``left`` or up to ``right``, standing as high as one in the style ``beside``."""
        if text:
            x = left if right is None else right - self.type.width(text, style)
            self.put(Text(x, self.top + self.type.rise(beside or style), text, style))
