"""Who answers, and who we are to it: settled before anything is mixed, and again when the bridge was put back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from advisor_desk.api.client import Client
from advisor_desk.api.errors import WrongServer
from advisor_desk.api.wire import API_VERSION, Me
from advisor_desk.cache import codec, meta, outbox, records, unsent
from advisor_desk.cache.database import Cache
from advisor_desk.domain import vocabulary


def identify(cache: Cache, client: Client, new_id: Callable[[], str]) -> Me:
    """Make sure of the bridge and of ourselves; a bridge put back from a backup is offered all it acknowledged."""
    found = client.capabilities()
    with cache.read() as conn:
        server_id, epoch = meta.get(conn, "server_id"), meta.get(conn, "epoch")
    if server_id is not None and server_id != found.server_id:
        raise WrongServer
    me = client.me()
    with cache.write() as conn:
        if epoch is not None and epoch != found.epoch:
            outbox.reoffer(conn, new_id())
            _forget_place(conn)
        client.server_id = found.server_id
        news = (server_id, epoch, meta.get(conn, "store_id")) != (found.server_id, found.epoch, me.store.id)
        meta.put(conn, "server_id", found.server_id)
        meta.put(conn, "epoch", found.epoch)
        meta.put(conn, "bridge_url", client.url)
        meta.put(conn, "too_old", None)
        meta.put(conn, "writable", codec.encode(_writable(found.connectors)))
        lacks = sorted(vocabulary.lacking(found.knows)) if found.knows is not None else []
        meta.put(conn, "lacking", codec.encode(lacks) if lacks else None)
        meta.put(conn, "employee_id", me.employee.id)
        meta.put(conn, "store_id", me.store.id)
        meta.put(conn, "store_name", me.store.name)
        if meta.get(conn, "desk_id") is None:
            meta.put(conn, "desk_id", new_id())
        if news:
            unsent.note_whose(conn)
    return me


def _writable(connectors: Iterable[Mapping[str, Any]]) -> list[str]:
    """The kinds (``job``) and fields (``repair_order.promised_at``) that a connector writes to the dealer system."""
    named = (connector.get("writable") for connector in connectors)
    return sorted({name for names in named if isinstance(names, list) for name in names if isinstance(name, str)})


def note_too_old(cache: Cache) -> None:
    """The bridge no longer speaks with this program: until it is updated it only shows, without the line too."""
    with cache.read() as conn:
        if meta.get(conn, "too_old") == str(API_VERSION):
            return
    with cache.write() as conn:
        meta.put(conn, "too_old", API_VERSION)


def begin_afresh(cache: Cache) -> None:
    """The bridge has forgotten our place: read everything again; unsent work stays as it is."""
    with cache.write() as conn:
        _forget_place(conn)


def _forget_place(conn: Connection) -> None:
    records.distrust(conn)
    meta.put(conn, "cursor", None)
    meta.put(conn, "snapshot_after", None)
