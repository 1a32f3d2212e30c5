"""Commands on a job."""

from __future__ import annotations

from typing import Any

from advisor_desk.desk.context import Context
from advisor_desk.domain import job
from advisor_desk.domain.changes import Edit


def authorise(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.authorise``."""
    id = args["job_id"]
    fields, number = desk.fields("job", id), args.get("number") or ""
    return job.authorise(id, fields, by=args["by"], how=args["how"], number=number, now=desk.now)


def decline(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``job.decline``."""
    id = args["job_id"]
    return job.decline(id, desk.fields("job", id), reason=args["reason"])
