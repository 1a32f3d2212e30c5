"""Nobody types an id: a person is picked by name among those of the role, a car or an order among the customer's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from advisor_desk.domain.commands import COMMANDS, Takes
from advisor_desk.domain.lights import Settings
from tests.ui.shell.fakes import FakeDesk
from ui.shell import ask_context, ask_forms
from ui.shell.ask_dialog import AskDialog
from ui.shell.ask_fields import ChoiceField
from ui.shell.ask_person import Person, PersonField
from ui.shell.asking import Asking
from ui.theme.look import Look

PEOPLE = [
    Person("dale", "Dale Rivers", frozenset({"technician"})),
    Person("maria", "Maria Keller", frozenset({"advisor"}), me=True),
    Person("sam", "Sam Fielding", frozenset({"sales"})),
]
RECORDS = {"vehicle": [("civic", "2019 Civic"), ("crv", "2021 CR-V")], "repair_order": [("ro-1", "RO 48142")]}
IN_HAND = {
    "contact": "customer", "customer": "customer", "lead.take": "customer", "vehicle.add": "customer",
    "deal.open": "customer", "loaner.out": "customer", "visit.book": "customer", "ro.open": "customer",
    "ro": "repair_order", "job.add": "repair_order", "part.request": "repair_order", "survey.send": "repair_order",
    "visit": "appointment", "job": "job", "part": "part_line", "vehicle": "vehicle", "lead": "lead",
    "survey": "survey", "deal": "deal", "we_owe.add": "deal", "we_owe": "we_owe", "loaner": "loaner",
    "promise": "promise", "employee": "employee",
}  # fmt: skip
"""By command, else by noun: the record in hand where the command is given."""
OF_A_LIST = frozenset({"attention.resolve", "import.apply"})
"""Commands that a page of their own gives whole."""


def in_hand(command: str) -> dict[str, Any]:
    """What is known by the record in hand."""
    kind = IN_HAND.get(command, IN_HAND.get(command.partition(".")[0], ""))
    for name, arg in COMMANDS[command].args.items():
        if arg.ref == kind and arg.required:
            return {name: ["one"] if arg.takes is Takes.IDS else "one"}
    return {}


@pytest.mark.parametrize(
    "command", sorted(name for name, one in COMMANDS.items() if one.writes and name not in OF_A_LIST)
)
def test_all_that_a_command_needs_is_the_record_in_hand_or_has_a_field(
    look: Look, settings: Settings, now: datetime, command: str
) -> None:
    known, present = in_hand(command), {"people": PEOPLE, "records": RECORDS}
    fields = {one.name for one in ask_forms.fields(look, command, known, present, lambda: now, settings)}
    wanted = {
        name
        for name, arg in COMMANDS[command].args.items()
        if arg.required and arg.takes not in (Takes.MAP, Takes.FLAG)
    }
    assert wanted <= fields | known.keys()


def opened(asking: Asking, window: QWidget, command: str, known: Mapping[str, Any]) -> AskDialog:
    """The dialog of a command."""
    dialog = asking.open(window, command, known, {"people": PEOPLE, "records": RECORDS})
    assert dialog is not None
    return dialog


@pytest.mark.parametrize(
    ("command", "known", "name", "who"),
    [
        ("job.assign", {"job_id": "one"}, "technician_id", ["dale"]),
        ("visit.book", {"customer_id": "one"}, "advisor_id", ["maria"]),
        ("customer.adopt", {"customer_id": "one"}, "salesperson_id", ["sam"]),
        ("promise.offer", {"promise_id": "one"}, "to", ["dale", "sam"]),
    ],
)
def test_only_those_who_can_be_meant_are_offered(
    asking: Asking, window: QWidget, command: str, known: dict[str, Any], name: str, who: list[str]
) -> None:
    field = opened(asking, window, command, known).fields[name]
    assert isinstance(field, PersonField)
    names = {person.id: person.name for person in PEOPLE}
    assert [chip.text() for chip in field.offered] == [names[id] for id in who]


@pytest.mark.parametrize(
    ("promise", "names"),
    [
        ({"owner_id": "maria"}, ["Victor Adams", "Dale Rivers", "Sam Fielding"]),
        ({"owner_role": "sales"}, ["Sam Fielding", "Dale Rivers", "Victor Adams"]),
    ],
)
def test_a_promise_is_handed_over_within_its_department_first(
    asking: Asking, window: QWidget, settings: Settings, now: datetime, promise: dict[str, Any], names: list[str]
) -> None:
    known = {"promise_id": "one"}
    context = ask_context.of("promise.offer", {}, {**known, "promise": promise}, now, settings)
    people = [*PEOPLE, Person("victor", "Victor Adams", frozenset({"advisor"}))]
    dialog = asking.open(window, "promise.offer", known, {"people": people, **context})
    assert dialog is not None
    field = dialog.fields["to"]
    assert isinstance(field, PersonField)
    assert [chip.text() for chip in field.offered] == names


def test_which_of_the_customers_cars_is_picked_and_sent(asking: Asking, window: QWidget, desk: FakeDesk) -> None:
    dialog = opened(asking, window, "ro.open", {"customer_id": "one"})
    field = dialog.fields["vehicle_id"]
    assert isinstance(field, ChoiceField)
    field.put("crv")
    dialog.send_it()
    assert desk.asked[0][1]["vehicle_id"] == "crv"


def test_with_no_car_to_pick_none_is_asked_for(asking: Asking, window: QWidget) -> None:
    dialog = asking.open(window, "ro.open", {"customer_id": "one"}, {"people": PEOPLE})
    assert dialog is not None and "vehicle_id" not in dialog.fields
