"""The workspaces beside the board, what they show, and what is done from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from advisor_desk.domain import lights
from advisor_desk.domain.rules.table import RULES
from ui.customer import brief
from ui.customer.page import CustomerPage
from ui.drive.page import DrivePage
from ui.promises.page import PromisesPage
from ui.promises.rows import Reader
from ui.reports.page import ReportsPage
from ui.shell import ask_context
from ui.shell.brief_dialog import BriefDialog
from ui.shell.close_dialog import CloseDialog
from ui.shell.figures import Figures
from ui.shell.giving import Giving
from ui.shell.records_dialog import RecordsDialog
from ui.shell.session import Session
from ui.shell.team_place import TeamPlace
from ui.shell.toast import Toast
from ui.theme.look import Look

_VISIT_AT_ONCE: Final = {"visit.arrive": "is here", "visit.confirm": "confirmed", "visit.no_show": "did not come"}
_ON_CAR: Final = frozenset({"contact.log", "job.authorise", "ro.repromise", "part.set_eta"})
"""What keeps a promise with the car in hand."""
_OF_CUSTOMER: Final = ("customer_id", "vehicle_id")


class Places(QObject):
    """Owns the workspaces; every deed on one of their rows goes through ``Giving``."""

    order_wanted = Signal(str)
    page_wanted = Signal(str)
    keep_wanted = Signal(str, str)
    """An order, and the command that keeps what is promised on it."""

    def __init__(self, look: Look, session: Session, window: QWidget, giving: Giving, toast: Toast) -> None:
        super().__init__(window)
        self._look = look
        self._session = session
        self._window = window
        self._giving = giving
        self._toast = toast
        self.promises = PromisesPage(look)
        self.promises.wanted.connect(self._on_promise_wanted)
        self.promises.opened.connect(self._on_promise_opened)
        self.promises.table.lit.connect(self._on_promise_lit)
        self.drive = DrivePage(look)
        self.drive.wanted.connect(self._on_visit_wanted)
        self.drive.opened.connect(self._on_visit_opened)
        self.drive.table.lit.connect(self._on_visit_lit)
        self.drive.day_wanted.connect(self.show_day)
        self.customer = CustomerPage(look)
        self.customer.for_customer.connect(self._on_customer_wanted)
        self.customer.record_wanted.connect(self._on_record_wanted)

        self.team = TeamPlace(look, session, window, giving, toast, self.reader)
        self.team.promise_wanted.connect(self.with_promise)
        self.team.promise_opened.connect(self._open_promise)
        self.team.promise_lit.connect(self._show_car)
        self.team.owner_wanted.connect(self._on_owner_wanted)
        self.team.order_wanted.connect(self.order_wanted)
        self.team.customer_wanted.connect(self.show_customer)

        self.reports = ReportsPage(look)
        self._figures = Figures(self.reports, session, giving.refuse)
        self.reports.records_wanted.connect(self._on_records_wanted)

    def pages(self) -> tuple[tuple[str, QWidget], ...]:
        """The workspaces, by name."""
        return (
            ("promises", self.promises),
            ("drive", self.drive),
            ("customer", self.customer),
            ("people", self.team.page),
            ("reports", self.reports),
        )

    def refresh(self, page: str) -> None:
        """Show a workspace as things stand."""
        if page == "promises":
            self.refresh_promises()
            self._on_promise_lit(self.promises.table.current_id())
        elif page == "drive":
            self.show_day(self.drive.day)
            self._on_visit_lit(self.drive.table.current_id())
        elif page == "reports":
            self._figures.look()
        elif page == "people":
            self.team.refresh()
        elif page == "customer" and self.customer.customer_id:
            self._read_customer(self.customer.customer_id)

    # Promises.

    def refresh_promises(self) -> None:
        """Show what is owed as it stands, or count it while another page is shown."""
        hidden = not self.promises.isVisible()
        show = self.promises.take if hidden else self.promises.show_promises
        show(self._session.promises, self.reader())

    def reader(self) -> Reader:
        """Who looks, and when."""
        session = self._session
        roles = frozenset(map(str, session.me.get("roles") or ()))
        return Reader(str(session.me.get("id") or ""), roles, session.people, session.settings, session.now())

    def close_order(self, order: dict[str, Any], heading: str) -> None:
        """Close a repair order, and show what that raises."""
        if not self._giving.allowed("ro.close"):
            self._toast.refuse("Close the repair order: your role may not do this.")
            return
        dialog = CloseDialog(self._look, self._window, self._session.link.ask, order, heading, self.reader())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str, dict)
    def with_promise(self, command: str, promise: dict[str, Any]) -> None:
        """Do something with a promise: at once, or once what it needs has been asked for."""
        known = {"promise_id": str(promise.get("id") or "")}
        if command == "keep":
            self._keep(promise)
        elif command == "promise.accept":
            self._giving.give(command, known, "Accepted: it is yours now")
        else:
            self._giving.ask(command, known, self._context(command, {**known, "promise": promise}))

    def _keep(self, promise: dict[str, Any]) -> None:
        """Begin what keeps a promise: its own command on the order in hand, or by hand with a reason."""
        order, rule = str(promise.get("repair_order_id") or ""), RULES.get(str(promise.get("rule")))
        heading = {"heading": str(promise.get("title") or "")}
        keeps = rule.key if rule else "contact.log"
        if order in self._session.board.cards and keeps in _ON_CAR:
            self.keep_wanted.emit(order, keeps)
        elif keeps == "contact.log" and promise.get("customer_id"):
            known = {"customer_id": promise["customer_id"], "keeps": [promise["id"]]}
            known |= {"repair_order_id": order} if order else {}
            self._giving.ask("contact.log", known, heading)
        elif keeps == "visit.book" and promise.get("customer_id"):
            self._giving.ask(keeps, {"customer_id": promise["customer_id"]}, heading)
        else:
            self.with_promise("promise.keep", promise)

    @Slot(str, str)
    def _on_promise_wanted(self, command: str, id: str) -> None:
        self.with_promise(command, dict(self.promises.promises[id]))

    @Slot(str)
    def _on_promise_lit(self, id: str) -> None:
        if self.promises.isVisible():
            self._show_car(self.promises.promises.get(id))

    @Slot(str)
    def _on_owner_wanted(self, id: str) -> None:
        self.promises.show_owner(id)
        self.page_wanted.emit("promises")

    @Slot(object)
    def _show_car(self, promise: Mapping[str, Any] | None) -> None:
        """The right side shows the car that the row in hand is about, and never another one."""
        if promise:
            order = str(promise.get("repair_order_id") or "")
            self._session.pick(order if order in self._session.board.cards else "")

    @Slot(str)
    def _on_promise_opened(self, id: str) -> None:
        self._open_promise(dict(self.promises.promises[id]))

    @Slot(dict)
    def _open_promise(self, promise: dict[str, Any]) -> None:
        order = str(promise.get("repair_order_id") or "")
        if order in self._session.board.cards:
            self.order_wanted.emit(order)
        else:
            self.show_customer(str(promise.get("customer_id") or ""))

    # Figures.

    @Slot(str, object)
    def _on_records_wanted(self, title: str, records: Sequence[tuple[str, str]]) -> None:
        found = self._session.reader.records(records)
        if not found:
            self._toast.refuse(f"{title}: there is no record behind this number.")
            return
        dialog = RecordsDialog(self._look, self._window, title, found, self._session.now())
        dialog.order_wanted.connect(self.order_wanted)
        dialog.customer_wanted.connect(self.show_customer)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # The drive.

    @Slot(object)
    def show_day(self, day: date | None = None) -> None:
        """Show a day of the drive; today when none is named."""
        session = self._session
        if drive := session.reader.drive(day, session.now()):
            self.drive.show_day(drive, session.now(), session.settings)

    @Slot(str, str)
    def _on_visit_wanted(self, command: str, id: str) -> None:
        visit = self.drive.visits[id]
        if command in _VISIT_AT_ONCE:
            said = f"{visit.get('customer') or 'The visit'}: {_VISIT_AT_ONCE[command]}"
            self._giving.give(command, {"appointment_id": id}, said)
            return
        known = {"appointment_id": id} if command != "visit.book" else {}
        if command in ("ro.open", "visit.book"):
            known |= {name: visit[name] for name in _OF_CUSTOMER if visit.get(name)}
        self._giving.ask(command, known, self._context(command, {**known, "visit": visit}))

    @Slot(str)
    def _on_visit_opened(self, id: str) -> None:
        if order := self._order_of(id):
            self.order_wanted.emit(order)
        elif "w" in self.drive.deeds(id):
            self._on_visit_wanted("ro.open", id)
        else:
            self.show_customer(str(self.drive.visits[id].get("customer_id") or ""))

    @Slot(str)
    def _on_visit_lit(self, id: str) -> None:
        if self.drive.isVisible():
            self._session.pick(self._order_of(id))

    def _order_of(self, visit: str) -> str:
        """The repair order that was written up from a visit, while it is open."""
        order = str((self.drive.visits.get(visit, {}).get("repair_order") or {}).get("id") or "")
        return order if order in self._session.board.cards else ""

    # Customers.

    @Slot(str)
    def show_customer(self, id: str) -> None:
        """Show a customer's page."""
        if not id or not self._read_customer(id):
            self._toast.refuse("That customer is not on this desk.")
            return
        self.page_wanted.emit("customer")

    def brief(self, customer_id: str) -> None:
        """Show what somebody who takes over must know."""
        session = self._session
        data = session.reader.customer(customer_id)
        if not data:
            self._toast.refuse("There is no customer to hand over.")
            return
        made = brief.make(data, session.now(), session.settings, session.people)
        at = lights.day_time(session.now(), session.now(), session.settings.zone)
        printed = f"{session.status.get('store_name') or ''} · printed {at}"
        dialog = BriefDialog(self._look, self._window, made, printed)
        dialog.said.connect(self._toast.say)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _read_customer(self, id: str) -> bool:
        session = self._session
        data = session.reader.customer(id)
        if data:
            self.customer.show_customer(data, session.now(), session.settings)
        return bool(data)

    @Slot(str, dict)
    def _on_customer_wanted(self, command: str, data: dict[str, Any]) -> None:
        customer = data.get("customer") or {}
        id = str(customer.get("id") or "")
        if command == "brief":
            self.brief(id)
            return
        known: dict[str, Any] = {"customer_id": id}
        cars = data.get("vehicles") or []
        if command in ("ro.open", "visit.book") and len(cars) == 1:
            known["vehicle_id"] = cars[0]["id"]
        heading: dict[str, Any] = {"heading": str(customer.get("name") or "")}
        if len(cars) > 1:
            heading["records"] = {
                "vehicle": [(car["id"], f"{car['words']} {car.get('plate') or ''}".strip()) for car in cars]
            }
        if command == "customer.edit":
            heading = {**dict(customer), **heading, "phones": [_typed(phone) for phone in customer.get("phones") or ()]}
        self._giving.ask(command, known, heading)

    @Slot(str, str)
    def _on_record_wanted(self, kind: str, id: str) -> None:
        if kind == "repair_order" and id in self._session.board.cards:
            self.order_wanted.emit(id)
        elif kind == "promise" and (promise := self._promise(id)):
            self.with_promise("keep", promise)

    def _promise(self, id: str) -> dict[str, Any] | None:
        return next((row for row in self._session.promises if row["id"] == id), None)

    def _context(self, command: str, known: dict[str, Any]) -> dict[str, Any]:
        return ask_context.of(command, {}, known, self._session.now(), self._session.settings)


def _typed(phone: Mapping[str, Any]) -> str:
    """A phone number as it is typed into the customer's form."""
    number, use = str(phone.get("raw") or phone.get("e164") or ""), str(phone.get("use") or "")
    return f"{use}: {number}" if use else number
