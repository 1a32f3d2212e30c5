"""The figures' records: those of the time and what is open or lies here, found beside the years and not among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from advisor_desk.cache import reads_report
from advisor_desk.cache.codec import ServerRow
from advisor_desk.domain import figures
from tests.cache.shop import NOON, Shop, wire

YEARS_AGO, LATELY = NOON - timedelta(days=900), NOON - timedelta(days=20)
SINCE = NOON - timedelta(days=100)


@pytest.fixture
def years(shop: Shop) -> Shop:
    """The shop with two orders long closed and one closed lately, and what hangs on them."""
    shop.take(*_rows())
    return shop


def _rows() -> Iterator[ServerRow]:
    def row(kind: str, id: str, **fields: Any) -> ServerRow:
        return ServerRow(kind, id, 2, False, fields)

    yield row("repair_order", "long-ago", stage="closed", opened=wire(YEARS_AGO), customer_id="cust-1")
    yield row("repair_order", "lately", stage="closed", opened=wire(LATELY), customer_id="cust-1")
    yield row("job", "job-long-ago", repair_order_id="long-ago", state="done")
    yield row("job", "job-lately", repair_order_id="lately", state="declined")
    yield row("part_line", "fitted-long-ago", repair_order_id="long-ago", state="installed")
    yield row("part_line", "lies-here", repair_order_id="long-ago", state="received")
    yield row("part_line", "pulled-here", repair_order_id="long-ago", state="pulled")
    yield row("part_line", "fitted-lately", repair_order_id="lately", state="received")
    for about, owed in (("kept", "kept"), ("owed", "open")):
        for said, at in (("long-ago", YEARS_AGO), ("lately", LATELY)):
            fields = {"rule": "follow_up_visit", "customer_id": "cust-1", "due_at": wire(at), "state": owed}
            yield row("promise", f"{about}-{said}", **fields)
    for whose, about in (("cust-1", ""), ("", "ro-recon"), ("not-on-this-desk", "")):
        for said, at in (("long-ago", YEARS_AGO), ("lately", LATELY)):
            fields = {"customer_id": whose, "repair_order_id": about, "channel": "call", "at": wire(at)}
            yield row("contact_event", f"{said} to {whose or about}", **fields)


def _since(shop: Shop, at: datetime) -> dict[str, list[str]]:
    with shop.reader() as conn:
        return {kind: [row.id for row in rows] for kind, rows in reads_report.since(conn, at).items()}


def test_every_kind_that_figures_are_counted_from_is_read() -> None:
    assert set(reads_report.ALL) == set(figures.KINDS)


def test_what_is_open_or_lies_here_counts_however_old_and_each_once(years: Shop) -> None:
    found = _since(years, SINCE)
    assert sorted(found["promise"]) == ["kept-lately", "owed-lately", "owed-long-ago"]
    assert sorted(found["part_line"]) == ["fitted-lately", "lies-here", "line-1", "line-2", "pulled-here"]


def test_orders_of_the_time_come_with_their_jobs_and_those_of_years_without(years: Shop) -> None:
    found = _since(years, SINCE)
    assert "lately" in found["repair_order"] and "long-ago" not in found["repair_order"]
    assert sorted(found["job"]) == ["job-1", "job-lately"]


def test_what_was_said_lately_counts_whoever_it_was_said_to(years: Shop) -> None:
    said = {id for id in _since(years, SINCE)["contact_event"] if " to " in id}
    assert said == {"lately to cust-1", "lately to ro-recon", "lately to not-on-this-desk"}


def test_of_five_years_records_only_those_of_the_time_are_read(years: Shop) -> None:
    asked = {"since": wire(SINCE), "orders": "[]"}
    with years.reader() as conn:
        for kind in ("promise", "job", "part_line", "contact_event", "appointment"):
            steps = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {reads_report.ALL[kind]}", asked)]
            some = f"SCAN {kind} USING INDEX {kind}_"  # of those that are open
            walks = [step for step in steps if step.startswith(f"SCAN {kind}") and not step.startswith(some)]
            assert walks == [] and "SCAN said" not in steps, kind
