"""The lights of a card: every row and every boundary of the trade's table, with the sentence each one says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.domain import lights, parts, times
from advisor_desk.domain.lights import Settings

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
"""Monday, 10:08 in New York."""
STORE = Settings(zone=NEW_YORK)


def at(words: str) -> str:
    """A wire moment of ``23 17:00`` (in November 2026) or ``12-18 17:00``, by the store's clock."""
    day, clock = words.split()
    month, day = day.split("-") if "-" in day else ("11", day)
    local = datetime(2026, int(month), int(day), *map(int, clock.split(":")), tzinfo=NEW_YORK)
    return times.to_wire(local)


def second(moment: str, seconds: int) -> str:
    return times.to_wire(times.from_wire(moment) + timedelta(seconds=seconds))


def part_light(line: dict[str, Any], promised: str = "", now: datetime = NOW, **more: Any) -> lights.Light:
    return lights.part_light(line, lights.moment(promised), now, STORE._replace(**more))


def record(share: float, of: int, *, late: float = 1.2) -> dict[str, Any]:
    """A supplier of whose dates this share held, and the rest came so many days late on average."""
    after = [0.0 if step <= share * 20 else 2 * late * (step / 20 - share) / (1 - share) for step in range(21)]
    return {"share": share, "of": of, "late": late, "days": after}


ORDERED = {"state": "ordered", "ordered_at": at("23 9:00")}
DUE_14 = ORDERED | {"eta": at("23 14:00")}

# state or ETA of the line, the RO's promise, the light, the sentence
PART_TABLE = [
    # late
    ({"state": "backordered"}, "", "late", "Backordered by the maker, no date."),
    ({"state": "backordered", "eta": at("12-18 12:00")}, "", "late",
     "Backordered by the maker; the date given is Dec 18."),
    (ORDERED | {"eta": at("23 9:08")}, "", "late", "ETA passed 1 h ago, nothing received."),
    ({"state": "partly_received", "eta": at("23 10:07")}, "", "late", "ETA passed 1 min ago, nothing more received."),
    (ORDERED | {"eta": at("24 12:00")}, at("23 17:00"), "late", "ETA Tue 24 is after the promise (today 17:00)."),
    (ORDERED | {"eta": at("23 17:30")}, at("23 17:00"), "late", "ETA 17:30 is after the promise (today 17:00)."),
    (ORDERED | {"eta": at("30 12:00")}, at("27 17:00"), "late", "ETA Nov 30 is after the promise (Fri 17:00)."),
    (ORDERED | {"eta": at("23 16:30")}, at("23 17:00"), "late", "ETA 16:30 is too close to the promise (today 17:00)."),
    ({"state": "ordered", "ordered_at": at("20 16:08")}, "", "late", "Ordered 2 d 18 h ago, still no ETA."),
    ({"state": "ordered"}, "", "late", "Ordered, no ETA."),
    ({"state": "requested", "requested_at": at("23 9:37")}, "", "late", "Asked for a quote 31 min ago."),
    ({"state": "requested", "requested_at": at("22 9:08")}, "", "late", "Asked for 1 d 1 h ago, not ordered."),
    ({"state": "quoted", "requested_at": at("22 9:08")}, "", "late", "Asked for 1 d 1 h ago, not ordered."),
    # unknown
    ({}, "", "unknown", "No parts status."),
    ({"state": "on_the_moon"}, "", "unknown", "The parts system says “on_the_moon”, which is not known here."),
    ({"state": "requested"}, "", "unknown", "Asked for; nobody knows when."),
    # on order
    (DUE_14, at("23 17:00"), "on_order", "On order, due 14:00."),
    (ORDERED | {"eta": at("26 14:00")}, at("26 17:00"), "on_order", "On order, due Thu 14:00."),
    (ORDERED | {"eta": at("12-18 14:00")}, "", "on_order", "On order, due Dec 18 14:00."),
    (ORDERED, "", "on_order", "Ordered 1 h 08 ago, ETA to come."),
    ({"state": "partly_received", "eta": at("23 14:00")}, "", "on_order", "On order, due 14:00."),
    ({"state": "received", "qty": 4, "qty_filled": 1}, "", "on_order", "1 of 4 received."),
    ({"state": "requested", "requested_at": at("23 10:00")}, "", "on_order", "Asked for 8 min ago."),
    ({"state": "quoted", "requested_at": at("23 9:00")}, "", "on_order", "Quoted, not ordered."),
    # at risk
    (DUE_14 | {"record": record(0.62, 38)}, at("23 17:00"), "at_risk",
     "Supplier keeps 6 of 10 dates, else usually 1 day late (38 orders)."),
    (DUE_14 | {"record": record(0.62, 3) | {"store": 812}}, at("23 17:00"), "at_risk",
     "Only 3 orders of this supplier; with the store's 812, 6 of 10 dates hold."),
    # in stock
    ({"state": "in_stock"}, "", "in_stock", "On the shelf."),
    ({"state": "in_stock", "bin": "B-14"}, "", "in_stock", "On the shelf, bin B-14."),
    # ready
    ({"state": "received"}, "", "ready", "Received."),
    ({"state": "received", "qty": 4, "qty_filled": 4}, "", "ready", "Received."),
    ({"state": "pulled"}, "", "ready", "Pulled."),
    ({"state": "installed"}, "", "ready", "Installed."),
    # none
    ({"state": "cancelled"}, "", "none", "Not needed any more."),
    ({"state": "return_due"}, "", "none", "Not needed any more."),
    ({"state": "returned"}, "", "none", "Not needed any more."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "promised", "state", "why"), PART_TABLE, ids=[row[3] for row in PART_TABLE])
