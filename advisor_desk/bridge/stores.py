"""Opening a store on a bridge, and the people who work there."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from advisor_desk.bridge import books, head, records
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.merge import Version
from advisor_desk.bridge.records import Stored
from advisor_desk.bridge.schema import account
from advisor_desk.domain import times
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


def check_timezone(name: str) -> None:
    """Raise Refused for a time zone nobody knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            "bad_timezone", "No such time zone. Use a name like America/Chicago.", {"timezone": "unknown"}
        ) from None


def open_store(shelf: Books, name: str, timezone: str, phone: str = "") -> str:
    """Enter a store with sensible hours; raises Refused for a time zone nobody knows. Answers its id."""
    check_timezone(timezone)
    store_id = new_id()
    fields = {"name": name, "timezone": timezone, "hours": _WEEK, **({"phone": phone} if phone else {})}
    shelf.import_records(store_id, [("store", store_id, fields)])
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
    with shelf.write(store_id, login) as conn:
        head.hold(conn, store_id)
        known = conn.execute(
            select(account.c.employee_id).where(account.c.login == login, account.c.store_id == store_id)
        ).scalar_one_or_none()
        id = known or new_id()
        before = records.load(conn, store_id, "employee", id)
        seq = head.take(conn, store_id, "employee", id, 1 if before is None or before.deleted else 0)
        fields = {**(before.fields if before else {}), "name": name, "roles": [Role(role).value for role in roles]}
        fields.pop("active", None)
        versions = dict(before.versions) if before else {}
        made = times.to_wire(datetime.now(UTC)).replace("Z", ".000Z")
        versions |= {name: Version(seq, made, False) for name in ("name", "roles") if before is not None}
        created = before.created_rev if before else seq
        records.save(conn, store_id, Stored("employee", id, seq, False, fields, versions, created))
        moved = head.head_of(conn, store_id)
    shelf.announce(store_id, moved)
    return id
