"""What stands on a paper, as plain rows: no fonts and no places yet, so that it can be read and tested as words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

PAGE, LABEL = "page", "label"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; its style is ``plain``, ``small``, ``strong``, ``large`` or ``huge``."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, beneath each other; ``sums`` puts figures at the right edge, the last one strong."""

    rows: tuple[tuple[str, str], ...]
    sums: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``share`` is its part of the width."""

    title: str
    share: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading; with no heading they stand alone."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in columns; ``ticked`` puts a box to tick before each."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A number as a barcode, with the number beneath."""

    text: str


Block = Words | Facts | Table | Bars


@dataclass(frozen=True, slots=True)
class Document:
    """Something to print: each of its ``parts`` begins on a paper of its own."""

    name: str
    """What its file is called, without a person's name."""
    title: str
    under: str = ""
    """Whose it is and of when; it stands with the title at the head of each page, never on a label."""
    parts: tuple[tuple[Block, ...], ...] = field(default_factory=tuple)
    kind: str = PAGE
    called: str = ""
    """What the store calls it, where its title speaks to the customer."""

    def words(self) -> list[str]:
        """Every word that stands on it, in order."""
        out = [self.title, self.under] if self.kind == PAGE else []
        for part in self.parts:
            for block in part:
                out += _words(block)
        return [text for text in out if text]


def _words(block: Block) -> list[str]:
    match block:
        case Words() | Bars():
            return [block.text]
        case Facts():
            return [text for row in block.rows for text in row]
        case Table():
            titles = [column.title for column in block.columns]
            return titles + [text for group in block.groups for text in (group.heading, *_flat(group.rows))]


def _flat(rows: tuple[tuple[str, ...], ...]) -> list[str]:
    return [text for row in rows for text in row]


@dataclass(frozen=True, slots=True)
class Size:
    """A paper: its name in settings, what a person calls it, its sides and its margin in millimetres."""

    name: str
    words: str
    width: float
    height: float
    margin: float


_INCH: Final = 25.4
LETTER: Final = Size("letter", "Letter", 8.5 * _INCH, 11 * _INCH, 17)
A4: Final = Size("a4", "A4", 210, 297, 17)
PAGES: Final = (LETTER, A4)
LABELS: Final = (
    Size("4x3", "4 × 3 in", 4 * _INCH, 3 * _INCH, 4),
    Size("4x6", "4 × 6 in", 4 * _INCH, 6 * _INCH, 5),
    Size("4x2", "4 × 2 in", 4 * _INCH, 2 * _INCH, 3),
    Size("100x62", "100 × 62 mm", 100, 62, 3),
)
_LETTER_COUNTRIES: Final = frozenset(
    ("US", "CA", "MX", "PR", "BZ", "CL", "CO", "CR", "GT", "NI", "PA", "PH", "SV", "VE")
)
"""Where paper is cut to Letter (CLDR, measurementData/paperSize)."""


def sizes(kind: str) -> tuple[Size, ...]:
    """The papers a kind can be printed on, the usual one first."""
    return LABELS if kind == LABEL else PAGES


def usual(kind: str, country: str) -> Size:
    """The paper where nobody has chosen one: a store's country says which page."""
    if kind == LABEL:
        return LABELS[0]
    return LETTER if country in _LETTER_COUNTRIES else A4


def size(kind: str, name: str, country: str) -> Size:
    """The paper of that name; the usual one for a name that is none."""
    return next((one for one in sizes(kind) if one.name == name), usual(kind, country))
