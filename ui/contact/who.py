"""What the head of a repair order says: whose car, how to reach them and whether one may, and what is worst."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from advisor_desk.domain import board, lights
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.parts import AWAITED
from advisor_desk.domain.repair_order import LANES, is_open
from ui.widgets import words

Data = Mapping[str, Any]
_PREFERS: Final = {"call": "prefers calls", "text": "prefers texts", "email": "prefers e-mail"}
_MEANS: Final = {"text": "texts", "call": "calls", "email": "e-mail"}


class Segment(NamedTuple):
    """A few words, their tone, and whether an edit of them waits to be sent."""

    text: str
    tone: str = "soft"
    pending: bool = False


def full_name(customer: Data) -> str:
    """``Sofia Marchetti`` of ``Marchetti, Sofia``; a company as it stands."""
    name = str(customer.get("name") or "").strip()
    last, comma, first = name.partition(",")
    if not comma or customer.get("is_company") or not first.strip() or not last.strip():
        return name or ("Name not known" if customer else "No customer")
    return f"{first.strip()} {last.strip()}"


def car_line(data: Data) -> list[Segment]:
    """The car, its VIN's tail, its odometer, and the order's number."""
    car, ro = data.get("vehicle") or {}, data.get("repair_order") or {}
    name = " ".join(str(car[part]) for part in ("year", "make", "model", "trim") if car.get(part))
    vin = str(car.get("vin") or "")
    miles = ro.get("odometer_in") or car.get("odometer")
    said = (
        name or "No vehicle",
        f"…{vin[-7:]}" if vin else "",
        f"{miles:,} mi" if isinstance(miles, int) else "",
    )
    number = f"RO {ro['number']}" if ro.get("number") else "RO without a number yet"
    elsewhere = waiting(data) - {"tag", "promised_at", "promise_moves", "first_promised_at", "spot", "hold_reasons"}
    return [*(Segment(word) for word in said if word), Segment(number, pending=bool(elsewhere))]


def waiting(data: Data) -> set[str]:
    """The fields of the repair order with an edit not yet at the bridge."""
    return set((data.get("pending") or {}).get(str((data.get("repair_order") or {}).get("id")), ()))


def reach_line(data: Data, now: datetime, settings: Settings) -> list[Segment]:
    """The phone, whether one may write or call, what they prefer, and the loaner they have."""
    customer = data.get("customer") or {}
    if not customer:
        return [Segment("Nobody to reach: this repair order has no customer", "amber")]
    out = [Segment(phone_words(customer)) if customer.get("phones") else Segment("no phone", "amber")]
    texts = consent(customer, "text")
    out.append(
        {"yes": Segment("texts allowed"), "no": Segment("no texts", "amber")}.get(
            texts, Segment("texts not agreed", "amber")
        )
    )
    out += [Segment(f"no {_MEANS[name]}", "amber") for name in ("call", "email") if consent(customer, name) == "no"]
    prefers = _PREFERS.get(str(customer.get("preferred_channel")), "")
    if prefers and not (prefers == _PREFERS["text"] and texts == "yes"):
        out.append(Segment(prefers))
    return [*out, *_loaner(data.get("loaner") or {}, now, settings)]


def phone_words(customer: Data) -> str:
    """The first phone as it was given; the others are counted."""
    phones = [phone for phone in customer.get("phones") or [] if phone.get("raw") or phone.get("e164")]
    if not phones:
        return "no phone"
    first = phones[0]
    ext = f" ext. {first['ext']}" if first.get("ext") else ""
    more = f" +{len(phones) - 1}" if len(phones) > 1 else ""
    return f"{first.get('raw') or first.get('e164')}{ext}{more}"


def consent(customer: Data, channel: str) -> str:
    """``yes``, ``no`` or, when nobody asked, nothing."""
    return str(((customer.get("consent") or {}).get(channel) or {}).get("state") or "")


def _loaner(loaner: Data, now: datetime, settings: Settings) -> list[Segment]:
    if not loaner:
        return []
    unit, due = f"loaner {loaner.get('unit') or ''}".strip(), lights.moment(loaner.get("due_at"))
    if due is None:
        return [Segment(f"{unit} out")]
    day = lights.day(due, now, settings.zone)
    if due >= now:
        return [Segment(f"{unit} due {day}")]
    when = lights.day_time(due, now, settings.zone) if day == "today" else day
    return [Segment(f"{unit} was due {when}", "late")]


def state_line(data: Data, me: str, now: datetime, settings: Settings) -> list[Segment]:
    """The tag, the promised time, where the car stands, why it is held, and the advisor when that is somebody else."""
    ro, waits = data.get("repair_order") or {}, waiting(data)
    out = [Segment(str(ro["tag"]), pending="tag" in waits)] if ro.get("tag") else []
    stage = str(ro.get("stage") or "write_up")
    if stage not in LANES:
        out.append(Segment(words.STAGE.get(stage, stage.replace("_", " ")).lower()))
    promised = lights.moment(ro.get("promised_at"))
    if promised and is_open(stage):
        light = lights.promise_light({**ro, "parts": data.get("parts")}, now, settings)
        tone = light.tone if light.tone in {"late", "amber"} else "soft"
        said = f"promised {lights.day_time(promised, now, settings.zone)}"
        out.append(Segment(said, tone, "promised_at" in waits))
    if ro.get("transport") == "waiter":
        out.append(Segment("waiting here"))
    if ro.get("spot"):
        out.append(Segment(f"spot {ro['spot']}", pending="spot" in waits))
    held = ", ".join(words.HOLD.get(str(reason), str(reason)) for reason in ro.get("hold_reasons") or [])
    if held:
        out.append(Segment(f"on hold: {held}", "amber", "hold_reasons" in waits))
    advisor = str((data.get("advisor") or {}).get("name") or "")
    if advisor and str(ro.get("advisor_id") or "") != me:
        out.append(Segment(f"with {words.short_name(advisor)}"))
    return [*out, *(_twice(other) for other in data.get("also_open") or [])]


def _twice(other: Data) -> Segment:
    """The car is written up twice: whoever sees either order sees the other's number, and goes on with one."""
    by = f", {words.short_name(other['advisor'])}" if other.get("advisor") else ""
    order = f"RO {other['number']}" if other.get("number") else "an RO without a number"
    return Segment(f"car is also on {order}{by}", "amber")


