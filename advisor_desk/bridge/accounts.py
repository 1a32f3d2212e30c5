"""Who may sign in: passwords, one-use codes, and the tokens that follow from them."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime, timedelta
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import delete, insert, select, update

from advisor_desk.bridge import attempts
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.judge import Caller
from advisor_desk.bridge.schema import account, code
from advisor_desk.bridge.tokens import SignInFailed, Tokens, TokenShop
from advisor_desk.domain import times
from advisor_desk.domain.errors import Refused

CODE_FOR: Final = timedelta(minutes=2)
MIN_PASSWORD: Final = 12
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id at OWASP's floor."""
_CODES_KEPT: Final = timedelta(days=1)


class Accounts:
    """The sign-ins of one bridge."""

    def __init__(self, shelf: Books, hasher: PasswordHasher = HASHER) -> None:
        self._books = shelf
        self._tokens = TokenShop(shelf)
        # Two at once: a burst of guesses must not take the machine from the board.
        self._hashing = threading.Semaphore(2)
        self._hasher = hasher
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def add(self, login: str, store_id: str, employee_id: str, password: str | None) -> None:
        """Let an employee sign in; without a password only tokens made on this machine work."""
        if password is not None:
            check_password(password)
        hashed = self._hasher.hash(password if password is not None else secrets.token_hex(32))
        values = {"store_id": store_id, "employee_id": employee_id, "password": hashed}
        with self._books.write(store_id, login) as conn:
            if not conn.execute(update(account).where(account.c.login == login).values(**values)).rowcount:
                conn.execute(insert(account).values(login=login, **values))
            attempts.passed(conn, attempts.doors(login, ""))

    def check(self, login: str, password: str, now: datetime, address: str = "") -> None:
        """Raise SignInFailed unless the password is the account's; the same work for a name nobody has."""
        through = attempts.doors(login, address)
        with self._books.read(login=login) as conn:
            row = conn.execute(select(account.c.password).where(account.c.login == login)).one_or_none()
        with self._hashing:
            try:
                self._hasher.verify(row.password if row is not None else self._nobody, password)
                good = row is not None
            except VerificationError:
                good = False
        with self._books.write(login=login) as conn:
            # Asked only now: of many guesses at once, those past the limit fail even if one of them is right.
            good = good and not attempts.locked(conn, through, now)
            if good:
                attempts.passed(conn, through)
            else:
                attempts.failed(conn, through, now)
        if not good:
            raise SignInFailed

    def issue_code(self, login: str, challenge: str, redirect_uri: str, now: datetime) -> str:
        """A code for one exchange within two minutes (RFC 6749 section 4.1.2)."""
        made = secrets.token_urlsafe(32)
        with self._books.write() as conn:
            conn.execute(delete(code).where(code.c.expires_at < times.to_wire(now - _CODES_KEPT)))
            conn.execute(
                insert(code).values(
                    hash=_hash(made),
                    login=login,
                    challenge=challenge,
                    redirect_uri=redirect_uri,
                    expires_at=times.to_wire(now + CODE_FOR),
                )
            )
        return made

    def redeem(self, given: str, verifier: str, redirect_uri: str, now: datetime) -> Tokens:
        """Exchange a code; a code used twice ends the sign-in it made (RFC 9700 section 2.1.1)."""
        tokens = None
        with self._books.write() as conn:
            row = conn.execute(select(code).where(code.c.hash == _hash(given)).with_for_update()).one_or_none()
            if row is not None and row.used_family:
                self._tokens.revoke(conn, row.used_family)
            elif row is not None and _fits(row, verifier, redirect_uri, now):
                family = secrets.token_hex(16)
                conn.execute(update(code).where(code.c.hash == row.hash).values(used_family=family))
                tokens = self._tokens.pair(conn, row.login, family, 0, now)
        if tokens is None:
            raise SignInFailed
        return tokens

    def renew(self, given: str, now: datetime) -> Tokens:
        """The next access and refresh token; an old token used again ends the whole sign-in."""
        return self._tokens.renew(given, now)

    def token(self, login: str, now: datetime, *, long: bool) -> str:
        """A token made on the bridge's own machine: a refresh token when ``long``, else an access token for 8 hours."""
        with self._books.write(login=login) as conn:
            if conn.execute(select(account.c.login).where(account.c.login == login)).first() is None:
                raise Refused(
                    "no_user",
                    "Nobody signs in by that name. Add them with: advisor-desk bridge user add",
                    {"user": "unknown"},
                )
            if long:
                return self._tokens.pair(conn, login, secrets.token_hex(16), 0, now).refresh
            return self._tokens.access(conn, login, now, timedelta(hours=8))

    def caller(self, access: str, now: datetime) -> Caller:
        """Whose access token this is; raises SignInFailed for one that is not ours, has run out or was taken back."""
        return self._tokens.caller(access, now)


def check_password(password: str) -> None:
    """Raise Refused for a password that is too short to be one."""
    if len(password) < MIN_PASSWORD:
        raise Refused(
            "short_password", f"The password needs {MIN_PASSWORD} characters or more.", {"password": "too short"}
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _fits(row: Any, verifier: str, redirect_uri: str, now: datetime) -> bool:
    challenge = create_s256_code_challenge(verifier)
    fresh = times.from_wire(row.expires_at) > now
    return fresh and row.redirect_uri == redirect_uri and secrets.compare_digest(challenge, row.challenge)
