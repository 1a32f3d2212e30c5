"""The snapshot: every record once a part, open work first, resumable at any page, and its sums right."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from advisor_desk.bridge import epoch, snapshot
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.problems import Problem
from tests.bridge.conftest import SignIn
from tests.bridge.rooftop import Rooftop


def pages(
    rooftop: Rooftop, limit: int, after: str = "", since: str = ""
) -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Every page from a place on: its records and its end."""
    out: list[tuple[list[dict[str, Any]], dict[str, Any]]] = []
    more = True
    while more:
        with rooftop.shelf.read(rooftop.store_id) as conn:
            body = snapshot.page(conn, rooftop.store_id, after, limit, "2026-11-23", since)
        *lines, last = body.splitlines(keepends=True)
        end = json.loads(last)["end"]
        assert end["count"] == len(lines) <= limit
        assert end["sha256"] == hashlib.sha256(b"".join(lines)).hexdigest()
        out.append(([json.loads(line) for line in lines], end))
        after, more = end["cursor"], end["more"]
    return out


def test_the_open_work_comes_first_and_ends_its_page(rooftop: Rooftop) -> None:
    closed = rooftop.desk("manager")
    closed.does(
        "repair_order", "old", {"number": "40000", "customer_id": rooftop.customer, "stage": "closed"}, op="create"
    )
    (first, end), *rest = pages(rooftop, 1_000)
    assert (end["part"], end["more"]) == ("open", True)
    assert {"store", "employee", "customer", "vehicle", "job", "part_line", "repair_order"} == {
        r["kind"] for r in first
    }
    assert [record["id"] for record in first if record["kind"] == "repair_order"] == [rooftop.ro]
    assert all(part["part"] == "history" for _, part in rest)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 20_000])
def test_pages_of_any_size_hold_every_record(rooftop: Rooftop, limit: int) -> None:
    found = pages(rooftop, limit)
    history = [record["id"] for records, end in found if end["part"] == "history" for record in records]
    assert sorted(history) == sorted(id for _, id, _ in rooftop.rows())
    last = found[-1][1]
    assert last["done"] == last["total"] == len(history)


def test_a_snapshot_goes_on_from_the_page_where_it_was_cut(rooftop: Rooftop) -> None:
    whole = pages(rooftop, 3)
    for place, (_, end) in enumerate(whole[:-1]):
        rest = pages(rooftop, 3, end["cursor"])
        assert [records for records, _ in rest] == [records for records, _ in whole[place + 1 :]]


def test_what_changes_meanwhile_comes_by_the_cursor_the_snapshot_ends_with(rooftop: Rooftop, signed: SignIn) -> None:
    maria = signed()
    head = rooftop.shelf.head(rooftop.store_id)
    after = json.loads(maria.get("/v1/snapshot", limit=2).content.splitlines()[-1])["end"]["cursor"]
    rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-7"})
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    end: dict[str, Any] = {"more": True}
    while end["more"]:
        end = json.loads(maria.get("/v1/snapshot", after=after, limit=2).content.splitlines()[-1])["end"]
        after = end["cursor"]
    assert after == f"{head.epoch}.{head.seq}", "from where it began, not from where it ended"
    changed = maria.get("/v1/changes", cursor=after).json()["changes"]
    assert {rooftop.ro, rooftop.job} <= {change["id"] for change in changed}


def test_a_deleted_record_is_not_in_it(rooftop: Rooftop) -> None:
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    assert rooftop.job not in {record["id"] for records, _ in pages(rooftop, 1_000) for record in records}


@pytest.mark.parametrize("bad", ["x", "....", "a.b.c.d.e.f", "{epoch}.1.1.1.²2.", "{epoch}.1.1.1", "old.1.1.1.1.id"])
def test_a_place_that_never_was_is_gone_not_a_fault(rooftop: Rooftop, bad: str) -> None:
    with pytest.raises(Problem) as gone:
        pages(rooftop, 5, bad.replace("{epoch}", rooftop.shelf.head(rooftop.store_id).epoch))
    assert gone.value.status == 410


def test_a_place_of_another_epoch_is_gone(rooftop: Rooftop, owner: Books) -> None:
    ((_, end), *_) = pages(rooftop, 2)
    with owner.write() as conn:
        epoch.renew(conn)
    with pytest.raises(Problem):
        pages(rooftop, 2, end["cursor"])


def test_over_http_it_comes_as_lines_and_zipped_for_who_takes_it(rooftop: Rooftop, signed: SignIn) -> None:
    maria = signed()
    reply = maria.get("/v1/snapshot")
    assert reply.headers["Content-Type"] == "application/x-ndjson"
    assert reply.headers["Content-Encoding"] == "gzip"
    lines, ends = maria.snapshot(limit=4)
    assert len(lines) == sum(end["count"] for end in ends)
    assert {record["id"] for record in lines} == {id for _, id, _ in rooftop.rows()}


def test_a_line_holds_the_text_as_it_was_written_whatever_the_script(rooftop: Rooftop) -> None:
    name = "Nguyễn, “Bích” \\ 山田 🛠️ <b>"
    rooftop.desk().does("customer", rooftop.customer, {"name": name})
    found = {record["id"]: record for records, _ in pages(rooftop, 1_000) for record in records}
    assert found[rooftop.customer]["fields"]["name"] == name


def test_contacts_before_the_window_are_left_out_but_not_those_of_open_work(rooftop: Rooftop) -> None:
    desk = rooftop.desk()
    said = {"old": "2019-06-01T10:00:00Z", "young": "2026-06-01T10:00:00Z"}
    for id, at in said.items():
        desk.does("contact_event", id, {"customer_id": rooftop.customer, "at": at, "body": "Called"}, op="create")
    of_open_work = {"customer_id": rooftop.customer, "repair_order_id": rooftop.ro, "at": said["old"]}
    desk.does("contact_event", "open", of_open_work, op="create")
    for limit in (1, 3, 1_000):
        found = pages(rooftop, limit, since="2021-11-22")
        ids = [record["id"] for records, _ in found for record in records if record["kind"] == "contact_event"]
        assert set(ids) == {"young", "open"}
