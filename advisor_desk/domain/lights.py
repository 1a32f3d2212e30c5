"""The four lights of a card (parts, promise, told, approval): pure functions of the board's facts and ``now``."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from advisor_desk.domain import parts, suppliers, times

Facts = Mapping[str, Any]
"""One row of the board as the cache keeps it; its keys are listed in ``board.FACTS``."""


class Light(NamedTuple):
    """One light: its state's name, how much it needs someone, and why, in one sentence."""

    state: str
    tone: str
    why: str
    as_of: str = ""
    """When what it says was last heard of, as a wire moment; empty where it follows from the clock alone."""


LATE, UNKNOWN, ON_ORDER, AT_RISK, IN_STOCK, READY, NONE = (
    "late", "unknown", "on_order", "at_risk", "in_stock", "ready", "none",
)  # fmt: skip
WORST_FIRST: Final = (LATE, UNKNOWN, ON_ORDER, AT_RISK, IN_STOCK, READY, NONE)
TONES: Final = {
    LATE: "late",
    UNKNOWN: "grey",
    ON_ORDER: "amber",
    AT_RISK: "amber",
    IN_STOCK: "blue",
    READY: "green",
    NONE: "none",
}
SOON: Final = timedelta(minutes=60)
"""The promise turns amber inside an hour: the trade's convention."""


class Settings(NamedTuple):
    """What a store can set about its lights; minutes, unless a name says days."""

    eta_margin: int = 60
    """A part must arrive this long before the promise."""
    eta_grace: int = 120
    """An order may be without an ETA this long."""
    quote_within: int = 30
    order_within: int = 24 * 60
    """A part asked for is ordered or on the shelf after this long."""
    fresh_within: int = 24 * 60
    """A source older than this no longer says what is so."""
    holds_at_least: int = 80
    """Percent of a supplier's dates that must have held before one is believed."""
    misses_from: int = 50
    """Percent of likelihood from which an order is forecast to miss its promise."""
    cadence_waiter: int = 45
    cadence_same_day: int = 240
    cadence_multi_day: int = 24 * 60
    approval_soon: int = 60
    return_days: int = parts.RETURN_DAYS
    """What nobody came for is to go back so many days before it no longer can."""
    return_within: int = parts.RETURN_WITHIN
    zone: tzinfo = UTC
    weekdays: frozenset[int] = suppliers.EVERY_DAY
    """The days of the week on which the store is open, Monday 0."""

    @property
    def days(self) -> suppliers.Days:
        """The store's working days, in which lateness is counted."""
        return suppliers.Days(self.zone, self.weekdays)

    @classmethod
    def of_store(cls, fields: Mapping[str, Any], zone: tzinfo) -> Settings:
        """The settings a store's record holds, each with its default."""
        said = dict(_mapping(fields.get("margins")))
        said |= {f"cadence_{name}": value for name, value in _mapping(fields.get("cadence")).items()}
        returns = _mapping(_mapping(fields.get("rules")).get("return_special_order"))
        said["return_days"] = returns.get("days_before")
        numbers = (name for name, default in cls._field_defaults.items() if isinstance(default, int))
        known = {name: _minutes(said[name]) for name in numbers if type(said.get(name)) is int}
        return cls(**known, zone=zone, weekdays=suppliers.weekdays(fields))


_YEAR: Final = 366 * 24 * 60


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _minutes(value: int) -> int:
    """A setting within a year, so that no slip of a manager's finger can stop every board of the store."""
    return min(max(value, 0), _YEAR)


def moment(text: Any) -> datetime | None:
    """A wire moment or None; a value that is no moment counts as not known."""
    return _moment(text) if isinstance(text, str) and text else None


@functools.lru_cache(16_384)
def _moment(text: str) -> datetime | None:
    try:
        return times.from_wire(text)
    except ValueError:
        return None


