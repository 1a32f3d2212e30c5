"""The store's figures: what counts as kept, missed, set and told, and what does not."""

from __future__ import annotations

from typing import Any

from advisor_desk.domain import figures
from advisor_desk.domain.figure import Period, Records
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.rule import Shop
from tests.domain.rules.shop import PEOPLE, STORE, local

NOW = local("2026-11-24 12:00")
MONTH = Period(local("2026-11-01 00:00"), local("2026-12-01 00:00"))
ORDER = {"customer_id": "sofia", "advisor_id": "maria", "opened": "2026-11-23T14:00:00Z", "transport": "waiter"}


def counted(name: str, **rows: list[dict[str, Any]]) -> dict[str, tuple[float | int | str, ...]]:
    """A figure's numbers by row, of these records; each may name its own id."""
    made = {
        kind: [Row(str(fields.get("id") or f"{kind}-{number}"), fields) for number, fields in enumerate(some)]
        for kind, some in rows.items()
    }
    records = Records(made, Shop.of("store", STORE, PEOPLE, NOW))
    return {line.label: line.values for line in figures.figure(name, records, MONTH).lines}


def owed(state: str, due: str, **more: Any) -> dict[str, Any]:
    """A promise to follow up."""
    return {"rule": "follow_up_visit", "owner_id": "maria", "state": state, "due_at": due, **more}


def test_a_promise_open_past_its_time_is_overdue_and_counts_against_the_share_kept() -> None:
    kept = owed("kept", "2026-11-20T17:00:00Z", ended_at="2026-11-20T15:00:00Z", evidence={"kind": "x", "id": "1"})
    late = owed("open", "2026-11-21T17:00:00Z")
    to_come = owed("open", "2026-11-26T17:00:00Z")
    found = counted("kept_by_rule", promise=[kept, late, to_come])
    assert found == {"follow_up_visit": (1, 0, 0, 1, 0, 0, 50.0)}


def test_where_all_is_overdue_nothing_was_kept_on_time_and_of_what_was_given_up_there_is_no_share() -> None:
    found = counted("kept_by_rule", promise=[owed("open", "2026-11-21T17:00:00Z")])
    assert found == {"follow_up_visit": (0, 0, 0, 1, 0, 0, 0.0)}
    found = counted("kept_by_rule", promise=[owed("cancelled", "2026-11-21T17:00:00Z")])
    assert found == {"follow_up_visit": (0, 0, 0, 0, 1, 0, "")}


def test_who_came_late_was_no_missed_visit() -> None:
    starts = "2026-11-20T15:00:00Z"
    missed = {"rule": "save_no_show", "raised_at": "2026-11-20T16:00:00Z", "occurrence": starts}
    about = [{**missed, "state": "cancelled", "subject": {"kind": "appointment", "id": id}} for id in ("late", "never")]
    visits = [
        {"id": "late", "starts_at": starts, "status": "arrived"},
        {"id": "never", "starts_at": starts, "status": "no_show"},
    ]
    assert counted("no_shows", promise=about, appointment=visits) == {"missed": (1,), "saved the same day": (0, 0.0)}


def test_a_missed_visit_that_came_on_another_day_was_missed_all_the_same() -> None:
    about = {"kind": "appointment", "id": "v-1"}
    saved = {"rule": "save_no_show", "state": "kept", "subject": about, "occurrence": "2026-11-20T15:00:00Z"}
    visit = {"id": "v-1", "starts_at": "2026-11-23T15:00:00Z", "status": "arrived"}
    found = counted("no_shows", promise=[{**saved, "raised_at": "2026-11-20T16:00:00Z"}], appointment=[visit])
    assert found["saved the same day"] == (1, 100.0)


def test_a_first_service_is_one_that_is_set_and_comes_after_the_delivery() -> None:
    sold = {"customer_id": "sofia", "delivered_at": "2026-11-10T15:00:00Z"}
    before = {"customer_id": "sofia", "starts_at": "2026-11-02T15:00:00Z", "status": "arrived"}
    asked = {"customer_id": "sofia", "starts_at": "2026-12-20T15:00:00Z", "status": "requested"}
    booked = {**asked, "status": "booked"}
    assert counted("first_services", deal=[sold], appointment=[before, asked])["first service booked"] == (0, 0.0)
    assert counted("first_services", deal=[sold], appointment=[before, booked])["first service booked"] == (1, 100.0)


def test_a_contact_that_names_no_order_tells_of_the_customers_order_too() -> None:
    said = {"customer_id": "sofia", "channel": "text", "outcome": "sent", "at": "2026-11-23T14:30:00Z"}
    order = {**ORDER, "stage": "closed", "stage_since": "2026-11-23T14:50:00Z"}
    assert counted("told_in_time", repair_order=[order], contact_event=[said]) == {"maria": (1, 0, 100.0)}
    other = {**said, "repair_order_id": "another"}
    assert counted("told_in_time", repair_order=[order], contact_event=[other]) == {"maria": (0, 1, 0.0)}


def test_told_twice_in_one_minute_is_told_once() -> None:
    said = {"customer_id": "sofia", "channel": "text", "outcome": "sent", "at": "2026-11-23T14:30:00Z"}
    order = {**ORDER, "stage": "closed", "stage_since": "2026-11-23T14:50:00Z"}
    assert counted("told_in_time", repair_order=[order], contact_event=[said, said]) == {"maria": (1, 0, 100.0)}


def test_a_car_that_stood_ready_for_hours_needed_no_updates_meanwhile() -> None:
    order = {**ORDER, "id": "ro-1", "stage": "closed", "stage_since": "2026-11-23T21:00:00Z"}
    assert counted("told_in_time", repair_order=[order]) == {"maria": (0, 1, 0.0)}
    ready = {
        "rule": "tell_ready",
        "raised_at": "2026-11-23T14:40:00Z",
        "subject": {"kind": "repair_order", "id": "ro-1"},
    }
    assert counted("told_in_time", repair_order=[order], promise=[ready]) == {}
