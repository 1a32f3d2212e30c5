"""What a card says of a car."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from tests.ui.board.test_model import facts
from ui.board import card


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Get Marchetti's answer: Headlamp out", "Get the answer: Headlamp out"),
        ("Get loaner L-7 back from Marchetti", "Get loaner L-7 back"),
        ("Give an ETA for Rear rotor (Marchetti)", "Give an ETA for Rear rotor"),
        ("Quote Rear camera for Marchetti", "Quote Rear camera"),
        ("Tell Marchetti: car is ready", "Tell: car is ready"),
        ("Update Marchetti", "Update due"),
    ],
)
def test_what_is_next_is_said_without_the_name_two_lines_above(
    now: datetime, settings: Settings, title: str, said: str
) -> None:
    due = times.to_wire(now + timedelta(minutes=20))
    owed = {"id": "p", "rule": "get_approval", "title": title, "due_at": due, "owner_id": "maria"}
    assert card.make(facts("1", now, promises=[owed]), now, settings).next_words == said


def owed(
    minutes: int, now: datetime, rule: str = "tell_ready", title: str = "Tell Marchetti: car is ready"
) -> dict[str, str]:
    """A promise on a car, due so many minutes from now."""
    return {"id": "p", "rule": rule, "title": title, "due_at": times.to_wire(now + timedelta(minutes=minutes))}


@pytest.mark.parametrize(("due_in", "edge"), [(3, "amber"), (60, "amber"), (61, ""), (-1, "late")])
def test_the_edge_is_amber_while_a_promise_on_the_car_is_close_and_red_once_it_is_late(
    now: datetime, settings: Settings, due_in: int, edge: str
) -> None:
    made = card.make(facts("1", now, promises=[owed(due_in, now)]), now, settings)
    assert made.edge == edge
    assert (made.next_tone == "late") == made.late == (edge == "late"), "a red line comes with a red edge"
    assert bool(made.next_words) == bool(edge), "no edge without a word why"


def test_a_ready_car_nobody_was_told_of_is_amber_until_telling_is_late(now: datetime, settings: Settings) -> None:
    since, told = times.to_wire(now - timedelta(minutes=12)), times.to_wire(now - timedelta(hours=1))
    ready = {"stage": "ready", "stage_since": since, "told_at": told}
    edges = [card.make(facts("1", now, promises=[owed(due, now)], **ready), now, settings).edge for due in (3, -1)]
    assert edges == ["amber", "late"]


def test_an_update_nobody_has_promised_yet_gives_no_edge(now: datetime, settings: Settings) -> None:
    waiter = {"transport": "waiter", "promises": []}
    told = [times.to_wire(now - timedelta(minutes=minutes)) for minutes in (30, 46)]
    assert [card.make(facts("1", now, told_at=at, **waiter), now, settings).edge for at in told] == ["", ""]


def test_the_worse_of_the_promised_time_and_a_promise_on_the_car_is_its_edge(now: datetime, settings: Settings) -> None:
    soon, over = (times.to_wire(now + timedelta(minutes=minutes)) for minutes in (30, -30))
    made = [
        card.make(facts("1", now, promised_at=at, promises=[owed(due, now)]), now, settings).edge
        for at, due in ((soon, 300), (soon, -1), (over, 30))
    ]
    assert made == ["amber", "late", "late"]


def test_a_card_shows_what_i_owe_on_the_car_before_what_another_department_owes(
    now: datetime, settings: Settings
) -> None:
    parts = owed(5, now, "give_eta", "Give an ETA for Rear rotor") | {"owner_role": "parts"}
    mine, later = (owed(due, now) | {"owner_id": "maria"} for due in (30, 90))
    shown = [
        card.make(facts("1", now, promises=promises), now, settings, lambda one: one.owner_id == "maria").next_words
        for promises in ([parts, mine], [parts, later], [parts])
    ]
    assert shown == ["Tell: car is ready", "Give an ETA for Rear rotor", "Give an ETA for Rear rotor"]
