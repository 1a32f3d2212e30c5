"""Books to test the bridge on, a store in them, and the application over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from advisor_desk.bridge import deps, folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.app import make_app
from advisor_desk.bridge.books import Books
from tests.bridge.line import Line
from tests.bridge.rooftop import MONDAY, Rooftop, Signed


class Clock:
    """The time requests are served at."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Books]:
    """New books of this test's own."""
    books = folder.create(tmp_path / "bridge")
    yield books
    books.close()


@pytest.fixture
def rooftop(shelf: Books) -> Rooftop:
    """Harbor Motors, open for business."""
    return Rooftop(shelf).opened()


@pytest.fixture
def clock() -> Clock:
    """A Monday morning that a test may move."""
    return Clock()


@pytest.fixture
def app(rooftop: Rooftop, clock: Clock) -> FastAPI:
    """The bridge's application over the rooftop's books."""
    app = make_app(rooftop.shelf)
    app.dependency_overrides[deps.now] = clock
    return app


@pytest.fixture
def line(app: FastAPI) -> Line:
    """Requests to the application."""
    return Line(app)


SignIn = Callable[..., Signed]


@pytest.fixture
def signed(line: Line, app: FastAPI, rooftop: Rooftop, clock: Clock) -> SignIn:
    """Sign somebody in by their role: ``signed("parts")``."""
    accounts: Accounts = app.state.accounts

    def sign_in(who: str = "advisor", at: Rooftop = rooftop) -> Signed:
        login = f"{who}@{at.word}"
        accounts.add(login, at.store_id, at.people[who], None)
        return Signed(line, accounts.token(login, clock.now, long=False))

    return sign_in
