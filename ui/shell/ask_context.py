"""What a command's dialog begins with, taken from the repair order as the cache reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import lights, parts, repair_order, suppliers, times
from advisor_desk.domain.lights import Settings
from ui.shell import ask_times

Row = Mapping[str, Any]
_FIRST_NAME: Final = 40


def of(command: str, read: Row, known: Row, now: datetime, settings: Settings) -> dict[str, Any]:
    """The context of ``Asking.open`` for a command, of what ``cache.reads.repair_order`` answered.

    ``heading`` names the RO and the customer, ``lines`` say what holds now; the rest stands under the name of the
    argument it would replace, beside ``eta`` and ``part`` (the awaited part that comes last), ``promised_at``,
    ``phone`` and ``email``, and a promise's owner. A new promise begins with the first time that its parts allow.
    """
    ro, customer = _row(read.get("repair_order")), _row(read.get("customer"))
    number, tag = str(ro.get("number") or ""), str(ro.get("tag") or "")
    head = [tag, f"RO {number}" if number else "", str(customer.get("name") or "")]
    out: dict[str, Any] = {"heading": " · ".join(part for part in head if part), "lines": []}
    line = _one(read.get("parts"), known.get("part_line_id"))
    job = _one(read.get("jobs"), known.get("job_id"))
    promise = _row(known.get("promise"))
    visit = _row(known.get("visit"))
    if visit:
        out |= _of_visit(visit, now, settings)
    elif command.startswith("promise."):
        out |= _of_promise(promise, now, settings)
    elif command.startswith("ro."):
        out |= _of_order(command, ro, read, now, settings)
    elif line:
        out |= _of_part(command, line, ro, now, settings)
    elif job:
        out |= _of_job(job, customer)
    return out


def _of_visit(visit: Row, now: datetime, settings: Settings) -> dict[str, Any]:
    starts = lights.moment(visit.get("starts_at"))
    head = [str(visit.get("customer") or ""), str(visit.get("vehicle") or "")]
    said = [line for line in str(visit.get("concerns") or "").splitlines() if line.strip()]
    return {
        "heading": " · ".join(part for part in head if part),
        "lines": [f"Visit {_when(starts, now, settings)}" if starts else ""],
        "starts_at": visit.get("starts_at"),
        "transport": visit.get("transport"),
        "complaints": said,
        "concerns": visit.get("concerns"),
        "advisor_id": visit.get("advisor_id"),
        "hours": visit.get("hours"),
    }


def _of_promise(promise: Row, now: datetime, settings: Settings) -> dict[str, Any]:
    due, first = lights.moment(promise.get("due_at")), lights.moment(promise.get("first_due_at"))
    said = f"Due {_when(due, now, settings)}" if due else ""
    if first and due and first != due:
        said += f" · first promised for {_when(first, now, settings)}"
    owner = {name: promise.get(name) for name in ("owner_id", "owner_role")}
    return {"heading": str(promise.get("title") or ""), "lines": [said], **owner} if promise else {}


def _of_order(command: str, ro: Row, read: Row, now: datetime, settings: Settings) -> dict[str, Any]:
    out: dict[str, Any] = {"tag": ro.get("tag"), "spot": ro.get("spot"), "reasons": ro.get("hold_reasons")}
    out["stage"] = _next_stage(str(ro.get("stage") or ""))
    if command != "ro.repromise":
        return out
    promised = lights.moment(ro.get("promised_at"))
    lines = [f"Promised now: {_when(promised, now, settings)}" if promised else "No time is promised yet."]
    last = _last_awaited(read.get("parts"))
    if last:
        eta = lights.moment(last.get("eta"))
        out |= {"eta": last["eta"], "part": _name(last)}
        ready = ask_times.after_part(out, now, settings)
        out["promised_at"] = times.to_wire(ready) if ready else None
        lines.append(f"{_name(last, capital=True)} is due {_when(eta, now, settings)}" if eta else "")
    return out | {"lines": lines}


def _of_part(command: str, line: Row, ro: Row, now: datetime, settings: Settings) -> dict[str, Any]:
    missing = int(line.get("qty") or 1) - int(line.get("qty_filled") or 0)
    source, sources = (
        (line.get("eta_source"), parts.ETA_SOURCES)
        if command == "part.set_eta"
        else (line.get("source"), parts.SOURCES[1:])
    )
    eta, promised = lights.moment(line.get("eta")), lights.moment(ro.get("promised_at"))
    number = str(line.get("number") or "")
    holds = [
        f"ETA now: {_when(eta, now, settings)}" if eta else "",
        f"car promised {_when(promised, now, settings)}" if promised else "",
    ]
    return {
        "lines": [
            " · ".join(part for part in (_name(line, capital=True), number, f"{missing} awaited") if part),
            " · ".join(part for part in holds if part),
            _expected(line, eta, now, settings) if command == "part.set_eta" else "",
        ],
        "promised_at": ro.get("promised_at"),
        "eta": line.get("eta"),
        "supplier": line.get("supplier"),
        "order_no": line.get("order_no"),
        "bin": line.get("bin"),
        "qty": max(missing, 1),
        "most": max(missing, 1),
        "source": source if source in sources else None,
    }


def _expected(line: Row, eta: datetime | None, now: datetime, settings: Settings) -> str:
    """When the part is to be expected by what its supplier's dates were worth, with the count: ``Usually 2 days …``."""
    record = suppliers.record(line)
    if record is None:
        return ""
    said = suppliers.usually(record)
    said = said[0].upper() + said[1:]
    if eta is None:
        return said
    found = suppliers.forecast(record, eta, now, settings.days)
    usual, first, last = (lights.day(at, now, settings.zone) for at in found)
    return (
        f"{said}: {usual} · {suppliers.LIKELY * 10:.0f} of 10 come {first if first == last else f'{first} to {last}'}"
    )


def _of_job(job: Row, customer: Row) -> dict[str, Any]:
    letter, said = str(job.get("letter") or ""), str(job.get("complaint") or "")
    phones, emails = customer.get("phones") or [], customer.get("emails") or []
    return {
        "lines": [" · ".join(part for part in (f"Job {letter}" if letter else "", said) if part)],
        "by": customer.get("name"),
        "reason": job.get("decline_reason"),
        "phone": str(_row(phones[0]).get("raw") or "") if phones else "",
        "email": str(emails[0]) if emails else "",
    }


def _last_awaited(lines: Any) -> Row:
    awaited = [
        line
        for line in lines or ()
        if line.get("state") in parts.AWAITED and lights.moment(line.get("eta")) is not None
    ]
    return max(awaited, key=lambda line: str(line["eta"]), default={})


def _next_stage(stage: str) -> str:
    lanes = repair_order.LANES
    return lanes[min(lanes.index(stage) + 1, len(lanes) - 1)] if stage in lanes else stage


def _name(line: Row, *, capital: bool = False) -> str:
    name = str(line.get("description") or line.get("number") or "part")[:_FIRST_NAME]
    if capital:
        return name[:1].upper() + name[1:]
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _when(moment: datetime | None, now: datetime, settings: Settings) -> str:
    return ask_times.said(moment, now, settings) if moment else ""


def _one(rows: Any, id: Any) -> Row:
    return next((row for row in rows or () if row.get("id") == id), {})


def _row(value: Any) -> Row:
    return value if isinstance(value, Mapping) else {}
