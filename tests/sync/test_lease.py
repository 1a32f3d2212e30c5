"""RO numbers are leased while the line is up, before they run out, and never by whoever opens no orders."""

from __future__ import annotations

from advisor_desk.api.errors import Said
from advisor_desk.cache import numbers
from advisor_desk.domain.repair_order import FEW, LEASED
from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import Desk, at_bridge, put_back


def left(desk: Desk) -> int:
    with desk.cache.read() as conn:
        return numbers.left(conn)


def opened(desk: Desk, **more: object) -> tuple[str, str]:
    """Open an order for Sofia without a car; its id and number."""
    before = {id for kind, id in desk.everything() if kind == "repair_order"}
    desk.do("ro.open", customer_id="cust-1", **more)
    (id,) = {id for kind, id in desk.everything() if kind == "repair_order"} - before
    return id, desk.fields("repair_order", id)["number"]


def test_a_desk_in_step_has_numbers_for_the_next_outage(open_desk: OpenDesk) -> None:
    desk = open_desk("maria")
    assert desk.turn() == "live"
    assert left(desk) == LEASED
    desk.turn()
    assert left(desk) == LEASED


def test_it_asks_for_more_once_fewer_than_five_are_left(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    for _ in range(LEASED - FEW):
        opened(desk)
    desk.turn()
    assert (left(desk), line.carried.count("lease")) == (FEW, 1)
    opened(desk)
    desk.turn()
    assert (left(desk), line.carried.count("lease")) == (FEW - 1 + LEASED, 2)


def test_orders_of_two_desks_cut_off_at_once_never_share_a_number(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    lines = {"maria": BrokenLine(), "david": BrokenLine()}
    desks = [open_desk(who, line) for who, line in lines.items()]
    for desk in desks:
        desk.turn()
    for line in lines.values():
        line.down = True
    made = [opened(desk) for desk in desks for _ in range(LEASED + 2)]
    assert len({number for _, number in made}) == 2 * (LEASED + 2)
    assert sum(number.startswith("TMP-") for _, number in made) == 4
    for line in lines.values():
        line.down = False
    for desk in desks:
        desk.turn()
    assert [at_bridge(bridge, "repair_order", id)["number"] for id, _ in made] == [number for _, number in made]


def test_whoever_opens_no_orders_leases_none(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("luis", line)
    assert desk.turn() == "live"
    assert left(desk) == 0 and "lease" not in line.carried


def test_an_older_bridge_that_lends_nothing_is_worked_with_all_the_same(open_desk: OpenDesk) -> None:
    line = BrokenLine().refuse("lease", Said("not_found", 404))
    desk = open_desk("maria", line)
    assert desk.turn() == "live"
    assert left(desk) == 0
    assert opened(desk)[1].startswith("TMP-")


def test_a_lost_answer_costs_numbers_and_never_gives_them_twice(open_desk: OpenDesk) -> None:
    line = BrokenLine().lose_reply("lease")
    desk, other = open_desk("maria", line), open_desk("david")
    assert desk.turn() == "offline"
    other.turn()
    assert desk.turn() == "live"
    assert {opened(desk)[1] for _ in range(LEASED)}.isdisjoint({opened(other)[1] for _ in range(LEASED)})


def test_a_bridge_put_back_lends_no_number_that_an_order_has(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    desk, other = open_desk("maria"), open_desk("david")
    desk.turn()
    put_back(bridge)
    given = {opened(desk)[1] for _ in range(LEASED)}
    other.turn()
    desk.turn()
    given_after = {opened(one)[1] for one in (desk, other) for _ in range(LEASED)}
    assert len(given_after) == 2 * LEASED and given.isdisjoint(given_after)
