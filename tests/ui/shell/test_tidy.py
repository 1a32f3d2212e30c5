"""Widgets are deleted in the screen's thread, whoever makes garbage."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from ui.shell.tidy import Tidy


class Cycle:
    """Garbage that only the collector can take; it notes in which thread it went."""

    went: list[int]

    def __init__(self, went: list[int]) -> None:
        self.went = went
        self.me = self

    def __del__(self) -> None:
        self.went.append(threading.get_ident())


@pytest.fixture
def tidy(qapp: object) -> Iterator[Tidy]:
    """Collecting by the screen."""
    made = Tidy()
    yield made
    made.stop()


def test_a_thread_that_makes_much_garbage_deletes_none_of_it(tidy: Tidy) -> None:
    went: list[int] = []
    maker = threading.Thread(target=lambda: [Cycle(went) for _ in range(5_000)])
    maker.start()
    maker.join()
    assert went == []
    tidy.look()
    assert len(went) == 5_000
    assert set(went) == {threading.get_ident()}


def test_nothing_is_collected_while_somebody_waits_for_an_answer(qapp: object) -> None:
    went: list[int] = []
    waiting = [True]
    made = Tidy(busy=lambda: waiting[0])
    for _ in range(5_000):
        Cycle(went)
    made.look()
    assert went == []
    waiting[0] = False
    made.look()
    assert len(went) == 5_000
    made.stop()


def test_python_collects_for_itself_again_when_the_screen_is_gone(tidy: Tidy) -> None:
    assert not gc.isenabled()
    tidy.stop()
    assert gc.isenabled()
