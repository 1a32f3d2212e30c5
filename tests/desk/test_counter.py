"""Several part lines at once through the pipe: one ETA for an order, an order received, a bin, each undone in one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import check_writers, free_car, held, made, write_up

_numbers = itertools.count(5001)


class Delivery:
    """Lines on orders of their own, all on one order to a supplier; the cars are promised at these times from now."""

    def __init__(self, desk: DeskProcess, *promised: float, qty: int = 1) -> None:
        self.number = f"NG-{next(_numbers)}"
        self.desk = desk
        self.orders = [write_up(desk, free_car(desk), promised_at=board.hence(hours=hours)) for hours in promised]
        self.lines = [self._ordered(order, qty) for order in self.orders]

    def _ordered(self, order: str, qty: int) -> str:
        asked = self.desk.ask("part.request", repair_order_id=order, description="Water pump", number="06L-1", qty=qty)
        line = made(asked, "part_line")
        self.desk.ask("part.order", part_line_id=line, order_no=self.number, supplier="Northgate depot")
        return line

    def set_eta(self, eta: str, *more: str) -> dict[str, Any]:
        return self.desk.ask("part.set_eta", part_line_id=self.lines[0], also=[*self.lines[1:], *more], eta=eta)

    def shown(self, field: str, desk: DeskProcess | None = None) -> list[Any]:
        """What the board shows of each line."""
        cards = [board.card(desk or self.desk, order) for order in self.orders]
        parts = {part["id"]: part for card in cards for part in card["parts"]}
        return [parts[line].get(field) for line in self.lines]

    def lights(self, desk: DeskProcess) -> list[str]:
        return [board.light(board.card(desk, order), "parts")["state"] for order in self.orders]


def undone(desk: DeskProcess, answer: dict[str, Any]) -> None:
    desk.ask("undo", change=answer["change"])


def test_one_eta_for_every_line_of_an_order_is_on_the_board_at_once_and_on_the_advisors_desk(
    manager: DeskProcess, desk: DeskProcess, bridge: BridgeProcess
) -> None:
    came = Delivery(manager, 24, 100, 100)
    eta = board.hence(hours=48)
    answer = came.set_eta(eta)
    assert set(answer["changed"]["part_line"]) == set(came.lines)
    assert came.shown("eta") == [eta] * 3
    assert came.lights(manager) == ["late", "on_order", "on_order"], "only the first was promised sooner"
    for line in came.lines:
        assert held(bridge, manager, "part_line", line)["eta"] == eta
    desk.ask("sync.now")
    desk.wait_event(lambda event: set(came.lines) <= set(event.get("kinds", {}).get("part_line", ())))
    assert came.lights(desk) == ["late", "on_order", "on_order"]
    undone(manager, answer)
    assert came.shown("eta") == [None] * 3, "one step back for all of them"


def test_one_line_that_is_here_already_stops_the_eta_for_all(manager: DeskProcess) -> None:
    came = Delivery(manager, 24, 24)
    manager.ask("part.receive", part_line_id=came.lines[1])
    with pytest.raises(Refusal) as refused:
        came.set_eta(board.hence(hours=48))
    assert refused.value.message == "Also names Water pump, which is received already; it needs no ETA."
    with pytest.raises(Refusal) as refused:
        came.set_eta(board.hence(hours=48), "no-such-line")
    assert refused.value.fields
    with pytest.raises(Refusal) as refused:
        came.set_eta(board.hence(hours=-1))
    assert refused.value.message == "Eta is in the past; give a time to come."
    assert came.shown("eta") == [None, None]


def test_an_order_is_received_by_its_number_into_a_bin_and_taken_back_in_one(
    manager: DeskProcess, bridge: BridgeProcess
) -> None:
    came = Delivery(manager, 24, 24)
    answer = manager.ask("part.receive_order", order_no=came.number.lower(), bin="S07")
    assert came.shown("state") == ["received"] * 2
    assert came.lights(manager) == ["ready"] * 2
    first, second = (held(bridge, manager, "part_line", line) for line in came.lines)
    assert (first["bin"], second["bin"]) == ("S07", "S07")
    assert first["return_by"] > first["received_at"], "ordered for this car, so it may have to go back"
    with pytest.raises(Refusal) as refused:
        manager.ask("part.receive_order", order_no=came.number)
    assert (refused.value.code, set(refused.value.fields)) == ("received_already", {"order_no"})
    moved = manager.ask("part.set_bin", part_line_id=came.lines[0], also=[came.lines[1]], bin="S08")
    assert came.shown("bin") == ["S08"] * 2
    undone(manager, moved)
    assert came.shown("bin") == ["S07"] * 2
    undone(manager, answer)
    assert (came.shown("state"), came.shown("bin")) == (["ordered"] * 2, [None] * 2)


def test_an_order_is_received_in_part_and_never_more_than_is_missing(manager: DeskProcess) -> None:
    came = Delivery(manager, 24, 24, qty=4)
    first, second = came.lines
    answer = manager.ask("part.receive_order", order_no=came.number, pieces={first: 4, second: 1})
    assert came.shown("state") == ["received", "partly_received"]
    with pytest.raises(Refusal) as refused:
        manager.ask("part.receive_order", order_no=came.number, pieces={second: 4})
    assert refused.value.message == "Pieces of Water pump are 4, more than the 3 still awaited."
    assert came.shown("qty_filled") == [4, 1]
    undone(manager, answer)
    assert came.shown("qty_filled") == [None, None]


def test_an_order_number_of_nobody_here_is_refused_and_nothing_is_booked_in(manager: DeskProcess) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("part.receive_order", order_no="OTHER-STORE-1")
    assert refused.value.message == "No part on order OTHER-STORE-1 is awaited at this store. Check the number."
    assert set(refused.value.fields) == {"order_no"}


def test_an_advisor_sets_an_eta_and_receives_nothing(desk: DeskProcess) -> None:
    for name, args in (
        ("part.receive_order", {"order_no": "1"}),
        ("part.set_bin", {"part_line_id": "x", "bin": "S07"}),
    ):
        with pytest.raises(Refusal) as refused:
            desk.ask(name, **args)
        assert refused.value.code == "forbidden"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("part.receive_order", ("state", "qty_filled", "received_at", "bin")),
        ("part.set_bin", ("bin",)),
    ],
)
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, fields: tuple[str, ...]) -> None:
    check_writers(name, "part_line", *fields)
