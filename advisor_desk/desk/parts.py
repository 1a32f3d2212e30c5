"""Commands on a part line."""

from __future__ import annotations

from typing import Any

from advisor_desk.desk.context import Context
from advisor_desk.domain import parts
from advisor_desk.domain.changes import Edit


def set_eta(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.set_eta``."""
    id = args["part_line_id"]
    line, source = desk.fields("part_line", id), args.get("source") or ""
    return parts.set_eta(id, line, args["eta"], source=source, now=desk.now)


def order(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.order``."""
    id = args["part_line_id"]
    return parts.order(
        id,
        desk.fields("part_line", id),
        order_no=args["order_no"],
        supplier=args["supplier"],
        source=args.get("source") or "",
        eta=args.get("eta") or "",
        now=desk.now,
    )


def receive(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.receive``."""
    id = args["part_line_id"]
    line, bin = desk.fields("part_line", id), args.get("bin") or ""
    return parts.receive(id, line, qty=args.get("qty"), bin=bin, now=desk.now)
