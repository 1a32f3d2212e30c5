"""What is said between a store and its customers about a repair, step by step, and the way each of them is reached."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Final, NamedTuple


class Step(NamedTuple):
    """One thing said: as it is written to or by the customer, and as it is noted after a call."""

    written: str
    noted: str
    received: bool = False


HELLO: Final = "hello"
LOOKING, ESTIMATE, CHASED, ANSWER = "looking", "estimate", "chased", "answer"
PART, WORK, HOW_LONG, READY, COUNTER = "part", "work", "how_long", "ready", "counter"
STEPS: Final = {
    HELLO: (Step("", "Wrote up the car together at the drive."),),
    LOOKING: (
        Step(
            "We are looking at your car. I will write again as soon as we know more.", "Told them what we know so far."
        ),
        Step("Your car is with the technician now.", "Told them the technician has the car."),
    ),
    ESTIMATE: (
        Step(
            "Your estimate is ready to look at. Reply here or call me with any questions.",
            "Went over the estimate on the phone.",
        ),
        Step("We found one more thing. I sent pictures with the estimate.", "Told them of one more thing we found."),
    ),
    CHASED: (Step("", "Left word that we need an answer on the estimate."),),
    ANSWER: (
        Step("Thanks, go ahead.", "Called back: go ahead.", received=True),
        Step("Go ahead. Please call me before you start anything else.", "Go ahead, but nothing else.", received=True),
    ),
    PART: (Step("What it needs is ordered. I will tell you the day it lands.", "Told them what is ordered."),),
    WORK: (Step("Work has started. Everything is on time so far.", "Told them that work has started."),),
    HOW_LONG: (
        Step("OK. How much longer do you think?", "Asked how much longer it takes.", received=True),
        Step("Thanks for letting me know.", "Asked whether all goes well.", received=True),
    ),
    READY: (Step("Your car is ready. Come by any time before we close.", "Told them the car is ready."),),
    COUNTER: (Step("", "Explained the work at the counter."),),
}
_IN_PERSON: Final = frozenset({HELLO, COUNTER})
_BETWEEN: Final = (LOOKING, ESTIMATE, CHASED, ANSWER, WORK, HOW_LONG, COUNTER)
_SO_FAR: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "diagnosis": ((), LOOKING), "approval": ((LOOKING,), ESTIMATE), "parts": ((LOOKING, ESTIMATE, ANSWER), PART),
    "repair": ((LOOKING, ESTIMATE, ANSWER), WORK), "quality": ((LOOKING, ESTIMATE, ANSWER, WORK, HOW_LONG), ""),
    "ready": ((LOOKING, ESTIMATE, ANSWER, WORK, HOW_LONG), READY),
}  # fmt: skip
_TO_CUSTOMER: Final = {
    "dispatch": (LOOKING,), "diagnosis": (LOOKING,), "approval": (ESTIMATE, CHASED), "parts": (PART,),
    "repair": (WORK,), "ready": (READY,),
}  # fmt: skip
_FROM_CUSTOMER: Final = dict.fromkeys(("diagnosis", "parts", "repair", "quality"), (HOW_LONG,))


def whole(chance: random.Random, count: int, *, called: bool = True) -> list[str]:
    """So many steps of a visit that is over, in order; ``called`` when somebody told the customer it was ready."""
    places = sorted(chance.sample(range(len(_BETWEEN)), count - 1 - called))
    steps = [_BETWEEN[place] for place in places]
    if ESTIMATE not in steps:
        # Nobody asks for, or gives, an answer to what was never sent.
        early = next((place for place, step in enumerate(steps) if step in (CHASED, ANSWER)), None)
        if early is not None:
            steps[early] = ESTIMATE
    if not called and COUNTER not in steps:
        steps[-1] = COUNTER
    if called:
        steps.insert(len(steps) - (COUNTER in steps), READY)
    return [HELLO, *steps]


def so_far(stage: str) -> tuple[Sequence[str], str]:
    """What was said after the write-up of an order before it came to its stage, and once it was there, if anything."""
    return _SO_FAR.get(stage, ((), ""))


def next_said(stage: Any, *, received: bool) -> Sequence[str]:
    """What the store, or the customer, may say next about an order that stands at a stage."""
    return (_FROM_CUSTOMER if received else _TO_CUSTOMER).get(stage, ())


def said(chance: random.Random, step: str, *, texts: bool, prefers: str) -> dict[str, Any]:
    """A step as a contact, on a way the customer has agreed to."""
    one = STEPS[step][0] if len(STEPS[step]) == 1 else chance.choice(STEPS[step])
    if step in _IN_PERSON:
        return {"channel": "in_person", "direction": "out", "outcome": "reached", "body": one.noted}
    if step == CHASED:
        return {"channel": "call", "direction": "out", "outcome": "voicemail", "body": one.noted}
    channel = _channel(chance.random(), texts, prefers)
    way = {"channel": channel, "direction": "in" if one.received else "out"}
    if channel == "call":
        return way | {"outcome": "received" if one.received else "reached", "body": one.noted}
    arrived = "delivered" if channel == "text" else "sent"
    return way | {"outcome": "received" if one.received else arrived, "body": one.written}


def _channel(kind: float, texts: bool, prefers: str) -> str:
    if prefers == "email" and kind < 0.6:
        return "email"
    if texts and kind < (0.95 if prefers == "text" else 0.5):
        return "text"
    return "call"
