"""One row a budget: what was measured, its floor in the same run, and whether the budget held."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A budget of the design's section 9 beside what was measured in this run."""

    what: str
    measured: str
    floor: str
    budget: str
    held: bool | None
    """None where the row only informs."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0..1) of the measurements lie (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle measurement."""
    return percentile(values, 0.5)


def show(rows: Sequence[Row]) -> str:
    """The rows as an aligned table, with a verdict each."""
    cells = [("what", "measured", "floor, same run", "budget", "held")]
    cells += [(r.what, r.measured, r.floor, r.budget, {True: "yes", False: "NO", None: "–"}[r.held]) for r in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