def test_a_part_line_shows_its_light_and_says_why(line: dict[str, Any], promised: str, state: str, why: str) -> None:
    light = part_light(line, promised)
    assert (light.state, light.why) == (state, why)
    assert light.tone == lights.TONES[state]


def test_every_state_a_part_can_be_in_has_its_row() -> None:
    assert {row[0].get("state") for row in PART_TABLE} >= set(parts.STATES)


ON_THE_WAY = {"state": "ordered", "ordered_at": "2026-10-30T12:00:00Z"}
FRIDAY = {"state": "ordered", "ordered_at": at("27 16:00")}
HELD = "The parts system last answered 1 d ago."
OF_MARCH = ORDERED | {"eta": "2027-03-14T06:30:00Z"}
"""Due at 1:30, half an hour before the clock goes forward."""

# the line, the RO's promise, now, when the parts system last answered, the light, the sentence
BOUNDARIES = [
    # the margin: to the second is enough
    (DUE_14, at("23 15:00"), at("23 10:08"), "", "on_order", "On order, due 14:00."),
    (DUE_14, second(at("23 15:00"), -1), at("23 10:08"), "", "late",
     "ETA 14:00 is too close to the promise (today 14:59)."),
    (DUE_14, at("23 14:00"), at("23 10:08"), "", "late", "ETA 14:00 is too close to the promise (today 14:00)."),
    (DUE_14, second(at("23 14:00"), -1), at("23 10:08"), "", "late", "ETA 14:00 is after the promise (today 13:59)."),
    # the ETA has passed the second after it
    (DUE_14, "", second(at("23 14:00"), -1), "", "on_order", "On order, due 14:00."),
    (DUE_14, "", at("23 14:00"), "", "on_order", "On order, due 14:00."),
    (DUE_14, "", second(at("23 14:00"), 1), "", "late", "ETA passed just now, nothing received."),
    (DUE_14, "", second(at("23 14:00"), 59), "", "late", "ETA passed just now, nothing received."),
    (DUE_14, "", at("23 14:01"), "", "late", "ETA passed 1 min ago, nothing received."),
    # a maker's date
    ({"state": "backordered", "eta": at("27 9:00")}, "", at("27 9:00"), "", "late",
     "Backordered by the maker; the date given is today."),
    ({"state": "backordered", "eta": at("27 9:00")}, "", at("28 9:00"), "", "late",
     "Backordered by the maker; the date given was Fri 27."),
    # the grace without an ETA
    (ORDERED, "", at("23 9:00"), "", "on_order", "Ordered just now, ETA to come."),
    (ORDERED, "", at("23 11:00"), "", "on_order", "Ordered 2 h ago, ETA to come."),
    (ORDERED, "", second(at("23 11:00"), 1), "", "late", "Ordered 2 h ago, still no ETA."),
    # a quote and an order are answered within their time
    ({"state": "requested", "requested_at": at("23 9:00")}, "", at("23 9:00"), "", "on_order", "Asked for just now."),
    ({"state": "requested", "requested_at": at("23 9:00")}, "", at("23 9:30"), "", "on_order", "Asked for 30 min ago."),
    ({"state": "requested", "requested_at": at("23 9:00")}, "", second(at("23 9:30"), 1), "", "late",
     "Asked for a quote 30 min ago."),
    ({"state": "quoted", "requested_at": at("23 9:00")}, "", at("24 9:00"), "", "on_order", "Quoted, not ordered."),
    ({"state": "quoted", "requested_at": at("23 9:00")}, "", second(at("24 9:00"), 1), "", "late",
     "Asked for 1 d ago, not ordered."),
    # a source older than its limit is not believed; neither a red light nor what is done is hidden by its silence
    (DUE_14, "", at("23 10:08"), at("22 10:08"), "on_order", "On order, due 14:00."),
    (DUE_14, "", second(at("23 10:08"), 1), at("22 10:08"), "unknown", HELD),
    ({"state": "in_stock"}, "", second(at("23 10:08"), 1), at("22 10:08"), "unknown", HELD),
    ({"state": "backordered"}, "", at("23 10:08"), at("22 9:08"), "late", "Backordered by the maker, no date."),
    ({"state": "installed"}, "", at("23 10:08"), at("22 9:08"), "ready", "Installed."),
    ({"state": "cancelled"}, "", at("23 10:08"), at("22 9:08"), "none", "Not needed any more."),
    # the clocks go back on November 1, 2026, at 2:00: from 0:30 to 14:00, from the evening before, from 1:30 to 2:30
    (ON_THE_WAY | {"eta": "2026-11-01T19:00:00Z"}, "", "2026-11-01T04:30:00Z", "", "on_order", "On order, due 14:00."),
    (ON_THE_WAY | {"eta": "2026-11-01T19:00:00Z"}, "", "2026-10-31T16:00:00Z", "", "on_order",
     "On order, due Sun 14:00."),
    (ON_THE_WAY | {"eta": "2026-11-01T05:30:00Z"}, "", "2026-11-01T07:30:00Z", "", "late",
     "ETA passed 2 h ago, nothing received."),
    (ON_THE_WAY | {"eta": "2026-11-02T05:30:00Z"}, "", "2026-11-02T04:30:00Z", "", "on_order",
     "On order, due Mon 0:30."),
    # and forward on March 14, 2027: from 1:30 to 3:30 is an hour, and so is the margin
    (ON_THE_WAY | {"eta": "2027-03-14T06:30:00Z"}, "", "2027-03-14T07:30:00Z", "", "late",
     "ETA passed 1 h ago, nothing received."),
    (OF_MARCH, "2027-03-14T07:15:00Z", "2027-03-14T05:00:00Z", "", "late",
     "ETA 1:30 is too close to the promise (today 3:15)."),
    (OF_MARCH, "2027-03-14T07:30:00Z", "2027-03-14T05:00:00Z", "", "on_order", "On order, due 1:30."),
    # over a weekend a day goes by its name until the name comes round again
    (FRIDAY | {"eta": at("30 10:00")}, "", at("27 17:00"), "", "on_order", "On order, due Mon 10:00."),
    (FRIDAY | {"eta": at("30 10:00")}, at("30 9:00"), at("27 17:00"), "", "late",
     "ETA Mon 10:00 is after the promise (Mon 9:00)."),
    (FRIDAY | {"eta": at("30 10:00")}, at("28 12:00"), at("27 17:00"), "", "late",
     "ETA Mon 30 is after the promise (Sat 12:00)."),
    (FRIDAY | {"eta": at("12-03 10:00")}, "", at("27 17:00"), "", "on_order", "On order, due Thu 10:00."),
    (FRIDAY | {"eta": at("12-04 10:00")}, "", at("27 17:00"), "", "on_order", "On order, due Dec 4 10:00."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "promised", "now", "heard", "state", "why"), BOUNDARIES)
