"""The two databases a bridge stands on, each able to give a test books with Harbor Motors in them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

from advisor_desk.bridge import folder
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.schema import metadata
from tests.bridge.rooftop import Rooftop
from tests.support.postgres import Cluster


class Database(Protocol):
    """Where a test's books are."""

    def folder(self, at: Path) -> Path:
        """A bridge's folder, as new but for Harbor Motors; what an earlier test left in it is gone."""
        ...


class Sqlite:
    """A file, copied for each test."""

    def __init__(self, at: Path) -> None:
        self._opened = at / "bridge"
        with_harbor(folder.create(self._opened))

    def folder(self, at: Path) -> Path:
        """A copy of the folder."""
        return Path(shutil.copytree(self._opened, at))


class Postgresql:
    """A database on the run's own server, emptied for each test."""

    def __init__(self, cluster: Cluster, at: Path) -> None:
        self._opened = at / "bridge"
        self._cluster = cluster
        self._name = cluster.database()
        self._owner = folder.create(self._opened, cluster.url(self._name))

    def folder(self, at: Path) -> Path:
        """The folder that names the database, whose rows are those of a new store again."""
        tables = ", ".join(name for name in metadata.tables if name != "meta")
        self._cluster.run(f"TRUNCATE {tables}", self._name)
        Rooftop(self._owner).opened()
        return Path(shutil.copytree(self._opened, at))

    def close(self) -> None:
        """Hang up."""
        self._owner.close()


def with_harbor(owner: Books) -> None:
    """Open Harbor Motors in new books, and close them."""
    Rooftop(owner).opened()
    owner.close()
