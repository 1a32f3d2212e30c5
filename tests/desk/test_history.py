"""What lies outside the desk's window: asked of the bridge, shown in the story's own form, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import bad_line
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.proxy import Proxy

LONG_AGO = [f"2017-03-{day:02}T10:00:00Z" for day in range(1, 31)]


@pytest.fixture
def served(demo_store: BridgeFolder, tmp_path: Path) -> Iterator[BridgeProcess]:
    """A bridge of this test's own."""
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as served:
        yield served


def _customer(bridge: BridgeProcess) -> str:
    """A customer with something said within the window."""
    return next(
        fields["customer_id"]
        for (kind, _), fields in bridge.records("maria").items()
        if kind == "contact_event" and fields.get("customer_id")
    )


def _said_long_ago(bridge: BridgeProcess, customer: str) -> list[str]:
    """Thirty contacts of 2017, four of them within one second; their ids, newest first."""
    me = bridge.get("/v1/me", "maria")["employee"]["id"]
    moments = [*LONG_AGO[:-3], *[LONG_AGO[-4]] * 3]
    edits = [
        {
            "id": f"edit-{n}",
            "n": n + 1,
            "kind": "contact_event",
            "record_id": f"long-ago-{n:03}",
            "op": "create",
            "set": {"customer_id": customer, "employee_id": me, "channel": "call", "at": at, "body": f"<b>{n}</b>"},
            "made_at": "2026-11-23T15:00:00Z",
            "actor": me,
        }
        for n, at in enumerate(moments)
    ]
    answers = bridge.push("a-desk-of-2017", edits, "maria")
    assert {answer["outcome"] for answer in answers} == {"applied"}
    return [edit["record_id"] for edit in reversed(edits)]


def _name(bridge: BridgeProcess) -> str:
    return str(bridge.get("/v1/me", "maria")["employee"]["name"])


def _all(desk: DeskProcess, customer: str, before: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    place: str | None = before
    while place is not None:
        page = desk.ask("read.history", customer_id=customer, before=place)
        rows += page["story"]
        place = page["before"]
    return rows


def test_what_was_said_long_ago_is_fetched_and_not_kept(served: BridgeProcess, tmp_path: Path) -> None:
    customer = _customer(served)
    ids = _said_long_ago(served, customer)
    with DeskProcess(tmp_path / "maria", served.url, served.folder.token("maria")) as desk:
        desk.wait_live()
        assert not [id for _, id in desk.records() if id.startswith("long-ago")]
        here = [row for row in desk.records().items() if row[0][0] == "contact_event"]
        oldest = min(fields["at"] for _, fields in here if fields.get("customer_id") == customer)
        rows = _all(desk, customer, oldest)
        assert [row["id"] for row in rows if row["id"] in set(ids)] == ids
        first = rows[-1]
        assert (first["kind"], first["employee"], first["body"]) == ("contact", _name(served), "<b>0</b>")
        # A moment is asked for with its whole second: what shares it may not be on the screen yet.
        assert len(_all(desk, customer, LONG_AGO[-4])) == 30
        assert not [id for _, id in desk.records() if id.startswith("long-ago")]


def test_a_customer_the_bridge_has_yet_to_hear_of_has_nothing_older(desk: DeskProcess) -> None:
    assert desk.ask("read.history", customer_id="nobody") == {"story": [], "before": None}


def test_without_the_bridge_it_is_said_in_words(served: BridgeProcess, tmp_path: Path) -> None:
    with DeskProcess(tmp_path / "maria", served.url, served.folder.token("maria")) as desk:
        desk.wait_live()
        served.kill()
        with pytest.raises(Refusal) as refused:
            desk.ask("read.history", customer_id="anybody")
        assert (refused.value.code, refused.value.message.partition(".")[0]) == (
            "offline",
            "Older history needs the bridge",
        )


def test_commands_go_on_while_the_bridge_takes_its_time(served: BridgeProcess, tmp_path: Path) -> None:
    customer = _customer(served)
    with (
        Proxy(served.url) as proxy,
        DeskProcess(tmp_path / "maria", proxy.url, served.folder.token("maria")) as desk,
    ):
        desk.wait_live()
        proxy.once(f"GET /v1/customers/{customer}/history", bad_line.never_answers)
        asked = desk.begin("read.history", customer_id=customer)
        desk.ask("contact.log", customer_id=customer, channel="note", body="Meanwhile")
        assert not desk.answered(asked)
