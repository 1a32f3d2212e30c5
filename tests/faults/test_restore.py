"""A bridge put back from a backup under five desks: all acknowledged since is back, and nobody did anything."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.bridge.demo import build
from tests.support import board, cli
from tests.support.bridge import BridgeFolder
from tests.support.desk import DeskProcess
from tests.support.postgres import Cluster
from tests.support.shop import Shop
from tests.support.waiting import until

NAMES = ("maria", "david", "luis", "pat", "helen")
HEALING = 300.0
Records = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this module's own."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Two advisors, two at the parts counter and the manager at their desks, on each database in turn."""
    where = tmp_path_factory.mktemp("restore")
    if request.param == "sqlite":
        folder = request.getfixturevalue("demo_store").copied(where / "bridge")
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        build.build(where / "bridge", "demo", 1, database=cluster.url(cluster.database()))
        folder = BridgeFolder(where / "bridge")
    with Shop(folder, where) as shop:
        shop.sign_in(*NAMES)
        yield shop


def back_up(shop: Shop, to: Path) -> Path:
    """What the operator does every night, while it is served."""
    cli.said("bridge", "backup", "--data", shop.bridge.folder.data, "--to", to)
    return to


def put_back(shop: Shop, backup: Path) -> None:
    """What the operator does after a bad day; the desks are told nothing."""
    shop.bridge.stop()
    cli.said("bridge", "restore", "--data", shop.bridge.folder.data, "--from", backup)
    shop.bridge.start()


def wait_healed(shop: Shop, before: Records) -> None:
    """The bridge holds what it held, every desk too, and nobody is asked anything."""

    def settled() -> bool:
        time.sleep(0.5)  # reading all the bridge holds is work for it too
        return bool(not missing(shop, before) or asked(shop))

    try:
        until(settled, HEALING, "the bridge to hold what it held")
    except AssertionError:
        links = {name: desk.link() for name, desk in shop.desks.items()}
        raise AssertionError(f"not back: {missing(shop, before)}; the desks: {links}") from None
    assert asked(shop) == {}
    assert missing(shop, before) == {}
    for desk in shop.desks.values():
        desk.wait_live(HEALING)
    shop.wait_same(HEALING)
    assert asked(shop) == {}


def missing(shop: Shop, before: Records) -> dict[Any, Any]:
    """The fields that are not as they were, each with what it was and what it is."""
    now = shop.bridge.records("helen")
    out = {}
    for at in before.keys() | now.keys():
        if at[0] == "promise" and now.get(at, {}).get("rule") != "by_hand":
            continue  # time goes on and the rules with it: what they raise and end follows from the other records
        was, stands = _alike(before.get(at, {})), _alike(now.get(at, {}))
        names = {name for name in was.keys() | stands.keys() if was.get(name) != stands.get(name)}
        if names:
            out[at] = {name: (was.get(name), stands.get(name)) for name in names}
    return out


