"""The parts of a repair order, the worst first, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from ui.parts import line
from ui.theme.look import Look
from ui.widgets.section import Section


class PartsSection(Section):
    """Part lines; ``acted`` names a command or ``line.TELL`` with the line it is about."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Parts")

    def show_lines(
        self,
        lines: Sequence[Mapping[str, Any]],
        promised: datetime | None,
        now: datetime,
        settings: Settings,
        pending: Mapping[str, Sequence[str]],
        may: line.May,
        *,
        anew: bool,
    ) -> None:
        """Show the lines of a repair order."""
        newest = line.as_of(lines)
        note = f"from the counter, {lights.day_time(newest, now, settings.zone)}" if newest else ""
        rows = line.rows(lines, promised, now, settings, pending, may)
        self.show_rows(rows, note if rows else "none needed", anew=anew)
