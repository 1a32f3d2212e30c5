"""The lanes where room is short: what folds first, and what a folded lane still says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from tests.ui.board.test_model import facts
from ui.board.lanes import Column, Lanes
from ui.board.model import Board
from ui.board.paint import CardPainter
from ui.theme.look import Look

FOUR_OPEN = 900
"""A window's room for the lanes on the smallest screen: four of the eight."""


@pytest.fixture
def lanes(look: Look, board: Board, qtbot: QtBot) -> Lanes:
    """The lanes on the smallest screen."""
    shown = Lanes(look, board, CardPainter(look))
    qtbot.addWidget(shown)
    shown.resize(FOUR_OPEN, 600)
    shown.show()
    return shown


def lane(lanes: Lanes, stage: str) -> Column:
    """One stage's column."""
    return next(column for column in lanes.columns if column.lane.stage == stage)


def opened(lanes: Lanes) -> list[str]:
    """The stages that stand open, from left to right."""
    return [column.lane.stage for column in sorted(lanes.columns, key=lambda c: c.x()) if not column.folded]


def cars(now: datetime, stage: str, *minutes: int) -> list[dict[str, Any]]:
    """Cars of a stage, each promised so many minutes from now."""
    return [
        facts(f"{stage}{place}", now, stage=stage, promised_at=times.to_wire(now + timedelta(minutes=left)))
        for place, left in enumerate(minutes)
    ]


def busy(now: datetime) -> list[dict[str, Any]]:
    """Full lanes with time enough, and a few cars elsewhere that have none."""
    stages = {"write_up": (300, 300), "diagnosis": (300,) * 3, "parts": (300,) * 4, "repair": (300,) * 3}
    pressed = {"approval": (-20, 30), "quality": (30,), "ready": (300,) * 2}
    return [row for stage, left in (stages | pressed).items() for row in cars(now, stage, *left)]


def test_a_lane_with_late_cars_folds_last_and_one_with_time_enough_first(
    lanes: Lanes, board: Board, now: datetime
) -> None:
    board.load(busy(now))
    assert opened(lanes) == ["approval", "parts", "repair", "quality"]


def test_a_lane_opens_when_a_car_in_it_becomes_late(
    look: Look, settings: Settings, now: datetime, qtbot: QtBot
) -> None:
    clock = [now]
    board = Board(settings, lambda: clock[0])
    lanes = Lanes(look, board, CardPainter(look))
    qtbot.addWidget(lanes)
    lanes.resize(FOUR_OPEN, 600)
    board.load([*busy(now), *cars(now, "dispatch", 90)])
    assert "dispatch" not in opened(lanes)
    clock[0] += timedelta(minutes=95)
    board.tick()
    assert "dispatch" in opened(lanes)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [((-20, -5, 30), ("2 late", "late")), ((30, 300), ("1 soon", "amber")), ((300,), ("", ""))],
)
def test_a_folded_lane_says_in_words_how_many_cars_in_it_are_late(
    look: Look, lanes: Lanes, board: Board, now: datetime, minutes: tuple[int, ...], said: tuple[str, str]
) -> None:
    board.load(cars(now, "repair", *minutes))
    column = lane(lanes, "repair")
    column.forced = True
    lanes.arrange()
    assert column.pressing == said
    assert column.accessibleDescription() == said[0]
    strip = column.grab().toImage()
    down = [strip.pixelColor(8, y).name() for y in range(strip.height())]
    assert [tone for tone in ("late", "amber") if look.wash(tone).name() in down] == [tone for tone in said[1:] if tone]
