"""The fields of a command's dialog for figures and days: typed as words, read while typing, empty when not needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from advisor_desk.domain import moments, times
from advisor_desk.domain.commands import Arg, Takes
from advisor_desk.domain.lights import Settings
from ui.shell.ask_fields import TextField
from ui.theme.look import Look

_HINTS: Final = {Takes.HOURS: "1.5", Takes.AMOUNT: "129.00"}
_MINOR: Final = 100


class FigureField(TextField):
    """A number: whole, of hours, or of money, which the command takes in minor units."""

    def __init__(self, look: Look, name: str, label: str, arg: Arg) -> None:
        super().__init__(look, name, label, placeholder=_HINTS.get(arg.takes, ""), longest=12)
        self._takes = arg.takes

    def value(self) -> Any:
        """The number, or None."""
        typed = self.entry.text().strip().replace(",", ".")
        try:
            figure = Decimal(typed) * (_MINOR if self._takes is Takes.AMOUNT else 1)
        except InvalidOperation:
            return None
        if not figure.is_finite() or (self._takes is not Takes.HOURS and figure != int(figure)):
            return None
        return float(figure) if self._takes is Takes.HOURS else int(figure)

    def put(self, value: Any) -> None:
        """Show a number to begin with."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            super().put(f"{value / _MINOR:.2f}" if self._takes is Takes.AMOUNT else f"{value:g}")

    def problem(self) -> str:
        """What to type instead, when it is no such number."""
        if not self.entry.text().strip() or self.value() is not None:
            return ""
        return f"Type a number like {_HINTS.get(self._takes, '12')}."


class DayField(TextField):
    """A day typed as people say it; what was understood stands beneath."""

    def __init__(self, look: Look, name: str, label: str, now: Callable[[], datetime], settings: Settings) -> None:
        super().__init__(look, name, label, placeholder="fri, tomorrow, dec 3", longest=40)
        self._now = now
        self._zone = settings.zone

    def value(self) -> Any:
        """The day as the wire writes it, or None."""
        try:
            moment = moments.read(self.entry.text(), now=self._now(), zone=self._zone)
        except moments.Unreadable:
            return None
        return times.day_to_wire(moment.astimezone(self._zone).date())

    def put(self, value: Any) -> None:
        """Show a day to begin with."""
        super().put(value)

    def problem(self) -> str:
        """What to type instead, when it is no day to come."""
        if not self.entry.text().strip() or self.value():
            return ""
        return "Type a day to come, like fri, tomorrow or dec 3."

    def _on_changed(self) -> None:
        super()._on_changed()
        self._say(str(self.value() or ""), "soft")
