"""Opening a store on a bridge, and the people who work there."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from advisor_desk.bridge import books
from advisor_desk.bridge.books import Books, Stored
from advisor_desk.bridge.schema import account
from advisor_desk.domain.errors import Refused
from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.records import Role

_WEEK = [{"opens": "07:30", "closes": "18:00"}] * 5 + [
    {"opens": "08:00", "closes": "14:00"},
    {"opens": "", "closes": ""},
]


def new_id() -> str:
    """A new record's id."""
    return uuid7(datetime.now(UTC), secrets.token_bytes(10))


def open_store(shelf: Books, name: str, timezone: str) -> str:
    """Enter a store with sensible hours; raises Refused for a time zone nobody knows. Answers its id."""
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused(
            "bad_timezone", "No such time zone. Use a name like America/Chicago.", {"timezone": "unknown"}
        ) from None
    store_id = new_id()
    shelf.import_records(store_id, [("store", store_id, {"name": name, "timezone": timezone, "hours": _WEEK})])
    return store_id


def only_store(shelf: Books) -> str:
    """The id of the bridge's store; raises Refused when it holds none or several."""
    with shelf.read() as conn:
        found = books.store_ids(conn)
    if len(found) != 1:
        raise Refused("which_store", "This folder holds no single store.")
    return found[0]


def hire(shelf: Books, store_id: str, name: str, roles: list[str], login: str) -> str:
    """Enter an employee, or give the one who signs in by ``login`` these roles; answers their id."""
    with shelf.write() as conn:
        known = conn.execute(select(account.c.employee_id).where(account.c.login == login)).scalar_one_or_none()
        id = known or new_id()
        before = books.load(conn, store_id, "employee", id)
        seq = books.take_seq(conn, store_id, "employee", id)
        fields = {**(before.fields if before else {}), "name": name, "roles": [Role(role).value for role in roles]}
        created = before.created_rev if before else seq
        books.save(
            conn, store_id, Stored("employee", id, seq, False, fields, before.versions if before else {}, created)
        )
    shelf.announce(store_id, seq)
    return id
