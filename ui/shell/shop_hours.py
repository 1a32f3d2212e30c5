"""Sets the store's hours and holidays: a holiday at one press, the rest once it has been asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from advisor_desk.domain.shop_hours import Day, switched, week_words
from ui.shell.giving import Giving

_ASKED: Final = {"holiday.days": ("extra",), "holiday.place": ("country", "subdivision")}
_TITLE: Final = {"holiday.days": "Other days the store is shut", "holiday.place": "Whose holidays the store keeps"}


def begin(giving: Giving, deed: str, store: Mapping[str, Any], day: Day | None) -> None:
    """Do what a key of the team's hours stands for, on the day in hand."""
    holidays: Mapping[str, Any] = store.get("holidays") or {}
    if deed == "store.set_hours":
        giving.ask(deed, {}, week_words(store.get("hours")))
    elif deed in _ASKED:
        parts: dict[str, Any] = {"country": "", "subdivision": "", "extra": [], "worked": [], **holidays}
        known = {name: value for name, value in parts.items() if name not in _ASKED[deed]}
        giving.ask("store.set_holidays", known, {**parts, "title": _TITLE[deed]})
    elif day is not None:
        said = f"{day.name or 'That day'}: the store is {'open' if day.shut else 'shut'}"
        giving.give("store.set_holidays", switched(holidays, day), said)
