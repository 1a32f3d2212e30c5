"""What makes one program's wall clock jump and its disk fail while it runs, without anybody else noticing."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

_SOURCE = Path(__file__).with_suffix(".c")


class Meddler:
    """One program's; it takes ``env``, and from then on does as it is told here."""

    def __init__(self, library: Path, orders: Path, folder: Path) -> None:
        self._orders = orders
        self._shift = 0
        self._faults = dict.fromkeys(("opening", "reading", "writing", "syncing"), 0)
        self._tell()
        self.env = {
            "LD_PRELOAD": str(library),
            "MEDDLER_ORDERS": str(orders),
            "MEDDLER_FOLDER": f"{folder.resolve()}/",
        }

    def shift(self, **how_much: float) -> None:
        """Let the wall clock be off by so much: ``days=14``."""
        self._shift = int(timedelta(**how_much).total_seconds())
        self._tell()

    @contextmanager
    def failing(self, *what: str, code: int = errno.EIO) -> Iterator[None]:
        """Let ``opening``, ``reading``, ``writing`` or ``syncing`` the folder's files fail for a while."""
        self._faults |= dict.fromkeys(what, code)
        self._tell()
        try:
            yield
        finally:
            self._faults |= dict.fromkeys(what, 0)
            self._tell()

    def _tell(self) -> None:
        new = self._orders.with_suffix(".new")
        new.write_text(" ".join(map(str, (self._shift, *self._faults.values()))))
        new.replace(self._orders)


def compiled(at: Path) -> Path:
    """The library; the test is skipped where none can be made."""
    if sys.platform != "linux" or not shutil.which("gcc"):
        pytest.skip("needs Linux and a C compiler")
    library = at / "meddler.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, _SOURCE, "-ldl"], check=True)
    return library
