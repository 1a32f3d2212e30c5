"""The RO numbers this desk was lent, each given once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from advisor_desk.cache import meta
from advisor_desk.domain import repair_order

_BETWEEN: Final = "-"


def keep(conn: Connection, first: int, last: int) -> None:
    """Put a block of numbers by, behind those that are left."""
    _put(conn, [*_blocks(conn), (first, last)])


def take(conn: Connection, new_id: Callable[[], str]) -> str:
    """The next number; a temporary one when none is left."""
    blocks = _blocks(conn)
    if blocks:
        first, last = blocks[0]
        _put(conn, [(first + 1, last), *blocks[1:]])
        return str(first)
    letters, count = _temporary(conn)
    letters = letters or repair_order.letters_of(new_id())
    meta.put(conn, "ro_temporary", f"{letters}{_BETWEEN}{count + 1}")
    return repair_order.temporary_number(letters, count + 1)


def given(conn: Connection, number: str) -> None:
    """This number was given, though the cache may have lost that it was: it never goes out again."""
    if repair_order.is_temporary(number):
        letters, count = _temporary(conn)
        said, _, place = number.removeprefix(repair_order.TEMPORARY).partition(_BETWEEN)
        if said == letters and place.isdigit() and int(place) > count:
            meta.put(conn, "ro_temporary", f"{letters}{_BETWEEN}{place}")
    elif number.isascii() and number.isdigit():
        out = int(number)
        _put(conn, [(max(first, out + 1) if first <= out <= last else first, last) for first, last in _blocks(conn)])


def left(conn: Connection) -> int:
    """How many are left."""
    return sum(last - first + 1 for first, last in _blocks(conn))


def forget(conn: Connection) -> None:
    """Give none of them any more, nor temporary ones like those before: another copy of this cache may have."""
    meta.put(conn, "ro_numbers", None)
    meta.put(conn, "ro_temporary", None)


def _temporary(conn: Connection) -> tuple[str, int]:
    letters, _, count = (meta.get(conn, "ro_temporary") or "").partition(_BETWEEN)
    return letters, int(count or 0)


def _blocks(conn: Connection) -> list[tuple[int, int]]:
    kept = (meta.get(conn, "ro_numbers") or "").split()
    return [(int(first), int(last)) for first, _, last in (block.partition(_BETWEEN) for block in kept)]


def _put(conn: Connection, blocks: list[tuple[int, int]]) -> None:
    kept = [f"{first}{_BETWEEN}{last}" for first, last in blocks if first <= last]
    meta.put(conn, "ro_numbers", " ".join(kept) or None)