def _alike(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields with their lists in one order: in a list that two have added to, either may stand first."""
    return {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in fields.items()}


def asked(shop: Shop) -> dict[str, list[str]]:
    """What anybody would have to decide."""
    entries = {name: board.attention(desk) for name, desk in shop.desks.items()}
    return {
        name: [f"{entry['title']}: {entry['problem'].get('type')}" for entry in found]
        for name, found in entries.items()
        if found
    }


def free(desk: DeskProcess, taken: set[str]) -> dict[str, Any]:
    """A card no test has worked on."""
    row = next(row for row in board.cards(desk) if row["id"] not in taken and row["stage"] == "repair")
    taken.add(row["id"])
    return row


@pytest.fixture(scope="module")
def taken() -> set[str]:
    """The cards that were worked on."""
    return set()


def a_day(shop: Shop, rows: list[dict[str, Any]], mark: str) -> None:
    """Each at their own work, all on the same cars."""
    maria, david, luis, pat, helen = (shop.desks[name] for name in NAMES)
    for number, row in enumerate(rows):
        id, who = row["id"], {"customer_id": row["customer_id"], "repair_order_id": row["id"]}
        maria.ask("contact.log", **who, channel="call", body=f"{mark} maria {number}")
        david.ask("contact.log", **who, channel="text", body=f"{mark} david {number}")
        maria.ask("ro.set_tag", repair_order_id=id, tag=f"{mark}{number}")
        david.ask("ro.repromise", repair_order_id=id, promised_at=board.hence(days=2 + number), reason=mark)
        helen.ask("ro.hold", repair_order_id=id, reasons=["other"])
        pat.ask("ro.set_spot", repair_order_id=id, spot=f"{mark} {number}")
    for number, line in enumerate(board.lines(luis, "ordered")[:3]):
        luis.ask("part.set_eta", part_line_id=line.part["id"], eta=board.hence(days=3, hours=number))
    undone = maria.ask("contact.log", customer_id=rows[0]["customer_id"], channel="note", body=f"{mark} undone")
    maria.ask("undo", change=undone["change"])


def test_all_that_was_acknowledged_since_the_backup_is_back_and_nobody_did_anything(
    shop: Shop, taken: set[str], tmp_path: Path
) -> None:
    maria, david = shop.desks["maria"], shop.desks["david"]
    rows = [free(maria, taken) for _ in range(3)]
    a_day(shop, rows, "Y")
    shop.wait_same()
    backup = back_up(shop, tmp_path / "yesterday")
    a_day(shop, rows, "T")
    (order,) = david.ask("ro.open", customer_id=rows[0]["customer_id"], complaints=["Rattles"], again=True)["changed"][
        "repair_order"
    ]
    for desk in shop.desks.values():
        desk.wait_live()
    before = shop.wait_same()
    assert before["repair_order", order]["number"].isdigit()
    put_back(shop, backup)
    assert shop.bridge.records("helen") != before, "the backup holds the day already; the test shows nothing"
    wait_healed(shop, before)


def test_what_one_did_on_top_of_anothers_work_is_back_as_it_stood_in_whatever_order_they_return(
    shop: Shop, taken: set[str], tmp_path: Path
) -> None:
    maria, david, luis = (shop.desks[name] for name in ("maria", "david", "luis"))
    row = free(maria, taken)
    id = row["id"]
    line = board.lines(luis, "ordered", "backordered")[-1]
    backup = back_up(shop, tmp_path / "yesterday")

    def in_turn(*deeds: tuple[DeskProcess, str, dict[str, Any]]) -> None:
        """Each sees what was done before they go on."""
        for desk, do, args in deeds:
            desk.ask(do, **args)
            desk.wait_live()
            shop.wait_same()

    mark = uuid.uuid4().hex[:8]
    (order,) = maria.ask("ro.open", customer_id=row["customer_id"], complaints=["Pulls left"], again=True)["changed"][
        "repair_order"
    ]
    maria.wait_live()
    shop.wait_same()
    in_turn(
        (maria, "ro.move_stage", {"repair_order_id": id, "stage": "quality"}),
        (david, "ro.move_stage", {"repair_order_id": id, "stage": "ready"}),
        (maria, "ro.repromise", {"repair_order_id": id, "promised_at": board.hence(days=1)}),
        (david, "ro.repromise", {"repair_order_id": id, "promised_at": board.hence(days=2)}),
        (david, "ro.set_tag", {"repair_order_id": order, "tag": "CHAIN"}),
        (luis, "part.set_eta", {"part_line_id": line.part["id"], "eta": board.hence(days=1)}),
        (david, "contact.log", {"customer_id": row["customer_id"], "repair_order_id": order, "channel": "call",
                                "body": f"about hers {mark}", "tells": []}),
    )  # fmt: skip
    before = shop.wait_same()
    # Whoever built on another's work is back first.
    shop.unplug("maria", "luis", "pat", "helen")
    put_back(shop, backup)
    # His tag and his call are on an order that only she can bring back: they wait for it, and nothing else does.
    david.wait_link(lambda link: link["state"] == "live" and link["waiting"] == 2, HEALING)
    assert {entry["repair_order_id"] for entry in david.ask("read.outbox")["outbox"]} == {order}
    shop.plug_in("helen", "pat", "luis", "maria", seconds=HEALING)
    wait_healed(shop, before)
