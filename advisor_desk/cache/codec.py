"""Record bodies as the tables hold them: compact JSON of every wire field, and the columns beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from advisor_desk.domain.records import KINDS, to_wire

encode: Final[Callable[[Any], str]] = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode
_read: Final = json.JSONDecoder().raw_decode


def decode(text: str) -> Any:
    """Read what ``encode`` wrote; nothing stands before or after it, so nothing is looked for there."""
    return _read(text)[0]


GONE: Final = "{}"
"""The body of a deleted record: nothing of it stays in the file."""


class Stored(NamedTuple):
    """A record as it is kept: its wire fields, and the server's last change of it."""

    id: str
    rev: int
    deleted: bool
    fields: dict[str, Any]


class ServerRow(NamedTuple):
    """A record as the server sent it; ``overruled`` names, by field, accepted values that gave way unseen."""

    kind: str
    id: str
    rev: int
    deleted: bool
    fields: dict[str, Any]
    overruled: Mapping[str, Any] = MappingProxyType({})


Touched = dict[str, set[str]]
"""What a transaction changed on screen: ids by kind."""

KEYS: Final[Mapping[str, tuple[tuple[str, Any], ...]]] = {
    name: tuple((field.name, to_wire(field.default)) for field in kind.keys) for name, kind in KINDS.items()
}
"""Each kind's columns with the value a field has when the body does not name it."""


def columns(kind: str, fields: Mapping[str, Any]) -> list[Any]:
    """The values of the kind's columns; a missing or null field has its default."""
    out = []
    for name, default in KEYS[kind]:
        value = fields.get(name)
        out.append(default if value is None else value)
    return out


def insert_sql(kind: str) -> str:
    """Insert a record or replace it where it stands, so that its row number stays."""
    names = ["id", "rev", "deleted", *(name for name, _ in KEYS[kind]), "body"]
    sets = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {kind} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {sets}"  # noqa: S608


INSERT: Final[Mapping[str, str]] = {kind: insert_sql(kind) for kind in KINDS}
