"""What a person does with the car in hand: commands given at once, commands that ask first, and pages that decide."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QWidget

from advisor_desk.domain import lights, parts
from advisor_desk.domain.repair_order import LANES
from ui.board.model import CARD
from ui.shell import ask_context
from ui.shell.actions import ACTIONS, CAR, PAPERS
from ui.shell.attention import AttentionPage
from ui.shell.counter_place import CounterPlace
from ui.shell.giving import Giving
from ui.shell.keys_help import KeysHelp
from ui.shell.layout import Layout
from ui.shell.outbox import OutboxPage
from ui.shell.places import Places
from ui.shell.reconcile import ReconcilePage
from ui.shell.session import Session
from ui.shell.toast import Toast
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.menu import Menu

if TYPE_CHECKING:
    from ui.shell.printing_place import Printing

_CHANNELS: Final = {"call": "call", "text": "text", "note": "note"}


class Deeds(QObject):
    """Gives commands to the service, with a word and an undo for each."""

    order_wanted = Signal(str)

    def __init__(self, look: Look, session: Session, window: QWidget, toast: Toast, layout: Layout) -> None:
        super().__init__(window)
        self._look = look
        self._session = session
        self._window = window
        self._toast = toast
        self._giving = Giving(look, session, window, toast)
        self._layout = layout
        self._giving.done.connect(self._on_done)
        self._believed: tuple[str, str] | None = None
        """The repair order being promised anew, and the time its customer believes until they are told."""
        self._tells_next = False
        session.order_changed.connect(self._on_order_changed)
        self.places = Places(look, session, window, self._giving, toast)
        self.places.order_wanted.connect(self.order_wanted)
        self.places.keep_wanted.connect(self._on_keep_wanted)
        self.counter = CounterPlace(look, session, window, self._giving, toast)
        self.counter.order_wanted.connect(self.order_wanted)
        self.counter.print_wanted.connect(self._on_print_wanted)
        lists = KeyButton(look, "Import a list…", "Ctrl I")
        lists.clicked.connect(self.import_list)
        self.counter.page.bar.addWidget(lists)
        self._attention = AttentionPage(look, session.link.ask, session.now)
        self._attention.order_wanted.connect(self.order_wanted)
        self._outbox = OutboxPage(look, session.now)
        self._outbox.order_wanted.connect(self.order_wanted)
        self._reconcile = ReconcilePage(look, session.link.ask, session.now)
        self._reconcile.order_wanted.connect(self.order_wanted)

    @functools.cached_property
    def printing(self) -> Printing:
        """What puts an order on paper."""
        from ui.shell.printing_place import Printing  # how a country writes money and days takes a moment to load

        return Printing(self._look, self._session, self._window, self._toast, self._layout)

    def pages(self) -> tuple[tuple[str, QWidget], ...]:
        """The pages besides the board."""
        return (
            *self.places.pages(),
            ("parts", self.counter.page),
            ("attention", self._attention),
            ("outbox", self._outbox),
            ("reconcile", self._reconcile),
        )

    def refresh(self, page: str) -> None:
        """Show a page as things stand."""
        session = self._session
        if page == "parts":
            self.counter.refresh()
        elif page == "attention":
            self._attention.show_items(session.reader.attention(), session.settings)
        elif page == "outbox":
            self._outbox.show_items(session.reader.outbox(), session.said, session.settings)
        elif page == "reconcile":
            self._reconcile.store = str(session.status.get("store_name") or "")
            self._reconcile.show_items(session.reader.reconcile(), session.settings)
        else:
            self.places.refresh(page)

    def give(self, command: str, args: dict[str, Any], said: str) -> None:
        """Give a whole command; ``said`` is shown, with an undo, once it is durable."""
        self._giving.give(command, args, said)

    @Slot(str, dict)
    def ask(self, command: str, known: dict[str, Any]) -> None:
        """Give a command once what it lacks has been asked for; a paper is shown."""
        session = self._session
        if command in PAPERS:
            self.printing.order(command, known["repair_order_id"])
            return
        context = ask_context.of(command, session.order or {}, known, session.now(), session.settings)
        if command == "ro.repromise":
            ro = (session.order or {}).get("repair_order") or {}
            self._believed = str(ro.get("id") or ""), str(ro.get("promised_at") or "")
        self._giving.ask(command, known, context)

    @Slot(str, str, list)
    def _on_print_wanted(self, name: str, order: str, pulled_with: list[str]) -> None:
        self.printing.order(name, order, pulled_with)

    @Slot(str, dict)
    def _on_done(self, command: str, answer: dict[str, Any]) -> None:
        if command == "ro.repromise" and self._believed and answer.get("changed"):
            self._tells_next = True
            self._on_order_changed()

    @Slot()
    def _on_order_changed(self) -> None:
        """Once the new promise stands, what to tell the customer of it is proposed."""
        ro = (self._session.order or {}).get("repair_order") or {}
        if not self._tells_next or self._believed is None:
            return
        id, before = self._believed
        if ro.get("id") != id or ro.get("promised_at") != before:
            self._tells_next, self._believed = False, None
            if ro.get("id") == id:
                self._right().propose(before)

    @Slot(str, str)
    def _on_keep_wanted(self, order: str, command: str) -> None:
        self.order_wanted.emit(order)
        self.keep(command)

    def act(self, name: str) -> None:
        """Do what a key stands for, on the car in hand."""
        if name == "sync":
            self._session.link.ask("sync.now", {}, None, self._giving.refuse)
        elif name == "keys":
            KeysHelp(self._look, [(a.group, a.words, " or ".join(a.keys)) for a in ACTIONS]).open_over(self._window)
        elif name == "import":
            self.import_list()
        elif name == "scan":
            self.places.page_wanted.emit("parts")
            self.counter.page.scan.setFocus()
        elif name in {"whose", "brief"}:
            self._with_customer(name)
        elif not self._session.order_id:
            cars = self._session.board.cards
            self._toast.refuse("Pick a car on the board first." if cars else "There is no car on the board yet.")
        elif name in PAPERS:
            self.printing.order(name, self._session.order_id)
        elif name in _CHANNELS:
            self._right().focus_composer(_CHANNELS[name])
        else:
            self._on_order(name)

    @Slot()
    def import_list(self) -> None:
        """Import a supplier's list."""
        from ui.shell.import_dialog import ImportDialog  # seldom wanted, so not loaded with the window

        if not self._giving.may("import.apply"):
            return
        session = self._session
        dialog = ImportDialog(self._look, self._window, session.link.ask, session.settings, session.now)
        dialog.imported.connect(self._toast.say)
        session.link.importing.connect(dialog.show_progress)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _with_customer(self, name: str) -> None:
        """The customer of the car in hand, or the one whose page is open."""
        order = (self._session.order or {}).get("repair_order") or {}
        id = str(order.get("customer_id") or "")
        self.places.show_customer(id) if name == "whose" else self.places.brief(id)

    def keep(self, command: str) -> None:
        """Begin what keeps a promise on the car in hand."""
        if command == "contact.log":
            self._right().focus_composer("")
        else:
            self._on_order({"job.authorise": "authorise", "part.set_eta": "eta"}.get(command, "repromise"))

    def menu(self, place: QPoint) -> None:
        """Everything that can be done with the car in hand."""
        menu = Menu(self._window)
        for action in ACTIONS:
            if action.group != CAR or (action.command and not self._giving.allowed(action.command)):
                continue
            if action.name == "stage":
                self._fill_stages(menu.under("Move to"))
            else:
                entry = menu.addAction(f"{action.words}\t{action.keys[0]}")
                entry.setObjectName(action.name)
                entry.triggered.connect(self._on_menu)
        menu.popup(place)

    def choose_team(self, team: frozenset[str], chosen: Callable[[frozenset[str]], None]) -> None:
        """Tick the advisors whose cars are the team's."""
        menu = Menu(self._window)
        advisors = [
            (id, str(person.get("name") or ""))
            for id, person in self._session.people.items()
            if "advisor" in (person.get("roles") or ())
        ]
        entries: dict[str, QAction] = {}
        for id, name in sorted(advisors, key=lambda pair: pair[1].casefold()):
            entry = menu.addAction(name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(id in team)
            entries[id] = entry
        menu.exec(QCursor.pos() if self._window.underMouse() else self._window.mapToGlobal(QPoint(160, 90)))
        chosen(frozenset(id for id, entry in entries.items() if entry.isChecked()))

    def _right(self) -> Any:
        return self._window.right  # type: ignore[attr-defined]

    def _on_order(self, name: str) -> None:
        """A key on the car in hand: the command it stands for, with what is known of it."""
        id, order = self._session.order_id, self._session.order or {}
        if name == "close":
            context = ask_context.of("ro.close", order, {}, self._session.now(), self._session.settings)
            self.places.close_order({"id": id}, str(context.get("heading") or ""))
        elif name in {"forward", "back"}:
            self._step(1 if name == "forward" else -1)
        elif name == "stage":
            menu = Menu(self._window)
            menu.addAction(f"Move {self._car()} to").setEnabled(False)
            self._fill_stages(menu)
            menu.popup(self._place())
        elif name in {"authorise", "decline"}:
            job = self._job(order)
            if job is None:
                self._toast.refuse("No job on this car waits for an answer.")
            else:
                self.ask(f"job.{name}", {"job_id": job["id"]})
        elif name == "eta":
            line = self._worst_line(order)
            if line is None:
                self._toast.refuse("No part of this car is on order.")
            else:
                self.ask("part.set_eta", {"part_line_id": line["id"]})
        else:
            command = next((action.command for action in ACTIONS if action.name == name), "")
            if command:
                self.ask(command, {"repair_order_id": id})

    def _step(self, step: int) -> None:
        id = self._session.order_id
        card = self._session.board.cards.get(id)
        if card is None or card.stage not in LANES:
            return
        place = LANES.index(card.stage) + step
        if 0 <= place < len(LANES):
            self._move(LANES[place])

    def _move(self, stage: str) -> None:
        args = {"repair_order_id": self._session.order_id, "stage": stage}
        said = f"{self._car()} moved to {words.STAGE[stage]}"
        self.give("ro.move_stage", args, said[:1].upper() + said[1:])

    def _car(self) -> str:
        card = self._session.board.cards.get(self._session.order_id)
        return (card.tag or card.number or card.customer) if card else "the car"

    def _place(self) -> QPoint:
        """Below the card of the car in hand; below the head of its RO while the card is not to be seen."""
        board = self._window.board  # type: ignore[attr-defined]
        views = (*(column.lane for column in board.lanes.columns), board.list)
        for view in filter(None, views):
            index = view.currentIndex()
            card, box = index.data(CARD), view.visualRect(index)
            seen = view.isVisible() and view.viewport().rect().contains(box.center())
            if seen and card is not None and card.id == self._session.order_id:
                return QPoint(view.viewport().mapToGlobal(box.bottomLeft()))
        head = self._right().header
        return QPoint(head.mapToGlobal(head.rect().bottomLeft()))

    def _fill_stages(self, menu: Menu) -> None:
        card = self._session.board.cards.get(self._session.order_id)
        for number, stage in enumerate(LANES, 1):
            entry = menu.addAction(f"&{number}  {words.STAGE[stage]}")
            entry.setObjectName(stage)
            entry.setEnabled(card is None or card.stage != stage)
            entry.triggered.connect(self._on_stage)

    @Slot()
    def _on_stage(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._move(sender.objectName())

    @Slot()
    def _on_menu(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.act(sender.objectName())

    def _job(self, order: dict[str, Any]) -> dict[str, Any] | None:
        """The job whose answer has been awaited longest, else the first that was only recommended."""
        asked = [job for job in order.get("jobs") or () if job.get("state") in {"sent", "recommended"}]
        return min(asked, key=lambda job: (job.get("state") != "sent", str(job.get("sent_at") or "~")), default=None)

    def _worst_line(self, order: dict[str, Any]) -> dict[str, Any] | None:
        """The awaited part that needs an ETA most."""
        session = self._session
        promised = lights.moment((order.get("repair_order") or {}).get("promised_at"))
        lines = [
            line
            for line in order.get("parts") or ()
            if line.get("state") not in parts.HERE and line.get("state") not in parts.GONE
        ]

        def rank(line: dict[str, Any]) -> int:
            light = lights.part_light(line, promised, session.now(), session.settings)
            return lights.WORST_FIRST.index(light.state)

        return min(lines, key=rank, default=None)
