"""Capabilities, and the records that lie outside a desk's window."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from advisor_desk.api import wire
from advisor_desk.bridge import books, feed
from advisor_desk.bridge.deps import MaybeSigned, Shelf, Signed
from advisor_desk.bridge.problems import Problem
from advisor_desk.domain.records import KINDS

router = APIRouter(prefix="/v1")

_Id = Annotated[str, Path(max_length=wire.MAX_ID)]


@router.get("/capabilities", response_model=wire.Capabilities)
def capabilities(shelf: Shelf, caller: MaybeSigned) -> dict[str, Any]:
    """Who this bridge is; the store's name only to someone signed in."""
    store = None
    if caller is not None:
        with shelf.read() as conn:
            record = books.load(conn, caller.store_id, "store", caller.store_id)
        store = {"id": caller.store_id, "name": record.fields.get("name", "") if record else ""}
    return {
        "server_id": shelf.server_id,
        "epoch": shelf.epoch,
        "api_version": wire.API_VERSION,
        "min_client": wire.MIN_CLIENT,
        "store": store,
        "limits": {"body_bytes": wire.MAX_BODY, "mutations": wire.MAX_MUTATIONS},
        "connectors": [],
    }


@router.get("/me", response_model=wire.Me)
def me(shelf: Shelf, caller: Signed) -> dict[str, Any]:
    """Who the token speaks for."""
    with shelf.read() as conn:
        person = books.load(conn, caller.store_id, "employee", caller.employee_id)
        store = books.load(conn, caller.store_id, "store", caller.store_id)
    return {
        "employee": {
            "id": caller.employee_id,
            "name": person.fields.get("name", "") if person else "",
            "roles": sorted(caller.roles),
        },
        "store": {"id": caller.store_id, "name": store.fields.get("name", "") if store else ""},
    }


@router.get("/records/{kind}/{id}", response_model=wire.RecordOut)
def record(shelf: Shelf, caller: Signed, kind: _Id, id: _Id) -> dict[str, Any]:
    """One record of the caller's store; a deleted one says so."""
    if kind in KINDS:
        with shelf.read() as conn:
            found = books.load(conn, caller.store_id, kind, id)
        if found is not None:
            return {"kind": kind, "id": id, "rev": found.rev, "deleted": found.deleted, "fields": found.fields}
    raise Problem(404, "not_found", "There is no such record in this store.")


@router.get("/customers/{id}/history", response_model=wire.History)
def history(
    shelf: Shelf,
    caller: Signed,
    id: _Id,
    before: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """A customer's contacts, newest first."""
    with shelf.read() as conn:
        if books.load(conn, caller.store_id, "customer", id) is None:
            raise Problem(404, "not_found", "There is no such customer in this store.")
        return feed.history(conn, caller.store_id, id, before, limit)


@router.get("/search", response_model=wire.Found)
def search(shelf: Shelf, caller: Signed, q: Annotated[str, Query(min_length=2, max_length=100)]) -> dict[str, Any]:
    """Records whose name or number begins with the words."""
    with shelf.read() as conn:
        return {"records": feed.search(conn, caller.store_id, q, 50)}
