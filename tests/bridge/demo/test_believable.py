"""The made-up store is one an advisor believes: nothing is said at night, lent twice, or promised by nobody."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.bridge.demo import generator, words
from advisor_desk.bridge.demo.generator import SIZES, Generator, Size, trim_of
from advisor_desk.bridge.demo.visits import Row
from advisor_desk.domain import times
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.rules.rule import promise_id
from tests.bridge.rooftop import MONDAY

EARLY, SATURDAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC), datetime(2026, 11, 21, 19, 40, tzinfo=UTC)
SUMMER, AFTERNOON = datetime(2026, 7, 6, 12, 20, tzinfo=UTC), datetime(2026, 11, 25, 17, 50, tzinfo=UTC)
Fields = dict[str, Any]


@pytest.fixture(scope="module", params=[MONDAY, EARLY, SATURDAY, SUMMER, AFTERNOON], ids=str)
def store(request: pytest.FixtureRequest) -> Store:
    """The demo store, opened at some moment."""
    return Store("demo", 1, request.param)


class Store:
    """A made-up store, by kind and id."""

    def __init__(self, size: str, seed: int, now: datetime) -> None:
        self.now = now
        self.rows: list[Row] = list(generator.make(size, seed, now).rows())
        self.by: dict[str, dict[str, Fields]] = {}
        self._on: dict[tuple[str, str], list[Fields]] = {}
        for kind, id, fields in self.rows:
            self.by.setdefault(kind, {})[id] = fields
            self._on.setdefault((kind, str(fields.get("repair_order_id"))), []).append(fields)
        (record,) = self.by["store"].values()
        self.calendar = Calendar.of_store(record)

    def all(self, kind: str) -> Iterator[Fields]:
        return iter(self.by[kind].values())

    def of(self, kind: str, order_id: str) -> list[Fields]:
        """An order's jobs, parts or contacts, contacts as they were said."""
        return sorted(
            self._on.get((kind, order_id), ()), key=lambda fields: str(fields.get("at") or fields.get("letter") or "")
        )

    def open_orders(self) -> Iterator[tuple[str, Fields]]:
        return ((id, ro) for id, ro in self.by["repair_order"].items() if ro["stage"] != "closed")


def at(fields: Fields, name: str) -> datetime:
    return times.from_wire(str(fields[name]))


def test_each_loaner_is_out_with_one_customer_at_a_time(store: Store) -> None:
    lent: dict[str, list[tuple[datetime, datetime]]] = {}
    for loaner in store.all("loaner"):
        back = at(loaner, "back_at") if "back_at" in loaner else datetime.max.replace(tzinfo=UTC)
        lent.setdefault(loaner["unit"], []).append((at(loaner, "out_at"), back))
    for unit, spans in lent.items():
        spans.sort()
        assert all(back <= out for (_, back), (out, _) in itertools.pairwise(spans)), unit
    assert sorted(lent) == [f"L-{number:02}" for number in range(1, len(lent) + 1)]


def test_a_car_comes_is_talked_about_and_leaves_within_the_stores_hours(store: Store) -> None:
    is_open = store.calendar.is_open
    for order in store.all("repair_order"):
        assert is_open(at(order, "opened")) and is_open(at(order, "promised_at")), order
        assert at(order, "opened") < at(order, "promised_at")
        assert order["stage"] != "closed" or is_open(at(order, "closed"))
        assert at(order, "opened") <= at(order, "stage_since") <= store.now
    for said in store.all("contact_event"):
        assert is_open(at(said, "at")) and at(said, "at") <= store.now, said


def test_visits_lie_within_the_stores_hours_and_are_booked_by_people_who_are_there(store: Store) -> None:
    for visit in store.all("appointment"):
        assert store.calendar.is_open(at(visit, "starts_at")), visit
        assert visit["source"] == "online" or store.calendar.is_open(at(visit, "booked_at")), visit


def test_nobody_waits_overnight_or_for_a_part(store: Store) -> None:
    local = store.calendar.local
    for order in store.all("repair_order"):
        if order["transport"] == "waiter":
            assert local(at(order, "opened")) == local(at(order, "promised_at"))
            assert order["stage"] != "parts"


def test_an_estimate_is_sent_before_it_is_asked_after_and_answered_and_never_when_the_car_leaves(store: Store) -> None:
    for id, order in store.by["repair_order"].items():
        bodies = [str(said["body"]).lower() for said in store.of("contact_event", id)]
        asked = [place for place, body in enumerate(bodies) if "estimate" in body or "one more thing" in body]
        after = [place for place, body in enumerate(bodies) if "left word" in body or "go ahead" in body]
        assert not after or (asked and asked[0] < after[0]), bodies
        if order["stage"] == "closed" and asked:
            assert asked[0] < len(bodies) - 1
    for said in store.all("contact_event"):
        assert ("Left word" in said["body"]) is (said["outcome"] == "voicemail"), said


