"""What an entry of needs-attention says: what was tried, why it did not go through, and both values of each field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights
from advisor_desk.domain.changes import CREATE, DELETE
from advisor_desk.domain.lights import Settings
from ui.shell import ask_forms
from ui.widgets import words

Item = Mapping[str, Any]
_KEPT_BESIDE: Final = frozenset(
    {"eta_set_at", "eta_source", "first_eta", "first_promised_at", "promise_moves", "stage_since", "ordered_at",
     "received_at", "at", "sent_at"}
)  # fmt: skip
"""Fields a command keeps beside the one a person means; they are shown only where they are all there is."""
_SET_FIRST: Final = "somebody else set it first"
"""As the bridge says it: the first to reach it, whoever was first by the clock."""
_PRESS: Final = ("Keep theirs", "Set mine again")


class Pair(NamedTuple):
    """One field: what it is called, what was tried, what stands."""

    field: str
    label: str
    mine: str
    theirs: str


def pairs(item: Item, now: datetime, settings: Settings) -> list[Pair]:
    """The fields in dispute, each with both values in words."""
    mine, theirs = item.get("mine") or {}, item.get("theirs") or {}
    named = [name for name in mine if name not in _KEPT_BESIDE and not name.endswith("_id")]
    shown = named or [name for name in mine if not name.endswith("_id")]
    return [
        Pair(
            name,
            words.field(name),
            _value(name, mine[name], now, settings),
            _value(name, theirs.get(name), now, settings),
        )
        for name in shown
    ]


def tried(item: Item, now: datetime, settings: Settings) -> str:
    """What was tried, by whom, when: ``ETA by Maria Keller, 9:31``."""
    intent = words.INTENT.get(str(item.get("intent")), str(item.get("intent") or "Edit"))
    who = f" by {item['author']}" if item.get("author") else ""
    at = _when(item.get("made_at"), now, settings)
    return f"{intent}{who}{f', {at}' if at else ''}"


def theirs_by(item: Item, now: datetime, settings: Settings) -> str:
    """Who set what stands, and when."""
    at = _when(item.get("at"), now, settings)
    return " · ".join(part for part in (str(item.get("by") or ""), at) if part)


def reason(item: Item) -> str:
    """Why it did not go through, in a sentence or two; each field at fault with its own reason."""
    problem = item.get("problem") or {}
    detail = str(problem.get("detail") or problem.get("title") or "The bridge did not take this.")
    who = str(item.get("by") or "")
    whys = []
    for name, clash in _clashes(item).items():
        if name.endswith("_id"):
            continue  # the sentence says already which record is meant
        why = str(clash.get("why") or "") if isinstance(clash, Mapping) else str(clash)
        if why == _SET_FIRST:
            whys.append(f"{who or 'somebody else'}'s reached the store first")
        elif why.startswith("somebody else"):
            whys.append(why.replace("somebody else", who or "somebody else", 1))
        elif why:
            whys.append(f"{words.field(name)}: {why.replace('_', ' ')}")
    told = ". ".join(dict.fromkeys(why[:1].upper() + why[1:] for why in whys))
    if who and not told:
        detail = detail.replace("Somebody", who, 1)
    if told and all(isinstance(clash, Mapping) for clash in _clashes(item).values()):
        return f"{told}."
    return f"{detail} {told}." if told else detail


def presses(item: Item) -> tuple[str, str]:
    """What the two buttons say: keep what stands, and set again."""
    if item.get("deleted"):
        return "Let it go", "Restore with mine"
    if item.get("op") == DELETE:
        return "Keep it", "Delete it all the same"
    conflict = str((item.get("problem") or {}).get("type") or "").endswith("conflict")
    return _PRESS if conflict else ("Let it go", "Send again")


def has_theirs(item: Item) -> bool:
    """Whether something stands that could be kept: not for what was never there."""
    return item.get("op") != CREATE or any(value is not None for value in (item.get("theirs") or {}).values())


def sentence(item: Item, now: datetime, settings: Settings) -> str:
    """A whole entry for a screen reader."""
    fields = ". ".join(f"{pair.label}: yours {pair.mine}, theirs {pair.theirs}" for pair in pairs(item, now, settings))
    return f"{item.get('title')}. {tried(item, now, settings)}. {reason(item)} {fields}".strip()


def _clashes(item: Item) -> Mapping[str, Any]:
    fields = (item.get("problem") or {}).get("fields") or {}
    return {name: clash for name, clash in fields.items() if name != "*"}


def _value(name: str, value: Any, now: datetime, settings: Settings) -> str:
    choices = ask_forms.NAMES.get(name, {})
    if isinstance(value, str) and value in choices:
        return choices[value]
    if isinstance(value, list) and choices:
        return ", ".join(choices.get(str(one), str(one)) for one in value)
    return words.value(value, settings, now)


def _when(moment: Any, now: datetime, settings: Settings) -> str:
    at = lights.moment(moment)
    return lights.day_time(at, now, settings.zone) if at else ""
