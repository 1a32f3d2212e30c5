"""Stand-ins for what the shell talks to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class FakeDesk:
    """Hears what is asked of the desk service and answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._ok: list[Callable[[dict[str, Any]], None] | None] = []
        self._error: list[Callable[[dict[str, Any]], None] | None] = []

    def ask(
        self,
        do: str,
        args: dict[str, Any] | None = None,
        ok: Callable[[dict[str, Any]], None] | None = None,
        error: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Take a command, as ``DeskLink.ask`` does."""
        self.asked.append((do, args or {}))
        self._ok.append(ok)
        self._error.append(error)

    def carry_out(self, answer: dict[str, Any] | None = None) -> None:
        """Answer the last command: done."""
        if ok := self._ok[-1]:
            ok(answer if answer is not None else {"change": "c-1", "changed": {}})

    def refuse(self, code: str, message: str, fields: dict[str, str] | None = None) -> None:
        """Answer the last command: no, and why."""
        if error := self._error[-1]:
            error({"code": code, "message": message, "fields": fields or {}})
