"""Migrations are written once, in SQLite's words; this is what PostgreSQL says instead."""

from __future__ import annotations

import re
from typing import Final

# Text is compared byte by byte there too, so that ids and moments sort the same on both.
_POSTGRESQL: Final = ((re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'), (re.compile(r" WITHOUT ROWID\b"), ""))


def spelled(statement: str, dialect: str) -> str:
    """The statement as this database spells it."""
    if dialect == "postgresql":
        for pattern, words in _POSTGRESQL:
            statement = pattern.sub(words, statement)
    return statement