def day_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment as people say it: ``17:00`` today, ``Thu 17:00`` within a week, else ``Dec 18 17:00``."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local.hour}:{local.minute:02}"
    if local.date() == today.date():
        return clock
    if abs((local.date() - today.date()).days) < 7:
        return f"{times.DAYS[local.weekday()]} {clock}"
    return f"{times.MONTHS[local.month - 1]} {local.day} {clock}"


def day(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A day as people say it: ``today``, ``Thu 26``, else ``Dec 18``."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return "today"
    if abs((local.date() - today.date()).days) < 7:
        return f"{times.DAYS[local.weekday()]} {local.day}"
    return f"{times.MONTHS[local.month - 1]} {local.day}"


def ago(span: timedelta) -> str:
    """A length of time in the largest two units that matter: ``12 min``, ``1 h 40``, ``2 d 3 h``."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours and days < 7 else f"{days} d"


def long_ago(span: timedelta) -> str:
    """How long something is past, as it is said: ``just now``, ``12 min ago``."""
    return "just now" if span < timedelta(minutes=1) else f"{ago(span)} ago"


_HEARD: Final = ("requested_at", "ordered_at", "eta_set_at", "received_at")


def part_light(
    line: Facts, promised: datetime | None, now: datetime, settings: Settings, source_as_of: datetime | None = None
) -> Light:
    """The light of one part line (the parts table of the domain notes).

    ``source_as_of`` is when the system the line comes from last answered, where there is one. What was late then is
    shown late still; anything better that may have changed since is not claimed.
    """
    light = _of_line(line, promised, now, settings)
    as_of = max((str(line[name]) for name in _HEARD if line.get(name)), default="")
    if source_as_of is None or light.state in _STAYS:
        return light._replace(as_of=as_of)
    heard = times.to_wire(source_as_of)
    if now - source_as_of > timedelta(minutes=settings.fresh_within):
        return Light(UNKNOWN, "grey", f"The parts system last answered {ago(now - source_as_of)} ago.", heard)
    return light._replace(as_of=heard)


_STAYS: Final = frozenset({LATE, READY, NONE})


def _of_line(line: Facts, promised: datetime | None, now: datetime, settings: Settings) -> Light:
    state = line.get("state") or ""
    eta = moment(line.get("eta"))
    zone = settings.zone
    if state in parts.GONE:
        return Light(NONE, "none", "Not needed any more.")
    if state == "backordered":
        given = f"; the date given {'was' if eta < now else 'is'} {day(eta, now, zone)}" if eta else ", no date"
        return _late(f"Backordered by the maker{given}.")
    if state in parts.HERE:
        filled, wanted = line.get("qty_filled") or 0, line.get("qty") or 1
        if state == "received" and filled and filled < wanted:
            return Light(ON_ORDER, "amber", f"{filled} of {wanted} received.")
        return Light(READY, "green", {"received": "Received.", "pulled": "Pulled.", "installed": "Installed."}[state])
    if state in parts.AWAITED:
        return _awaited(line, eta, promised, now, settings)
    if state == "in_stock":
        bin_ = line.get("bin")
        return Light(IN_STOCK, "blue", f"On the shelf, bin {bin_}." if bin_ else "On the shelf.")
    if state in {"requested", "quoted"}:
        return _asked(line, state, now, settings)
    return Light(
        UNKNOWN, "grey", f"The parts system says “{state}”, which is not known here." if state else "No parts status."
    )


def _late(why: str) -> Light:
    return Light(LATE, "late", why)


def _awaited(line: Facts, eta: datetime | None, promised: datetime | None, now: datetime, settings: Settings) -> Light:
    zone = settings.zone
    if eta is None:
        ordered = moment(line.get("ordered_at"))
        if ordered and now - ordered <= timedelta(minutes=settings.eta_grace):
            return Light(ON_ORDER, "amber", f"Ordered {long_ago(now - ordered)}, ETA to come.")
        return _late(f"Ordered {long_ago(now - ordered)}, still no ETA." if ordered else "Ordered, no ETA.")
    if eta < now:
        nothing = "nothing more" if line.get("state") == "partly_received" else "nothing"
        return _late(f"ETA passed {long_ago(now - eta)}, {nothing} received.")
    if promised and eta > promised:
        same_day = eta.astimezone(zone).date() == promised.astimezone(zone).date()
        words = day_time(eta, now, zone) if same_day else day(eta, now, zone)
        return _late(f"ETA {words} is after the promise ({_promise_words(promised, now, zone)}).")
    if promised and eta + timedelta(minutes=settings.eta_margin) > promised:
        return _late(
            f"ETA {day_time(eta, now, zone)} is too close to the promise ({_promise_words(promised, now, zone)})."
        )
    return _in_time(line, f"On order, due {day_time(eta, now, zone)}", settings)


def _in_time(line: Facts, words: str, settings: Settings) -> Light:
    """On order, or at risk where this supplier's ``record`` is poor."""
    record = suppliers.record(line)
    if record is None or record["share"] * 100 >= settings.holds_at_least:
        return Light(ON_ORDER, "amber", f"{words}.")
    return Light(AT_RISK, "amber", suppliers.keeps(record))


def _promise_words(promised: datetime, now: datetime, zone: tzinfo) -> str:
    words = day_time(promised, now, zone)
    return f"today {words}" if promised.astimezone(zone).date() == now.astimezone(zone).date() else words


def _asked(line: Facts, state: str, now: datetime, settings: Settings) -> Light:
    asked = moment(line.get("requested_at"))
    if asked is None:
        return Light(UNKNOWN, "grey", "Asked for; nobody knows when.")
    waited = now - asked
    if waited > timedelta(minutes=settings.order_within):
        return _late(f"Asked for {ago(waited)} ago, not ordered.")
    if state == "requested" and waited > timedelta(minutes=settings.quote_within):
        return _late(f"Asked for a quote {ago(waited)} ago.")
    return Light(
        ON_ORDER, "amber", f"Asked for {long_ago(waited)}." if state == "requested" else "Quoted, not ordered."
    )


def untold(line: Facts) -> bool:
    """True while what the customer believes about a part is no longer so: another ETA, or an arrival not told."""
    state = line.get("state")
    if state in parts.AWAITED:
        told = line.get("eta_told") or {}
        return bool(line.get("eta")) and told.get("eta") != line.get("eta")
    return state == "received" and parts.is_special(line) and not line.get("arrival_told_at")


def parts_light(facts: Facts, now: datetime, settings: Settings) -> Light:
    """The RO's parts light: its worst line, named, with the rest counted."""
    lines: Sequence[Facts] = facts.get("parts") or ()
    promised, heard = moment(facts.get("promised_at")), moment(facts.get("parts_as_of"))
    worst: Light | None = None
    name, same = "", 0
    for line in lines:
        light = part_light(line, promised, now, settings, heard)
        if worst is None or WORST_FIRST.index(light.state) < WORST_FIRST.index(worst.state):
            worst, name, same = light, line.get("description") or line.get("number") or "A part", 0
        elif light.state == worst.state:
            same += 1
    if worst is None or worst.state == NONE:
        return Light(NONE, "none", "Needs no part.")
    more = f" And {same} more like it." if same else ""
    return worst._replace(why=f"{name}: {worst.why}{more}")


def promise_light(facts: Facts, now: datetime, settings: Settings) -> Light:
    """On time, or forecast to miss; amber inside 60 minutes; red after, until the car is ready."""
    promised = moment(facts.get("promised_at"))
    if promised is None:
        return (
            Light("unset", "amber", "No time promised yet.")
            if facts.get("stage") != "write_up"
            else Light("unset", "none", "No time promised yet.")
        )
    words = _promise_words(promised, now, settings.zone)
    if facts.get("stage") == "ready":
        return Light("on_time", "green", f"Ready; promised {words}.")
    if promised < now:
        return Light("late", "late", f"Promised {words}, {ago(now - promised)} ago.")
    if promised - now <= SOON:
        return Light("soon", "amber", f"Promised {words}, in {ago(promised - now)}.")
    if doubt := _doubt(facts, promised, now, settings):
        return Light(AT_RISK, "amber", f"Promised {words}. {doubt}")
    return Light("on_time", "green", f"Promised {words}.")


def _doubt(facts: Facts, promised: datetime, now: datetime, settings: Settings) -> str:
    """Why an order is forecast to miss its promise, by what its suppliers' records say; empty where it is not."""
    awaited = [
        (line, record, eta)
        for line in facts.get("parts") or ()
        if line.get("state") in parts.AWAITED
        and (record := suppliers.record(line))
        and (eta := moment(line.get("eta")))
    ]
    needed = promised - timedelta(minutes=settings.eta_margin)
    found = suppliers.all_in_time(awaited, needed, now, settings.days) if awaited else None
    if found is None or (1 - found.together) * 100 < settings.misses_from:
        return ""
    return f"Forecast to miss: {found.words()}."


def cadence(facts: Facts, now: datetime, settings: Settings) -> timedelta:
    """How often this customer is to hear from the store: a waiter, a same-day car, or one that stays longer."""
    if facts.get("transport") == "waiter":
        return timedelta(minutes=settings.cadence_waiter)
    opened, promised = moment(facts.get("opened")), moment(facts.get("promised_at"))
    zone = settings.zone
    same_day = opened is None or (promised or now).astimezone(zone).date() == opened.astimezone(zone).date()
    return timedelta(minutes=settings.cadence_same_day if same_day else settings.cadence_multi_day)


def told_light(facts: Facts, now: datetime, settings: Settings) -> Light:
    """Time since the customer was last told, against the store's cadence; a ready car nobody was told of is red."""
    told, since = moment(facts.get("told_at")), moment(facts.get("stage_since"))
    if facts.get("stage") == "ready":
        if told is None or (since and told < since):
            waited = f" for {ago(now - since)}" if since else ""
            return Light("late", "late", f"The car is ready{waited} and the customer has not been told.")
        return Light("told", "green", f"Told {day_time(told, now, settings.zone)}.")
    due = told or moment(facts.get("opened"))
    if due is None:
        return Light("unknown", "none", "Not told anything yet.")
    left = due + cadence(facts, now, settings) - now
    last = f"Last told {day_time(told, now, settings.zone)}" if told else "Not told anything yet"
    if left < timedelta(0):
        return Light("late", "late", f"{last}; an update was due {ago(-left)} ago.")
    if left < cadence(facts, now, settings) / 4:
        return Light("soon", "amber", f"{last}; the next update is due in {ago(left)}.")
    return Light("told", "green", f"{last}.") if told else Light("unknown", "none", f"{last}.")


def approval_light(facts: Facts, now: datetime, settings: Settings) -> Light:
    """The oldest estimate the customer has not answered; green once all is approved."""
    sent = moment(facts.get("asked_at"))
    if sent is not None:
        waited = now - sent
        late = waited > timedelta(minutes=settings.approval_soon)
        return Light(
            "late" if late else "waiting",
            "late" if late else "amber",
            f"Estimate sent {ago(waited)} ago, no answer yet.",
        )
    approved = facts.get("approved") or 0
    if approved:
        return Light("approved", "green", f"{approved} approved." if approved > 1 else "Approved.")
    return Light(NONE, "none", "Nothing to approve.")


def of(facts: Facts, now: datetime, settings: Settings) -> tuple[Light, Light, Light, Light]:
    """The four lights in their fixed order: parts, promise, told, approval."""
    return (
        parts_light(facts, now, settings),
        promise_light(facts, now, settings),
        told_light(facts, now, settings),
        approval_light(facts, now, settings),
    )