def test_on_either_side_of_a_boundary_a_part_line_shows_what_is_so(
    line: dict[str, Any], promised: str, now: str, heard: str, state: str, why: str
) -> None:
    seen = times.from_wire(now), STORE, lights.moment(heard)
    light = lights.part_light(line, lights.moment(promised), *seen)
    assert (light.state, light.why) == (state, why)
    assert light.tone == lights.TONES[state]


@pytest.mark.parametrize(("margin", "state"), [(0, "on_order"), (180, "on_order"), (181, "late")])
def test_a_store_sets_its_own_margin(margin: int, state: str) -> None:
    assert part_light(DUE_14, at("23 17:00"), eta_margin=margin).state == state


@pytest.mark.parametrize(("share", "state"), [(0.79, "at_risk"), (0.8, "on_order"), (0.95, "on_order")])
def test_a_date_is_at_risk_when_less_than_80_percent_of_the_suppliers_hold(share: float, state: str) -> None:
    assert part_light(DUE_14 | {"record": record(share, 40)}).state == state


@pytest.mark.parametrize("found", [None, {}, {"share": 0.1}, {"share": 0.1, "of": 3}, record(0.1, 0), "bad"])
def test_no_record_puts_nothing_at_risk(found: Any) -> None:
    assert part_light(DUE_14 | {"record": found}).state == "on_order"
    facts = {"parts": [DUE_14 | {"record": found}], "promised_at": at("23 17:00")}
    assert lights.promise_light(facts, NOW, STORE).state == "on_time"


