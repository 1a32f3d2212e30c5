"""What stages, states and fields are called on screen, each in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings

STAGE: Final = {
    "write_up": "Write-up",
    "dispatch": "Dispatch",
    "diagnosis": "Diagnosis",
    "approval": "Approval",
    "parts": "Parts",
    "repair": "Repair",
    "quality": "Quality",
    "ready": "Ready",
    "closed": "Closed",
    "void": "Void",
}
TRANSPORT: Final = {
    "waiter": "waiter",
    "loaner": "loaner",
    "shuttle": "shuttle",
    "rental": "rental",
    "pickup": "pickup",
}
CHANNEL: Final = {
    "call": "Call",
    "text": "Text",
    "email": "E-mail",
    "in_person": "In person",
    "portal": "Portal",
    "note": "Note",
}
OUTCOME: Final = {
    "reached": "reached",
    "voicemail": "voicemail",
    "no_answer": "no answer",
    "sent": "sent",
    "delivered": "delivered",
    "failed": "failed",
    "received": "received",
}
LANGUAGE: Final = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "zh": "Chinese",
    "vi": "Vietnamese",
    "ko": "Korean",
    "ru": "Russian",
    "ar": "Arabic",
    "pt": "Portuguese",
    "pl": "Polish",
    "tl": "Tagalog",
    "de": "German",
}
HOLD: Final = {
    "parts": "parts",
    "customer": "customer",
    "warranty": "warranty",
    "labour": "labor",
    "sublet": "sublet",
    "other": "other",
}
PAY: Final = {"customer": "CP", "warranty": "W", "internal": "I", "service_contract": "SC", "other": ""}
FIELD: Final = {
    "eta": "ETA",
    "promised_at": "Promised time",
    "number": "RO number",
    "odometer_in": "Odometer",
    "promise_moves": "Promise history",
    "stage": "Stage",
    "tag": "Tag",
    "spot": "Spot",
    "hold_reasons": "On hold for",
    "state": "State",
    "order_no": "Order number",
    "qty_filled": "Received",
    "authorised": "Authorized",
    "decline_reason": "Declined because",
    "body": "What was said",
}
KIND: Final = {
    "customer": "customer",
    "vehicle": "car",
    "appointment": "visit",
    "repair_order": "repair order",
    "job": "job",
    "part_line": "part",
    "contact_event": "contact",
    "promise": "promise",
    "deal": "sale",
    "we_owe": "owed to the buyer",
    "lead": "request",
    "survey": "survey",
    "loaner": "loaner",
}
RULE: Final = {
    "answer_lead": "Answer a request",
    "answer_reschedule": "Answer a change of visit",
    "confirm_visit": "Confirm a visit",
    "save_no_show": "Save a no-show",
    "update_customer": "Keep the customer told",
    "quote_parts": "Quote a part",
    "give_eta": "Give an ETA",
    "chase_part": "Chase a part",
    "tell_eta": "Tell a new ETA",
    "tell_arrival": "Tell an arrival",
    "return_special_order": "Return a special order",
    "get_approval": "Get an answer",
    "tell_ready": "Tell the car is ready",
    "front_line_ready": "Front-line ready",
    "follow_up_visit": "Follow up a visit",
    "recover_declined": "Recover declined work",
    "book_next_visit": "Book the next visit",
    "answer_survey": "Answer a survey",
    "first_service": "Set the first service",
    "delivery_touch": "Call after delivery",
    "fulfil_we_owe": "Do what is owed",
    "finish_documents": "Finish the papers",
    "adopt_orphan": "Introduce somebody new",
    "return_loaner": "Get a loaner back",
    "offer_trade": "Offer a trade",
    "by_hand": "Promised by hand",
}
ROLE: Final = {
    "advisor": "advisors",
    "parts": "parts",
    "manager": "managers",
    "bdc": "BDC",
    "sales": "sales",
    "finance": "F&I",
    "technician": "technicians",
    "porter": "porters",
    "cashier": "cashiers",
    "admin": "IT",
}
"""A role's people together, whose queue it is."""
JOB: Final = {
    **ROLE,
    "advisor": "advisor",
    "manager": "manager",
    "technician": "technician",
    "porter": "porter",
    "cashier": "cashier",
}
"""One of them."""
INTENT: Final = {
    "promise.make": "New promise",
    "promise.keep": "Promise kept",
    "promise.move": "Promise moved",
    "promise.cancel": "Promise given up",
    "promise.offer": "Handover",
    "promise.accept": "Handover accepted",
    "promise.decline": "Handover declined",
    "employee.deactivate": "Has left",
    "employee.away": "Is away",
    "store.set_rule": "Rule",
    "store.set_hours": "Opening hours",
    "store.set_holidays": "Holidays",
    "contact.log": "Contact",
    "ro.open": "New RO",
    "ro.move_stage": "Stage",
    "ro.repromise": "Re-promise",
    "ro.set_tag": "Tag",
    "ro.set_spot": "Spot",
    "ro.hold": "Hold",
    "job.authorise": "Authorization",
    "job.decline": "Decline",
    "part.set_eta": "ETA",
    "part.order": "Order",
    "part.receive": "Received",
    "undo": "Undo",
    "attention.resolve": "Decision",
}


