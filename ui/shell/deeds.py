"""What a person does with the car in hand: commands given at once, commands that ask first, and pages that decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from advisor_desk.domain import lights, parts
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.repair_order import LANES
from advisor_desk.domain.rules.people import People
from advisor_desk.domain.rules.table import RULES
from ui.drive.page import DrivePage
from ui.promises.page import PromisesPage
from ui.promises.rows import Reader
from ui.shell import ask_context
from ui.shell.actions import ACTIONS, CAR
from ui.shell.ask_person import Person
from ui.shell.asking import Asking
from ui.shell.attention import AttentionPage
from ui.shell.keys_help import KeysHelp
from ui.shell.outbox import OutboxPage
from ui.shell.reconcile import ReconcilePage
from ui.shell.session import Session
from ui.shell.toast import Toast
from ui.theme.look import Look
from ui.widgets import words

_CHANNELS: Final = {"call": "call", "text": "text", "note": "note"}
_AT_ONCE: Final = {"visit.arrive": "is here", "visit.confirm": "confirmed", "visit.no_show": "did not come"}
_ON_CAR: Final = frozenset({"contact.log", "job.authorise", "ro.repromise", "part.set_eta"})
"""What keeps a promise with the car in hand."""
_DONE: Final = {
    "ro.repromise": "Promised anew",
    "ro.set_tag": "Tag set",
    "ro.set_spot": "Spot set",
    "ro.hold": "Hold changed",
    "ro.move_stage": "Moved",
    "job.authorise": "Authorised",
    "job.decline": "Declined",
    "part.set_eta": "ETA set",
    "part.order": "Ordered",
    "part.receive": "Received",
    "promise.make": "Promised",
    "promise.keep": "Kept",
    "promise.move": "Moved",
    "promise.cancel": "Given up",
    "promise.offer": "Offered",
    "promise.decline": "Declined",
}


class Deeds(QObject):
    """Gives commands to the service, with a word and an undo for each."""

    order_wanted = Signal(str)

    def __init__(self, look: Look, session: Session, window: QWidget, toast: Toast) -> None:
        super().__init__(window)
        self._look = look
        self._session = session
        self._window = window
        self._toast = toast
        self._asking = Asking(look, session.link.ask, lambda: session.settings, session.now)
        self._asking.done.connect(self._on_done)
        self._attention = AttentionPage(look, session.link.ask, session.now)
        self._attention.order_wanted.connect(self.order_wanted)
        self._outbox = OutboxPage(look, session.now)
        self._outbox.order_wanted.connect(self.order_wanted)
        self._reconcile = ReconcilePage(look, session.link.ask, session.now)
        self._reconcile.order_wanted.connect(self.order_wanted)
        self.promises = PromisesPage(look)
        self.promises.wanted.connect(self._on_promise_wanted)
        self.promises.opened.connect(self._on_promise_opened)
        self.drive = DrivePage(look)
        self.drive.wanted.connect(self._on_visit_wanted)
        self.drive.opened.connect(self._on_visit_opened)
        self.drive.day_wanted.connect(self.show_day)

    def pages(self) -> tuple[tuple[str, QWidget], ...]:
        """The pages besides the board."""
        return (
            ("promises", self.promises),
            ("drive", self.drive),
            ("attention", self._attention),
            ("outbox", self._outbox),
            ("reconcile", self._reconcile),
        )

    def refresh(self, page: str) -> None:
        """Show a page as things stand."""
        session = self._session
        if page == "attention":
            self._attention.show_items(session.reader.attention(), session.settings)
        elif page == "promises":
            self.refresh_promises()
        elif page == "drive":
            self.show_day(self.drive.day)
        elif page == "outbox":
            self._outbox.show_items(session.reader.outbox(), session.said, session.settings)
        elif page == "reconcile":
            self._reconcile.store = str(session.status.get("store_name") or "")
            self._reconcile.show_items(session.reader.reconcile(), session.settings)

    def owed(self) -> list[dict[str, Any]]:
        """What the one signed in owes without a car on the board: promises of their own and of their department."""
        me, roles = self._session.me.get("id"), set(self._session.me.get("roles") or ())
        return [
            promise
            for promise in self._session.promises
            if promise.get("owner_id") == me or promise.get("owner_role") in roles
        ]

    def refresh_promises(self) -> None:
        """Show what is owed as it stands."""
        session = self._session
        roles = frozenset(map(str, session.me.get("roles") or ()))
        me = str(session.me.get("id") or "")
        reader = Reader(me, roles, session.people, session.settings, session.now())
        self.promises.show_promises(session.promises, reader)

    @Slot(str, dict)
    def with_promise(self, command: str, promise: dict[str, Any]) -> None:
        """Do something with a promise: at once, or once what it needs has been asked for."""
        id = str(promise.get("id") or "")
        if command == "keep":
            self.keep_promise(promise)
        elif command == "promise.accept":
            self.give(command, {"promise_id": id}, "Accepted: it is yours now")
        else:
            session = self._session
            known = {"promise_id": id}
            context = ask_context.of(command, {}, {**known, "promise": promise}, session.now(), session.settings)
            self._asking.open(self._window, command, known, {**context, "people": self._people()})

    def keep_promise(self, promise: dict[str, Any]) -> None:
        """Begin what keeps a promise: its own command on the order in hand, or by hand with a reason."""
        order, keeps = str(promise.get("repair_order_id") or ""), self._keeps(promise)
        if order in self._session.board.cards and keeps in _ON_CAR:
            self.order_wanted.emit(order)
            self.keep(keeps)
        else:
            self.with_promise("promise.keep", promise)

    def _keeps(self, promise: dict[str, Any]) -> str:
        rule = RULES.get(str(promise.get("rule")))
        return rule.key if rule else "contact.log"

    def _people(self) -> list[Person]:
        """Those who can be handed something: whoever is here, but oneself."""
        session = self._session
        here = People(session.people, session.now())
        found = [
            Person(id, str(person.get("name") or ""), ", ".join(map(str, person.get("roles") or ())))
            for id, person in session.people.items()
            if here.is_here(id) and id != session.me.get("id")
        ]
        return sorted(found, key=lambda person: person.name.casefold())

    @Slot(str, str)
    def _on_promise_wanted(self, command: str, id: str) -> None:
        self.with_promise(command, dict(self.promises.promises[id]))

    @Slot(object)
    def show_day(self, day: date | None = None) -> None:
        """Show a day of the drive; today when none is named."""
        session = self._session
        drive = session.reader.drive(day, session.now())
        if drive:
            self.drive.show_day(drive, session.now(), session.settings)

    @Slot(str, str)
    def _on_visit_wanted(self, command: str, id: str) -> None:
        visit = self.drive.visits[id]
        if not self._allowed(command):
            self._toast.refuse(f"{COMMANDS[command].words}: your role may not do this.")
        elif command in _AT_ONCE:
            self.give(command, {"appointment_id": id}, f"{visit.get('customer') or 'The visit'}: {_AT_ONCE[command]}")
        else:
            session = self._session
            known = {name: visit[name] for name in ("customer_id", "vehicle_id") if visit.get(name)}
            known = {**known, "appointment_id": id} if command == "ro.open" else known
            known = {"appointment_id": id} if command in ("visit.move", "visit.cancel") else known
            context = ask_context.of(command, {}, {**known, "visit": visit}, session.now(), session.settings)
            self._asking.open(self._window, command, known, {**context, "people": self._people()})

    @Slot(str)
    def _on_visit_opened(self, id: str) -> None:
        order = str((self.drive.visits[id].get("repair_order") or {}).get("id") or "")
        if order in self._session.board.cards:
            self.order_wanted.emit(order)
        elif "w" in self.drive.deeds(id):
            self._on_visit_wanted("ro.open", id)
        else:
            self._on_visit_wanted("visit.arrive", id)

    @Slot(str)
    def _on_promise_opened(self, id: str) -> None:
        promise = self.promises.promises[id]
        order = str(promise.get("repair_order_id") or "")
        if order in self._session.board.cards:
            self.order_wanted.emit(order)
        else:
            self._toast.refuse("That promise has no open repair order on this desk.")

    def give(self, command: str, args: dict[str, Any], said: str) -> None:
        """Give a whole command; ``said`` is shown, with an undo, once it is durable."""

        def done(answer: dict[str, Any]) -> None:
            if answer.get("changed"):
                self._toast.say(said, str(answer.get("change") or ""))

        self._session.link.ask(command, args, done, self._on_refused)

    @Slot(str, dict)
    def ask(self, command: str, known: dict[str, Any]) -> None:
        """Give a command once what it lacks has been asked for."""
        if why := self._barred(command):
            self._toast.refuse(f"{COMMANDS[command].words}: {why}")
            return
        session = self._session
        context = ask_context.of(command, session.order or {}, known, session.now(), session.settings)
        context["people"] = self._people()
        self._asking.open(self._window, command, known, context)

    def act(self, name: str) -> None:
        """Do what a key stands for, on the car in hand."""
        if name == "sync":
            self._session.link.ask("sync.now", {}, None, self._on_refused)
        elif name == "keys":
            KeysHelp(self._look, [(a.group, a.words, " or ".join(a.keys)) for a in ACTIONS]).open_over(self._window)
        elif not self._session.order_id:
            self._toast.refuse("Pick a car on the board first.")
        elif name in _CHANNELS:
            self._right().focus_composer(_CHANNELS[name])
        else:
            self._on_order(name)

    def keep(self, command: str) -> None:
        """Begin what keeps a promise on the car in hand."""
        if command == "contact.log":
            self._right().focus_composer("")
        else:
            self._on_order({"job.authorise": "authorise", "part.set_eta": "eta"}.get(command, "repromise"))

    def menu(self, place: QPoint) -> None:
        """Everything that can be done with the car in hand."""
        menu = QMenu(self._window)
        for action in ACTIONS:
            if action.group != CAR or (action.command and not self._allowed(action.command)):
                continue
            if action.name == "stage":
                self._fill_stages(menu.addMenu("Move to"))
            else:
                entry = menu.addAction(f"{action.words}\t{action.keys[0]}")
                entry.setObjectName(action.name)
                entry.triggered.connect(self._on_menu)
        menu.popup(place)

    def choose_team(self, team: frozenset[str], chosen: Callable[[frozenset[str]], None]) -> None:
        """Tick the advisors whose cars are the team's."""
        menu = QMenu(self._window)
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

    def _allowed(self, command: str) -> bool:
        return not self._barred(command)

    def _barred(self, command: str) -> str:
        """Why a command is not to be given here; empty when it may be."""
        roles = set(self._session.me.get("roles") or ())
        wanted = COMMANDS[command].roles
        if wanted and roles and not wanted & roles:
            return "your role may not do this."
        lacks = frozenset(self._session.status.get("lacking") or ())
        return "" if COMMANDS[command].fits(lacks) else "the bridge must be updated first."

    def _on_order(self, name: str) -> None:
        """A key on the car in hand: the command it stands for, with what is known of it."""
        id, order = self._session.order_id, self._session.order or {}
        if name in {"forward", "back"}:
            self._step(1 if name == "forward" else -1)
        elif name == "stage":
            menu = QMenu(self._window)
            self._fill_stages(menu)
            menu.popup(self._window.mapToGlobal(self._window.rect().center()))
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
        card = self._session.board.cards.get(self._session.order_id)
        name = (card.tag or card.number or card.customer) if card else "The car"
        args = {"repair_order_id": self._session.order_id, "stage": stage}
        self.give("ro.move_stage", args, f"{name} moved to {words.STAGE[stage]}")

    def _fill_stages(self, menu: QMenu) -> None:
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

    @Slot(str, dict)
    def _on_done(self, command: str, answer: dict[str, Any]) -> None:
        if answer.get("changed"):
            said = [f"{_DONE.get(command, COMMANDS[command].words)}.", *map(str, answer.get("warnings") or ())]
            self._toast.say(" ".join(said), str(answer.get("change") or ""))

    def _on_refused(self, error: dict[str, Any]) -> None:
        self._toast.refuse(str(error.get("message")))
