"""A page of the cache that does not pass its check."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from advisor_desk.cache import reads

_PAGE = 4096


def damage(path: Path, key: bytes, table: str) -> None:
    """Spoil the first page of a table; the log beside the file must be empty, as after a desk has closed."""
    log = Path(f"{path}-wal")
    assert not log.exists() or log.stat().st_size == 0
    with closing(reads.connect(path, key)) as conn:
        (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * _PAGE + 100)
        file.write(bytes(64))
