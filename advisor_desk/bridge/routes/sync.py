"""The calls that keep a desk in step: snapshot, changes, mutations and the live stream."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from advisor_desk.api import strict_json, wire
from advisor_desk.bridge import feed, leases, ledger, promises, snapshot
from advisor_desk.bridge.deps import Now, Shelf, Signed, nudges
from advisor_desk.bridge.head import head_of
from advisor_desk.bridge.openapi import refusals
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.stream import Nudges


class _StrictRequest(Request):
    async def json(self) -> Any:
        try:
            return strict_json.loads(await self.body())
        except strict_json.BadJson as bad:
            raise Problem(400, "bad_json", f"The body {bad}.") from None


class _StrictRoute(APIRoute):
    """A route that reads its body as strictly as the wire demands."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The handler, given a request whose JSON is checked."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(_StrictRequest(request.scope, request.receive))

        return strict


router = APIRouter(prefix="/v1", route_class=_StrictRoute, responses=refusals(401, 415, 422, 500, 503))
_LINES: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/x-ndjson": {}}}}
_EVENTS: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/event-stream": {}}}}


@router.get("/snapshot", response_class=Response, responses=_LINES | refusals(410))
def snapshot_page(
    shelf: Shelf,
    caller: Signed,
    now: Now,
    after: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=20_000)] = 4_000,
    accept_encoding: Annotated[str, Header()] = "",
    since: Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = "",
) -> Response:
    """A page of the store's records, one a line, open work first; the last line says how to go on."""
    with shelf.read(caller.store_id) as conn:
        body = snapshot.page(conn, caller.store_id, after, limit, now.date().isoformat(), since)
    headers = {}
    if "gzip" in accept_encoding:
        body, headers = gzip.compress(body, 1, mtime=0), {"Content-Encoding": "gzip"}
    return Response(body, media_type="application/x-ndjson", headers=headers)


@router.get("/changes", response_model=wire.Changes, responses=refusals(410))
def changes(
    shelf: Shelf,
    caller: Signed,
    cursor: Annotated[str, Query(max_length=100)],
    limit: Annotated[int, Query(ge=1, le=2_000)] = 500,
) -> dict[str, Any]:
    """The records changed since the cursor, in commit order."""
    with shelf.read(caller.store_id) as conn:
        return feed.changes(conn, caller.store_id, cursor, limit)


@router.post("/mutations", response_model=wire.Results, responses=refusals(400, 408, 409, 410, 413))
def mutations(shelf: Shelf, caller: Signed, now: Now, push: wire.Push) -> dict[str, Any]:
    """A desk's edits, each answered; asking again gives the same answer."""
    with shelf.write(caller.store_id) as conn:
        before = head_of(conn, caller.store_id)
        if push.epoch and push.epoch != before.epoch:
            raise feed.gone()  # put back from a backup: the desk offers first again what these stand on
        results = ledger.apply(conn, caller, push.desk, push.mutations, now)
        promises.follow(conn, caller.store_id, _changed(push, results), now)
        after = head_of(conn, caller.store_id)
    if after != before:
        shelf.announce(caller.store_id, after)
    return {"results": results}


def _changed(push: wire.Push, results: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The records that the edits changed, by kind."""
    out: dict[str, set[str]] = {}
    for mutation, result in zip(push.mutations, results, strict=True):
        if result["outcome"] in {"applied", "merged"}:
            out.setdefault(mutation.kind, set()).add(mutation.record_id)
    return out


@router.post("/leases", response_model=wire.Lease, responses=refusals(400, 403, 408, 413))
def lease(shelf: Shelf, caller: Signed, now: Now, ask: wire.LeaseAsk) -> dict[str, int]:
    """RO numbers for a desk to give while it is cut off; nobody else ever gets them."""
    with shelf.write(caller.store_id) as conn:
        return leases.lend(conn, caller, ask.desk, now)


@router.get("/stream", response_class=StreamingResponse, responses=_EVENTS)
async def stream(shelf: Shelf, caller: Signed, hub: Annotated[Nudges, Depends(nudges)]) -> StreamingResponse:
    """The store's head, now and at each move; a nudge to pull, never data."""
    head = await run_in_threadpool(shelf.head, caller.store_id)
    return StreamingResponse(hub.of_store(caller.store_id, head), media_type="text/event-stream")