def facts(data: Data) -> dict[str, Any]:
    """The board's facts of this repair order, for its lights."""
    ro = data.get("repair_order") or {}
    id = str(ro.get("id") or "")
    loaner = data.get("loaner")
    said = [event for event in data.get("story") or [] if event.get("kind") == "contact"]
    return board.gather(
        id,
        ro,
        customer=data.get("customer"),
        vehicle=data.get("vehicle"),
        jobs=data.get("jobs") or [],
        parts=[(str(line.get("id")), line) for line in data.get("parts") or []],
        contacts=[event for event in said if event.get("repair_order_id") == id],
        loaners=[loaner] if loaner else [],
        names={},
    )


def worst(data: Data, now: datetime, settings: Settings) -> str:
    """What fixes the worst thing first: ``call``, ``repromise``, ``tell``, or nothing."""
    known = facts(data)
    if not is_open(known["stage"]):
        return ""
    _, promise, told, approval = lights.of(known, now, settings)
    promised = lights.moment(known.get("promised_at"))
    if known["stage"] == "ready":
        return "call" if told.state == "late" else ""
    if promise.state == "late" or (promised and _comes_after(known, promised)):
        return "repromise"
    if any(lights.untold(line) for line in known["parts"]):
        return "tell"
    if approval.state == "late":
        return "call"
    return "tell" if told.state == "late" else ""


def _comes_after(known: Data, promised: datetime) -> bool:
    etas = [lights.moment(line.get("eta")) for line in known["parts"] if line.get("state") in AWAITED]
    return any(eta > promised for eta in etas if eta)
