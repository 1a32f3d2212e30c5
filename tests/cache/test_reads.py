"""What screens read: on a read-only connection, without SQLAlchemy, true while edits wait."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.cache import meta, reads
from tests.cache.shop import KEY, Shop, refused, server_row


def test_they_need_neither_sqlalchemy_nor_the_network_libraries(shop: Shop) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from advisor_desk.cache import reads\n"
        "conn = reads.connect(Path(sys.argv[1]), bytes.fromhex(sys.stdin.read()))\n"
        "board = reads.board(conn)\n"
        "assert {row['id'] for row in board} == {'ro-1', 'ro-2'}, board\n"
        "assert reads.repair_order(conn, 'ro-1')['customer']['name'] == 'Marchetti, Sofia'\n"
        "assert reads.search(conn, 'march') and reads.status(conn)['waiting'] == 1\n"
        "reads.attention(conn), reads.outbox(conn), reads.settings(conn), reads.employees(conn)\n"
        "heavy = {'sqlalchemy', 'alembic', 'requests', 'pydantic', 'fastapi', 'PySide6'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    shop.edit("repair_order", "ro-1", tag="T55")
    done = subprocess.run(
        [sys.executable, "-c", code, str(shop.path)], input=KEY.hex(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_the_connection_cannot_write(shop: Shop) -> None:
    with shop.reader() as conn, pytest.raises(sqlcipher.OperationalError):
        conn.execute("DELETE FROM mutation")


def test_another_key_reads_nothing(shop: Shop) -> None:
    with pytest.raises(sqlcipher.DatabaseError):
        reads.connect(shop.path, bytes(32))


def test_a_reader_sees_each_commit_of_the_writer_and_never_half_of_one(shop: Shop) -> None:
    with shop.reader() as conn:
        shop.edit("repair_order", "ro-1", tag="T55")
        assert reads.one(conn, "repair_order", "ro-1")["tag"] == "T55"
        with shop.cache.write() as writing:
            writing.exec_driver_sql("DELETE FROM board")
            assert len(reads.board(conn)) == 2
        assert reads.board(conn) == []


def test_the_board_shows_open_work_with_what_is_pending_on_it(shop: Shop) -> None:
    shop.edit("repair_order", "ro-1", tag="T55")
    shop.edit("part_line", "line-1", eta="2026-11-25T15:00:00Z")
    with shop.reader() as conn:
        rows = {row["id"]: row for row in reads.board(conn)}
        assert set(rows) == {"ro-1", "ro-2"}
        card = rows["ro-1"]
        assert (card["tag"], card["customer"], card["vehicle"]) == ("T55", "Marchetti, Sofia", "2019 CR-V EX")
        assert card["pending"] == ["part_line", "tag"] and rows["ro-2"]["pending"] == []
        assert reads.board_rows(conn, ["ro-1", "ro-old", "ro-none"]).keys() == {"ro-1"}


def test_a_repair_order_comes_with_all_that_stands_beside_it(shop: Shop) -> None:
    edit = shop.edit(
        "part_line", "line-1", eta="2026-11-25T15:00:00Z", first_eta="2026-11-24T15:00:00Z", eta_set_at=_AT
    )
    with shop.reader() as conn:
        found = reads.repair_order(conn, "ro-1")
    assert edit and found is not None
    assert found["customer"]["name"] == "Marchetti, Sofia" and found["advisor"]["name"] == "Maria Oakes"
    assert [job["letter"] for job in found["jobs"]] == ["A"]
    assert [line["description"] for line in found["parts"]] == ["Front pads"]
    assert found["loaner"]["unit"] == "L7"
    assert (found["visits"], found["since"]) == (2, "2026")
    assert found["pending"] == {"line-1": ["eta", "eta_set_at", "first_eta"]}
    assert [item["kind"] for item in found["story"]] == ["eta", "contact"]


_AT = "2026-11-23T12:30:00Z"


def test_a_repair_order_the_cache_has_not_is_none(shop: Shop) -> None:
    with shop.reader() as conn:
        assert reads.repair_order(conn, "ro-none") is None
        assert reads.one(conn, "repair_order", "ro-none") == {}


def test_the_story_goes_back_page_by_page(shop: Shop) -> None:
    said = [
        server_row("contact_event", f"said-{n:02}", 5, {"customer_id": "cust-2", "at": f"2026-11-{n + 1:02}T09:00:00Z"})
        for n in range(10)
    ]
    shop.take(*said)
    with shop.reader() as conn:
        first = reads.story(conn, "cust-2", limit=4)
        second = reads.story(conn, "cust-2", before=first[-1]["at"], limit=4)
    assert [item["id"] for item in first + second] == [f"said-{n:02}" for n in range(9, 1, -1)]


def test_which_cards_a_change_concerns(shop: Shop) -> None:
    def cards(**kinds: list[str]) -> set[str]:
        with shop.reader() as conn:
            return reads.boards_of(conn, kinds)

    assert cards(repair_order=["ro-9"]) == {"ro-9"}
    assert cards(part_line=["line-1"], job=["job-1"], contact_event=["said-1"]) == {"ro-1"}
    assert cards(customer=["cust-2"], vehicle=["car-1"]) == {"ro-1", "ro-2"}
    assert cards(employee=["emp-luis"]) == set()


def test_the_status_counts_what_waits_and_what_needs_a_decision(shop: Shop) -> None:
    first = shop.edit("repair_order", "ro-1", tag="T55")
    shop.batch()
    shop.edit("repair_order", "ro-2", tag="T56")
    shop.settle(refused(first, server_row("repair_order", "ro-1", 5)))
    shop.edit("repair_order", "ro-2", spot="C2")
    with shop.cache.write() as conn:
        for name, value in {"store_name": "Harbor Motors", "first_sync_done": 1, "last_synced_at": _AT}.items():
            meta.put(conn, name, value)
    with shop.reader() as conn:
        assert reads.status(conn) == {
            "waiting": 2,
            "attention": 1,
            "reconcile": 0,
            "first_sync_done": True,
            "as_of": _AT,
            "employee_id": "emp-maria",
            "store_name": "Harbor Motors",
            "bridge_url": "",
            "lacking": [],
        }


def test_an_empty_cache_has_a_status_and_nothing_to_show(empty: Shop) -> None:
    with empty.reader() as conn:
        assert reads.status(conn)["first_sync_done"] is False
        assert reads.board(conn) == [] and reads.store(conn) == {} and reads.attention(conn) == []
        assert str(reads.settings(conn).zone) == "UTC"


def test_what_waits_is_named_as_people_name_it_and_says_what_is_held(shop: Shop) -> None:
    shop.edit("repair_order", "ro-1", tag="T55")
    held = shop.edit("part_line", "line-1", eta="2026-11-25T15:00:00Z")
    with shop.reader() as conn:
        rows: list[dict[str, Any]] = reads.outbox(conn, {held})
    assert [(row["title"], row["state"]) for row in rows] == [
        ("T55 · RO 104417 · Marchetti, Sofia", "waiting"),
        ("T55 · RO 104417 · Marchetti, Sofia · Front pads", "held"),
    ]


def test_a_time_zone_this_computer_does_not_know_gives_way_to_utc(shop: Shop) -> None:
    shop.take(server_row("store", "store-1", 5, {"timezone": "Mars/Olympus"}))
    with shop.reader() as conn:
        assert str(reads.settings(conn).zone) == "UTC"
    assert shop.later(timedelta(0))
