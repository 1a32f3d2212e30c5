"""A table of two-line cells under group headings, as the drawings have it: one row in hand, everything by key."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Sequence
from itertools import chain, compress, islice
from operator import attrgetter, indexOf, is_not
from typing import Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from advisor_desk.domain.lights import Light
from ui.theme.look import Look
from ui.widgets.dot import paint_dot
from ui.widgets.entry import see_through
from ui.widgets.light_mark import paint_light
from ui.widgets.plain_text import cut_beginning, cut_end, draw, draw_sentence, fits
from ui.widgets.scroll_bar import SlimBar

_SIDE: Final = 14
_GAP: Final = 14
_EDGE: Final = 3
_KEPT: Final = 250
"""So many rows are kept as pictures: some screens full."""
_LINE: Final = int(Qt.ItemDataRole.UserRole) + 1
_NAME: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NO_PARENT: Final = QModelIndex()
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
Index = QModelIndex | QPersistentModelIndex


class Column(NamedTuple):
    """A column: its heading, its least width, and its share of what room is left; one that is not shown has no room."""

    title: str
    width: int
    share: int = 0
    right: bool = False
    shown: bool = True


class Cell(NamedTuple):
    """What stands in a cell: one line or two, or a light."""

    first: str = ""
    second: str = ""
    tone: str = "ink"
    second_tone: str = "soft"
    bold: bool = False
    light: Light | None = None
    small: bool = False
    """Both lines in the small type: a sentence, which runs on into the second where the first is too short."""
    wraps: bool = False
    """The first line takes the second one's place too where it is too long for one."""
    pending: bool = False
    """A dot after the first line: an edit is not at the bridge yet."""
    keeps_end: bool = False
    """Where the second line is too long, its beginning is cut."""
    said: str = ""
    """What a screen reader says instead, where a column's unit stands in the heading."""


class Line(NamedTuple):
    """A row: whose it is, its cells, and the tone of its left edge; a heading has no cells and counts its rows."""

    id: str
    cells: tuple[Cell, ...] = ()
    tone: str = ""
    title: str = ""
    rows: int = 0

    @property
    def sentence(self) -> str:
        """The row for a screen reader."""
        if self.title:
            return f"{self.title}, {self.rows}"
        said = (
            part
            for cell in self.cells
            for part in (cell.said or cell.first or (cell.light.why if cell.light else ""), cell.second)
        )
        return ", ".join(part for part in said if part)


class LaterLine:
    """A row that is put into words once it is to be seen: of thousands a screen shows twenty.

    ``key`` is what its words follow from: two rows of one id and one key say the same.
    """

    __slots__ = ("_made", "_make", "id", "key")
    title: Final = ""
    rows: Final = 0

    def __init__(self, id: str, key: Hashable, make: Callable[[], Line]) -> None:
        self.id = id
        self.key = key
        self._make = make
        self._made: Line | None = None

    @property
    def line(self) -> Line:
        """The row in words."""
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its cells."""
        return self.line.cells

    @property
    def tone(self) -> str:
        """The tone of its left edge."""
        return self.line.tone

    @property
    def sentence(self) -> str:
        """The row for a screen reader."""
        return self.line.sentence

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LaterLine) and (self.id, self.key) == (other.id, other.key)

    def __hash__(self) -> int:
        return hash((self.id, self.key))


AnyLine = Line | LaterLine
_ID: Final = attrgetter("id")
Covered = tuple[str, int, int]


class Group(NamedTuple):
    """Rows under a heading; one without rows is not shown."""

    title: str
    lines: Sequence[AnyLine]
    tone: str = "soft"
    columns: tuple[str, ...] = ()
    """What the columns after the first are called in this group alone."""


class Spot(NamedTuple):
    """Where a row stood: among which rows, and how far below the table's upper edge."""

    lines: Sequence[AnyLine]
    row: int
    top: int


