"""How a search entry's number tells the record it stands for; shared by the index and the reads."""

from __future__ import annotations

from typing import Final

KINDS: Final = ("customer", "vehicle", "repair_order", "part_line", "employee", "loaner")
"""The kinds in the index; only ever added to at the end, since the place is part of the number."""
SPAN: Final = 16
