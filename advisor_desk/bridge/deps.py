"""What the routes share: the bridge's books, who calls, and the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.judge import Caller
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.stream import Nudges
from advisor_desk.bridge.tokens import SignInFailed

_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token of this bridge")


async def shelf(request: Request) -> Books:
    """The bridge's books."""
    books: Books = request.app.state.books
    return books


async def accounts(request: Request) -> Accounts:
    """The bridge's sign-ins."""
    found: Accounts = request.app.state.accounts
    return found


async def nudges(request: Request) -> Nudges:
    """The live stream's hub."""
    found: Nudges = request.app.state.nudges
    return found


async def now() -> datetime:
    """The time of this request."""
    return datetime.now(UTC)


def caller(
    found: Annotated[Accounts, Depends(accounts)],
    at: Annotated[datetime, Depends(now)],
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Whoever the bearer token speaks for; Problem 401 without a good one."""
    try:
        if given is None:
            raise SignInFailed
        return found.caller(given.credentials, at)
    except SignInFailed:
        raise Problem(401, "sign_in", "Sign in again.", headers={"WWW-Authenticate": "Bearer"}) from None


def maybe_caller(
    found: Annotated[Accounts, Depends(accounts)],
    at: Annotated[datetime, Depends(now)],
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller | None:
    """The caller where there is a token, for calls that answer without one too; a bad token is still refused."""
    return caller(found, at, given) if given is not None else None


Shelf = Annotated[Books, Depends(shelf)]
Signed = Annotated[Caller, Depends(caller)]
MaybeSigned = Annotated[Caller | None, Depends(maybe_caller)]
Now = Annotated[datetime, Depends(now)]
