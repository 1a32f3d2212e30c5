"""Records as the books keep them: all fields as one text, the keys beside it, and what changed when."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, Table, bindparam, insert, select, update

from advisor_desk.bridge import engines
from advisor_desk.bridge.merge import Over, Version
from advisor_desk.bridge.schema import TABLES
from advisor_desk.domain import times
from advisor_desk.domain.records import KINDS, Field


class Stored(NamedTuple):
    """A record as the books hold it."""

    kind: str
    id: str
    rev: int
    deleted: bool
    fields: dict[str, Any]
    versions: dict[str, Version]
    created_rev: int

    def out(self) -> dict[str, Any]:
        """The record as the wire has it."""
        out = {"kind": self.kind, "id": self.id, "rev": self.rev, "deleted": self.deleted, "fields": self.fields}
        return {**out, "overruled": overruled(self.versions)}


def _one(table: Table) -> Select[Any]:
    return select(table.c.rev, table.c.deleted, table.c.body, table.c.versions, table.c.created_rev).where(
        table.c.store_id == bindparam("store"), table.c.id == bindparam("of")
    )


_ONE: Final = {kind: _one(table) for kind, table in TABLES.items()}


def load(conn: Connection, store_id: str, kind: str, id: str) -> Stored | None:
    """One record of a store, deleted ones too; None when the store has none of that id."""
    row = conn.execute(_ONE[kind], {"store": store_id, "of": id}).one_or_none()
    if row is None:
        return None
    versions = read_versions(row.versions)
    return Stored(kind, id, row.rev, bool(row.deleted), json.loads(row.body), versions, row.created_rev)


def read_versions(text: str) -> dict[str, Version]:
    """The versions of a record's fields, as its row has them."""
    out = {name: Version(*value) for name, value in json.loads(text).items()}
    return {name: version._replace(over=Over(*version.over) if version.over else None) for name, version in out.items()}


def _listed(version: Version) -> list[Any]:
    return list(version if version.over else version[:-1])


def overruled(versions: Mapping[str, Version]) -> dict[str, Any]:
    """What authors are to be told: by field, whose value from which place gave way, and to whom."""
    return {
        name: {
            "author": version.over.author,
            "seq": version.over.seq,
            "yours": version.over.value,
            "by": version.actor,
            "at": version.made_at,
        }
        for name, version in versions.items()
        if version.over
    }


def lives(conn: Connection, store_id: str, kind: str, id: str) -> bool | None:
    """Whether a record is there and not deleted; None when there never was one."""
    table = TABLES[kind]
    deleted = conn.execute(select(table.c.deleted).where(table.c.store_id == store_id, table.c.id == id)).scalar()
    return None if deleted is None else not deleted


def save(conn: Connection, store_id: str, record: Stored) -> None:
    """Write a record as it stands."""
    table = TABLES[record.kind]
    values = {
        "rev": record.rev,
        "deleted": int(record.deleted),
        "body": dump(record.fields),
        "versions": json.dumps({name: _listed(version) for name, version in record.versions.items()}),
        "created_rev": record.created_rev,
        **key_values(record.kind, record.fields),
    }
    found = conn.execute(update(table).where(table.c.store_id == store_id, table.c.id == record.id).values(**values))
    if not found.rowcount:
        conn.execute(insert(table).values(store_id=store_id, id=record.id, **values))


def insert_all(conn: Connection, store_id: str, rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Write new records at revision 1, fast."""
    by_kind: dict[str, list[tuple[Any, ...]]] = {}
    for kind, id, fields in rows:
        keys = key_values(kind, fields).values()
        by_kind.setdefault(kind, []).append((store_id, id, 1, 0, *keys, dump(fields), "{}", 1))
    for kind, values in by_kind.items():
        engines.insert_many(conn, kind, _columns(kind), values)


def dump(fields: Mapping[str, Any]) -> str:
    """A body's text: compact, readable, as the wire sends it."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def key_values(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a kind's key columns, as the tables hold them."""
    return {field.name: _key_value(field, fields.get(field.name, field.default)) for field in KINDS[kind].keys}


def _key_value(field: Field, value: Any) -> Any:
    if field.type in (int, bool):
        return int(value or 0)
    text = "" if value is None else str(value)
    if field.type is datetime:
        return _moment(text)
    return folded(text) if field.policy.search else text


def _moment(text: str) -> str:
    """A moment as moments sort: in UTC, to the second, however it was written."""
    try:
        return times.to_wire(times.from_wire(text))
    except ValueError:
        return ""


def folded(text: str) -> str:
    """The text as it is searched by: one case, one way to write an accent."""
    return unicodedata.normalize("NFC", text).casefold()


def _columns(kind: str) -> list[str]:
    keys = (field.name for field in KINDS[kind].keys)
    return ["store_id", "id", "rev", "deleted", *keys, "body", "versions", "created_rev"]
