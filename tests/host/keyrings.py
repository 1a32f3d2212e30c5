"""Keyrings that work, that are locked, and that only seem to keep what they are given."""

from __future__ import annotations


class Ring:
    """Keeps what it is given, as a system's keyring does."""

    priority = 5

    def __init__(self, **kept: str) -> None:
        self.kept: dict[tuple[str, str], str] = {("advisor-desk", name): value for name, value in kept.items()}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class Locked(Ring):
    """Does not answer until somebody unlocks it."""

    def get_password(self, service: str, name: str) -> str | None:
        raise RuntimeError("the collection is locked")


class ReadOnly(Ring):
    """Answers and takes nothing."""

    def set_password(self, service: str, name: str, password: str) -> None:
        raise RuntimeError("denied")


class Forgetful(Ring):
    """Takes everything and keeps nothing, as the library's null keyring does."""

    def set_password(self, service: str, name: str, password: str) -> None:
        """Let it go."""


class Shortening(Ring):
    """Keeps only so much of an entry."""

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password[:32]


class Sick(Ring):
    """Says by its priority that it does not work here."""

    @property
    def priority(self) -> int:  # type: ignore[override]
        raise RuntimeError("no bus")
