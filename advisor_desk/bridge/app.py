"""The bridge's web application: its routes behind one envelope, every refusal a problem document."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from advisor_desk.api import wire
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.envelope import Envelope
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.routes import oauth, records, sync
from advisor_desk.bridge.stream import Nudges

_log = logging.getLogger(__name__)


def make_app(books: Books) -> FastAPI:
    """The application over ``books``."""
    nudges = Nudges(books.epoch)
    books.listen(nudges.moved)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        nudges.start()
        yield
        nudges.close()

    app = FastAPI(
        title="Advisor Desk bridge", version=str(wire.API_VERSION), lifespan=living, docs_url=None, redoc_url=None
    )
    app.state.books = books
    app.state.accounts = Accounts(books)
    app.state.nudges = nudges
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": wire.Problem, "content": {"application/problem+json": {}}}
        for status in (400, 401, 404, 409, 410, 413, 415, 422)
    }
    for router in (records.router, sync.router, oauth.router):
        app.include_router(router, responses=refusals)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(Envelope, server_id=books.server_id)
    return app


def _document(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.document(), problem.status, problem.headers, media_type="application/problem+json")


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return _document(error)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return _document(Problem(error.status_code, code, "There is nothing here by that name.", dict(error.headers or {})))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Where and why, never the value: it may be a customer's.
    fields = {".".join(map(str, fault["loc"]))[:200]: str(fault["msg"])[:200] for fault in error.errors()[:20]}
    return _document(Problem(422, "bad_request", "Something in the request is not right.", fields=fields))


async def _fault(request: Request, error: Exception) -> JSONResponse:
    _log.error(
        "fault in %s %s: %s",
        request.method,
        request.scope["route"].path if "route" in request.scope else "?",
        type(error).__name__,
    )
    return _document(Problem(500, "fault", "The bridge had a fault; nothing was changed. Try again."))
