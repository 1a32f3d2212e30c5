"""A repair order as the drawings show it, and a desk that answers when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
RO = "ro-48142"


def marchetti(**changed: Any) -> Data:
    """Sofia Marchetti's Tiguan: the pump has moved behind the promise, and she was told Tuesday."""
    data: Data = {
        "repair_order": {
            "id": RO, "number": "48142", "tag": "T-160", "customer_id": "sofia", "vehicle_id": "tiguan",
            "advisor_id": "maria", "opened": "2026-11-22T13:40:00Z", "promised_at": "2026-11-23T17:00:00Z",
            "stage": "parts", "stage_since": "2026-11-22T16:00:00Z", "transport": "loaner", "odometer_in": 41208,
        },
        "customer": {
            "id": "sofia", "name": "Marchetti, Sofia", "phones": [{"raw": "(555) 010-7733"}],
            "preferred_channel": "text", "consent": {"text": {"state": "yes"}},
        },
        "vehicle": {
            "id": "tiguan", "vin": "3VV2B7AX5MK074416", "year": 2021, "make": "VW", "model": "Tiguan", "trim": "SE",
        },
        "advisor": {"id": "maria", "name": "Maria Keller"},
        "jobs": [
            job("a", letter="A", complaint="Coolant leak: water pump", state="approved", technician="Dale Rivers",
                hours=3.4, labour_amount=70_000, parts_amount=48_460),
            job("b", letter="B", complaint="Front brake pads, 3 mm", state="declined", severity="red",
                decline_reason="next month"),
        ],
        "parts": [
            part("pump", description="Water pump kit", number="06L-121-111-J", state="ordered", source="order",
                 supplier="VW", order_no="77120", job_id="a", ordered_at="2026-11-22T16:30:00Z",
                 eta="2026-11-26T15:00:00Z", first_eta="2026-11-24T15:00:00Z", eta_set_at="2026-11-23T14:38:00Z",
                 eta_told={"eta": "2026-11-24T15:00:00Z", "at": "2026-11-22T21:12:00Z"}),
            part("coolant", description="Coolant G12evo", number="G-12E-100", qty=2, state="in_stock", bin="C14"),
            part("housing", description="Thermostat housing", number="06K-121-600", qty_filled=1, state="received",
                 source="stock"),
        ],
        "loaner": {"id": "l7", "unit": "L-07", "out_at": "2026-11-22T13:40:00Z", "due_at": "2026-11-23T22:00:00Z"},
        "story": [
            said("call-1", "2026-11-23T13:05:00Z", channel="call", outcome="voicemail", employee="Maria Keller"),
            said("text-in", "2026-11-22T21:20:00Z", channel="text", direction="in", outcome="received",
                 body="Thanks, tomorrow noon works. I need the car for Thursday."),
            said("text-out", "2026-11-22T21:12:00Z", channel="text", outcome="delivered", employee="Maria Keller",
                 body="Told: pump arrives Tue, ready by noon."),
        ],
        "visits": 14,
        "since": "2018",
        "pending": {},
    }  # fmt: skip
    return {**data, **changed}


def job(id: str, **fields: Any) -> Data:
    """A job."""
    return {"id": id, "repair_order_id": RO, "pay": "customer", **fields}


def part(id: str, **fields: Any) -> Data:
    """A part line."""
    return {"id": id, "repair_order_id": RO, "qty": 1, **fields}


def said(id: str, at: str, **fields: Any) -> Data:
    """A contact of the story."""
    event = {"id": id, "kind": "contact", "at": at, "direction": "out", "repair_order_id": RO, "pending": False}
    return {**event, "employee": "", **fields}


Answer = Callable[[dict[str, Any]], None]


class PatientDesk:
    """A desk service that keeps what it was asked until a test says how it went."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Data]] = []
        self._waiting: list[tuple[Answer, Answer]] = []

    def ask(self, do: str, args: Data | None = None, ok: Answer | None = None, error: Answer | None = None) -> None:
        """Take a command, as the link does."""
        assert ok is not None and error is not None
        self.asked.append((do, args or {}))
        self._waiting.append((ok, error))

    def keep(self) -> None:
        """The oldest unanswered command is durable."""
        ok, _ = self._waiting.pop(0)
        ok({"change": "c1", "changed": {"contact_event": ["e1"]}})

    def refuse(self, **error: Any) -> None:
        """The oldest unanswered command is refused."""
        _, refused = self._waiting.pop(0)
        refused({"code": "bad_arguments", "message": "It is not right.", "fields": {}, **error})
