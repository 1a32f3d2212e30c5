"""The search index: one row for each record worth finding, kept by the transaction that keeps the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from advisor_desk.cache import codec, finding, raw, schema
from advisor_desk.domain import parts, repair_order
from advisor_desk.domain.records import KINDS, Search

_TAILS: Final = {Search.PHONE: (10, 7, 4), Search.VIN: (8, 6)}
_FINISHED: Final = parts.GONE | {"installed"}
_ADD: Final = "INSERT INTO search (rowid, words) VALUES (?, ?)"
_DROP: Final = "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)"

FIELDS: Final[Mapping[str, tuple[tuple[str, Search], ...]]] = {
    name: tuple((field.name, field.policy.search) for field in kind.fields.values() if field.policy.search)
    for name, kind in KINDS.items()
    if any(field.policy.search for field in kind.fields.values())
}
"""What each kind is found by."""


def words(kind: str, fields: Mapping[str, Any]) -> str:
    """All a record is found by, in one text; empty when nobody would look for it."""
    declared = FIELDS.get(kind)
    if not declared:
        return ""
    if kind == "part_line" and fields.get("state") in _FINISHED:
        # A fitted part is found by its repair order; in a store of years such lines would double the index.
        return ""
    out: list[str] = []
    for name, how in declared:
        value = fields.get(name)
        if value and not _is_worn_tag(kind, name, fields):
            _READ[how](value, out)
    return " ".join(out)


def _is_worn_tag(kind: str, name: str, fields: Mapping[str, Any]) -> bool:
    """True for a closed repair order's tag: the hat is on another car by now."""
    return kind == "repair_order" and name == "tag" and not repair_order.is_open(fields.get("stage") or "")


def _plain(value: Any, out: list[str]) -> None:
    out.append(str(value))


def _code(value: Any, out: list[str]) -> None:
    for item in value if isinstance(value, list) else (value,):
        text = str(item)
        out.append(text)
        if not text.isalnum():
            out.append(re.sub(r"\W|_", "", text))


def _phone(value: Any, out: list[str]) -> None:
    for phone in value if isinstance(value, list) else ():
        for name in ("e164", "raw"):
            digits = re.sub(r"\D", "", str(phone.get(name) or "")) if isinstance(phone, Mapping) else ""
            if digits and digits not in out:
                out.append(digits)
                out.extend(tail for n in _TAILS[Search.PHONE] if len(digits) > n and (tail := digits[-n:]) not in out)


def _vin(value: Any, out: list[str]) -> None:
    text = str(value)
    out.append(text)
    out.extend(text[-n:] for n in _TAILS[Search.VIN] if len(text) > n)


_READ: Final[Mapping[Search, Callable[[Any, list[str]], None]]] = {
    Search.WORDS: _plain,
    Search.CODE: _code,
    Search.PHONE: _phone,
    Search.VIN: _vin,
}


def number(kind: str, row: int) -> int:
    """The index's number of a record, made of its row and its kind; ``reads`` takes it apart again."""
    return row * finding.SPAN + finding.KINDS.index(kind)


def replace(conn: Connection, kind: str, row: int, was: str, now: str) -> None:
    """Bring one record's entry up to date; the old words are taken out of the file, not marked."""
    if was == now:
        return
    if was:
        raw.run(conn, _DROP, (number(kind, row), was))
    if now:
        raw.run(conn, _ADD, (number(kind, row), now))


def add_all(conn: Connection, kind: str, rows: Iterable[tuple[int, str]]) -> None:
    """Add entries of records that had none."""
    entries = [(number(kind, row), text) for row, text in rows]
    if entries:
        conn.exec_driver_sql(_ADD, entries)


def rows(conn: Connection, kind: str, text: str) -> list[int]:
    """The rows of a kind that are found by a whole phone number, VIN or code."""
    phrase = '"' + text.replace('"', '""') + '"'
    found = conn.exec_driver_sql("SELECT rowid FROM search WHERE search MATCH ?", (phrase,)).scalars()
    place = finding.KINDS.index(kind)
    return [number // finding.SPAN for number in found if number % finding.SPAN == place]


def rebuild(conn: Connection) -> None:
    """Make the whole index afresh from the records."""
    conn.exec_driver_sql("DROP TABLE search")
    conn.exec_driver_sql(schema.SEARCH_TABLE)
    conn.exec_driver_sql(schema.SEARCH_SECURE)
    conn.exec_driver_sql(schema.SEARCH_LEAF)
    for kind in FIELDS:
        found = conn.exec_driver_sql(f"SELECT row, body FROM {kind} WHERE NOT deleted")  # noqa: S608
        while page := found.fetchmany(4_000):
            pairs = ((row, words(kind, codec.decode(body))) for row, body in page)
            add_all(conn, kind, [(row, text) for row, text in pairs if text])
