"""A card: what one repair order shows on the board, prepared once when it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from advisor_desk.domain import board, lights
from advisor_desk.domain.board import Owed
from advisor_desk.domain.lights import Light, Settings
from ui.widgets import words

LIGHT_NAMES = ("parts", "promise", "told", "approval")


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the delegate paints, as text and tones."""

    id: str
    stage: str
    advisor_id: str
    tag: str
    number: str
    pending: bool
    promised: str
    promised_tone: str
    customer: str
    vehicle: str
    technician: str
    age: str
    since: str
    lights: tuple[Light, Light, Light, Light]
    edge: str
    next_words: str
    next_due: str
    next_tone: str
    order: tuple[str, str]
    waiter: bool
    loaner: bool
    after_promise: bool
    untold: bool
    hold: str
    spot: str
    found_by: str

    @property
    def late(self) -> bool:
        """True while its promised time or a promise on it is over."""
        return self.edge == "late"

    @property
    def sentence(self) -> str:
        """The whole card for a screen reader."""
        lit = ". ".join(light.why for light in self.lights if light.tone != "none")
        head = ", ".join(part for part in (self.tag, self.number, self.customer, self.vehicle) if part)
        promised = f"promised {self.promised}" if self.promised else "no time promised"
        return f"{head}, {promised}. {lit} {self.next_words}".strip()


def make(
    facts: dict[str, Any], now: datetime, settings: Settings, owes: Callable[[Owed], bool] = lambda owed: True
) -> Card:
    """The card of a board row; whatever is missing leaves its place empty.

    Of what is close, what ``owes`` says is for who looks to do is shown before what others owe on the car.
    """
    lit = lights.of(facts, now, settings)
    promised = lights.moment(facts.get("promised_at"))
    since = lights.moment(facts.get("stage_since")) or lights.moment(facts.get("opened"))
    ready = facts.get("stage") == "ready"
    tone = "soft" if ready or lit[1].tone in {"green", "none"} else lit[1].tone
    everything = board.owed(facts, settings, now)
    close = [item for item in everything if item.due_at - now <= lights.SOON]
    owed = min(close, key=lambda item: not owes(item), default=None)
    next_words = next_due = next_tone = ""
    if owed is not None:
        next_words, next_due = _short(owed.title, facts), lights.day_time(owed.due_at, now, settings.zone)
        next_tone = "late" if owed.due_at < now else "accent"
    elif lit[0].state == lights.AT_RISK:
        next_words, next_tone = lit[0].why, "accent"
    transport = words.TRANSPORT.get(str(facts.get("transport")), "")
    stage = str(facts.get("stage") or "write_up")
    return Card(
        id=str(facts["id"]),
        stage=stage,
        advisor_id=str(facts.get("advisor_id") or ""),
        tag=str(facts.get("tag") or ""),
        number=str(facts.get("number") or ""),
        pending=bool(facts.get("pending")),
        promised=lights.day_time(promised, now, settings.zone) if promised else "",
        promised_tone=tone,
        customer=str(facts.get("customer") or "No customer"),
        vehicle=" · ".join(part for part in (str(facts.get("vehicle") or ""), transport) if part),
        technician=str(facts.get("technician") or ""),
        age=_age(now - since) if since else "",
        since=str(facts.get("stage_since") or facts.get("opened") or ""),
        lights=lit,
        edge=_edge(lit[1], everything, now),
        next_words=next_words,
        next_due=next_due,
        next_tone=next_tone,
        order=(str(facts.get("promised_at") or "9"), str(facts.get("number") or "")),
        waiter=facts.get("transport") == "waiter",
        loaner=bool(facts.get("loaner")) or facts.get("transport") == "loaner",
        after_promise=any(_after(line, promised) for line in facts.get("parts") or ()),
        untold=lit[2].state == "late" or any(lights.untold(line) for line in facts.get("parts") or ()),
        hold=", ".join(words.HOLD.get(reason, reason) for reason in facts.get("hold_reasons") or ()),
        spot=str(facts.get("spot") or ""),
        found_by=f"{facts.get('customer', '')} {facts.get('tag', '')} {facts.get('number', '')}".casefold(),
    )


def _edge(promise: Light, owed: Sequence[Owed], now: datetime) -> str:
    """Late or amber as the promised time or a promise on the car is; what nobody has promised yet is never close."""
    if promise.tone == "late" or any(item.due_at < now for item in owed):
        return "late"
    close = any(item.id and item.due_at - now <= lights.SOON for item in owed)
    return "amber" if close or (promise.tone == "amber" and promise.state != "unset") else ""


def _age(span: timedelta) -> str:
    """A time in stage in few letters: minutes only while it is young."""
    if span < timedelta(hours=10):
        return lights.ago(span)
    return f"{span.days} d" if span.days else f"{span.seconds // 3600} h"


def _short(title: str, facts: dict[str, Any]) -> str:
    """What is owed, without the name that stands two lines above."""
    who = board.who(facts)
    whole = {f"Answer on estimate: {who}": "No answer yet", f"Update {who}": "Update due"}
    if title in whole:
        return whole[title]
    named = (f" ({who})", f" from {who}", f" for {who}", f" {who}'s", f" {who}")
    found = next((part for part in named if part in title), "")
    return title.replace(found, " the" if found.endswith("'s") else "", 1) if found else title


def _after(line: dict[str, Any], promised: datetime | None) -> bool:
    eta = lights.moment(line.get("eta"))
    return bool(
        promised and eta and eta > promised and line.get("state") in {"ordered", "backordered", "partly_received"}
    )
