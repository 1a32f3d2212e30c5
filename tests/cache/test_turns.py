"""One writer at a time, and what a person waits for comes first."""

from __future__ import annotations

import threading
from collections import deque

from advisor_desk.cache.turns import Turns
from tests.support.waiting import PATIENCE, until


def test_a_command_does_not_wait_behind_what_the_engine_still_has_to_write() -> None:
    turns, order = Turns(), list[str]()

    def write(name: str, ahead: bool) -> None:
        with turns.taken(ahead=ahead):
            order.append(name)

    engine = threading.Thread(target=write, args=("engine", False))
    command = threading.Thread(target=write, args=("command", True))
    with turns.taken():
        engine.start()
        until(lambda: len(turns._changed._waiters) == 1, what="the engine to wait")  # type: ignore[attr-defined]
        command.start()
        until(lambda: len(turns._changed._waiters) == 2, what="the command to wait")  # type: ignore[attr-defined]
        assert order == []
    for thread in (engine, command):
        thread.join(PATIENCE)
    assert order == ["command", "engine"]


def test_a_long_work_makes_way_once_a_command_waits() -> None:
    turns, left, took = Turns(), deque(range(6)), list[int]()

    def give() -> None:
        with turns.taken(ahead=True):
            took.append(-1)

    command = threading.Thread(target=give)
    with turns.taken():
        for number in turns.portion(left, 4):
            took.append(number)
            if number == 1:
                command.start()
                until(lambda: len(turns._changed._waiters) == 1, what="the command to wait")  # type: ignore[attr-defined]
    command.join(PATIENCE)
    with turns.taken():
        took += turns.portion(left, 3)
    assert took == [0, 1, -1, 2, 3, 4]


def test_a_writer_that_fails_leaves_its_place_to_the_next() -> None:
    turns = Turns()
    try:
        with turns.taken(ahead=True):
            raise ValueError
    except ValueError:
        pass
    with turns.taken():
        pass