@pytest.mark.parametrize(("asks", "state"), [(50, "on_order"), (51, "at_risk"), (0, "on_order")])
def test_a_store_says_how_many_dates_must_hold(asks: int, state: str) -> None:
    assert part_light(DUE_14 | {"record": record(0.5, 40)}, holds_at_least=asks).state == state


AXLE = DUE_14 | {"description": "CV axle, right", "supplier": "HON", "source": "order", "record": record(0.3, 38)}


def promise_light(parts: list[dict[str, Any]], promised: str, now: datetime = NOW, **more: Any) -> lights.Light:
    return lights.promise_light({"parts": parts, "promised_at": promised}, now, STORE._replace(**more))


def test_an_order_is_forecast_to_miss_when_its_parts_are_likelier_late_than_in_time() -> None:
    light = promise_light([AXLE], at("23 17:00"))
    assert (light.state, light.tone) == ("at_risk", "amber")
    assert light.why == (
        "Promised today 17:00. Forecast to miss: CV axle, right comes in time 3 times in 10 (38 orders)."
    )
    assert promise_light([AXLE], at("27 17:00")).state == "on_time"  # four days are enough for this supplier
    assert promise_light([AXLE], at("23 17:00"), misses_from=70).state == "on_time"
    assert promise_light([AXLE | {"record": record(0.7, 38)}], at("23 17:00")).state == "on_time"


def test_a_forecast_gives_way_to_what_is_so() -> None:
    assert promise_light([AXLE], at("23 17:00"), times.from_wire(at("23 16:30"))).state == "soon"
    assert promise_light([AXLE], at("23 17:00"), times.from_wire(at("23 17:01"))).state == "late"
    for state in ("received", "in_stock", "cancelled"):
        assert promise_light([AXLE | {"state": state}], at("23 17:00")).state == "on_time"


def test_two_deliveries_each_likely_in_time_may_be_forecast_to_miss_together() -> None:
    one = AXLE | {"record": record(0.6, 38)}
    other = one | {"supplier": "SUB", "description": "Boot", "record": record(0.65, 12)}
    assert promise_light([one], at("23 17:00")).state == promise_light([other], at("23 17:00")).state == "on_time"
    assert promise_light([one, one | {"description": "Nut"}], at("23 17:00")).state == "on_time"  # one delivery
    light = promise_light([one, other], at("23 17:00"))
    assert light.state == "at_risk"
    assert light.why.endswith("CV axle, right comes in time 6 times in 10 (38 orders); all 2 deliveries 4 times in 10.")


