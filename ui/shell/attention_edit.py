"""Setting other values than either side's, from an entry of needs-attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.records import Field as Declared
from ui.shell import ask_forms, attention_words
from ui.shell.ask_dialog import Ask, AskDialog
from ui.shell.ask_fields import ChoiceField, ChoicesField, Field, MomentField, NumberField, TextField
from ui.theme.look import Look
from ui.widgets import words

_AHEAD: Final = frozenset({"eta", "promised_at", "due_at", "starts_at", "away_until"})
"""Moments that are to come; one that has been is a record of what happened and is not typed anew."""
_NOON: Final = time(12, 0)


class EditDialog(AskDialog):
    """Asks for the values to set; what cannot be typed stays as it was tried."""

    def __init__(
        self, look: Look, parent: QWidget | None, ask: Ask, item: Mapping[str, Any], fields: Sequence[Field]
    ) -> None:
        self._item = item
        known = {"attention_id": item["id"], "action": "edit"}
        present = {"heading": item.get("title"), "lines": [attention_words.reason(item)]}
        super().__init__(look, parent, ask, "attention.resolve", known, present, fields)

    def _args(self) -> dict[str, Any]:
        mine = dict(self._item.get("mine") or {})
        edited = {name: one.value() if one.value() != "" else None for name, one in self.fields.items()}
        return {**self._known, "set": _with_move({**mine, **edited}, mine)}

    def _faults(self, args: Mapping[str, Any]) -> dict[str, str]:
        return {name: why for name, one in self.fields.items() if (why := one.problem())}


def fields(look: Look, item: Mapping[str, Any], now: Callable[[], datetime], settings: Settings) -> list[Field]:
    """A field for each value in dispute that a person can type, beginning with their own."""
    declared = KINDS[item["kind"]].fields if item.get("kind") in KINDS else {}
    out = []
    for pair in attention_words.pairs(item, now(), settings):
        value = (item.get("mine") or {}).get(pair.field)
        made = _field(look, pair.field, declared[pair.field], now, settings) if pair.field in declared else None
        if made is not None:
            made.put(value)
            out.append(made)
    return out


def _field(look: Look, name: str, declared: Declared, now: Callable[[], datetime], settings: Settings) -> Field | None:
    label, choices = words.field(name), ask_forms.named(name, declared.policy.one_of or ())
    if choices:
        return (ChoiceField if declared.type is str else ChoicesField)(look, name, label, choices)
    if declared.type is datetime and name in _AHEAD:
        usual = time(17, 0) if name == "promised_at" else _NOON
        return MomentField(look, name, label, now=now, settings=settings, usual_time=usual)
    if declared.type is int:
        return NumberField(look, name, label, 9_999_999)
    return TextField(look, name, label, longest=declared.policy.max_length) if declared.type is str else None


def _with_move(new: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """A promise edited here was also moved here: the story's last move says the same."""
    moves = new.get("promise_moves")
    if moves and new.get("promised_at") and lights.moment(old.get("promised_at")):
        *before, last = moves
        if last.get("to") == old["promised_at"]:
            new["promise_moves"] = [*before, {**last, "to": new["promised_at"]}]
    return new
