"""Push: unsent edits in their order; what is refused steps aside and never blocks the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.api.client import Client
from advisor_desk.api.errors import Numbering, Said
from advisor_desk.cache import meta, outbox
from advisor_desk.cache.codec import Touched
from advisor_desk.cache.database import Cache
from advisor_desk.sync.events import Announce

_POISON: Final = frozenset({400, 413, 422})
_SLICE: Final = 10
"""Answers of one transaction, fewer when a command waits for the writer; the rest would be asked for again."""


def push(
    cache: Cache,
    client: Client,
    announce: Announce,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    pause: Callable[[], None] = lambda: None,
) -> bool:
    """Send all that waits, 100 at a time and each at most once; True when something was sent.

    Between its steps ``pause`` lets commands pass, for which somebody waits.
    """
    sent = False
    limit = 100
    later: set[str] = set()
    while True:
        with cache.read() as conn:
            waits = outbox.waiting(conn)
        if not waits:
            return sent
        with cache.write() as conn:
            desk, epoch = meta.get(conn, "desk_id") or "", meta.get(conn, "epoch") or ""
            batch = outbox.batch(conn, meta.get(conn, "employee_id") or "", limit, later)
        if not batch:
            return sent
        try:
            results = [result.model_dump() for result in client.push(desk, batch, epoch).results]
        except Numbering:
            with cache.write() as conn:
                outbox.renumber(conn, new_id())
            continue
        except Said as said:
            if said.status not in _POISON:
                raise
            if len(batch) > 1:
                limit = 1  # one of them cannot be read: go one by one to find which
                continue
            results = [_unreadable(batch[0], said)]
        left: deque[Mapping[str, Any]] = deque(results)
        while left:
            pause()
            with cache.write() as conn:
                touched = outbox.settle(conn, cache.portion(left, _SLICE), now())
            _announce(announce, touched)
        sent = True
        with cache.read() as conn:  # what they build on is decided here, or comes with another desk: at the next turn
            later |= outbox.unanswered(conn, batch)


def _unreadable(mutation: dict[str, Any], said: Said) -> dict[str, Any]:
    """The answer to an edit the bridge cannot even read: a person decides on it, and the rest goes on."""
    problem = {
        "type": said.code,
        "title": "Refused",
        "detail": "The bridge cannot take this edit. Correct it and send it again, or let it go.",
        "fields": {},
    }
    return {"id": mutation["id"], "outcome": "rejected", "seq": 0, "record": None, "problem": problem}


def _announce(announce: Announce, touched: Touched) -> None:
    if touched:
        announce({"event": "changed", "kinds": {kind: sorted(ids) for kind, ids in touched.items()}})
