"""A line that breaks as a test has written down, request by request."""

from __future__ import annotations

from collections.abc import Callable

from advisor_desk.api.errors import ApiError, Offline
from tests.sync.direct import Line


class PowerCut(BaseException):
    """The desk's process ends here."""


class BrokenLine(Line):
    """Carries requests; ``then`` says what happens to the next ones of a kind, in order; after that it is perfect."""

    def __init__(self) -> None:
        self._plans: dict[str, list[Callable[[Callable[[], bytes]], bytes]]] = {}
        self.carried: list[str] = []
        self.down = False

    def carry(self, what: str, ask: Callable[[], bytes]) -> bytes:
        """As it was written down."""
        self.carried.append(what)
        if self.down:
            raise Offline
        plans = self._plans.get(what)
        return plans.pop(0)(ask) if plans else ask()

    def well(self, what: str, times: int = 1) -> BrokenLine:
        """The next requests of this kind arrive."""
        return self._then(what, lambda ask: ask(), times)

    def lose_request(self, what: str) -> BrokenLine:
        """The next request of this kind never arrives."""
        return self.refuse(what, Offline())

    def lose_reply(self, what: str) -> BrokenLine:
        """The next request of this kind is carried out, and nobody hears of it."""

        def lost(ask: Callable[[], bytes]) -> bytes:
            ask()
            raise Offline

        return self._then(what, lost)

    def twice(self, what: str) -> BrokenLine:
        """The next request of this kind is delivered twice."""

        def doubled(ask: Callable[[], bytes]) -> bytes:
            ask()
            return ask()

        return self._then(what, doubled)

    def refuse(self, what: str, error: ApiError) -> BrokenLine:
        """The next request of this kind is answered with an error."""

        def refused(ask: Callable[[], bytes]) -> bytes:
            del ask
            raise error

        return self._then(what, refused)

    def mistake(self, what: str, for_: Callable[[], bytes]) -> BrokenLine:
        """The next request of this kind is answered with the reply to another one."""

        def mistaken(ask: Callable[[], bytes]) -> bytes:
            del ask
            return for_()

        return self._then(what, mistaken)

    def cut_power(self, what: str, *, before: bool = True) -> BrokenLine:
        """The desk dies at its next request of this kind, before it arrives or after it was carried out."""

        def cut(ask: Callable[[], bytes]) -> bytes:
            if not before:
                ask()
            raise PowerCut

        return self._then(what, cut)

    def meanwhile(self, what: str, do: Callable[[], object]) -> BrokenLine:
        """Something else happens while the next request of this kind is under way, before it arrives."""

        def busy(ask: Callable[[], bytes]) -> bytes:
            do()
            return ask()

        return self._then(what, busy)

    def on_the_way_back(self, what: str, do: Callable[[], object]) -> BrokenLine:
        """Something else happens while the reply to the next request of this kind is under way."""

        def busy(ask: Callable[[], bytes]) -> bytes:
            reply = ask()
            do()
            return reply

        return self._then(what, busy)

    def _then(self, what: str, plan: Callable[[Callable[[], bytes]], bytes], times: int = 1) -> BrokenLine:
        self._plans.setdefault(what, []).extend([plan] * times)
        return self
