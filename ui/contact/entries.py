"""The story in words: what was said and what turned, grouped by day, prepared once when it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from ui.widgets import words

Event = Mapping[str, Any]
_ICON: Final = {
    "call": "call",
    "text": "text",
    "email": "mail",
    "in_person": "person",
    "portal": "globe",
    "note": "note",
}
_SAID: Final = {
    ("call", "in"): "Customer called",
    ("call", "out"): "Called",
    ("text", "in"): "Text in",
    ("text", "out"): "Text sent",
    ("email", "in"): "E-mail in",
    ("email", "out"): "E-mail sent",
    ("in_person", "in"): "Came to the counter",
    ("in_person", "out"): "Spoke in person",
}
_PLAIN_OUTCOME: Final = frozenset({"", "sent", "received"})
_TURNING: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL: Final = (*range(9), *range(0x0B, 0x20), 0x7F)
_HIDDEN: Final = {**dict.fromkeys(_TURNING), **dict.fromkeys(_CONTROL, " ")}
"""Marks that turn text round and control characters: they would disturb the words beside them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the story; with no ``icon`` it is a day's heading."""

    id: str
    words: str
    clock: str = ""
    icon: str = ""
    bold: str = ""
    """The end of the words, when it matters most."""
    suffix: str = ""
    tone: str = "soft"
    pending: bool = False
    day: str = ""

    @property
    def is_day(self) -> bool:
        """True for a heading."""
        return not self.icon

    @property
    def sentence(self) -> str:
        """The whole entry: what a screen reader says, and what is copied."""
        if self.is_day:
            return self.words
        said = f"{self.words}{self.bold}"
        return " ".join(part for part in (self.day, self.clock, said, self.suffix) if part)


def make(story: Iterable[Event], now: datetime, settings: Settings) -> list[Entry]:
    """The entries, newest first as the story is, each day under its heading."""
    out: list[Entry] = []
    day = ""
    for event in story:
        heading = words.day_heading(str(event.get("at") or ""), now, settings)
        if heading != day:
            day = heading
            out.append(Entry(f"day-{event.get('at') or ''}", heading))
        out.append(_entry(event, day, now, settings))
    return out or [Entry("nothing", "Nothing said yet")]


def _entry(event: Event, day: str, now: datetime, settings: Settings) -> Entry:
    make_words = {"repromise": _repromise, "eta": _eta, "approval": _approval}.get(str(event.get("kind")), _contact)
    said, bold, suffix, icon, tone = make_words(event, now, settings)
    return Entry(
        id=str(event.get("id")),
        words=clean(said),
        clock=words.clock(str(event.get("at") or ""), settings),
        icon=icon,
        bold=clean(bold),
        suffix=clean(suffix),
        tone=tone,
        pending=bool(event.get("pending")),
        day=day,
    )


_Said = tuple[str, str, str, str, str]


def _contact(event: Event, now: datetime, settings: Settings) -> _Said:
    del now, settings
    channel, direction = str(event.get("channel") or "note"), str(event.get("direction") or "out")
    outcome, body = str(event.get("outcome") or ""), str(event.get("body") or "").strip()
    who = words.short_name(str(event.get("employee") or ""))
    result = "not delivered" if outcome == "failed" else words.OUTCOME.get(outcome, outcome.replace("_", " "))
    tone = "late" if outcome == "failed" else "soft"
    icon = _ICON.get(channel, "note")
    if not body:
        base = _SAID.get((channel, direction), words.CHANNEL.get(channel, channel.replace("_", " ").capitalize()))
        plain = outcome in _PLAIN_OUTCOME or channel == "note"
        said = f"{base}." if plain else f"{base}, {result}."
        return said, "", who, icon, tone
    if direction == "in":
        return f"“{body}”", "", _joined(f"{_name(channel)} in", who), icon, tone
    plain = outcome in _PLAIN_OUTCOME or (channel, outcome) == ("in_person", "reached")
    how = _name(channel) if plain else f"{_name(channel)}, {result}"
    return body, "", _joined(how, who), icon, tone


def _name(channel: str) -> str:
    return words.CHANNEL.get(channel, channel.replace("_", " ")).lower()


def _repromise(event: Event, now: datetime, settings: Settings) -> _Said:
    was, to = _time(event.get("was"), now, settings), _time(event.get("to"), now, settings)
    who = words.short_name(str(event.get("employee") or ""))
    start = f"Re-promised from {was} to " if was else "Promised for "
    return start, f"{to or 'no time'}.", _joined(who, str(event.get("reason") or "")), "promise", "soft"


def _eta(event: Event, now: datetime, settings: Settings) -> _Said:
    was, to = _day(event.get("was"), now, settings), _day(event.get("to"), now, settings)
    if was == to:
        was, to = _time(event.get("was"), now, settings), _time(event.get("to"), now, settings)
    part = str(event.get("part") or "a part")
    return f"ETA of {part} moved from {was or 'none'} to ", f"{to or 'none'}.", "parts", "box", "soft"


def _approval(event: Event, now: datetime, settings: Settings) -> _Said:
    del now, settings
    letters = ", ".join(str(letter) for letter in event.get("letters") or [] if letter)
    how = words.CHANNEL.get(str(event.get("how")), "").lower()
    by = str(event.get("by") or "")
    return f"Approved {letters or 'the work'}.", "", _joined(by, how), "sign", "soft"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _day(moment: Any, now: datetime, settings: Settings) -> str:
    at = lights.moment(moment)
    return lights.day(at, now, settings.zone) if at else ""


def _time(moment: Any, now: datetime, settings: Settings) -> str:
    at = lights.moment(moment)
    return lights.day_time(at, now, settings.zone) if at else ""


def clean(text: str) -> str:
    """Words from outside without what would disturb those beside them."""
    return text.translate(_HIDDEN)


def older_first_moment(story: Sequence[Event]) -> str:
    """The moment before which older contacts are to be asked for; empty when there is none."""
    return min((str(event["at"]) for event in story if event.get("kind") == "contact" and event.get("at")), default="")
