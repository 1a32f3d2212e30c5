"""Pages of changes: all of them, in commit order, each record once, and never ahead of their cursor."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.bridge import epoch, feed
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.problems import Problem
from tests.bridge.conftest import SignIn
from tests.bridge.rooftop import Rooftop


def start(rooftop: Rooftop) -> str:
    head = rooftop.shelf.head(rooftop.store_id)
    return feed.cursor(head.epoch, head.seq)


def page(rooftop: Rooftop, cursor: str, limit: int = 500) -> dict[str, Any]:
    with rooftop.shelf.read(rooftop.store_id) as conn:
        return feed.changes(conn, rooftop.store_id, cursor, limit)


def test_nothing_new_is_an_empty_page_at_the_same_place(rooftop: Rooftop) -> None:
    cursor = start(rooftop)
    found = page(rooftop, cursor)
    assert (found["changes"], found["count"], found["more"], found["next"]) == ([], 0, False, cursor)


def test_a_change_comes_with_its_record_and_the_next_place(rooftop: Rooftop) -> None:
    cursor = start(rooftop)
    rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-7"})
    found = page(rooftop, cursor)
    (change,) = found["changes"]
    assert (change["kind"], change["id"], change["seq"], change["rev"]) == ("repair_order", rooftop.ro, 2, 2)
    assert change["fields"]["tag"] == "T-7"
    assert page(rooftop, found["next"])["changes"] == []


def test_a_deleted_record_comes_as_deleted(rooftop: Rooftop) -> None:
    cursor = start(rooftop)
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    (change,) = page(rooftop, cursor)["changes"]
    assert change["deleted"] is True


def test_a_record_changed_often_comes_once_at_its_newest_change(rooftop: Rooftop) -> None:
    cursor = start(rooftop)
    desk = rooftop.desk()
    for place in range(5):
        desk.does("repair_order", rooftop.ro, {"spot": f"B{place}"})
    desk.does("vehicle", rooftop.vehicle, {"colour": "blue"})
    changes = page(rooftop, cursor)["changes"]
    assert [(change["kind"], change["seq"]) for change in changes] == [("repair_order", 6), ("vehicle", 7)]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_any_size_bring_every_record_to_where_it_stands(rooftop: Rooftop, limit: int) -> None:
    cursor = start(rooftop)
    desk = rooftop.desk()
    for place in range(6):
        desk.does("repair_order", rooftop.ro, {"spot": f"B{place}"})
        desk.does("vehicle", rooftop.vehicle, {"odometer": place})
        desk.does("contact_event", f"c{place}", {"customer_id": rooftop.customer, "body": str(place)}, op="create")
    seen: dict[str, dict[str, Any]] = {}
    last = 0
    more = True
    while more:
        found = page(rooftop, cursor, limit)
        assert len(found["changes"]) == found["count"] <= limit
        numbers = [change["seq"] for change in found["changes"]]
        assert numbers == sorted(numbers)
        assert all(number > last for number in numbers)
        cursor, more = found["next"], found["more"]
        last = int(cursor.rpartition(".")[2])
        assert all(number <= last for number in numbers), "a page never runs ahead of its cursor"
        seen.update({change["id"]: change["fields"] for change in found["changes"]})
    assert seen[rooftop.ro]["spot"] == "B5"
    assert seen[rooftop.vehicle]["odometer"] == 5
    assert {f"c{place}" for place in range(6)} < seen.keys()


def test_a_cursor_of_another_epoch_is_gone(rooftop: Rooftop, owner: Books) -> None:
    cursor = start(rooftop)
    with owner.write() as conn:
        epoch.renew(conn)
    with pytest.raises(Problem) as gone:
        page(rooftop, cursor)
    assert (gone.value.status, gone.value.code) == (410, "cursor_gone")


@pytest.mark.parametrize(
    "bad",
    ["", ".", "x", "{epoch}", "{epoch}.", "{epoch}.-1", "{epoch}.0", "{epoch}.99", "{epoch}.²", "{epoch}.٣", "a.1"],
)
def test_a_cursor_that_never_was_is_gone_not_a_fault(rooftop: Rooftop, bad: str) -> None:
    with pytest.raises(Problem) as gone:
        page(rooftop, bad.replace("{epoch}", rooftop.shelf.head(rooftop.store_id).epoch))
    assert gone.value.status == 410


def test_over_http_a_gone_cursor_says_what_to_do(rooftop: Rooftop, signed: SignIn) -> None:
    reply = signed().get("/v1/changes", cursor="elsewhere.12")
    assert reply.status_code == 410
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["type"] == "urn:advisor-desk:cursor_gone"
    assert "snapshot" in reply.json()["detail"]


def test_a_page_over_http_is_what_the_wire_declares(rooftop: Rooftop, signed: SignIn) -> None:
    rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-7"})
    head = rooftop.shelf.head(rooftop.store_id)
    reply = signed().get("/v1/changes", cursor=f"{head.epoch}.1", limit=1)
    body = reply.json()
    assert body["epoch"] == head.epoch
    assert (body["count"], body["more"], body["next"]) == (1, False, f"{head.epoch}.2")
