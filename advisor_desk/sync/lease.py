"""RO numbers for the next outage: leased while the line is up, as soon as few are left."""

from __future__ import annotations

from advisor_desk.api.client import Client
from advisor_desk.api.errors import Said
from advisor_desk.cache import meta, numbers, records
from advisor_desk.cache.database import Cache
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.repair_order import FEW


def lease_numbers(cache: Cache, client: Client) -> None:
    """Have enough numbers, where whoever is signed in opens repair orders; a bridge that lends none is left alone."""
    with cache.read() as conn:
        if numbers.left(conn) >= FEW:
            return
        desk = meta.get(conn, "desk_id") or ""
        person = records.load(conn, "employee", meta.get(conn, "employee_id") or "")
    if person is None or not COMMANDS["ro.open"].roles & set(person.fields.get("roles") or []):
        return
    try:
        lent = client.lease(desk)
    except Said:
        return  # an older bridge, or a role it knows better: orders get temporary numbers
    with cache.write() as conn:
        if meta.get(conn, "desk_id") == desk:
            numbers.keep(conn, lent.first, lent.last)
