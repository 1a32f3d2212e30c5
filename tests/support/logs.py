"""Every warning in a log is a failure, unless the test said that it is to come."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Expected:
    """A log record that is to come: its level and a part of its text."""

    level: int
    text: str
    seen: int = 0

    def is_meant_by(self, record: logging.LogRecord) -> bool:
        """True for a record of this level that holds the text."""
        return record.levelno == self.level and self.text in record.getMessage()


@dataclass
class Watch(logging.Handler):
    """Collects what is logged at WARNING or above and was not expected."""

    expected: list[Expected] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.WARNING)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Judge one record."""
        for one in self.expected:
            if one.is_meant_by(record):
                one.seen += 1
                return
        self.unexpected.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch the root logger for the length of a test."""
    watch = Watch()
    root = logging.getLogger()
    root.addHandler(watch)
    try:
        yield watch
    finally:
        root.removeHandler(watch)