def test_a_stale_source_says_since_when() -> None:
    light = lights.part_light({"state": "in_stock"}, None, NOW, STORE, times.from_wire(at("22 8:08")))
    assert light.why == "The parts system last answered 1 d 2 h ago."
    assert light.as_of == at("22 8:08")


def test_a_light_says_as_of_when_its_line_was_last_heard_of() -> None:
    line = DUE_14 | {"requested_at": at("20 9:00"), "eta_set_at": at("23 9:30")}
    assert part_light(line).as_of == at("23 9:30")
    assert lights.part_light(line, None, NOW, STORE, NOW).as_of == times.to_wire(NOW)
    assert part_light({}).as_of == ""


def test_an_ro_shows_its_worst_line_names_it_and_counts_the_rest() -> None:
    tick = {"state": "received", "description": "Oil filter"}
    shelf = {"state": "in_stock", "description": "Brake pads"}
    red = {"state": "backordered", "description": "ABS module"}
    facts = {"parts": [tick, shelf, red, red | {"description": "Wheel hub"}]}
    light = lights.parts_light(facts, NOW, STORE)
    assert (light.state, light.why) == ("late", "ABS module: Backordered by the maker, no date. And 1 more like it.")
    assert lights.parts_light({"parts": [tick, shelf]}, NOW, STORE).why == "Brake pads: On the shelf."
    assert lights.parts_light({"parts": [tick]}, NOW, STORE).why == "Oil filter: Received."


@settings(max_examples=40)
@given(st.permutations(["late", "unknown", "on_order", "at_risk", "in_stock", "ready", "none"]), st.integers(1, 7))
def test_the_worst_light_wins_in_whatever_order_the_lines_come(order: list[str], count: int) -> None:
    lines = {
        "late": {"state": "backordered"}, "unknown": {}, "on_order": DUE_14, "in_stock": {"state": "in_stock"},
        "at_risk": DUE_14 | {"record": record(0.5, 9)}, "ready": {"state": "pulled"},
        "none": {"state": "cancelled"},
    }  # fmt: skip
    shown = order[:count]
    light = lights.parts_light({"parts": [lines[state] for state in shown]}, NOW, STORE)
    assert light.state == min(shown, key=lights.WORST_FIRST.index)


@pytest.mark.parametrize("facts", [{}, {"parts": []}, {"parts": [{"state": "cancelled", "description": "Belt"}]}])
def test_an_ro_that_needs_no_part_has_no_mark(facts: dict[str, Any]) -> None:
    assert lights.parts_light(facts, NOW, STORE)[:3] == ("none", "none", "Needs no part.")


def test_a_line_without_a_name_goes_by_its_number() -> None:
    assert lights.parts_light({"parts": [{"state": "pulled", "number": "04465-0E010"}]}, NOW, STORE).why.startswith(
        "04465"
    )
    assert lights.parts_light({"parts": [{"state": "pulled"}]}, NOW, STORE).why == "A part: Pulled."


def test_a_moved_eta_after_the_promise_turns_the_ro_red() -> None:
    facts = {"promised_at": at("23 17:00"), "parts": [DUE_14 | {"description": "Starter"}]}
    assert lights.parts_light(facts, NOW, STORE).tone == "amber"
    facts["parts"][0]["eta"] = at("24 12:00")
    light = lights.parts_light(facts, NOW, STORE)
    assert (light.tone, light.why) == ("late", "Starter: ETA Tue 24 is after the promise (today 17:00).")


