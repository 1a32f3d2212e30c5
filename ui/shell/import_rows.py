"""What the preview of an import shows: each row of the list, and what comes of it or why nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import moments, times
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.sheet import NAMING
from ui.widgets import words
from ui.widgets.table import Cell, Column, Group, Line

COLUMNS: Final = (
    Column("Row", 54, right=True),
    Column("In the list", 220, 2),
    Column("What comes of it", 260, 3),
)
_BECOMES: Final = {"ordered": "Ordered", "backordered": "Backordered"}
Answer = Mapping[str, Any]


def groups(seen: Answer, settings: Settings, now: datetime) -> list[Group]:
    """The rows to set right first, then those that are."""
    bad, good = seen.get("bad") or (), seen.get("good") or ()
    return [
        Group(_title("To set right in the file", seen.get("wrong"), bad), [_bad(row) for row in bad], "late"),
        Group(
            _title("As it will be", int(seen.get("rows") or 0) - int(seen.get("wrong") or 0), good),
            [_good(row, settings, now) for row in good],
        ),
    ]


def verdict(seen: Answer) -> tuple[str, str]:
    """What the whole list would do, and the tone of it."""
    if seen.get("lacks"):
        return str(seen["lacks"]), "amber"
    rows, changing, lines, wrong = (int(seen.get(name) or 0) for name in ("rows", "changing", "lines", "wrong"))
    if not rows:
        return "The list has no rows below the names of its columns.", "amber"
    will = f"{changing:,} of {words.counted(rows, 'row')} will change {words.counted(lines, 'part line')}."
    if wrong:
        them = "it" if wrong == 1 else "them"
        told = f"{words.counted(wrong, 'row')} cannot be taken: set {them} right in the file, then look again."
        return f"{told} Nothing is imported until then.", "late"
    return (will, "ink") if changing else ("The list says nothing new: nothing will change.", "soft")


def may_import(seen: Answer) -> bool:
    """True when every row is taken and at least one changes something."""
    return not seen.get("lacks") and not seen.get("wrong") and bool(seen.get("changing"))


def done(supplier: str, answer: Answer) -> str:
    """What was done, for the toast."""
    lines = len((answer.get("changed") or {}).get("part_line") or ())
    return f"{supplier}: {words.counted(lines, 'part line')} changed by the list."


def _bad(row: Answer) -> Line:
    wrong = [str(sentence).partition(": ") for sentence in row["wrong"]]
    first = [f"{place.partition(', ')[2]}: {why}" if ", " in place else why for place, _, why in wrong]
    return Line(
        f"row {row['row']}",
        (_number(row), _in_list(row), Cell(first[0], " ".join(first[1:]), "late", "late")),
        tone="late",
    )


def _good(row: Answer, settings: Settings, now: datetime) -> Line:
    return Line(f"row {row['row']}", (_number(row), _in_list(row), _outcome(row, settings, now)))


def _number(row: Answer) -> Cell:
    return Cell(f"{row['row']:,}", tone="soft")


def _in_list(row: Answer) -> Cell:
    cells = row["cells"]
    named = " · ".join(cells[name] for name in NAMING if cells.get(name))
    said = " · ".join(cells[name] for name in ("qty", "eta") if cells.get(name))
    return Cell(named or "–", said)


def _outcome(row: Answer, settings: Settings, now: datetime) -> Cell:
    lines = int(row["lines"])
    ros = ", ".join(row["on"][:3]) + ("…" if len(row["on"]) > 3 else "")
    on = f"{row['what'] or 'Part'} · RO {ros}" if lines == 1 else f"{lines} lines · RO {ros}"
    if not row["changes"]:
        return Cell("Nothing new", on, "soft")
    eta = moments.say(times.from_wire(row["eta"]), now, settings.zone) if row["eta"] else ""
    said = (_BECOMES.get(row["becomes"], ""), f"ETA {eta}" if eta else "")
    return Cell(", ".join(part for part in said if part) or "Changed", on)


def _title(title: str, count: Any, shown: Any) -> str:
    more = int(count or 0) - len(shown)
    return f"{title} (the first {len(shown)} of {int(count):,})" if more > 0 else title
