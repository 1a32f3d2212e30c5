"""The jobs of a repair order: what was approved and declined, and by whom it is worked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from advisor_desk.domain.lights import Settings
from ui.jobs import line
from ui.theme.look import Look
from ui.widgets.section import Section


class JobsSection(Section):
    """Jobs; ``acted`` names a command with the job it is about."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Jobs")

    def show_jobs(
        self,
        jobs: Sequence[Mapping[str, Any]],
        lines: Sequence[Mapping[str, Any]],
        now: datetime,
        settings: Settings,
        pending: Mapping[str, Sequence[str]],
        may: line.May,
        *,
        anew: bool,
    ) -> None:
        """Show the jobs of a repair order."""
        rows = line.rows(jobs, lines, now, settings, pending, may)
        self.show_rows(rows, "" if rows else "none written yet", anew=anew)
