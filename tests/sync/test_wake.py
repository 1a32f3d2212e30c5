"""What the engine gets up for, and what it lets lie."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Timer

import pytest

from advisor_desk.api.wire import Head
from advisor_desk.sync.wake import Place, Wake
from tests.sync.conftest import OpenDesk


def at(seq: int, epoch: str = "a") -> Place:
    return Place(epoch, seq)


@pytest.fixture
def wake() -> Wake:
    """Everything up to number 5 is here."""
    made = Wake()
    made.reach(at(5))
    return made


@pytest.mark.parametrize("head", [at(6), at(1, "b"), at(9, "b")])
def test_what_is_not_here_ends_the_rest(wake: Wake, head: Place) -> None:
    wake.nudge(head)
    assert wake.rest(0)


@pytest.mark.parametrize("head", [at(5), at(4)])
def test_what_is_here_does_not(wake: Wake, head: Place) -> None:
    wake.nudge(head)
    assert not wake.rest(0)


def test_before_anything_is_here_every_nudge_does() -> None:
    wake = Wake()
    wake.nudge(at(1))
    assert wake.rest(0)


def test_a_nudge_that_came_while_its_change_was_being_fetched_is_answered_by_that(wake: Wake) -> None:
    wake.begin()
    wake.nudge(at(6))
    wake.reach(at(6))
    assert not wake.rest(0)


def test_a_nudge_that_came_before_a_turn_that_failed_is_not_tried_again_at_once(wake: Wake) -> None:
    wake.nudge(at(6))
    wake.begin()
    assert not wake.rest(0)


def test_who_asks_is_heard_whatever_is_here(wake: Wake) -> None:
    Timer(0.05, wake.ask).start()
    assert wake.rest(30)
    wake.begin()
    assert not wake.rest(0)


def test_the_stream_wakes_a_desk_for_what_others_did_and_not_for_its_own_edit(open_desk: OpenDesk) -> None:
    maria, luis = open_desk("maria"), open_desk("luis")
    maria.turn(), luis.turn()
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.turn()
    own = luis.client.changes(luis.noted("cursor") or "")
    woken = []

    def stream(stop: object) -> Iterator[Head]:
        """The bridge says how far it is; when it is asked for more, the desk has taken that in."""
        del stop
        for seq in (own.changes[-1].seq, own.changes[-1].seq + 1):
            yield Head(epoch=own.epoch, seq=seq)
            woken.append(maria.engine._wake.rest(0))
        maria.engine._stop.set()

    maria.client.stream = stream  # type: ignore[assignment, method-assign]
    maria.engine._follow()
    assert woken == [False, True]
