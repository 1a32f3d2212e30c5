"""I owe next: what is due first over the cars that are mine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.promises.strip import MOST, PromiseStrip, first_due
from ui.theme.look import Look


def car(id: str, now: datetime, due_in: timedelta, **more: Any) -> dict[str, Any]:
    """A car somebody was told about a minute ago, with a promise that is due in so long."""
    due = times.to_wire(now + due_in)
    said = {"id": f"p-{id}", "rule": "tell_eta", "title": "Tell Petrov: ETA Thu", "keeps": "contact.log"}
    row = {
        "id": id,
        "tag": f"T-{id}",
        "stage": "repair",
        "customer": "Petrov, Irina",
        "opened": times.to_wire(now - timedelta(minutes=30)),
        "told_at": times.to_wire(now - timedelta(minutes=1)),
        "promises": [said | {"repair_order_id": id, "due_at": due, "owner_id": "maria"}],
    }
    return row | more


def test_the_late_ones_come_first_and_say_how_late(settings: Settings, now: datetime) -> None:
    cars = [
        car("1", now, timedelta(hours=2)),
        car("2", now, timedelta(minutes=-6)),
        car("3", now, timedelta(minutes=12)),
    ]
    items = first_due(cars, settings, now)
    assert [(item.owed.repair_order_id, item.due, item.tone) for item in items] == [
        ("2", "6 min late", "late"),
        ("3", "in 12 min", "amber"),
        ("1", "in 2 h", ""),
    ]


def test_a_car_owes_one_thing_at_a_time_the_first_due(settings: Settings, now: datetime) -> None:
    said = {"id": "p1", "rule": "tell_ready", "title": "Tell Petrov: car is ready", "keeps": "contact.log"}
    due = [said | {"due_at": times.to_wire(now + timedelta(minutes=minutes))} for minutes in (15, 40)]
    ready = car("1", now, timedelta(hours=2), stage="ready", promises=due)
    items = first_due([ready], settings, now)
    assert [item.owed.title for item in items] == ["Tell Petrov: car is ready"]
    assert items[0].detail == "T-1 · 15 min rule"


def test_what_is_owed_without_a_car_on_the_board_stands_beside_the_cars(settings: Settings, now: datetime) -> None:
    lead = {"id": "p2", "rule": "answer_lead", "title": "Answer Osei", "due_at": times.to_wire(now), "customer": "Osei"}
    on_board = lead | {"id": "p3", "title": "Shown by its car", "repair_order_id": "1"}
    items = first_due([car("1", now, timedelta(hours=2))], settings, now, [lead, on_board])
    assert [item.owed.title for item in items] == ["Answer Osei", "Tell Petrov: ETA Thu"]


def test_what_parts_owes_on_my_car_is_not_mine_to_do(settings: Settings, now: datetime) -> None:
    said = {"id": "p1", "rule": "give_eta", "title": "Give an ETA for Headlamp", "owner_role": "parts"}
    mine = car("1", now, timedelta(hours=2))
    mine["promises"].insert(0, said | {"due_at": times.to_wire(now)})
    items = first_due([mine], settings, now, owes=lambda owed: owed.owner_id == "maria")
    assert [item.owed.title for item in items] == ["Tell Petrov: ETA Thu"]


def test_red_is_what_is_counted_as_late_a_promise_and_not_a_cars_passed_time(settings: Settings, now: datetime) -> None:
    over = {"promised_at": times.to_wire(now - timedelta(hours=1))}
    cars = [car("1", now, timedelta(minutes=-6), **over), car("2", now, timedelta(hours=2), **over)]
    assert [item.tone for item in first_due(cars, settings, now)] == ["late", ""]


def test_no_more_than_five_are_shown(settings: Settings, now: datetime) -> None:
    assert len(first_due([car(str(n), now, timedelta(minutes=n)) for n in range(9)], settings, now)) == MOST


@pytest.fixture
def strip(look: Look, qtbot: QtBot, settings: Settings, now: datetime) -> PromiseStrip:
    """A wide strip with three cars."""
    made = PromiseStrip(look)
    qtbot.addWidget(made)
    made.resize(1400, 60)
    made.show()
    made.show_items(first_due([car(str(n), now, timedelta(minutes=10 * n)) for n in range(3)], settings, now))
    return made


def test_a_tile_pressed_by_key_says_which_command_keeps_it(strip: PromiseStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.chosen) as said:
        qtbot.keyClick(strip.tiles[0], Qt.Key.Key_Return)
    deed, owed = said.args
    assert (deed, owed.repair_order_id, owed.keeps) == ("keep", "0", "contact.log")


def test_a_promise_is_moved_or_handed_over_by_one_key(
    strip: PromiseStrip, qtbot: QtBot, settings: Settings, now: datetime
) -> None:
    lead = {"id": "p2", "rule": "answer_lead", "title": "Answer Osei", "due_at": times.to_wire(now)}
    strip.show_items(first_due([], settings, now, [lead]))
    for key, command in ((Qt.Key.Key_M, "promise.move"), (Qt.Key.Key_H, "promise.offer"), (Qt.Key.Key_K, "keep")):
        with qtbot.waitSignal(strip.chosen) as said:
            qtbot.keyClick(strip.tiles[0], key)
        deed, owed = said.args
        assert (deed, owed.id) == (command, "p2")


def test_a_tile_reads_as_one_sentence(strip: PromiseStrip) -> None:
    assert strip.tiles[1].accessibleName() == "Tell Petrov: ETA Thu, T-1 · ETA moved, in 10 min"


def test_with_less_room_there_are_fewer_tiles_and_none_is_cut(strip: PromiseStrip) -> None:
    strip.resize(420, 60)
    assert sum(tile.isVisible() for tile in strip.tiles) == 1


def test_nothing_owed_is_said_so(strip: PromiseStrip) -> None:
    strip.show_items([])
    assert not any(tile.isVisible() for tile in strip.tiles)
