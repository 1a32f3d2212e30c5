"""A document on its pages, the same for screen, file and printer."""

from __future__ import annotations

from typing import Final, NamedTuple

from ui.printing.blocks import put_bars, put_facts, put_words
from ui.printing.frame import Frame, Page, Text
from ui.printing.sheet import LABEL, PAGE, Bars, Block, Document, Facts, Size, Table, Words
from ui.printing.tables import put_table
from ui.printing.typeface import Type, dots

_SHRINKS: Final = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""How much smaller the type of a label becomes before it runs over to another one."""
_BETWEEN: Final = 3.0


class Laid(NamedTuple):
    """A document on papers of one size."""

    document: Document
    size: Size
    pages: list[Page]


def lay_out(document: Document, size: Size) -> Laid:
    """The document on papers of a size."""
    pages = [page for part in document.parts for page in _part(document, size, part)]
    if document.kind == PAGE and len(pages) > 1:
        _number(pages, size)
    return Laid(document, size, pages)


def _part(document: Document, size: Size, part: tuple[Block, ...]) -> list[Page]:
    """The pages of a part; a label too full for its type is set in a smaller one."""
    pages: list[Page] = []
    for scale in _SHRINKS if document.kind == LABEL else _SHRINKS[:1]:
        frame = Frame(document, size, Type(scale))
        for block in part:
            frame.gap(_BETWEEN * scale if document.kind == PAGE else 1.2 * scale)
            _put(frame, block)
        pages = frame.pages
        if len(pages) == 1:
            break
    return pages


def _put(frame: Frame, block: Block) -> None:
    match block:
        case Words():
            put_words(frame, block)
        case Facts():
            put_facts(frame, block)
        case Table():
            put_table(frame, block)
        case Bars():
            put_bars(frame, block)


def _number(pages: list[Page], size: Size) -> None:
    """Say at each page's head which of how many it is."""
    for number, page in enumerate(pages, 1):
        text = f"Page {number} of {len(pages)}"
        right = dots(size.width - size.margin) - page.type.width(text, "small")
        page.marks.append(Text(right, dots(size.margin) + page.type.rise("large"), text, "small"))
