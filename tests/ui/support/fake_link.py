"""A link to no service: it notes what was asked and answers when told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ui.link.desk import DeskLink

Answer = Callable[[dict[str, Any]], None]


class Asked(NamedTuple):
    """One command that was given."""

    do: str
    args: dict[str, Any]
    ok: Answer | None
    error: Answer | None


class FakeLink(DeskLink):
    """Has the link's signals and none of its process."""

    def __init__(self) -> None:
        super().__init__([], {})
        self.asked: list[Asked] = []
        self.started = 0
        self.closed = False

    def start(self) -> None:
        """Note that it was started."""
        self.started += 1

    def ask(
        self, do: str, args: dict[str, Any] | None = None, ok: Answer | None = None, error: Answer | None = None
    ) -> None:
        """Note a command."""
        self.asked.append(Asked(do, args or {}, ok, error))

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True

    @property
    def last(self) -> Asked:
        """The command given last."""
        return self.asked[-1]

    def answer(self, **answer: Any) -> None:
        """Answer the last command well."""
        if self.last.ok:
            self.last.ok(answer)

    def refuse(self, message: str, **fields: str) -> None:
        """Refuse the last command."""
        if self.last.error:
            self.last.error({"code": "bad_arguments", "message": message, "fields": fields})
