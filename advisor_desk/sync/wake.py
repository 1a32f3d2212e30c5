"""What ends the engine's rest: somebody asks for a turn, or the bridge has come further than this desk."""

from __future__ import annotations

import threading
from typing import NamedTuple


class Place(NamedTuple):
    """How far a bridge's feed has come, in which life of it."""

    epoch: str
    seq: int


class Wake:
    """Rests until there is a reason not to; a nudge about what is here already is none.

    What a desk sends comes back to it as a nudge: without this each edit would cost a second turn.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._asked = False
        self._head: Place | None = None
        self._reached: Place | None = None

    def ask(self) -> None:
        """A turn is wanted, whatever the bridge has."""
        with self._condition:
            self._asked = True
            self._condition.notify_all()

    def nudge(self, head: Place) -> None:
        """The bridge says how far it is."""
        with self._condition:
            self._head = head
            self._condition.notify_all()

    def reach(self, place: Place) -> None:
        """Everything up to a place is here."""
        with self._condition:
            self._reached = place

    def begin(self) -> None:
        """A turn begins, which sees to all that has been said so far."""
        with self._condition:
            self._asked, self._head = False, None

    def rest(self, seconds: float) -> bool:
        """Wait so long at the most; True when there is a reason for a turn."""
        with self._condition:
            return self._condition.wait_for(self._is_due, seconds)

    def _is_due(self) -> bool:
        head, here = self._head, self._reached
        is_here = head is None or (here is not None and here.epoch == head.epoch and here.seq >= head.seq)
        return self._asked or not is_here
