"""The story: one list of what was said and what turned, as high as its words, scrolled by what surrounds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy

from ui.contact.entries import Entry
from ui.contact.story_paint import ENTRY, StoryPainter
from ui.theme.look import Look
from ui.widgets.menu import Menu

Index = QModelIndex | QPersistentModelIndex
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NO_PARENT: Final = QModelIndex()
_NARROWEST: Final = 160
"""It is never shown narrower."""


class StoryList(QAbstractListModel):
    """The entries, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries; the common case, newer ones on top of the same, keeps the rest as it is."""
        entries = list(entries)
        if entries == self.entries:
            return
        new = len(entries) - len(self.entries)
        if new > 0 and self.entries and entries[new:] == self.entries:
            self.beginInsertRows(_NO_PARENT, 0, new - 1)
            self.entries = entries
            self.endInsertRows()
            return
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def row_of(self, id: str) -> int | None:
        """The row an entry stands in."""
        return next((row for row, entry in enumerate(self.entries) if entry.id == id), None)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Entries and headings."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = 0) -> Any:
        """The entry, or its sentence for a screen reader."""
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        return {ENTRY: entry, _ACCESSIBLE: entry.sentence}.get(int(role))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be picked."""
        if not index.isValid() or self.entries[index.row()].is_day:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class Story(QListView):
    """The list's view; it never scrolls by itself, ``reached`` says what must be in sight."""

    reached = Signal(QRect)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._model = StoryList(self)
        self._painter = StoryPainter(look)
        self.setModel(self._model)
        self.setItemDelegate(self._painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.viewport().setAutoFillBackground(False)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Story")
        self.doubleClicked.connect(self._on_unfold)
        look.changed.connect(self.viewport().update)

    @property
    def entries(self) -> list[Entry]:
        """What is shown."""
        return self._model.entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries; what was picked stays picked while it is there."""
        picked = self.picked()
        here = self.currentIndex().data(ENTRY)
        self._model.show_entries(entries)
        if here is not None and not self.currentIndex().isValid():
            row = self._model.row_of(here.id)
            if row is not None:
                self.selectionModel().setCurrentIndex(
                    self._model.index(row), self.selectionModel().SelectionFlag.NoUpdate
                )
        if picked and not self.selectedIndexes():
            for entry in picked:
                row = self._model.row_of(entry.id)
                if row is not None:
                    flag = self.selectionModel().SelectionFlag.Select
                    self.selectionModel().select(self._model.index(row), flag)
        self.updateGeometry()

    def picked(self) -> list[Entry]:
        """The entries that are selected, as they stand in the story."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._model.entries[row] for row in rows if row < len(self._model.entries)]

    def copy(self) -> None:
        """Put what is picked on the clipboard, a line an entry."""
        said = "\n".join(entry.sentence for entry in self.picked())
        if said:
            QGuiApplication.clipboard().setText(said)

    def _on_unfold(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(ENTRY)
        if entry is None or not self._painter.is_cut(entry):
            return
        self._painter.full ^= {entry.id}
        self._painter.forget()
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All entries under each other."""
        if width < _NARROWEST:
            return _NARROWEST  # Qt asks how high it would be at its least; laying all words out for that is waste
        return sum(self._painter.height(entry, width) for entry in self._model.entries) + 4

    def sizeHint(self) -> QSize:
        """Its height comes of its width."""
        return QSize(200, 40)

    def minimumSizeHint(self) -> QSize:
        """It is never cut in its height."""
        return QSize(120, 0)

    def scrollTo(self, index: Index, hint: Any = None) -> None:
        """Ask the surroundings instead."""
        del hint
        if index.isValid():
            self.reached.emit(self.visualRect(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies; Enter shows a long entry in full."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_unfold(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Plain keys are commands here, not a search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        index = self.indexAt(event.pos())
        if index.isValid() and index not in self.selectedIndexes() and self._model.flags(index):
            self.setCurrentIndex(index)
        if self.picked():
            menu = Menu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Copy", self.copy)
            menu.popup(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The surroundings scroll."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps the words anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._painter.width = self.viewport().width()
            self.scheduleDelayedItemsLayout()
            self.updateGeometry()
