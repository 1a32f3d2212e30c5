"""The RO numbers this desk was lent, each given once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from advisor_desk.cache import meta
from advisor_desk.domain import repair_order

_BETWEEN: Final = "-"


def keep(conn: Connection, first: int, last: int) -> None:
    """Put a block of numbers by, behind those that are left."""
    _put(conn, [*_blocks(conn), (first, last)])


def take(conn: Connection) -> str:
    """The next number; a temporary one when none is left."""
    blocks = _blocks(conn)
    if blocks:
        first, last = blocks[0]
        _put(conn, [*([(first + 1, last)] if first < last else []), *blocks[1:]])
        return str(first)
    count = int(meta.get(conn, "ro_temporary") or 0) + 1
    meta.put(conn, "ro_temporary", count)
    return repair_order.temporary_number(meta.get(conn, "desk_id") or "", count)


def left(conn: Connection) -> int:
    """How many are left."""
    return sum(last - first + 1 for first, last in _blocks(conn))


def forget(conn: Connection) -> None:
    """Give none of them any more: another copy of this cache may have."""
    meta.put(conn, "ro_numbers", None)


def _blocks(conn: Connection) -> list[tuple[int, int]]:
    kept = (meta.get(conn, "ro_numbers") or "").split()
    return [(int(first), int(last)) for first, _, last in (block.partition(_BETWEEN) for block in kept)]


def _put(conn: Connection, blocks: list[tuple[int, int]]) -> None:
    meta.put(conn, "ro_numbers", " ".join(f"{first}{_BETWEEN}{last}" for first, last in blocks) or None)
