"""What is being written down about one contact, kept for its repair order until it is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from advisor_desk.domain import contact
from ui.contact.who import consent
from ui.widgets import words

OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "call": ("reached", "voicemail", "no_answer"),
    "in_person": ("reached",),
    "text": ("sent",),
    "email": ("sent",),
    "note": (),
}
"""How an outbound contact may have ended, the usual first; an inbound one was received."""
CHANNELS: Final = tuple(OUTCOMES)
_SPEAKS_FOR_ITSELF: Final = frozenset({"voicemail", "no_answer"})


class Untold(NamedTuple):
    """A part line whose news the customer lacks, and that news in words."""

    id: str
    words: str


@dataclass(slots=True)
class Draft:
    """One contact, not yet logged."""

    channel: str = "call"
    direction: str = "out"
    outcome: str = "reached"
    body: str = ""
    not_told: set[str] = field(default_factory=set)
    """Part lines the person has unticked."""
    fault: str = ""
    sending: bool = False

    def choose(self, channel: str) -> None:
        """Another channel, with the outcome that is usual for it."""
        self.channel = channel
        if self.outcome not in OUTCOMES[channel]:
            self.outcome = next(iter(OUTCOMES[channel]), "")

    @property
    def is_untouched(self) -> bool:
        """True when nothing is lost by beginning anew."""
        return not (self.body or self.fault or self.sending or self.not_told)

    @property
    def tells(self) -> bool:
        """True when the customer knows after this."""
        return contact.tells(self.channel, self.direction, self.outcome)

    @property
    def says_something(self) -> bool:
        """True when there is something to log: words, or an attempt that explains itself."""
        unanswered = self.channel == "call" and self.direction == "out" and self.outcome in _SPEAKS_FOR_ITSELF
        return bool(self.body.strip()) or unanswered

    def told(self, untold: Sequence[Untold]) -> list[Untold]:
        """The part lines of which this contact tells."""
        return [line for line in untold if line.id not in self.not_told] if self.tells else []

    def args(self, data: Mapping[str, Any], untold: Sequence[Untold]) -> dict[str, Any]:
        """The arguments of ``contact.log``; with no words of one's own, what was told is what was said."""
        told = self.told(untold)
        direction = "out" if self.channel == "note" else self.direction
        out = {
            "customer_id": _id(data, "customer"),
            "repair_order_id": _id(data, "repair_order"),
            "vehicle_id": _id(data, "vehicle"),
            "channel": self.channel,
            "direction": direction,
            "outcome": "received" if direction == "in" else self.outcome,
            "body": self.body.strip() or _told_words(told),
            "tells": [line.id for line in told],
        }
        return {name: value for name, value in out.items() if value}


def _id(data: Mapping[str, Any], kind: str) -> str:
    return str((data.get(kind) or {}).get("id") or "")


def _told_words(told: Sequence[Untold]) -> str:
    return f"Told: {'; '.join(line.words for line in told)}."[:4_000] if told else ""


def usual(customer: Mapping[str, Any]) -> str:
    """The channel a customer is reached by: their own choice where they allow it, else a call."""
    wanted = str(customer.get("preferred_channel") or "")
    return wanted if wanted in {"text", "email"} and consent_fault(customer, wanted) == "" else "call"


def consent_fault(customer: Mapping[str, Any], channel: str) -> str:
    """What stands against a channel, in a sentence: the customer said no, or never agreed to texts."""
    said, name = consent(customer, channel), {"text": "texts", "call": "calls", "email": "e-mail"}.get(channel, "")
    if name and said == "no":
        return f"The customer wants no {name}."
    return "The customer has not agreed to texts." if channel == "text" and said != "yes" else ""


def fault_words(error: Mapping[str, Any]) -> str:
    """Why it was not logged: each field at fault by its name, else the refusal's own sentence."""
    fields = error.get("fields") or {}
    if error.get("code") == "bad_arguments" and fields:
        return " ".join(f"{words.field(str(name))} {why}." for name, why in fields.items())
    return str(error.get("message") or "It could not be logged. Try again.")
