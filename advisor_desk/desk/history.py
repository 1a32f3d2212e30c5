"""What was said before the desk's window: asked of the bridge beside the command loop, shown and not kept.

Kept, it would have to be taken out again by the window's rule and found again in a fresh snapshot; the one who asks
wants to read it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from advisor_desk.api.client import Client
from advisor_desk.api.errors import ApiError, Offline, Said
from advisor_desk.api.wire import History
from advisor_desk.cache import raw, reads
from advisor_desk.cache.database import Cache
from advisor_desk.domain import times
from advisor_desk.domain.errors import Refused


def older(cache: Cache, client: Client, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.history``: a page of a customer's contacts as the story has them, and the place to go on from."""
    found = _asked(client, args["customer_id"], _place(args.get("before") or ""))
    with cache.read() as conn:
        names = {id: str(person.get("name") or "") for id, person in reads.employees(raw.driver(conn)).items()}
    story = [
        {
            **event.fields,
            "id": event.id,
            "kind": "contact",
            "employee": names.get(str(event.fields.get("employee_id")), ""),
            "pending": False,
        }
        for event in found.events
    ]
    return {"story": story, "before": found.before}


def without_bridge() -> Refused:
    """The refusal where no bridge can be asked."""
    return Refused("offline", "Older history needs the bridge. Try again when the line is up.")


def _asked(client: Client, customer_id: str, before: str) -> History:
    try:
        return client.history(customer_id, before)
    except Said as said:
        if said.status == 404:  # a customer the bridge has yet to hear of, or a bridge older than this question
            return History(events=[])
        raise without_bridge() from None
    except Offline:
        raise without_bridge() from None
    except ApiError as error:
        raise Refused(error.code, f"Older history needs the bridge. {error.message}") from None


def _place(before: str) -> str:
    """Where to ask from: a moment is asked for with all of its second, of which the screen may show only some."""
    try:
        return times.to_wire(times.from_wire(before) + timedelta(seconds=1))
    except ValueError:
        return before