def stage(name: str) -> str:
    """A stage as a lane is headed; one nobody knows here as it was given."""
    return STAGE.get(name, name.replace("_", " "))


def department(role: str) -> str:
    """A role's people as a heading or a choice."""
    said = ROLE.get(role, role.replace("_", " "))
    return said[:1].upper() + said[1:]


def field(name: str) -> str:
    """A field as a person calls it."""
    return FIELD.get(name, name.replace("_", " ").capitalize())


def value(shown: Any, settings: Settings, now: datetime) -> str:
    """A field's value in a few words; a moment in the store's own time."""
    if shown is None or shown == "":
        return "none"
    if isinstance(shown, str):
        moment = lights.moment(shown) if len(shown) == 20 and shown.endswith("Z") else None
        return lights.day_time(moment, now, settings.zone) if moment else shown.replace("_", " ")
    if isinstance(shown, Mapping):
        return ", ".join(str(item) for item in shown.values() if isinstance(item, str | int))
    if isinstance(shown, list):
        return f"{len(shown)} entries" if any(isinstance(item, dict) for item in shown) else ", ".join(map(str, shown))
    return str(shown)


def kind(name: str) -> str:
    """A record as a person calls it."""
    return KIND.get(name, name.replace("_", " "))


def counted(number: int, one: str) -> str:
    """``1 visit``, ``40 promises``."""
    return f"1 {one}" if number == 1 else f"{number:,} {one}s"


def money(cents: Any) -> str:
    """An amount of minor units as ``$1,184.60``; nothing for none."""
    if not isinstance(cents, int) or isinstance(cents, bool):
        return ""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def clock(moment: str, settings: Settings) -> str:
    """The time of day of a wire moment, in the store's zone."""
    at = lights.moment(moment)
    if at is None:
        return ""
    local = at.astimezone(settings.zone)
    return f"{local.hour}:{local.minute:02}"


def day_heading(moment: str, now: datetime, settings: Settings) -> str:
    """``Today``, ``Yesterday``, ``Thu Nov 19``, with the year once it is another."""
    at = lights.moment(moment)
    if at is None:
        return "No date"
    local, today = at.astimezone(settings.zone).date(), now.astimezone(settings.zone).date()
    days = (today - local).days
    if days == 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local:%a %b} {local.day}{year}"


def until(due: datetime, now: datetime) -> str:
    """``6 min late``, ``due just now``, ``due now``, ``in 12 min``, ``in 2 h``, ``in 3 d``."""
    if abs(due - now) < timedelta(minutes=1):
        return "due just now" if due < now else "due now"
    return f"{lights.ago(now - due)} late" if due < now else f"in {lights.ago(due - now)}"


def initials(name: str) -> str:
    """Two letters for a person."""
    parts = [part for part in name.replace(",", " ").split() if part]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts[:1])).upper()


def short_name(name: str) -> str:
    """``Maria K.`` of ``Maria Keller``."""
    first, _, rest = name.partition(" ")
    return f"{first} {rest[:1]}." if rest else first
