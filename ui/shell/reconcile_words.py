"""What the list after an outage says: each edit with what became of it, and what must be keyed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from ui.customer.rows import contact_words
from ui.shell import attention_words
from ui.widgets import words

_BECAME: Final = {
    "sent": ("sent", "green"),
    "merged": ("merged with another's edit", "blue"),
    "clashed": ("clashed: decide it", "late"),
    "held": ("held: an edit before it needs your decision", "amber"),
}
_DECIDED: Final = ("clashed, decided", "soft")


class Done:
    """One edit made while the line was down, in words."""

    def __init__(self, item: Mapping[str, Any], now: datetime, settings: Settings) -> None:
        self.id = str(item["id"])
        self.order_id = str(item.get("repair_order_id") or "")
        self.order = str(item.get("order") or "")
        intent = str(item.get("intent") or "")
        self.what = words.INTENT.get(intent, intent.replace(".", " ").replace("_", " ").capitalize())
        became = str(item.get("became") or "")
        self.state, self.tone = _DECIDED if item.get("decided") else _BECAME.get(became, (became, "soft"))
        self.ticked = bool(item.get("ticked_at"))
        self.by_hand = values(item.get("by_hand") or {}, now, settings)
        self.values = values(item.get("set") or {}, now, settings).removeprefix(f"{self.what} ")
        self.who = ", ".join(
            part for part in (str(item.get("author") or ""), _when(item.get("made_at"), now, settings)) if part
        )
        self.ticked_by = " ".join(
            part for part in (str(item.get("ticked_by") or ""), _when(item.get("ticked_at"), now, settings)) if part
        )

    @property
    def more(self) -> str:
        """The second line: what to key where something must be keyed, else what was set; then who and when."""
        said = f"Key by hand: {self.by_hand}" if self.by_hand else self.values
        return " · ".join(part for part in (said, self.who) if part)

    @property
    def sentence(self) -> str:
        """The whole row for a screen reader."""
        tick = f"ticked by {self.ticked_by}" if self.ticked_by else "ticked" if self.ticked else "not ticked"
        return ", ".join(part for part in (self.what, self.state, self.more, tick) if part)


class Order:
    """A repair order's heading over its edits, with how many are ticked."""

    def __init__(self, title: str, order_id: str, done: Sequence[Done]) -> None:
        self.title = title
        self.order_id = order_id
        self.ids = [one.id for one in done]
        self.open_ids = [one.id for one in done if not one.ticked]
        self.count = f"{len(self.ids) - len(self.open_ids)} of {len(self.ids)} ticked"

    @property
    def sentence(self) -> str:
        """The heading for a screen reader."""
        return f"{self.title}, {self.count}"


class Outage:
    """A heading over all that was done in one outage."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.sentence = title


Row = Outage | Order | Done


def rows(items: Sequence[Mapping[str, Any]], now: datetime, settings: Settings) -> list[Row]:
    """The list as it stands: outages, their repair orders, and the edits of each, in the order they were read."""
    out: list[Row] = []
    for outage, of_outage in groupby(items, lambda item: str(item.get("outage"))):
        edits = list(of_outage)
        out.append(Outage(_offline(outage, edits[0].get("until"), now, settings)))
        for _, of_order in groupby(edits, _key):
            same = [Done(item, now, settings) for item in of_order]
            out += [Order(same[0].order, same[0].order_id, same), *same]
    return out


def _key(item: Mapping[str, Any]) -> str:
    return str(item.get("repair_order_id") or item.get("order") or item["id"])


def _offline(since: Any, until: Any, now: datetime, settings: Settings) -> str:
    """``Offline since 13:57`` while it lasts, then ``Offline 13:57 to 13:58``."""
    began, ended = lights.moment(since), lights.moment(until)
    if began is None or ended is None:
        return f"Offline since {_when(since, now, settings)}"
    first, last = (lights.day_time(at, began, settings.zone) for at in (began, ended))
    said = _when(since, now, settings)
    return f"Offline {said} to {last}" if last != first else f"Offline at {said}"


def told(what: str, set_: Mapping[str, Any], now: datetime, settings: Settings) -> str:
    """What an edit changed, in a line: ``ETA → Fri 12:00``."""
    said = values(set_, now, settings)
    if said.startswith(f"{what} "):
        return f"{what} → {said.removeprefix(f'{what} ')}"
    return f"{what}: {said}" if said else what


def values(set_: Mapping[str, Any], now: datetime, settings: Settings) -> str:
    """The fields a person means, each with its value; a contact as one would tell of it."""
    if set_.get("channel"):
        said, how, _ = contact_words(set_)
        return f"{how}: {said}" if how else said
    pairs = attention_words.pairs({"mine": set_}, now, settings)
    return ", ".join(f"{pair.label} {pair.mine}" for pair in pairs if set_.get(pair.field) not in (None, "", []))


def _when(moment: Any, now: datetime, settings: Settings) -> str:
    at = lights.moment(moment)
    return lights.day_time(at, now, settings.zone) if at else ""
