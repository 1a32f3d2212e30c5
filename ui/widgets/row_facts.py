"""What a row of the right-hand side says, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from advisor_desk.domain.lights import Light


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do about a row: a command with what is known of its arguments, in words of a menu."""

    name: str
    words: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What one row says."""

    id: str
    title: str
    right: str = ""
    detail: str = ""
    told: str = ""
    told_tone: str = "soft"
    reason: str = ""
    reason_tone: str = "late"
    letter: str = ""
    light: Light | None = None
    pending: bool = False
    acts: tuple[Act, ...] = ()
    """The first is what Enter does."""
    buttons: int = 0
    """How many of the acts stand on the row itself."""

    @property
    def needs_someone(self) -> bool:
        """True for what is late or waits for an answer."""
        return self.buttons > 0 or (bool(self.reason) and self.reason_tone == "late")

    @property
    def sentence(self) -> str:
        """The whole row for a screen reader."""
        why = self.reason or (self.light.why if self.light else "")
        head = ", ".join(word for word in (self.letter, self.title, self.detail, self.right, self.told) if word)
        return f"{head}. {why} {'Not yet sent.' if self.pending else ''}".strip()
