"""What the tests of commands begin with: a car that is nobody's work yet, an order on it, and the bridge's view."""

from __future__ import annotations

import itertools
from typing import Any

from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.records import KINDS, Role
from advisor_desk.domain.repair_order import is_open
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess

Row = dict[str, Any]
_places = itertools.count()


def free_car(desk: DeskProcess) -> Row:
    """A customer and their car, without an open order and without a visit to come, another one each time."""
    records = desk.records()
    busy = in_hand(records) | {fields.get("vehicle_id") for (kind, _), fields in records.items() if kind in _VISITED}
    cars = (
        {"vehicle_id": id, "customer_id": fields["customer_ids"][0]}
        for (kind, id), fields in sorted(records.items())
        if kind == "vehicle" and id not in busy and fields.get("customer_ids")
    )
    return next(itertools.islice(cars, next(_places), None))


_VISITED = frozenset({"appointment", "deal"})


def in_hand(records: dict[tuple[str, str], Row]) -> set[str | None]:
    """The cars with an open order."""
    orders = (fields for (kind, _), fields in records.items() if kind == "repair_order")
    return {ro.get("vehicle_id") for ro in orders if is_open(ro["stage"])}


def made(answer: Row, kind: str) -> str:
    """The id of the one record of a kind that a command has made or changed."""
    (id,) = answer["changed"][kind]
    return str(id)


def write_up(desk: DeskProcess, car: Row, *complaints: str, **more: Any) -> str:
    """Open an order on a car; its id."""
    return made(desk.ask("ro.open", complaints=list(complaints) or ["Oil and filter"], **car, **more), "repair_order")


def jobs(desk: DeskProcess, order: str) -> list[Row]:
    """The order's jobs, by letter."""
    found: list[Row] = desk.ask("read.repair_order", repair_order_id=order)["jobs"]
    return sorted(found, key=lambda job: str(job["letter"]))


def held(bridge: BridgeProcess, desk: DeskProcess, kind: str, id: str) -> Row:
    """What the bridge holds once the desk has sent all it has."""
    desk.wait_live()
    record: Row = bridge.get(f"/v1/records/{kind}/{id}", "helen")
    return dict(record["fields"])


def check_writers(command: str, kind: str, *fields: str) -> None:
    """Whoever may give the command may write what it sets: else their desk would take what the bridge refuses."""
    may_give = COMMANDS[command].roles or {role.value for role in Role}
    for field in fields:
        may_write = {role.value for role in KINDS[kind].fields[field].policy.writers}
        assert may_give <= may_write, (command, kind, field, may_give - may_write)