def test_a_part_is_asked_for_ordered_and_here_in_that_order(store: Store) -> None:
    for id, order in store.open_orders():
        for line in store.of("part_line", id):
            names = [name for name in ("requested_at", "ordered_at", "received_at") if name in line]
            stamps = [at(order, "opened"), *(at(line, name) for name in names), store.now]
            assert stamps == sorted(stamps), line
            told = line.get("eta_told")
            assert not told or at(line, "ordered_at") <= at(told, "at") < at(told, "eta"), line


def test_nobody_is_texted_who_has_said_no_to_texts(store: Store) -> None:
    no = {id for id, who in store.by["customer"].items() if who["consent"]["text"]["state"] == "no"}
    assert no
    assert not [who for id, who in store.by["customer"].items() if id in no and who["preferred_channel"] == "text"]
    assert not [said for said in store.all("contact_event") if said["channel"] == "text" and said["customer_id"] in no]


def test_an_order_written_up_from_a_visit_begins_with_what_the_visit_was_for(store: Store) -> None:
    for id, order in store.by["repair_order"].items():
        if visit := store.by["appointment"].get(order.get("appointment_id", "")):
            first, *_ = store.of("job", id)
            assert (first["letter"], first["complaint"]) == ("A", visit["concerns"])


def test_no_job_stands_twice_on_an_order(store: Store) -> None:
    jobs = Counter((job["repair_order_id"], job["op_code"]) for job in store.all("job"))
    assert set(jobs.values()) == {1}


def test_the_maker_pays_for_recalls_and_no_customer_declines_what_costs_nothing(store: Store) -> None:
    for job in store.all("job"):
        if job["op_code"] == words.RECALL:
            assert (job["pay"], job["state"] in {"declined", "sent"}) == ("warranty", False), job
        if job["op_code"] in words.UPKEEP or job["state"] == "declined":
            assert job["pay"] == "customer", job


def test_who_missed_a_visit_was_not_here_that_day(store: Store) -> None:
    here = {(order["customer_id"], store.calendar.local(at(order, "opened"))) for order in store.all("repair_order")}
    missed = [visit for visit in store.all("appointment") if visit["status"] == "no_show"]
    both = [visit for visit in missed if (visit["customer_id"], store.calendar.local(at(visit, "starts_at"))) in here]
    assert missed and len(both) <= 1


@pytest.mark.parametrize(
    ("model", "said", "trim"),
    [
        ("TLX", "TLX", ""), ("Malibu", "1FL", ""), ("Trax", "LS (1FL)", "LS"), ("Golf", "Not Identified", ""),
        ("F-150", "XL / XLT / Lariat", "XL"), ("X5", "X5 M Competition", "M Competition"),
        ("Fit", "EX-L w/ NAVI", "EX-L"), ("Golf", "S, SE", "S"), ("Wrangler", "Base+ES", "Base"), ("Corolla", "", ""),
    ],
)  # fmt: skip
def test_a_trim_is_what_people_call_it(model: str, said: str, trim: str) -> None:
    assert trim_of(model, said) == trim


def test_no_car_is_named_twice(store: Store) -> None:
    assert not [car for car in store.all("vehicle") if car.get("trim", "").casefold() == car["model"].casefold()]


def test_promises_of_the_last_weeks_were_mostly_kept_in_time_some_late_some_not(store: Store) -> None:
    states = Counter(promise["state"] for promise in store.all("promise"))
    count = sum(states.values())
    assert set(states) == {"kept", "kept_late", "broken"}
    assert count > 80
    assert 0.6 <= states["kept"] / count <= 0.85
    assert 0.1 <= states["kept_late"] / count <= 0.33
    week = [one for one in store.all("promise") if at(one, "due_at") > store.now - timedelta(days=7)]
    assert sum(one["state"] == "kept" for one in week) > 20


def test_a_promise_is_as_its_rule_would_have_raised_it_and_its_evidence_kept_it(store: Store) -> None:
    ((store_id, _),) = store.by["store"].items()
    for id, promise in store.by["promise"].items():
        subject = promise["subject"]
        about = (subject["kind"], subject["id"], promise.get("occurrence", ""))
        assert id == promise_id(store_id, promise["rule"], *about)
        assert at(promise, "raised_at") < at(promise, "due_at")
        assert ("owner_id" in promise) is not ("owner_role" in promise)
        order = store.by["repair_order"].get(promise.get("repair_order_id", ""))
        assert order is None or promise["owner_id"] == order["advisor_id"]
        if promise["state"] == "broken":
            assert promise["reason"]
            continue
        said = store.by["contact_event"][promise["evidence"]["id"]]
        assert said["customer_id"] == promise["customer_id"]
        assert said["direction"] == "out"
        assert at(promise, "raised_at") < at(said, "at") == at(promise, "ended_at")
        assert (promise["state"] == "kept") is (at(said, "at") <= at(promise, "due_at"))


def test_only_the_demo_remembers_promises() -> None:
    assert [name for name, size in SIZES.items() if size.remembers] == ["demo"]
    assert "promise" not in {kind for kind, _, _ in Generator(Size(60, 1, 5, 5), 1, MONDAY).rows()}
