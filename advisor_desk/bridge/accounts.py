"""Who may sign in: passwords, one-use codes, short access tokens and rotating refresh tokens."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import Connection, insert, select, update

from advisor_desk.bridge import books
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.ledger import Caller
from advisor_desk.bridge.schema import account, code, meta, refresh
from advisor_desk.domain import times
from advisor_desk.domain.errors import Refused

ACCESS_FOR: Final = timedelta(minutes=10)
REFRESH_FOR: Final = timedelta(days=30)
CODE_FOR: Final = timedelta(minutes=2)
RETRY_FOR: Final = timedelta(seconds=60)
"""A refresh token that was replaced still works this long, for a desk that never got the answer."""
REFRESH_MARK: Final = "adr_"
MIN_PASSWORD: Final = 12
_LOCK_AFTER: Final = 5
_LONGEST_LOCK: Final = timedelta(minutes=15)


class SignInFailed(Exception):
    """The name, password, code or token is not good; which one is never said."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh gives."""

    access: str
    refresh: str
    expires_in: int


class Accounts:
    """The sign-ins of one bridge."""

    def __init__(self, shelf: Books) -> None:
        self._books = shelf
        # Two at once: a burst of guesses must not take the machine from the board.
        self._hashing = threading.Semaphore(2)
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        with shelf.read() as conn:
            key = conn.execute(select(meta.c.value).where(meta.c.name == "signing_key")).scalar_one()
        self._key = OctKey.import_key(base64.b64decode(key))

    def add(self, login: str, store_id: str, employee_id: str, password: str | None) -> None:
        """Let an employee sign in; without a password only tokens made on this machine work."""
        if password is not None and len(password) < MIN_PASSWORD:
            raise Refused(
                "short_password", f"The password needs {MIN_PASSWORD} characters or more.", {"password": "too short"}
            )
        hashed = self._hasher.hash(password if password is not None else secrets.token_hex(32))
        values = {
            "store_id": store_id,
            "employee_id": employee_id,
            "password": hashed,
            "failures": 0,
            "locked_until": None,
        }
        with self._books.write() as conn:
            if not conn.execute(update(account).where(account.c.login == login).values(**values)).rowcount:
                conn.execute(insert(account).values(login=login, **values))

    def check(self, login: str, password: str, now: datetime) -> None:
        """Raise SignInFailed unless the password is the account's; as slow for a name nobody has."""
        with self._books.read() as conn:
            row = conn.execute(select(account).where(account.c.login == login)).one_or_none()
        locked = row is not None and row.locked_until is not None and times.from_wire(row.locked_until) > now
        with self._hashing:
            try:
                self._hasher.verify(row.password if row is not None else self._nobody, password)
                good = row is not None and not locked
            except VerificationError:
                good = False
        if row is not None and not locked:
            self._count(login, 0 if good else row.failures + 1, now)
        if not good:
            raise SignInFailed

    def _count(self, login: str, failures: int, now: datetime) -> None:
        wait = min(timedelta(seconds=2 ** min(failures, 12)), _LONGEST_LOCK)
        until = times.to_wire(now + wait) if failures >= _LOCK_AFTER else None
        with self._books.write() as conn:
            conn.execute(update(account).where(account.c.login == login).values(failures=failures, locked_until=until))

    def issue_code(self, login: str, challenge: str, redirect_uri: str, now: datetime) -> str:
        """A code for one exchange within two minutes (RFC 6749 section 4.1.2)."""
        made = secrets.token_urlsafe(32)
        with self._books.write() as conn:
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
        with self._books.write() as conn:
            row = conn.execute(select(code).where(code.c.hash == _hash(given))).one_or_none()
            if row is not None and row.used_family:
                _revoke(conn, row.used_family)
            good = (
                row is not None
                and not row.used_family
                and times.from_wire(row.expires_at) > now
                and row.redirect_uri == redirect_uri
                and secrets.compare_digest(create_s256_code_challenge(verifier), row.challenge)
            )
            tokens = None
            if good and row is not None:
                family = secrets.token_hex(16)
                conn.execute(update(code).where(code.c.hash == row.hash).values(used_family=family))
                tokens = self._pair(conn, row.login, family, 0, now)
        if tokens is None:
            raise SignInFailed
        return tokens

    def renew(self, given: str, now: datetime) -> Tokens:
        """The next access and refresh token; an old token used again ends the whole sign-in."""
        with self._books.write() as conn:
            row = conn.execute(select(refresh).where(refresh.c.hash == _hash(given))).one_or_none()
            tokens = None
            if row is not None and not row.revoked and times.from_wire(row.expires_at) > now:
                if self._spent(conn, row, now):
                    _revoke(conn, row.family)
                else:
                    conn.execute(
                        update(refresh)
                        .where(refresh.c.hash == row.hash, refresh.c.replaced_at.is_(None))
                        .values(replaced_at=times.to_wire(now))
                    )
                    tokens = self._pair(conn, row.login, row.family, row.number + 1, now)
        if tokens is None:
            raise SignInFailed
        return tokens

    def _spent(self, conn: Connection, row: Any, now: datetime) -> bool:
        """True when a token was replaced and its successor used, or replaced too long ago."""
        if row.replaced_at is None:
            return False
        used = conn.execute(
            select(refresh.c.hash).where(
                refresh.c.family == row.family, refresh.c.number == row.number + 1, refresh.c.replaced_at.is_not(None)
            )
        ).first()
        return used is not None or times.from_wire(row.replaced_at) + RETRY_FOR < now

    def _pair(self, conn: Connection, login: str, family: str, number: int, now: datetime) -> Tokens:
        made = REFRESH_MARK + secrets.token_urlsafe(32)
        conn.execute(
            insert(refresh).values(
                hash=_hash(made),
                family=family,
                login=login,
                number=number,
                made_at=times.to_wire(now),
                expires_at=times.to_wire(now + REFRESH_FOR),
            )
        )
        return Tokens(self._access(conn, login, now, ACCESS_FOR), made, int(ACCESS_FOR.total_seconds()))

    def token(self, login: str, now: datetime, *, long: bool) -> str:
        """A token made on the bridge's own machine: a refresh token when ``long``, else an access token for 8 hours."""
        with self._books.write() as conn:
            if conn.execute(select(account.c.login).where(account.c.login == login)).first() is None:
                raise Refused(
                    "no_user",
                    "Nobody signs in by that name. Add them with: advisor-desk bridge user add",
                    {"user": "unknown"},
                )
            if long:
                return self._pair(conn, login, secrets.token_hex(16), 0, now).refresh
            return self._access(conn, login, now, timedelta(hours=8))

    def _access(self, conn: Connection, login: str, now: datetime, length: timedelta) -> str:
        row = conn.execute(select(account).where(account.c.login == login)).one()
        person = books.load(conn, row.store_id, "employee", row.employee_id)
        if person is None or person.deleted or not person.fields.get("active", True):
            raise SignInFailed
        claims = {
            "iss": self._books.server_id,
            "sub": row.employee_id,
            "store": row.store_id,
            "roles": person.fields.get("roles") or [],
            "iat": int(now.timestamp()),
            "exp": int((now + length).timestamp()),
        }
        return jwt.encode({"alg": "HS256", "typ": "at+jwt"}, claims, self._key)

    def caller(self, access: str, now: datetime) -> Caller:
        """Whose access token this is; raises SignInFailed for one that is not ours or has run out."""
        try:
            claims = jwt.decode(access, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError):
            raise SignInFailed from None
        if claims.get("iss") != self._books.server_id or int(claims.get("exp", 0)) <= now.timestamp():
            raise SignInFailed
        return Caller(str(claims["store"]), str(claims["sub"]), frozenset(claims["roles"]))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _revoke(conn: Connection, family: str) -> None:
    conn.execute(update(refresh).where(refresh.c.family == family).values(revoked=1))
