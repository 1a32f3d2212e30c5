"""Capabilities, and the records that lie outside a desk's window."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from sqlalchemy import Connection

from advisor_desk.api import wire
from advisor_desk.bridge import head, lookup, records
from advisor_desk.bridge.deps import MaybeSigned, Shelf, Signed
from advisor_desk.bridge.openapi import refusals
from advisor_desk.bridge.problems import Problem
from advisor_desk.domain import vocabulary
from advisor_desk.domain.records import KINDS

router = APIRouter(prefix="/v1", responses=refusals(401, 415, 422, 500, 503))

_Id = Annotated[str, Path(max_length=wire.MAX_ID, pattern=r"^[A-Za-z0-9_.:-]+$")]
_NO_CONTROLS: Final = r"^[^\x00-\x1f]*$"

_OR_UNSIGNED: Final[dict[str, Any]] = {"security": [{}]}
"""Added to what a route demands: it answers without a token too."""


@router.get("/capabilities", response_model=wire.Capabilities, openapi_extra=_OR_UNSIGNED)
def capabilities(shelf: Shelf, caller: MaybeSigned) -> dict[str, Any]:
    """Who this bridge is; the store's name only to someone signed in."""
    store_id = caller.store_id if caller is not None else ""
    with shelf.read(store_id) as conn:
        at = head.head_of(conn, store_id)
        store = _named(conn, store_id) if caller is not None else None
    return {
        "server_id": shelf.server_id,
        "epoch": at.epoch,
        "api_version": wire.API_VERSION,
        "min_client": wire.MIN_CLIENT,
        "store": store,
        "limits": {"body_bytes": wire.MAX_BODY, "mutations": wire.MAX_MUTATIONS},
        "connectors": [],
        "knows": vocabulary.OURS,
    }


def _named(conn: Connection, store_id: str) -> dict[str, str]:
    record = records.load(conn, store_id, "store", store_id)
    return {"id": store_id, "name": record.fields.get("name", "") if record else ""}


@router.get("/me", response_model=wire.Me)
def me(shelf: Shelf, caller: Signed) -> dict[str, Any]:
    """Who the token speaks for."""
    with shelf.read(caller.store_id) as conn:
        person = records.load(conn, caller.store_id, "employee", caller.employee_id)
        store = _named(conn, caller.store_id)
    return {
        "employee": {
            "id": caller.employee_id,
            "name": person.fields.get("name", "") if person else "",
            "roles": sorted(caller.roles),
        },
        "store": store,
    }


@router.get("/records/{kind}/{id}", response_model=wire.RecordOut, responses=refusals(404))
def record(shelf: Shelf, caller: Signed, kind: _Id, id: _Id) -> dict[str, Any]:
    """One record of the caller's store; a deleted one says so."""
    if kind in KINDS:
        with shelf.read(caller.store_id) as conn:
            found = records.load(conn, caller.store_id, kind, id)
        if found is not None:
            return found.out()
    raise Problem(404, "not_found", "There is no such record in this store.")


@router.get("/customers/{id}/history", response_model=wire.History, responses=refusals(404))
def history(
    shelf: Shelf,
    caller: Signed,
    id: _Id,
    before: Annotated[str, Query(max_length=110, pattern=_NO_CONTROLS)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """A customer's contacts, newest first."""
    with shelf.read(caller.store_id) as conn:
        if records.lives(conn, caller.store_id, "customer", id) is None:
            raise Problem(404, "not_found", "There is no such customer in this store.")
        return lookup.history(conn, caller.store_id, id, before, limit)


@router.get("/search", response_model=wire.Found)
def search(
    shelf: Shelf, caller: Signed, q: Annotated[str, Query(min_length=2, max_length=100, pattern=_NO_CONTROLS)]
) -> dict[str, Any]:
    """Records whose name or number begins with the words."""
    with shelf.read(caller.store_id) as conn:
        return {"records": lookup.search(conn, caller.store_id, q, 50)}
