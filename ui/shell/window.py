"""The main window: it arranges the panes and passes a person's wishes to the desk service; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from advisor_desk.domain.board import Owed
from ui.board.pane import LANES, LIST, MINE, STORE, TEAM, BoardPane
from ui.promises.strip import PromiseStrip, first_due
from ui.shell.actions import ACTIONS, keys_by_name
from ui.shell.layout import Layout
from ui.shell.rail import Rail
from ui.shell.search import SearchBox
from ui.shell.session import Session
from ui.shell.telling import Telling
from ui.shell.toast import Toast
from ui.shell.top_strip import TopStrip
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.plain_text import Panel

_LEAST: Final = (1240, 700)
"""The size a window begins with at the least, also where a screen does not say how large it is."""
_RIGHT: Final = (372, 470)
"""The least and the most the right side takes of itself; a person may drag it wider."""
_BEGIN_AT: Final = ("board", "parts")
"""The pages a day begins at."""
_WHOLE_WIDTH: Final = frozenset({"parts"})
"""Pages without the right side: a row there says all that is needed of its car."""
_NO_PROMISED: Final = "No repair order is open for this promise"
_NOBODY: Final = {
    "board": "Pick a car on the board",
    "drive": "No repair order is open for this visit",
    "promises": _NO_PROMISED,
    "people": _NO_PROMISED,
}
"""What the right side says while no car is in hand; beside other pages it is not there then."""


class Window(QMainWindow):
    """Board at the left, the repair order in hand at the right, what is owed next below."""

    first_painted = Signal()
    theme_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, look: Look, session: Session, layout: Layout) -> None:
        super().__init__()
        self._look = look
        self.session = session
        self._layout = layout
        self._painted = False
        self._pages: dict[str, QWidget] = {}
        self.right: Any = None
        self._doing: Any = None
        self.reminders: Any = None
        self.search = SearchBox(look, session.reader.search)
        self.top = TopStrip(look, self.search)
        self.telling = Telling(look, session)
        self.board = BoardPane(look, session.board)
        self.strip = PromiseStrip(look)
        self.rail = Rail(look, keys_by_name())
        self._stack = QStackedWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._holder = Panel(look, "panel", "left")
        self._arrange()
        self.toast = Toast(look, self)
        self._owed = QTimer(self, interval=0, singleShot=True)
        self._owed.timeout.connect(self._show_owed)
        self._begin()
        self._connect()

    def _arrange(self) -> None:
        page = Panel(self._look, "bg")
        below = QVBoxLayout(page)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.board, 1)
        below.addWidget(self.strip)
        self._add_page("board", page)
        self._inside = QHBoxLayout(self._holder)
        self._inside.setContentsMargins(1, 0, 0, 0)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._stack)
        self._split.addWidget(self._holder)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._holder.setMinimumWidth(320)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self._split, 1)
        root = QWidget()
        self._column = column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.telling.line)
        column.addLayout(middle, 1)
        self.setCentralWidget(root)
        self.rail.show_page("board")

    def _begin(self) -> None:
        """Show what the cache holds, before anything else is there."""
        self._show_people()
        team = frozenset(map(str, self._layout.get("team")))
        self.board.lanes.restore(self._layout.get("folded"))
        self.board.begin(
            str(self.session.me.get("id") or ""), team, self._layout.get("scope"), self._layout.get("view")
        )
        self._show_status()
        self._show_owed()

    def _connect(self) -> None:
        session, board = self.session, self.board
        session.order_changed.connect(self._on_order)
        session.status_changed.connect(self._show_status)
        session.people_changed.connect(self._on_people)
        session.board.counted.connect(self._owed.start)
        session.owed_changed.connect(self._owed.start)
        session.owed_changed.connect(self._on_owed_changed)
        session.ticked.connect(self._on_tick)
        self.telling.wanted.connect(self._act)
        self.telling.refused.connect(self._refuse)
        self.telling.stopped.connect(self._show_status)
        board.picked.connect(session.pick)
        board.opened.connect(self._on_opened)
        board.moved.connect(self._on_moved)
        board.menu_wanted.connect(self._on_menu)
        board.scope_changed.connect(self._on_scope)
        board.view_changed.connect(self._on_view)
        board.team_wanted.connect(self._choose_team)
        self.strip.chosen.connect(self._on_owed)
        self.rail.chosen.connect(self._on_place)
        self.search.found.connect(self._on_found)
        self.top.attention_wanted.connect(self._show_attention)
        self.top.link_pressed.connect(self.telling.put_right)
        self.toast.undo_wanted.connect(self.undo)

    def complete(self) -> None:
        """Build what the first paint did without: the right side, the dialogs and the other pages."""
        # Imported here, after the board stands: together they cost as much as the board itself.
        from PySide6.QtGui import QKeySequence, QShortcut

        from ui.shell.deeds import Deeds
        from ui.shell.older import Older
        from ui.shell.order import OrderPane
        from ui.shell.reminder import Reminders
        from ui.shell.tray import of_system

        session, link = self.session, self.session.link
        self.right = OrderPane(self._look, link.ask, session.now)
        self._inside.addWidget(self.right)
        self._doing = Deeds(self._look, session, self, self.toast, self._layout)
        self.right.wanted.connect(self._doing.ask)
        Older(self.right, session)
        for name, page in self._doing.pages():
            self._add_page(name, page)
        self._doing.order_wanted.connect(self._on_order_wanted)
        self._doing.places.page_wanted.connect(self.show_page)
        self._doing.places.promises.show_scope(str(self._layout.get("promises")))
        self._doing.places.promises.scope_changed.connect(self._on_promises_scope)
        self._doing.counter.page.show_view(str(self._layout.get("counter")))
        self._doing.counter.page.view_changed.connect(self._on_counter_view)
        self._show_owed()
        self._on_owed_changed()
        self._show_people()
        wanted = str(self._layout.get("repair_order"))
        if wanted not in session.board.cards or session.board.all.row_of(wanted) is None:
            wanted = session.worst(self.board.shown())
        for action in ACTIONS:
            for keys in action.keys:
                shortcut = QShortcut(QKeySequence(keys), self)
                shortcut.setObjectName(action.name)
                shortcut.activated.connect(self._on_key)
        self.rail.draw_icons()
        self.reminders = Reminders(self._look, self, session, self._layout, of_system(self._look, self))
        self.reminders.keep_wanted.connect(self._on_reminded)
        self.reminders.page_wanted.connect(self.show_page)
        self._column.insertWidget(self._column.indexOf(self.telling.line) + 1, self.reminders.line)
        self.show_order(wanted)
        if session.order is None:
            self._on_order()
        self.show_page(self._first_page())

    def _first_page(self) -> str:
        """The board, or the parts counter for who works there; as the window was left by those who left it at one."""
        left = str(self._layout.get("page"))
        at_counter = set(self.session.me.get("roles") or ()) == {"parts"}
        return left if left in _BEGIN_AT else "parts" if at_counter else "board"

    def show_page(self, name: str) -> None:
        """Show a page of the rail."""
        if name in self._pages:
            self._keep_split()
            self.session.show_board(name == "board")
            self._stack.setCurrentWidget(self._pages[name])
            self.rail.show_page(name)
            self._show_right()
            if self._doing is not None:
                self._doing.refresh(name)
            if name == "board":
                self._show_owed()
                self._take_in_hand()
                self.board.focus_cars()
            else:
                self._pages[name].setFocus()

    def show_order(self, id: str) -> None:
        """Take a repair order in hand, and show where it stands."""
        if id:
            self.board.pick(id)
        self.session.pick(id)

    def _take_in_hand(self) -> None:
        """Where no car is in hand, take the one that is marked on the board, else the one that needs someone most."""
        if not self.session.order_id:
            self.show_order(self.board.lanes.current or self.session.worst(self.board.shown()))

    @Slot(str)
    def undo(self, change: str = "") -> None:
        """Take back a change, or the last one."""
        args = {"change": change} if change else {}
        self.session.link.ask("undo", args, self._on_undone, self._on_refused)

    def _add_page(self, name: str, page: QWidget) -> None:
        self._pages[name] = page
        self._stack.addWidget(page)

    def _show_people(self) -> None:
        me = self.session.me
        store = str(self.session.status.get("store_name") or "")
        self.top.show_store(store, me)
        self.setWindowTitle(f"{store} · Advisor Desk" if store else "Advisor Desk")
        if self.right is not None:
            self.right.set_roles(frozenset(me.get("roles") or ()), frozenset(self.session.status.get("lacking") or ()))
            self.right.set_me(str(me.get("id") or ""))

    @Slot()
    def _on_people(self) -> None:
        """Somebody signed in, or the store's people changed: whose cars are mine may be another matter now."""
        self._show_people()
        me = str(self.session.me.get("id") or "")
        if me != self.board.me:
            self.board.begin(me, self.board.team, str(self._layout.get("scope")), self.board.views.current)
            if self.right is not None and self.page in _BEGIN_AT:
                self.show_page(self._first_page())
        if not self.session.order_id and self.right is not None and self.page == "board":
            self._take_in_hand()
            self.board.focus_cars()

    @Slot()
    def _show_status(self) -> None:
        session, now = self.session, self.session.now()
        self.top.show_link(session.said, session.status, now, session.settings)
        self.top.tick(now, session.settings)
        self.rail.count("attention", int(session.status.get("attention") or 0))
        self.rail.count("outbox", int(session.status.get("waiting") or 0))
        self.rail.count("reconcile", int(session.status.get("reconcile") or 0))
        self.telling.show_state()
        if self._doing is not None:
            self._doing.refresh(self.page)

    @property
    def page(self) -> str:
        """The page that is shown."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "board")

    @Slot()
    def _show_owed(self) -> None:
        """The strip is the board's: beside another page nobody sees it, and thousands may be owed."""
        if self.page != "board":
            return
        self._show_right()
        session, me = self.session, str(self.session.me.get("id") or "")
        rows = [session.board.facts[card.id] for card in session.board.cards.values() if card.advisor_id == me]
        items = first_due(rows, session.settings, session.now(), session.owed(), owes=session.owes)
        self.strip.show_items(items, bool(session.board.cards) or bool(items))
        self.top.tick(session.now(), session.settings)

    @Slot()
    def _on_tick(self) -> None:
        if self.right is not None:
            self.right.tick()

    @Slot()
    def _on_order(self) -> None:
        if self.right is not None:
            self.right.show_order(self.session.order, self.session.settings)
        self._show_right()

    def _show_right(self) -> None:
        there = self.session.order is not None or (self.page in _NOBODY and bool(self.session.board.cards))
        if self.right is not None:
            self.right.empty.say(_NOBODY.get(self.page, ""))
        self._holder.setVisible(there and self.page not in _WHOLE_WIDTH)

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        self.show_order(id)
        self.right.setFocus()

    @Slot(str, str)
    def _on_moved(self, id: str, stage: str) -> None:
        said = f"{self._car(id)} moved to {words.STAGE.get(stage, stage)}"
        self._doing.give("ro.move_stage", {"repair_order_id": id, "stage": stage}, said)

    def _car(self, id: str) -> str:
        card = self.session.board.cards.get(id)
        return (card.tag or card.number or card.customer) if card else "The car"

    @Slot(str, QPoint)
    def _on_menu(self, id: str, place: QPoint) -> None:
        self.show_order(id)
        self._doing.menu(place)

    @Slot(str)
    def _on_order_wanted(self, id: str) -> None:
        self.show_page("board")
        self.show_order(id)
        self.board.focus_cars()

    @Slot(str)
    def _on_promises_scope(self, scope: str) -> None:
        self._layout.keep("promises", scope)

    @Slot(str)
    def _on_counter_view(self, view: str) -> None:
        self._layout.keep("counter", view)

    @Slot(str)
    def _on_scope(self, scope: str) -> None:
        self._layout.keep("scope", scope)
        self._show_owed()

    @Slot(str)
    def _on_view(self, view: str) -> None:
        self._layout.keep("view", view)

    @Slot()
    def _choose_team(self) -> None:
        if self._doing is not None:
            self._doing.choose_team(self.board.team, self._on_team)

    def _on_team(self, team: frozenset[str]) -> None:
        self.board.team = team
        self._layout.keep("team", sorted(team))
        self.board.show_scope(TEAM)

    @Slot()
    def _on_owed_changed(self) -> None:
        if self._doing is not None:
            self._doing.places.refresh_promises()
            self.rail.count("promises", self._doing.places.promises.mine())

    @Slot(str, object)
    def _on_owed(self, deed: str, owed: Owed) -> None:
        if deed != "keep" or owed.repair_order_id not in self.session.board.cards:
            self._with_promise(deed, owed.id)
            return
        self.show_page("board")
        self.show_order(owed.repair_order_id)
        self._doing.keep(owed.keeps)

    @Slot(str)
    def _on_reminded(self, promise: str) -> None:
        self._with_promise("keep", promise)

    def _with_promise(self, deed: str, id: str) -> None:
        promise = next((row for row in self.session.promises if row["id"] == id), None)
        if promise is not None:
            self._doing.places.with_promise(deed, promise)

    @Slot(str)
    def _on_place(self, name: str) -> None:
        if name in self._pages:
            self.show_page(name)
        else:
            self._act(name)

    @Slot(dict)
    def _on_found(self, hit: dict[str, Any]) -> None:
        if hit.get("repair_order_id"):
            self.show_page("board")
            self.show_order(str(hit["repair_order_id"]))
            self.board.focus_cars()
        else:
            self._doing.places.show_customer(str(hit.get("customer_id") or ""))

    @Slot()
    def _show_attention(self) -> None:
        self.show_page("attention")

    def _on_undone(self, _: dict[str, Any]) -> None:
        self.toast.say("Undone.")

    def _on_refused(self, error: dict[str, Any]) -> None:
        self._refuse(str(error.get("message")))

    @Slot(str)
    def _refuse(self, words: str) -> None:
        self.toast.refuse(words)

    @Slot()
    def _on_key(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._act(sender.objectName())

    @Slot(str)
    def _act(self, name: str) -> None:
        """Do what a key or a button stands for."""
        here: dict[str, Callable[[], None]] = {
            "search": self.search.take_focus,
            "cars": self._on_cars,
            "owed": self._on_owed_key,
            "leave": self._on_leave,
            "reminder": self._on_reminder_key,
            "scope": self._on_scope_key,
            "view": self._on_view_key,
            "undo": self.undo,
            "settings": self.settings_wanted.emit,
            "theme": self.theme_wanted.emit,
            "quit": self.close_soon,
        }
        if name in here:
            here[name]()
        elif name in self._pages:
            self.show_page(name)
        elif self._doing is not None:
            self._doing.act(name)

    def close_soon(self) -> None:
        """Close once the key that asked for it has been dealt with."""
        QTimer.singleShot(0, self.close)

    def _on_cars(self) -> None:
        self.show_page("board")

    def _on_leave(self) -> None:
        """The keyboard goes back to the rows of the page; from there to the board."""
        page, holder = self._pages[self.page], QApplication.focusWidget()
        if self.page == "board" or (holder is not None and page.isAncestorOf(holder)):
            self.show_page("board")
        else:
            page.setFocus()

    def _on_owed_key(self) -> None:
        self.show_page("board")
        self.strip.focus_first()

    def _on_reminder_key(self) -> None:
        if self.reminders is not None:
            self.reminders.keep()

    def _on_scope_key(self) -> None:
        order = (MINE, TEAM, STORE)
        self.board.show_scope(order[(order.index(self.board.scope) + 1) % len(order)])

    def _on_view_key(self) -> None:
        self.board.show_view(LIST if self.board.views.current == LANES else LANES)

    def restore(self, size: tuple[int, int] | None) -> None:
        """Stand where it stood, or where ``size`` says, or over most of the screen."""
        geometry = self._layout.get("geometry")
        if size is not None:
            self.resize(*size)
        elif not (geometry and self.restoreGeometry(geometry)):
            room = self.screen().availableGeometry()
            share = [side * 19 // 20 for side in (room.width(), room.height())]
            self.resize(max(min(1760, share[0]), _LEAST[0]), max(min(1000, share[1]), _LEAST[1]))
        if not (size is None and self._layout.get("split") and self._split.restoreState(self._layout.get("split"))):
            right = min(max(self.width() * 30 // 100, _RIGHT[0]), _RIGHT[1])
            self._split.setSizes([self.width() - 48 - right, right])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the window has been painted."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the toast in its place."""
        super().resizeEvent(event)
        self.toast.place()

    def _keep_split(self) -> None:
        if not self._holder.isHidden():
            self._layout.keep("split", self._split.saveState())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how it was left; the service finishes what it has in hand."""
        self._layout.keep("geometry", self.saveGeometry())
        self._keep_split()
        if self.page in _BEGIN_AT:
            self._layout.keep("page", self.page)
        self._layout.keep("folded", self.board.lanes.chosen_folds())
        self._layout.keep("repair_order", self.session.order_id)
        self.hide()
        self.session.link.close()
        super().closeEvent(event)
