"""The network between a desk and the bridge, as the plan has it: each request arrives, or what the plan says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from advisor_desk.api.errors import Offline, Said
from tests.sync.direct import Line
from tests.sync.simulator.plan import Event

if TYPE_CHECKING:
    from tests.sync.simulator.world import World


class Endless(BaseException):
    """A turn asks and asks; nothing of the desk catches this."""


_MOST: Final = 1_000
"""Requests of one turn that a small store can have a use for, and many more."""


class PlannedLine(Line):
    """One desk's line; a turn gives it the plan of its requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: dict[int, str] = {}
        self._during: dict[int, list[Event]] = {}
        self._place = 0
        self.down = False
        self.failed = False
        """True when a request of this turn did not come back well."""

    def begin(self, event: Event) -> None:
        """A turn begins."""
        self._calls = dict(event.calls)
        self._during = {}
        for place, child in event.during:
            self._during.setdefault(place, []).append(child)
        self._place = 0
        self.failed = False

    def carry(self, what: str, ask: Callable[[], bytes]) -> bytes:
        """Deliver a request, or do with it what the plan says."""
        place, self._place = self._place, self._place + 1
        fault = self._calls.pop(place, "")
        if place > _MOST:
            raise Endless(f"a turn does not end: it asks for {what!r} again and again")
        self._world.pass_time(0.05)
        meanwhile = self._during.pop(place, [])
        half = len(meanwhile) // 2
        self._world.happen_all(meanwhile[:half])
        if self.down:
            self._fail("down", what)
            raise Offline
        try:
            reply = self._deliver(what, fault, ask)
        finally:
            self._world.happen_all(meanwhile[half:])
        return reply

    def _deliver(self, what: str, fault: str, ask: Callable[[], bytes]) -> bytes:
        match fault:
            case "lose_request":
                self._fail(fault, what)
                raise Offline
            case "late":
                self._fail(fault, what)
                self._world.deliver_later(ask)
                raise Offline
            case "busy":
                self._fail(fault, what)
                raise Said("busy", 503, 2.0)
            case "lose_reply":
                self._fail(fault, what)
                self._world.deliver(ask)
                raise Offline
            case "twice":
                self._world.drawn[fault] += 1
                self._world.deliver(ask)
        self._world.requests += 1
        return ask()

    def _fail(self, fault: str, what: str) -> None:
        self._world.drawn[fault] += 1
        self.failed = self.failed or what != "lease"  # without new RO numbers a desk is in step all the same