@pytest.mark.parametrize(
    ("line", "untold"),
    [
        (DUE_14, True),
        (DUE_14 | {"eta_told": {"eta": DUE_14["eta"]}}, False),
        (DUE_14 | {"eta_told": {"eta": at("23 12:00")}}, True),  # what the customer believes is no longer true
        (ORDERED, False),  # there is nothing to tell yet
        ({"state": "received", "source": "order"}, True),
        ({"state": "received", "source": "order", "arrival_told_at": at("23 9:00")}, False),
        ({"state": "received", "source": "stock"}, False),
        ({"state": "installed", "eta": at("23 12:00")}, False),
        ({"state": "cancelled", "eta": at("23 12:00")}, False),
    ],
)
def test_untold_is_set_while_the_customer_believes_something_else(line: dict[str, Any], untold: bool) -> None:
    assert lights.untold(line) is untold


@pytest.mark.parametrize(
    ("promised", "stage", "state", "tone", "why"),
    [
        ("", "write_up", "unset", "none", "No time promised yet."),
        ("", "repair", "unset", "amber", "No time promised yet."),
        ("23 17:00", "repair", "on_time", "green", "Promised today 17:00."),
        ("23 11:09", "repair", "on_time", "green", "Promised today 11:09."),
        ("23 11:08", "repair", "soon", "amber", "Promised today 11:08, in 1 h."),
        ("23 10:08", "repair", "soon", "amber", "Promised today 10:08, in 0 min."),
        ("23 10:07", "repair", "late", "late", "Promised today 10:07, 1 min ago."),
        ("20 17:00", "repair", "late", "late", "Promised Fri 17:00, 2 d 17 h ago."),
        ("23 10:07", "ready", "on_time", "green", "Ready; promised today 10:07."),
        ("26 17:00", "repair", "on_time", "green", "Promised Thu 17:00."),
        ("12-18 17:00", "repair", "on_time", "green", "Promised Dec 18 17:00."),
    ],
)
def test_a_promise_is_amber_inside_an_hour_and_red_after(
    promised: str, stage: str, state: str, tone: str, why: str
) -> None:
    facts = {"stage": stage, "promised_at": at(promised) if promised else ""}
    assert lights.promise_light(facts, NOW, STORE)[:3] == (state, tone, why)


WAITER = {"stage": "repair", "transport": "waiter", "opened": at("23 9:00")}
SAME_DAY = {"stage": "repair", "opened": at("23 7:30"), "promised_at": at("23 17:00")}
LONGER = {"stage": "repair", "opened": at("22 9:30"), "promised_at": at("24 17:00")}


@pytest.mark.parametrize(
    ("facts", "told", "state", "why"),
    [
        (WAITER, "23 9:23", "soon", "Last told 9:23; the next update is due in 0 min."),
        (WAITER, "23 9:22", "late", "Last told 9:22; an update was due 1 min ago."),
        (WAITER, "23 9:34", "soon", "Last told 9:34; the next update is due in 11 min."),
        (WAITER, "23 9:35", "told", "Last told 9:35."),
        (WAITER, "", "late", "Not told anything yet; an update was due 23 min ago."),
        (SAME_DAY, "23 6:08", "soon", "Last told 6:08; the next update is due in 0 min."),
        (SAME_DAY, "23 6:07", "late", "Last told 6:07; an update was due 1 min ago."),
        (SAME_DAY, "23 9:00", "told", "Last told 9:00."),
        (SAME_DAY, "", "unknown", "Not told anything yet."),
        (LONGER, "22 10:08", "soon", "Last told Sun 10:08; the next update is due in 0 min."),
        (LONGER, "22 10:07", "late", "Last told Sun 10:07; an update was due 1 min ago."),
        (LONGER, "", "late", "Not told anything yet; an update was due 38 min ago."),
        ({"stage": "repair"}, "", "unknown", "Not told anything yet."),
        ({"stage": "ready", "stage_since": at("23 9:50")}, "23 9:00", "late",
         "The car is ready for 18 min and the customer has not been told."),
        ({"stage": "ready", "stage_since": at("23 9:50")}, "23 9:50", "told", "Told 9:50."),
        ({"stage": "ready"}, "", "late", "The car is ready and the customer has not been told."),
    ],
)  # fmt: skip
def test_a_customer_is_told_within_the_stores_cadence(facts: dict[str, Any], told: str, state: str, why: str) -> None:
    light = lights.told_light(facts | {"told_at": at(told) if told else ""}, NOW, STORE)
    assert (light.state, light.why) == (state, why)


