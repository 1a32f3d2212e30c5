"""The bridge's web application: its routes behind one envelope, every refusal a problem document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InternalError, OperationalError, TimeoutError
from starlette.exceptions import HTTPException

from advisor_desk.api import wire
from advisor_desk.bridge import openapi, problems
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.clockwork import Clockwork
from advisor_desk.bridge.envelope import Envelope
from advisor_desk.bridge.housekeeping import Housekeeper
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.routes import oauth, records, sync
from advisor_desk.bridge.stream import Nudges

_log = logging.getLogger(__name__)
_WORDS: Final = {
    404: "There is nothing here by that name.",
    405: "That cannot be done here.",
    400: "The request could not be read.",
}


def make_app(books: Books, accounts: Accounts | None = None) -> FastAPI:
    """The application over ``books``, with the sign-ins in them."""
    nudges = Nudges()
    books.listen(nudges.moved)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        nudges.start()
        tidying = asyncio.create_task(Housekeeper(books, nudges.stores).run())
        with books.follow(nudges.stores), Clockwork(books, nudges.stores):
            yield
        tidying.cancel()
        nudges.close()

    app = FastAPI(
        title="Advisor Desk bridge", version=str(wire.API_VERSION), lifespan=living, docs_url=None, redoc_url=None
    )
    app.state.books = books
    app.state.accounts = accounts or Accounts(books)
    app.state.nudges = nudges
    for router in (records.router, sync.router, oauth.router):
        app.include_router(router)
    openapi.install(app)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for away in (OperationalError, InternalError, TimeoutError):
        app.add_exception_handler(away, _database)
    app.add_middleware(Envelope, server_id=books.server_id)
    return app


def _document(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.document(), problem.status, problem.headers, media_type=problems.MEDIA_TYPE)


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return _document(error)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, Problem):  # raised while the body was read: FastAPI gives it a wrapper of its own
        return _document(error.__cause__)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    words = _WORDS.get(error.status_code, "The request was refused.")
    return _document(Problem(error.status_code, code, words, dict(error.headers or {})))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Where and why, never the value: it may be a customer's.
    fields = {".".join(map(str, fault["loc"]))[:200]: str(fault["msg"])[:200] for fault in error.errors()[:20]}
    return _document(Problem(422, "bad_request", "Something in the request is not right.", fields=fields))


async def _database(request: Request, error: Exception) -> JSONResponse:
    """The database is away, busy or full: nothing was kept, and the same request may be sent again."""
    del request
    cause = type(getattr(error, "orig", None) or error).__name__
    _log.warning("the database did not answer: %s", cause)
    words = "The bridge's database did not answer; nothing was changed. Try again."
    return _document(Problem(503, "database_away", words, {"Retry-After": "2"}))
