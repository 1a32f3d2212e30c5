"""The parts counter through the pipe: asked for, quoted, claimed, backordered, pulled, fitted, told of, sent back."""

from __future__ import annotations

import pytest

from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import Row, check_writers, free_car, held, jobs, made, write_up


@pytest.fixture
def car(manager: DeskProcess) -> Row:
    """A customer and their car."""
    return free_car(manager)


@pytest.fixture
def order(manager: DeskProcess, car: Row) -> str:
    """An order on it."""
    return write_up(manager, car)


@pytest.fixture
def line(manager: DeskProcess, order: str) -> str:
    """A part its job needs."""
    job = jobs(manager, order)[0]["id"]
    asked = manager.ask("part.request", repair_order_id=order, job_id=job, description="Front pads", number="45022")
    return made(asked, "part_line")


def test_a_part_on_the_shelf_is_quoted_pulled_and_fitted(
    manager: DeskProcess, bridge: BridgeProcess, line: str
) -> None:
    assert held(bridge, manager, "part_line", line)["requested_at"]
    manager.ask("part.quote", part_line_id=line, amount=8_800, source="stock", bin="C12")
    fields = held(bridge, manager, "part_line", line)
    assert (fields["state"], fields["amount"], fields["bin"]) == ("in_stock", 8_800, "C12")
    manager.ask("part.pull", part_line_id=line)
    manager.ask("part.install", part_line_id=line)
    assert held(bridge, manager, "part_line", line)["state"] == "installed"
    manager.ask("undo")
    manager.ask("undo")
    fields = held(bridge, manager, "part_line", line)
    assert (fields["state"], fields.get("qty_filled", 0)) == ("in_stock", 0)


def test_a_backordered_part_has_no_eta_until_there_is_one(
    manager: DeskProcess, bridge: BridgeProcess, line: str
) -> None:
    manager.ask("part.order", part_line_id=line, order_no="PO-1", supplier="Northside", eta=board.hence(days=2))
    first = held(bridge, manager, "part_line", line)["eta"]
    manager.ask("part.backorder", part_line_id=line)
    fields = held(bridge, manager, "part_line", line)
    assert (fields["state"], fields.get("eta"), fields["first_eta"]) == ("backordered", None, first)
    manager.ask("part.set_eta", part_line_id=line, eta=board.hence(days=9))
    manager.ask("part.receive", part_line_id=line)
    assert held(bridge, manager, "part_line", line)["state"] == "received"


def test_the_customer_is_told_of_the_part_in_one_go(
    manager: DeskProcess, bridge: BridgeProcess, car: Row, order: str, line: str
) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("part.tell", part_line_id=line)
    assert set(refused.value.fields) == {"part_line_id"}
    manager.ask("part.order", part_line_id=line, order_no="PO-2", supplier="Northside", eta=board.hence(days=2))
    said = manager.ask("part.tell", part_line_id=line, channel="text", body="It comes on Friday")
    fields = held(bridge, manager, "part_line", line)
    assert fields["eta_told"]["eta"] == fields["eta"]
    event = held(bridge, manager, "contact_event", made(said, "contact_event"))
    assert (event["channel"], event["customer_id"], event["repair_order_id"]) == ("text", car["customer_id"], order)
    manager.ask("part.receive", part_line_id=line)
    manager.ask("part.tell", part_line_id=line)
    assert held(bridge, manager, "part_line", line)["arrival_told_at"]


def test_a_part_in_a_colleagues_hand_is_taken_over_knowingly(
    manager: DeskProcess, bridge: BridgeProcess, line: str
) -> None:
    manager.wait_live()
    with DeskProcess(manager.profile.with_name("luis"), bridge.url, bridge.folder.token("luis")) as luis:
        luis.wait_live()
        luis.ask("part.claim", part_line_id=line)
        luis.wait_live()
    manager.ask("sync.now")
    manager.wait_event(lambda event: line in event.get("kinds", {}).get("part_line", ()))
    assert held(bridge, manager, "part_line", line)["claimed_by"] == bridge.get("/v1/me", "luis")["employee"]["id"]
    with pytest.raises(Refusal) as refused:
        manager.ask("part.claim", part_line_id=line)
    assert refused.value.message.startswith("Luis Romero has that part in hand.")
    manager.ask("part.claim", part_line_id=line, again=True)
    assert held(bridge, manager, "part_line", line)["claimed_by"] == bridge.get("/v1/me", "helen")["employee"]["id"]
    manager.ask("part.claim", part_line_id=line, release=True)
    assert "claimed_by" not in held(bridge, manager, "part_line", line)


def test_a_part_that_is_not_fitted_goes_back(manager: DeskProcess, bridge: BridgeProcess, line: str) -> None:
    manager.ask("part.order", part_line_id=line, order_no="PO-3", supplier="Northside")
    with pytest.raises(Refusal) as refused:
        manager.ask("part.return", part_line_id=line)
    assert "give it up instead" in refused.value.message
    manager.ask("part.receive", part_line_id=line)
    manager.ask("part.return", part_line_id=line, return_by="2027-01-15")
    fields = held(bridge, manager, "part_line", line)
    assert (fields["state"], fields["return_by"]) == ("return_due", "2027-01-15")
    manager.ask("part.return", part_line_id=line, gone=True)
    assert held(bridge, manager, "part_line", line)["state"] == "returned"


def test_a_part_nobody_needs_is_given_up(manager: DeskProcess, bridge: BridgeProcess, line: str) -> None:
    manager.ask("part.cancel", part_line_id=line)
    assert held(bridge, manager, "part_line", line)["state"] == "cancelled"


def test_a_part_is_asked_for_on_a_job_of_its_own_order(manager: DeskProcess, order: str) -> None:
    jobs_of_store = ((id, row) for (kind, id), row in manager.records().items() if kind == "job")
    other = next(id for id, row in jobs_of_store if row["repair_order_id"] != order)
    with pytest.raises(Refusal) as refused:
        manager.ask("part.request", repair_order_id=order, job_id=other, description="Pads")
    assert refused.value.fields == {"job_id": "is a job of another repair order"}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("part.request", ("repair_order_id", "job_id", "number", "description", "qty", "state", "requested_at")),
        ("part.quote", ("amount", "number", "supplier", "source", "bin", "state")),
        ("part.backorder", ("state", "eta", "first_eta", "eta_source", "eta_set_at")),
        ("part.pull", ("state", "qty_filled")),
        ("part.install", ("state",)),
        ("part.return", ("state", "return_by")),
        ("part.cancel", ("state",)),
        ("part.claim", ("claimed_by",)),
        ("part.tell", ("eta_told", "arrival_told_at")),
    ],
)
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, fields: tuple[str, ...]) -> None:
    check_writers(name, "part_line", *fields)