@pytest.mark.parametrize(
    ("facts", "state", "tone", "why"),
    [
        ({"asked_at": at("23 9:08")}, "waiting", "amber", "Estimate sent 1 h ago, no answer yet."),
        ({"asked_at": at("23 9:07")}, "late", "late", "Estimate sent 1 h 01 ago, no answer yet."),
        ({"asked_at": at("23 10:00"), "approved": 2}, "waiting", "amber", "Estimate sent 8 min ago, no answer yet."),
        ({"approved": 1}, "approved", "green", "Approved."),
        ({"approved": 3}, "approved", "green", "3 approved."),
        ({}, "none", "none", "Nothing to approve."),
    ],
)
def test_an_estimate_without_an_answer_turns_red_after_an_hour(
    facts: dict[str, Any], state: str, tone: str, why: str
) -> None:
    assert lights.approval_light(facts, NOW, STORE)[:3] == (state, tone, why)


def test_a_card_has_its_four_lights_in_one_order() -> None:
    facts = WAITER | {"parts": [{"state": "pulled"}], "approved": 1, "promised_at": at("23 17:00")}
    assert [light.state for light in lights.of(facts, NOW, STORE)] == ["ready", "on_time", "late", "approved"]


def test_a_store_sets_its_margins_and_cadence_and_the_rest_keeps_its_default() -> None:
    fields = {"margins": {"eta_margin": 30, "order_within": 60}, "cadence": {"waiter": 20, "same_day": 90}}
    assert Settings.of_store(fields, NEW_YORK) == STORE._replace(
        eta_margin=30, order_within=60, cadence_waiter=20, cadence_same_day=90
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"margins": None, "cadence": None},
        {"margins": [], "cadence": "often"},
        {"margins": {"eta_margin": "60", "eta_grace": True, "zone": 5, "nonsense": 1}},
    ],
)
def test_a_setting_that_is_none_keeps_its_default(fields: dict[str, Any]) -> None:
    assert Settings.of_store(fields, NEW_YORK) == STORE


@pytest.mark.parametrize(("said", "taken"), [(-5, 0), (10**15, 366 * 24 * 60)])
def test_a_setting_out_of_all_bounds_does_not_stop_the_board(said: int, taken: int) -> None:
    settings = Settings.of_store({"margins": {"eta_margin": said}, "cadence": {"waiter": said}}, NEW_YORK)
    assert (settings.eta_margin, settings.cadence_waiter) == (taken, taken)
    lights.of(WAITER | {"parts": [DUE_14], "promised_at": at("23 17:00")}, NOW, settings)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-5, "0 min"), (0, "0 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 01"), (24 * 60 - 1, "23 h 59"),
     (24 * 60, "1 d"), (25 * 60 + 59, "1 d 1 h"), (7 * 24 * 60 + 90, "7 d")],
)  # fmt: skip
def test_a_length_of_time_is_said_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert lights.ago(timedelta(minutes=minutes)) == words


WIRE = st.sampled_from(
    [None, "", "soon", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", at("23 9:00"), at("24 9:00"), 5]
)
LINE = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from([None, "mystery", *parts.STATES]),
        "eta": WIRE,
        "ordered_at": WIRE,
        "requested_at": WIRE,
        "source": st.sampled_from([*parts.SOURCES, ""]),
        "qty": st.integers(0, 9),
        "qty_filled": st.integers(0, 9),
    },
)
FACTS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("promised_at", "opened", "stage_since", "told_at", "asked_at", "parts_as_of"), WIRE)
    | {"parts": st.lists(LINE, max_size=3), "stage": st.sampled_from(["write_up", "ready", "", "mystery"])},
)


@settings(max_examples=40)
@given(FACTS)
def test_any_facts_light_the_board_and_every_reason_is_a_sentence(facts: dict[str, Any]) -> None:
    for light in lights.of(facts, NOW, STORE):
        assert light.why.endswith(".")
        assert light.tone in {"late", "grey", "amber", "blue", "green", "none"}
