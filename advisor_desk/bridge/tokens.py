"""Short access tokens that say who calls, and refresh tokens that are changed for the next one each time."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import Connection, delete, insert, select, update

from advisor_desk.bridge import engines, records
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.judge import Caller
from advisor_desk.bridge.records import Stored
from advisor_desk.bridge.schema import account, meta, refresh
from advisor_desk.domain import times

ACCESS_FOR: Final = timedelta(minutes=10)
REFRESH_FOR: Final = timedelta(days=30)
RETRY_FOR: Final = timedelta(seconds=60)
"""A refresh token that was replaced still works this long, for a desk that never got the answer."""
REFRESH_MARK: Final = "adr_"
_LONG_AGO: Final = "1970-01-01T00:00:00Z"


class SignInFailed(Exception):
    """The name, password, code or token is not good; which one is never said."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh gives."""

    access: str
    refresh: str
    expires_in: int


class TokenShop:
    """Makes, changes, reads and takes back the tokens of one bridge."""

    def __init__(self, shelf: Books) -> None:
        self._books = shelf
        with shelf.read() as conn:
            key = conn.execute(select(meta.c.value).where(meta.c.name == "signing_key")).scalar_one()
        self._key = OctKey.import_key(base64.b64decode(key))

    def pair(self, conn: Connection, login: str, family: str, number: int, now: datetime) -> Tokens:
        """An access token and the family's refresh token of this number."""
        made = REFRESH_MARK + secrets.token_urlsafe(32)
        conn.execute(delete(refresh).where(refresh.c.expires_at < times.to_wire(now)))
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
        return Tokens(self.access(conn, login, now, ACCESS_FOR), made, int(ACCESS_FOR.total_seconds()))

    def renew(self, given: str, now: datetime) -> Tokens:
        """The next access and refresh token; an old token used again ends the whole sign-in."""
        tokens = None
        with self._books.write() as conn:
            found = select(refresh).where(refresh.c.hash == _hash(given)).with_for_update()
            row = conn.execute(found).one_or_none()
            if row is not None and not row.revoked and times.from_wire(row.expires_at) > now:
                if _spent(conn, row, now):
                    self.revoke(conn, row.family)
                else:
                    _use(conn, row, now)
                    tokens = self.pair(conn, row.login, row.family, row.number + 1, now)
        if tokens is None:
            raise SignInFailed
        return tokens

    def revoke(self, conn: Connection, family: str) -> None:
        """End a sign-in: none of its refresh tokens works any more."""
        conn.execute(update(refresh).where(refresh.c.family == family).values(revoked=1))

    def access(self, conn: Connection, login: str, now: datetime, length: timedelta) -> str:
        """An access token for whoever signs in by this name; raises SignInFailed for one who left."""
        engines.enter(conn, "", login)
        row = conn.execute(select(account.c.store_id, account.c.employee_id).where(account.c.login == login)).one()
        engines.enter(conn, row.store_id, login)
        person = _active(conn, row.store_id, row.employee_id)
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
        """Whose access token this is; a role taken away since it was made is gone at once, and so is who left."""
        try:
            claims = jwt.decode(access, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError):
            raise SignInFailed from None
        if claims.get("iss") != self._books.server_id or int(claims.get("exp", 0)) <= now.timestamp():
            raise SignInFailed
        store_id, employee_id = str(claims["store"]), str(claims["sub"])
        with self._books.read(store_id) as conn:
            person = _active(conn, store_id, employee_id)
        return Caller(store_id, employee_id, frozenset(claims["roles"]) & frozenset(person.fields.get("roles") or ()))


def _active(conn: Connection, store_id: str, employee_id: str) -> Stored:
    person = records.load(conn, store_id, "employee", employee_id)
    if person is None or person.deleted or not person.fields.get("active", True):
        raise SignInFailed
    return person


def _spent(conn: Connection, row: Any, now: datetime) -> bool:
    """True when a token was replaced and its successor used, or replaced too long ago."""
    if row.replaced_at is None:
        return False
    used = conn.execute(
        select(refresh.c.hash).where(
            refresh.c.family == row.family, refresh.c.number == row.number + 1, refresh.c.replaced_at.is_not(None)
        )
    ).first()
    return used is not None or times.from_wire(row.replaced_at) + RETRY_FOR < now


def _use(conn: Connection, row: Any, now: datetime) -> None:
    """Note that a token was changed for the next; its twins, made for a desk that asked twice, are spent with it."""
    conn.execute(
        update(refresh)
        .where(refresh.c.hash == row.hash, refresh.c.replaced_at.is_(None))
        .values(replaced_at=times.to_wire(now))
    )
    twins = (refresh.c.family == row.family, refresh.c.number == row.number, refresh.c.hash != row.hash)
    conn.execute(update(refresh).where(*twins, refresh.c.replaced_at.is_(None)).values(replaced_at=_LONG_AGO))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
