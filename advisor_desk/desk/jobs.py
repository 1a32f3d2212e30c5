"""Commands on a job."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk.context import Context
from advisor_desk.domain import job
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused
from advisor_desk.domain.repair_order import is_open


def authorise(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.authorise``."""
    id = args["job_id"]
    fields, number = desk.fields("job", id), args.get("number") or ""
    return job.authorise(id, fields, by=args["by"], how=args["how"], number=number, now=desk.now)


def decline(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.decline``."""
    id = args["job_id"]
    return job.decline(id, desk.fields("job", id), reason=args["reason"])


def add(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.add``."""
    order_id = args["repair_order_id"]
    if not is_open(desk.fields("repair_order", order_id).get("stage") or ""):
        raise Refused(
            "closed", "That repair order is closed. Open another for more work.", {"repair_order_id": "is closed"}
        )
    others = (found.fields for found in records.find(desk.conn, "job", repair_order_id=order_id))
    return [job.added(desk.new_id(), order_id, others, args)]


def recommend(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.recommend``."""
    id = args["job_id"]
    return job.recommend(id, desk.fields("job", id), args)


def send(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.send``; all of them or, when one cannot be sent, none."""
    ids = dict.fromkeys(args["job_ids"])
    if not ids:
        raise BadArguments({"job_ids": "is missing: name a job at least"})
    return [edit for id in ids for edit in job.send(id, desk.fields("job", id, "job_ids"), desk.now)]


def assign(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.assign``."""
    id, who = args["job_id"], args["technician_id"]
    if "technician" not in (desk.colleague(who, "technician_id").get("roles") or []):
        raise BadArguments({"technician_id": "is no technician"})
    return job.assign(id, desk.fields("job", id), who)


def start(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.start``."""
    id = args["job_id"]
    return job.start(id, desk.fields("job", id))


def finish(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.finish``."""
    id = args["job_id"]
    return job.finish(id, desk.fields("job", id), args.get("correction") or "")
