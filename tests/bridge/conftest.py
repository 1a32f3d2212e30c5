"""Books to test the bridge on, a store in them, and the application over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from advisor_desk.bridge import deps, folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.app import make_app
from advisor_desk.bridge.books import Books
from tests.bridge.databases import Database, Postgresql, Sqlite
from tests.bridge.line import Line
from tests.bridge.rooftop import MONDAY, Rooftop, Signed
from tests.support.postgres import Cluster


class Clock:
    """The time requests are served at."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this run's own."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    """Books in a file."""
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def on_postgresql(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    """Books on a server."""
    database = Postgresql(postgres, tmp_path_factory.mktemp("postgresql"))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each database in turn: the bridge is the same on both."""
    found: Database = request.getfixturevalue(f"on_{request.param}")
    return found


ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def data(database: Database, tmp_path: Path) -> Path:
    """A bridge's folder of this test's own, with Harbor Motors in it."""
    return database.folder(tmp_path / "bridge")


@pytest.fixture
def shelf(data: Path) -> Iterator[Books]:
    """The books of that folder, as a bridge that serves has them."""
    with closing(folder.open_books(data)) as books:
        yield books


@pytest.fixture
def owner(data: Path) -> Iterator[Books]:
    """The same books, as their owner has them."""
    with closing(folder.open_books(data, as_owner=True)) as books:
        yield books


@pytest.fixture
def rooftop(shelf: Books) -> Rooftop:
    """Harbor Motors, open for business."""
    return Rooftop(shelf)


@pytest.fixture
def clock() -> Clock:
    """A Monday morning that a test may move."""
    return Clock()


LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id that costs nothing, where a test is not about what it costs."""


@pytest.fixture
def accounts(shelf: Books) -> Accounts:
    """The sign-ins of these books."""
    return Accounts(shelf, LIGHT)


@pytest.fixture
def app(rooftop: Rooftop, clock: Clock, accounts: Accounts) -> FastAPI:
    """The bridge's application over the rooftop's books."""
    app = make_app(rooftop.shelf, accounts)
    app.dependency_overrides[deps.now] = clock
    return app


@pytest.fixture
def line(app: FastAPI) -> Line:
    """Requests to the application."""
    return Line(app)


SignIn = Callable[..., Signed]


@pytest.fixture
def signed(line: Line, accounts: Accounts, rooftop: Rooftop, clock: Clock) -> SignIn:
    """Sign somebody in by their role: ``signed("parts")``."""

    def sign_in(who: str = "advisor", at: Rooftop = rooftop) -> Signed:
        login = f"{who}@{at.word}"
        accounts.add(login, at.store_id, at.people[who], None)
        return Signed(line, accounts.token(login, clock.now, long=False))

    return sign_in