class Lines(QAbstractListModel):
    """The rows with their headings between them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[AnyLine] = []
        self.headed: list[int] = []
        """Where headings stand."""
        self._found: dict[str, int] = {}
        """Where rows stand that were asked for: a page asks for the one in hand again and again."""

    def show(self, groups: Sequence[Group]) -> None:
        """Show other groups; while the rows are the same ones, only what is said of them changes."""
        lines: list[AnyLine] = []
        headed: list[int] = []
        for group in groups:
            if group.lines and group.title:
                headed.append(len(lines))
                heads = tuple(Cell(words) for words in ("", *group.columns)) if group.columns else ()
                lines.append(Line(f"# {group.title}", heads, group.tone, group.title, len(group.lines)))
            lines += group.lines
        self.headed, before = headed, self.lines
        self._found.clear()
        others = list(compress(range(len(lines)), map(is_not, lines, before)))  # of thousands only a few
        if len(lines) == len(before) and all(lines[row].id == before[row].id for row in others):
            changed = [row for row in others if lines[row] != before[row]]
            self.lines = lines
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def row_of(self, id: str) -> int:
        """Where a row stands; -1 when it does not."""
        if id not in self._found:
            try:
                self._found[id] = indexOf(map(_ID, self.lines), id) if id else -1
            except ValueError:
                self._found[id] = -1
        return self._found[id]

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many rows, headings too."""
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is not taken in hand."""
        if index.isValid() and self.lines[index.row()].title:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = 0) -> Any:
        """A row, or what a screen reader says of it."""
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if int(role) == _LINE:
            return line
        return line.sentence if int(role) == _NAME else None


class Grid:
    """Where the columns stand at a width."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)

    def places(self, width: int) -> list[tuple[int, int]]:
        """Left edge and width of each column; too little room is taken from the ones that share."""
        shown = [column for column in self.columns if column.shown]
        least = sum(column.width for column in shown) + _GAP * (len(shown) - 1) + 2 * _SIDE
        shares = sum(column.share for column in shown) or 1
        left, out = _SIDE, []
        for column in self.columns:
            wide = max(24, column.width + (width - least) * column.share // shares) if column.shown else 0
            out.append((left, wide))
            left += (wide + _GAP) * column.shown
        return out


class Painter(QStyledItemDelegate):
    """Paints rows and headings."""

    def __init__(self, look: Look, grid: Grid) -> None:
        super().__init__()
        self._look = look
        self._grid = grid
        self._first, self._second = QFontMetrics(look.font).height(), QFontMetrics(look.small).height()
        self.row = QSize(200, self._first + self._second + 12)
        self.heading = QSize(200, self._second + 12)
        self._drawn: dict[tuple[Any, ...], QPixmap] = {}
        self.covered: Covered = ("", 0, 0)
        """The row over whose second lines something lies, and from where to where."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines; a heading is lower."""
        return self.heading if index.data(_LINE).title else self.row

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row; most were painted before and are copied."""
        line: AnyLine = index.data(_LINE)
        box, lit = option.rect, bool(option.state & QStyle.StateFlag.State_Selected)
        ratio = painter.device().devicePixelRatio()
        if ratio % 1 or line.id == self.covered[0]:  # a picture that begins between two pixels is a blurred one
            painter.save()
            self._paint_row(painter, box, line, lit=lit)
            painter.restore()
            return
        key = (line, self._grid.columns, box.width(), lit, self._look.theme, ratio)
        if key not in self._drawn:
            if len(self._drawn) >= _KEPT:
                self._drawn.clear()
            self._drawn[key] = self._picture(box.size(), line, ratio, lit=lit)
        painter.drawPixmap(box.topLeft(), self._drawn[key])

    def _picture(self, size: QSize, line: AnyLine, ratio: float, *, lit: bool) -> QPixmap:
        drawn = QPixmap(size * ratio)
        drawn.setDevicePixelRatio(ratio)
        painter = QPainter(drawn)
        self._paint_row(painter, QRect(QPoint(0, 0), size), line, lit=lit)
        painter.end()
        return drawn

    def _paint_row(self, painter: QPainter, box: QRect, line: AnyLine, *, lit: bool) -> None:
        look = self._look
        if line.title:
            self._paint_heading(painter, box, line)
        else:
            painter.fillRect(box, look.colour("accent_wash" if lit else "panel"))
            if line.tone:
                painter.fillRect(QRect(box.left(), box.top(), _EDGE, box.height() - 1), look.colour(line.tone))
            covered, begin, end = self.covered
            for column, cell, (left, width) in zip(
                self._grid.columns, line.cells, self._grid.places(box.width()), strict=False
            ):
                place = QRect(box.left() + left, box.top() + 5, width, box.height())
                free = line.id != covered or place.left() >= end or place.right() < begin
                if column.shown:
                    self._paint_cell(painter, place, column, cell, 2 if free else 1)
        painter.setPen(look.colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    def _paint_heading(self, painter: QPainter, box: QRect, line: AnyLine) -> None:
        painter.fillRect(box, self._look.colour("sunk"))
        painter.setFont(self._look.small_bold)
        painter.setPen(self._look.colour(line.tone or "soft"))
        inner = box.adjusted(_SIDE, 0, -_SIDE, 0)
        draw(painter, inner, line.title)
        used = painter.fontMetrics().horizontalAdvance(line.title) + 6
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("faint"))
        draw(painter, inner.adjusted(used, 0, 0, 0), str(line.rows))
        places = self._grid.places(box.width())
        for column, cell, (left, width) in zip(self._grid.columns, line.cells, places, strict=False):
            place = QRect(box.left() + left, box.top(), width, box.height())
            draw(painter, place, cell.first, _RIGHT if column.right else Qt.AlignmentFlag.AlignLeft)

    def _paint_cell(self, painter: QPainter, box: QRect, column: Column, cell: Cell, lines: int) -> None:
        look = self._look
        if cell.light is not None:
            painter.setFont(look.small_bold)
            paint_light(painter, QRect(box.left(), box.top() + 1, 20, 17), "parts", cell.light, look)
            return
        align = _RIGHT if column.right else Qt.AlignmentFlag.AlignLeft
        first = QRect(box.left(), box.top(), box.width(), self._first)
        painter.setFont(look.bold if cell.bold else look.small if cell.small else look.font)
        painter.setPen(look.colour(cell.tone))
        if (cell.small or cell.wraps) and not fits(painter.fontMetrics(), cell.first, first.width()):
            draw_sentence(painter, first, f"{cell.first} {cell.second}" if cell.small else cell.first, lines, align)
            return
        draw(painter, first, cell.first, align)
        if cell.pending:
            used = min(painter.fontMetrics().horizontalAdvance(cell.first), first.width() - 10)
            paint_dot(painter, QPoint(first.left() + used + 8, first.center().y() + 1), look)
        if lines == 1:
            return
        painter.setFont(look.small)
        painter.setPen(look.colour(cell.second_tone))
        second = QRect(first.left(), first.bottom() + 1, first.width(), self._second)
        cut = cut_beginning if cell.keeps_end else cut_end
        draw(painter, second, cut(painter.fontMetrics(), cell.second, second.width()), align)


class Headings(QWidget):
    """The columns' names above the rows."""

    def __init__(self, look: Look, grid: Grid) -> None:
        super().__init__()
        self._look = look
        self._grid = grid
        self.rows_width = 0
        self.setFixedHeight(QFontMetrics(look.small).height() + 12)
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them where their columns stand."""
        del event
        look, painter = self._look, QPainter(self)
        painter.setPen(look.colour("line"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.setFont(look.small_bold)
        painter.setPen(look.colour("soft"))
        for column, (left, width) in zip(self._grid.columns, self._grid.places(self.rows_width), strict=True):
            align = _RIGHT if column.right else Qt.AlignmentFlag.AlignLeft
            draw(painter, QRect(left, 0, width, self.height()), column.title * column.shown, align)
        painter.end()


WITH: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
"""What may be held down with a letter."""


def is_typed(event: QKeyEvent) -> bool:
    """A letter or a figure, or the plus that "+2d" begins with; other signs are the window's."""
    return (event.text().isalnum() or event.text() == "+") and not event.modifiers() & ~WITH


class Table(QTableView):
    """The rows; Enter or a double click opens one, the menu key shows what can be done, letters go to the page.

    A table of one column and not a list: a list asks each row's height anew whenever rows come or go, which for
    thousands of rows takes longer than a person waits for a key.
    """

    opened = Signal(str)
    lit = Signal(str)
    menu_wanted = Signal(str, QPoint)
    typed = Signal(str)
    """A letter or figure typed on a row, for the page that knows what it does."""
    moved = Signal()
    """The cells stand elsewhere: the table has another width, or is scrolled."""

    def __init__(self, look: Look, columns: Sequence[Column], name: str) -> None:
        super().__init__()
        self._look = look
        self.grid = Grid(columns)
        self.headings = Headings(look, self.grid)
        self.model_ = Lines()
        self._painter = Painter(look, self.grid)
        self.setModel(self.model_)
        self.setItemDelegate(self._painter)
        self._headed: list[int] = []
        """Rows that are as low as a heading."""
        self._hide_all_but_rows()
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(SlimBar(look))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        see_through(self)
        # Every dot of it is painted here: nothing has to be painted beneath, and a scroll moves what is there.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.verticalScrollBar().valueChanged.connect(self.moved)
        look.changed.connect(self.viewport().update)

    def _hide_all_but_rows(self) -> None:
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setStretchLastSection(True)
        down.setMinimumSectionSize(1)
        down.setDefaultSectionSize(self._painter.row.height())
        for header in (across, down):
            header.hide()

    def _set_heights(self) -> None:
        down, before = self.verticalHeader(), self._headed
        self._headed = self.model_.headed
        for row in set(before) - set(self._headed):
            down.resizeSection(row, self._painter.row.height())
        for row in self._headed:
            down.resizeSection(row, self._painter.heading.height())

    def set_grid(self, grid: Grid) -> None:
        """Other columns, for other rows."""
        if grid.columns != self.grid.columns:
            self.grid.columns = grid.columns
            self.show_groups(())
            self.headings.update()

    def show_columns(self, columns: Sequence[Column]) -> None:
        """The same rows with other columns in sight."""
        if columns != self.grid.columns:
            self.grid.columns = tuple(columns)
            self.headings.update()
            self.viewport().update()
            self.moved.emit()

    def cover(self, id: str, begin: int, end: int) -> None:
        """Something lies over a row's second lines from here to there: those that it touches are left out whole."""
        before, self._painter.covered = self._painter.covered, (id, begin, end)
        if before != (id, begin, end):
            for row in {before[0], id}:
                self.update(self.model_.index(self.model_.row_of(row)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The headings stand over their columns; a row in hand that was in sight stays so in a lower table."""
        held = self.visualRect(self.currentIndex())
        in_sight = not held.isEmpty() and held.top() >= 0 and held.bottom() < event.oldSize().height()
        super().resizeEvent(event)
        if in_sight:
            self._bring(self.currentIndex().row())
        self.headings.rows_width = self.viewport().width()
        self.headings.update()
        self.moved.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the ground below the last."""
        super().paintEvent(event)
        last = self.model_.index(self.model_.rowCount() - 1)
        ground = self.viewport().rect()
        ground.setTop(self.visualRect(last).bottom() + 1 if last.isValid() else 0)
        if ground.intersects(event.rect()):
            painter = QPainter(self.viewport())
            painter.fillRect(ground, self._look.colour("panel"))
            painter.end()

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show these; the row in hand stays in hand, or the one that has come into its place."""
        held, place = self.current_id(), max(0, self.currentIndex().row())
        self.model_.show(groups)
        self._set_heights()
        self.updateGeometries()  # or the row in hand is scrolled to in a list that is still as long as before
        row = self.model_.row_of(held)
        self.go_to(row if row >= 0 else place)

    def spot(self, id: str) -> Spot:
        """Where a row stands now."""
        row = self.model_.row_of(id)
        return Spot(self.model_.lines, row, self.visualRect(self.model_.index(row)).top())

    def go_on(self, spot: Spot, done: Container[str]) -> None:
        """Where what was done has taken a row elsewhere, take the next that is not done in hand, in its place."""
        if spot.row < 0 or self.model_.row_of(spot.lines[spot.row].id) == spot.row:
            return
        later = (line.id for line in islice(spot.lines, spot.row + 1, None) if not line.title and line.id not in done)
        row = next((row for id in later if (row := self.model_.row_of(id)) >= 0), -1)
        if row >= 0:
            self.go_to(row)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(self.model_.index(row)).top() - spot.top)

    def current_id(self) -> str:
        """The row in hand; empty without one."""
        row = self.currentIndex().row()
        lines = self.model_.lines
        return lines[row].id if 0 <= row < len(lines) and not lines[row].title else ""

    def go_to(self, row: int) -> None:
        """Take the row in hand, or the next one below a heading, or the last."""
        lines = self.model_.lines
        near = chain(range(row, len(lines)), range(min(row, len(lines)) - 1, -1, -1))
        found = next((number for number in near if not lines[number].title), None)
        if found is not None:
            self._bring(found)
            self.setCurrentIndex(self.model_.index(found))

    def _bring(self, row: int) -> None:
        """Have a row in sight; one that stands below a heading, with that."""
        if row and self.model_.lines[row - 1].title:
            self.scrollTo(self.model_.index(row - 1))
        self.scrollTo(self.model_.index(row))

    def go_first(self) -> None:
        """Take the first row in hand, the heading above it in sight."""
        self.go_to(0)
        self.scrollToTop()

    def is_first(self) -> bool:
        """True while the first row is in hand."""
        lines = self.model_.lines
        return self.current_id() == next((line.id for line in lines if not line.title), "")

    def cell_place(self, id: str, column: int) -> QRect:
        """Where a cell of a row is on the viewport; empty for a row that is not here."""
        row = self.model_.row_of(id)
        if row < 0:
            return QRect()
        box = self.visualRect(self.model_.index(row))
        left, width = self.grid.places(box.width())[column]
        return QRect(box.left() + left, box.top(), width, box.height())

    def _on_current(self, now: QModelIndex, before: QModelIndex) -> None:
        del now, before
        self.lit.emit(self.current_id())

    def event(self, event: QEvent) -> bool:
        """A letter is the page's here, also where the window has a key of that letter."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_typed(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; a letter is the page's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if id := self.current_id():
                self.opened.emit(id)
        elif is_typed(event):
            self.typed.emit(event.text().lower())
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_first() if event.key() == Qt.Key.Key_Home else self.go_to(self.model_.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens; a single click never does, whatever the desktop is set to."""
        line = self.indexAt(event.position().toPoint()).data(_LINE)
        if line is not None and not line.title:
            self.opened.emit(line.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a row."""
        index = (
            self.currentIndex() if event.reason() is QContextMenuEvent.Reason.Keyboard else self.indexAt(event.pos())
        )
        line = index.data(_LINE)
        if line is not None and not line.title:
            self.setCurrentIndex(index)
            self.menu_wanted.emit(line.id, self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
