"""What somebody answered for and others have now, as the manager looks it over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from advisor_desk.cache.reads import Row, one, records_of

KINDS: Final = ("promise", "repair_order", "customer")


def handed_on(conn: Any, changed: Mapping[str, Iterable[str]], sold: bool) -> list[Row]:
    """The promises, orders and customers of a change, each with who has it now; ``sold``: they were a salesperson's."""
    out: list[Row] = []
    for kind in KINDS:
        ids = list(changed.get(kind, ()))
        for record in records_of(conn, ((kind, id) for id in ids), limit=len(ids)):
            fields = one(conn, kind, str(record["id"]))
            out.append({**record, "to": _who(kind, fields, sold), "to_role": str(fields.get("owner_role") or "")})
    return out


def _who(kind: str, fields: Mapping[str, Any], sold: bool) -> str:
    if kind == "promise":
        return str(fields.get("owner_id") or "")
    names = ("salesperson_id", "advisor_id") if sold and kind == "customer" else ("advisor_id", "salesperson_id")
    return next((str(fields[name]) for name in names if fields.get(name)), "")
