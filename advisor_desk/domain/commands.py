"""Every command an advisor can give, declared once: its arguments, its words, and who may give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from advisor_desk.domain import contact, customer, deal, job, lead, parts, repair_order, shop_hours, times, visit
from advisor_desk.domain.errors import BadArguments, UnknownCommand
from advisor_desk.domain.records import KINDS, Role


class Takes(StrEnum):
    """What an argument holds."""

    ID = "id"
    IDS = "ids"
    TEXT = "text"
    MOMENT = "moment"
    NUMBER = "number"
    HOURS = "hours"
    AMOUNT = "amount"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    MAP = "map"
    TEXTS = "texts"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument of a command; ``words`` name it to a person."""

    takes: Takes
    words: str
    required: bool = True
    choices: tuple[str, ...] = ()
    max_length: int = 4_000
    clears: bool = False
    """True when an empty text is a value: it takes away what was there."""
    ref: str = ""
    """The kind an id must be of."""
    most: int = 0
    """How many texts a list of them may hold, and the largest number."""
    least: int = 1
    """The smallest number."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its stable name, the words on the menu, its arguments, and the roles that may give it (empty: all)."""

    name: str
    words: str
    args: Mapping[str, Arg]
    roles: frozenset[str] = frozenset()
    writes: bool = True
    needs: tuple[str, ...] = ()
    """What a bridge must know of records for it, as ``job.pay``; its noun's kind when nothing is named."""

    def fits(self, lacks: frozenset[str]) -> bool:
        """True when a bridge that lacks so much can still take it."""
        noun = self.name.partition(".")[0]
        needs = self.needs or (_NOUNS.get(noun, noun),)
        return not any(need in lacks or need.partition(".")[0] in lacks for need in needs)


_NOUNS: Final = {"contact": "contact_event", "ro": "repair_order", "visit": "appointment", "part": "part_line"}
"""The kinds that commands call by a shorter name."""


def _id(kind: str, required: bool = True) -> Arg:
    return Arg(Takes.ID, kind.replace("_", " "), required, ref=kind, max_length=64)


def _text(words: str, required: bool = True, longest: int = 4_000, clears: bool = False) -> Arg:
    return Arg(Takes.TEXT, words, required, max_length=longest, clears=clears)


def _choice(words: str, choices: tuple[str, ...], required: bool = True) -> Arg:
    return Arg(Takes.CHOICE, words, required, choices)


def _moment(words: str, required: bool = True) -> Arg:
    return Arg(Takes.MOMENT, words, required)


_JOB = {"job_id": _id("job")}
_LINE = {"part_line_id": _id("part_line")}
_ALSO = {"also": Arg(Takes.IDS, "other lines it is for as well", required=False, ref="part_line")}
_SHELVED = {
    "bin": _text("bin", required=False, longest=32),
    "return_by": Arg(Takes.DAY, "back by, when nobody comes for it", required=False),
}
_CUSTOMER = {"customer_id": _id("customer")}
_DEAL = {"deal_id": _id("deal")}
_LOANER = {"loaner_id": _id("loaner")}
_VISIT = {"appointment_id": _id("appointment")}
_RO = {"repair_order_id": _id("repair_order")}
_PROMISE = {"promise_id": _id("promise")}
_TO = {
    "to": Arg(Takes.ID, "to whom", required=False, ref="employee", max_length=64),
    "to_role": _choice("to which department", tuple(role.value for role in Role), required=False),
}
_LIST = {"path": _text("file on this computer", longest=4_096)}
_TAKERS = Arg(Takes.IDS, "who takes over; shared out when left out", required=False, ref="employee")
_PARTS_ROLES: Final = frozenset({"parts", "manager", "admin"})
_COUNTER: Final = _PARTS_ROLES | {"advisor"}
_ADVISORS: Final = frozenset({"advisor", "manager", "admin"})
_MANAGERS: Final = frozenset({"manager", "admin"})
_SALES: Final = _MANAGERS | {"sales", "finance"}
_FRONT: Final = _ADVISORS | {"bdc"}
_SHOP: Final = _COUNTER | {"technician"}
_WORKSHOP: Final = _ADVISORS | {"technician"}
_DRIVE: Final = frozenset(role.value for role in KINDS["repair_order"].fields["tag"].policy.writers)
_BY_HAND = {
    "customer_id": _id("customer"),
    "body": _text("what it says"),
    "repair_order_id": _id("repair_order", required=False),
    "vehicle_id": _id("vehicle", required=False),
    "appointment_id": _id("appointment", required=False),
    "at": _moment("when it was sent", required=False),
    "tells": Arg(Takes.IDS, "part lines whose ETA or arrival was told", False, ref="part_line"),
}
_FINDINGS = {
    "cause": _text("what was found", required=False, longest=1_000),
    "correction": _text("what is to be done", required=False, longest=1_000),
    "severity": _choice("how urgent", job.SEVERITY, required=False),
    "hours": Arg(Takes.HOURS, "hours of work", required=False),
    "labour_amount": Arg(Takes.AMOUNT, "labor", required=False, least=0),
    "parts_amount": Arg(Takes.AMOUNT, "parts", required=False, least=0),
    "op_code": _text("operation code", required=False, longest=32),
    "pay": _choice("who pays", job.PAY, required=False),
}
_DETAILS = {
    "is_company": Arg(Takes.FLAG, "a company", required=False),
    "phones": Arg(Takes.TEXTS, "phone numbers, like work: 716 555 0100 x12", False, max_length=60, most=12),
    "emails": Arg(Takes.TEXTS, "e-mail addresses", False, max_length=254, most=12),
    "address": _text("address", required=False, longest=500, clears=True),
    "preferred_channel": _choice("how they like to be reached", contact.TO_CUSTOMER, required=False),
    "language": _text("language", required=False, longest=16, clears=True),
    "notes": _text("notes", required=False, clears=True),
}
_CAR = {
    "vin": _text("VIN", required=False, longest=17, clears=True),
    "year": Arg(Takes.NUMBER, "model year", required=False, least=1900, most=2200),
    "make": _text("make", required=False, longest=80, clears=True),
    "model": _text("model", required=False, longest=80, clears=True),
    "trim": _text("trim", required=False, longest=80, clears=True),
    "colour": _text("colour", required=False, longest=40, clears=True),
    "plate": _text("plate", required=False, longest=16, clears=True),
    "odometer": Arg(Takes.NUMBER, "odometer", required=False),
}

COMMANDS: Final[Mapping[str, Command]] = {
    command.name: command
    for command in (
        Command(
            "contact.log",
            "Log a contact",
            {
                "customer_id": _id("customer"),
                "repair_order_id": _id("repair_order", required=False),
                "vehicle_id": _id("vehicle", required=False),
                "appointment_id": _id("appointment", required=False),
                "channel": _choice("channel", contact.CHANNELS),
                "direction": _choice("direction", contact.DIRECTIONS, required=False),
                "outcome": _choice("outcome", contact.OUTCOMES, required=False),
                "body": _text("what was said", required=False),
                "at": _moment("when it was said", required=False),
                "tells": Arg(Takes.IDS, "part lines whose ETA or arrival was told", False, ref="part_line"),
                "keeps": Arg(Takes.IDS, "promises it keeps", False, ref="promise"),
            },
            needs=("contact_event",),
        ),
        Command("contact.text", "Log a text sent by hand", _BY_HAND),
        Command("contact.email", "Log an e-mail sent by hand", _BY_HAND),
        Command(
            "ro.open",
            "Open a repair order",
            {
                "customer_id": _id("customer"),
                "vehicle_id": _id("vehicle", required=False),
                "appointment_id": _id("appointment", required=False),
                "complaints": Arg(
                    Takes.TEXTS,
                    "what the customer says, one job per line",
                    False,
                    max_length=1_000,
                    most=len(job.LETTERS),
                ),
                "tag": _text("tag", required=False, longest=16),
                "transport": _choice("transportation", repair_order.TRANSPORT, required=False),
                "promised_at": _moment("promised time", required=False),
                "odometer": Arg(Takes.NUMBER, "odometer", required=False),
                "again": Arg(Takes.FLAG, "open another although the car has one", required=False),
            },
            roles=_ADVISORS,
            needs=("repair_order",),
        ),
        Command(
            "ro.move_stage",
            "Move to a stage",
            _RO | {"stage": _choice("stage", repair_order.STAGES)},
            roles=_SHOP,
            needs=("repair_order.stage",),
        ),
        Command(
            "ro.repromise",
            "Re-promise",
            _RO | {"promised_at": _moment("new promised time"), "reason": _text("why", required=False, longest=300)},
            roles=_ADVISORS,
            needs=("repair_order.promised_at",),
        ),
        Command(
            "ro.set_tag",
            "Set the tag",
            _RO | {"tag": _text("tag", longest=16, clears=True)},
            roles=_DRIVE,
            needs=("repair_order.tag",),
        ),
        Command(
            "ro.set_spot",
            "Set the spot",
            _RO | {"spot": _text("spot", longest=32, clears=True)},
            roles=_DRIVE,
            needs=("repair_order.spot",),
        ),
        Command(
            "ro.hold",
            "Hold",
            _RO
            | {"reasons": Arg(Takes.CHOICES, "reasons to hold; none releases it", choices=repair_order.HOLD_REASONS)},
            roles=_SHOP,
            needs=("repair_order.hold_reasons",),
        ),
        Command(
            "ro.close",
            "Close the repair order",
            _RO
            | {
                "odometer_out": Arg(Takes.NUMBER, "odometer", required=False),
                "anyway": Arg(Takes.FLAG, "close although approved work is not done", required=False),
                "reason": _text("why it closes with work left", required=False, longest=300),
            },
            roles=_ADVISORS,
        ),
        Command("ro.void", "Void the repair order", _RO | {"reason": _text("why", longest=300)}, roles=_ADVISORS),
        Command(
            "visit.book",
            "Book a visit",
            {
                "customer_id": _id("customer"),
                "vehicle_id": _id("vehicle", required=False),
                "starts_at": _moment("when they come"),
                "advisor_id": _id("employee", required=False),
                "transport": _choice("transportation", repair_order.TRANSPORT, required=False),
                "concerns": _text("what the customer says", required=False),
                "hours": Arg(Takes.HOURS, "hours of work", required=False),
                "skill": _text("kind of work", required=False, longest=40),
                "source": _choice("how they booked", visit.SOURCES, required=False),
                "again": Arg(Takes.FLAG, "book another although the car has one that day", required=False),
            },
            roles=_FRONT,
        ),
        Command("visit.confirm", "Confirm the visit", _VISIT, roles=_FRONT),
        Command("visit.arrive", "The car is here", _VISIT, roles=_FRONT),
        Command("visit.no_show", "Nobody came", _VISIT, roles=_FRONT),
        Command(
            "visit.move",
            "Move the visit",
            _VISIT | {"starts_at": _moment("new time"), "reason": _text("why", required=False, longest=300)},
            roles=_FRONT,
        ),
        Command("visit.cancel", "Cancel the visit", _VISIT | {"reason": _text("why", longest=300)}, roles=_FRONT),
        Command(
            "job.add",
            "Add a job",
            _RO | {"complaint": _text("what the customer says", longest=1_000), **_FINDINGS},
            roles=_ADVISORS,
        ),
        Command(
            "job.recommend",
            "Recommend the work",
            _JOB | {"complaint": _text("what the customer says", required=False, longest=1_000), **_FINDINGS},
            roles=_ADVISORS,
        ),
        Command("job.send", "Send the estimate", {"job_ids": Arg(Takes.IDS, "jobs", ref="job")}, roles=_ADVISORS),
        Command(
            "job.assign",
            "Assign to a technician",
            _JOB | {"technician_id": _id("employee")},
            roles=_WORKSHOP,
        ),
        Command("job.start", "Begin the work", _JOB, roles=_WORKSHOP),
        Command(
            "job.finish",
            "The work is done",
            _JOB | {"correction": _text("what was done", required=False, longest=1_000)},
            roles=_WORKSHOP,
        ),
        Command(
            "job.authorise",
            "Authorize a job",
            {
                "job_id": _id("job"),
                "by": _text("who approved", longest=120),
                "how": _choice("how they approved", job.AUTHORISED_HOW),
                "number": _text("number or address they approved from", required=False, longest=120),
            },
            roles=_ADVISORS,
            needs=("job.authorised",),
        ),
        Command(
            "job.decline",
            "Decline a job",
            {"job_id": _id("job"), "reason": _text("why they declined", longest=500)},
            roles=_ADVISORS,
            needs=("job.decline_reason",),
        ),
        Command(
            "part.set_eta",
            "Set the ETA",
            {
                "part_line_id": _id("part_line"),
                "eta": _moment("ETA"),
                "source": _choice("who says so", parts.ETA_SOURCES, required=False),
                **_ALSO,
            },
            roles=_COUNTER,
            needs=("part_line.eta",),
        ),
        Command(
            "part.order",
            "Order the part",
            {
                "part_line_id": _id("part_line"),
                "order_no": _text("order number", longest=64),
                "supplier": _text("supplier", longest=120),
                "source": _choice("kind of order", parts.SOURCES, required=False),
                "eta": _moment("ETA", required=False),
            },
            roles=_PARTS_ROLES,
            needs=("part_line.order_no",),
        ),
        Command(
            "part.receive",
            "Receive the part",
            {
                "part_line_id": _id("part_line"),
                "qty": Arg(Takes.NUMBER, "pieces that arrived; all when left out", required=False),
                **_SHELVED,
            },
            roles=_PARTS_ROLES,
            needs=("part_line.qty_filled",),
        ),
        Command(
            "part.receive_order",
            "Receive an order",
            {
                "order_no": _text("order number", longest=64),
                "supplier": _text("supplier, where two use that number", required=False, longest=120),
                "pieces": Arg(Takes.MAP, "pieces that arrived by line; all when left out", required=False),
                **_SHELVED,
            },
            roles=_PARTS_ROLES,
            needs=("part_line.qty_filled",),
        ),
        Command(
            "part.set_bin",
            "Put the part in a bin",
            _LINE | {"bin": _text("bin", longest=32, clears=True)} | _ALSO,
            roles=_PARTS_ROLES,
            needs=("part_line.bin",),
        ),
        Command(
            "part.request",
            "Ask for a part",
            _RO
            | {
                "description": _text("what is needed", longest=200),
                "job_id": _id("job", required=False),
                "number": _text("part number", required=False, longest=64),
                "qty": Arg(Takes.NUMBER, "how many", required=False, most=10_000),
            },
            roles=_COUNTER,
        ),
        Command(
            "part.quote",
            "Quote the part",
            _LINE
            | {
                "amount": Arg(Takes.AMOUNT, "price", required=False, least=0),
                "source": _choice("where it comes from", parts.SOURCES, required=False),
                "supplier": _text("supplier", required=False, longest=120),
                "number": _text("part number", required=False, longest=64),
                "bin": _text("bin", required=False, longest=32),
            },
            roles=_PARTS_ROLES,
        ),
        Command(
            "part.backorder",
            "The supplier has none",
            _LINE | {"eta": _moment("new ETA, if they gave one", required=False)},
            roles=_PARTS_ROLES,
        ),
        Command("part.pull", "Pull the part", _LINE, roles=_PARTS_ROLES),
        Command("part.install", "The part is fitted", _LINE, roles=_COUNTER),
        Command(
            "part.return",
            "Send the part back",
            _LINE
            | {
                "return_by": Arg(Takes.DAY, "back by", required=False),
                "gone": Arg(Takes.FLAG, "it has gone back already", required=False),
            },
            roles=_PARTS_ROLES,
        ),
        Command("part.cancel", "The part is not needed", _LINE, roles=_COUNTER),
        Command(
            "part.claim",
            "Take the part in hand",
            _LINE
            | {
                "release": Arg(Takes.FLAG, "let it go", required=False),
                "again": Arg(Takes.FLAG, "take it over from a colleague", required=False),
            },
            roles=_PARTS_ROLES,
        ),
        Command(
            "part.tell",
            "Tell the customer of the part",
            _LINE
            | {
                "channel": _choice("channel", contact.TO_CUSTOMER, required=False),
                "body": _text("what was said", required=False),
            },
            roles=_COUNTER,
        ),
        Command(
            "customer.add",
            "Add a customer",
            {
                "name": _text("name", longest=200),
                **_DETAILS,
                "again": Arg(Takes.FLAG, "add another although the phone number is known", required=False),
            },
            roles=_FRONT,
        ),
        Command(
            "customer.edit",
            "Edit customer",
            _CUSTOMER | {"name": _text("name", required=False, longest=200)} | _DETAILS,
            roles=_FRONT,
        ),
        Command(
            "customer.set_consent",
            "Record consent",
            _CUSTOMER
            | {
                "channel": _choice("channel", customer.CONSENT_CHANNELS),
                "state": _choice("may be reached", customer.CONSENT),
                "category": _text("for what", required=False, longest=80),
                "source": _text("how they said so", required=False, longest=120),
            },
            roles=_FRONT,
        ),
        Command(
            "customer.adopt",
            "Look after the customer",
            _CUSTOMER
            | {"advisor_id": _id("employee", required=False), "salesperson_id": _id("employee", required=False)},
            roles=_FRONT,
        ),
        Command(
            "vehicle.add",
            "Add a car",
            _CUSTOMER | _CAR | {"again": Arg(Takes.FLAG, "add another although the VIN is known", required=False)},
            roles=_FRONT,
        ),
        Command("vehicle.edit", "Correct the car", {"vehicle_id": _id("vehicle"), **_CAR}, roles=_FRONT),
        Command(
            "lead.take",
            "Take a lead",
            _CUSTOMER
            | {
                "wants": _choice("what they want", lead.WANTS),
                "text": _text("what they asked", required=False),
                "source": _text("how it came", required=False, longest=80),
                "at": _moment("when they asked", required=False),
            },
            roles=_FRONT | _SALES,
        ),
        Command(
            "lead.answer",
            "Answer the lead",
            {
                "lead_id": _id("lead"),
                "channel": _choice("channel", contact.TO_CUSTOMER, required=False),
                "outcome": _choice("outcome", contact.OUTCOMES, required=False),
                "body": _text("what was said", required=False),
            },
            roles=_FRONT | _SALES,
        ),
        Command("survey.send", "Ask for a survey", _RO, roles=_MANAGERS),
        Command(
            "survey.record",
            "Record the survey",
            {
                "survey_id": _id("survey"),
                "score": Arg(Takes.NUMBER, "points of 100", least=0, most=100),
                "comment": _text("what they wrote", required=False),
            },
            roles=_MANAGERS,
        ),
        Command(
            "deal.open",
            "Open a deal",
            _CUSTOMER
            | {
                "vehicle_id": _id("vehicle"),
                "sold_on": Arg(Takes.DAY, "sold on", required=False),
                "salesperson_id": _id("employee", required=False),
                "documents": Arg(Takes.TEXTS, "papers it needs", required=False, max_length=120, most=40),
            },
            roles=_SALES,
        ),
        Command(
            "deal.document",
            "Note a paper",
            _DEAL | {"name": _text("paper", longest=120), "done": Arg(Takes.FLAG, "done", required=False)},
            roles=_SALES,
        ),
        Command("deal.stage", "Move the deal", _DEAL | {"stage": _choice("stage", deal.BY_HAND)}, roles=_SALES),
        Command(
            "deal.deliver",
            "Deliver the car",
            _DEAL
            | {
                "at": _moment("when", required=False),
                "anyway": Arg(Takes.FLAG, "although papers are missing", required=False),
            },
            roles=_SALES,
        ),
        Command(
            "we_owe.add",
            "Promise the buyer something",
            _DEAL
            | {
                "description": _text("what is owed", longest=500),
                "promised_on": Arg(Takes.DAY, "promised for"),
                "part_number": _text("part number", required=False, longest=64),
            },
            roles=_SALES | _ADVISORS,
        ),
        Command(
            "we_owe.link",
            "Make it good on an order",
            {"we_owe_id": _id("we_owe"), **_RO},
            roles=_SALES | _ADVISORS,
        ),
        Command(
            "loaner.out",
            "Lend a loaner",
            _CUSTOMER
            | {
                "unit": _text("unit", longest=32),
                "due_at": _moment("back by"),
                "repair_order_id": _id("repair_order", required=False),
            },
            roles=_DRIVE,
        ),
        Command("loaner.extend", "Let them keep it longer", _LOANER | {"due_at": _moment("back by")}, roles=_DRIVE),
        Command("loaner.back", "The loaner is back", _LOANER, roles=_DRIVE),
        Command(
            "promise.make",
            "Make a promise",
            {
                "title": _text("what is promised", longest=300),
                "due_at": _moment("by when"),
                "repair_order_id": _id("repair_order", required=False),
                "customer_id": _id("customer", required=False),
                **_TO,
            },
        ),
        Command("promise.keep", "Mark as kept", _PROMISE | {"reason": _text("how it was kept", longest=500)}),
        Command(
            "promise.move",
            "Move the due time",
            _PROMISE | {"due_at": _moment("new due time"), "reason": _text("why", required=False, longest=300)},
        ),
        Command("promise.cancel", "Give up", _PROMISE | {"reason": _text("why it is given up", longest=500)}),
        Command(
            "promise.offer",
            "Hand over",
            _PROMISE
            | _TO
            | {"note": _text("note", required=False, longest=300), "answer_by": _moment("answer by", required=False)},
        ),
        Command("promise.accept", "Accept the handover", _PROMISE),
        Command("promise.decline", "Decline the handover", _PROMISE | {"reason": _text("why not", longest=300)}),
        Command(
            "employee.deactivate",
            "Has left the store",
            {"employee_id": _id("employee"), "to": _TAKERS},
            roles=_MANAGERS,
        ),
        Command(
            "employee.away",
            "Is away",
            {"employee_id": _id("employee"), "until": _moment("back on"), "to": _TAKERS},
            roles=_MANAGERS,
        ),
        Command(
            "store.set_rule",
            "Set a rule",
            {
                "rule": _text("rule", longest=64),
                "on": Arg(Takes.FLAG, "switched on", required=False),
                "numbers": Arg(Takes.MAP, "its numbers", required=False),
            },
            roles=_MANAGERS,
        ),
        Command(
            "import.apply",
            "Import a supplier's list",
            _LIST
            | {
                "supplier": _text("supplier", longest=120),
                "mapping": Arg(Takes.MAP, "which column holds what"),
                "digest": _text("the file as it was looked at", longest=64),
            },
            roles=_PARTS_ROLES,
            needs=("part_line.eta", "part_line.order_no"),
        ),
        Command(
            "import.preview",
            "Look at a supplier's list",
            _LIST
            | {
                "supplier": _text("supplier", required=False, longest=120),
                "mapping": Arg(Takes.MAP, "which column holds what; guessed when left out", required=False),
            },
            writes=False,
        ),
        Command(
            "store.set_hours",
            "Set the opening hours",
            {day: _text(name, required=False, longest=24, clears=True) for day, name in shop_hours.WEEK.items()},
            roles=_MANAGERS,
        ),
        Command(
            "store.set_holidays",
            "Set the holidays",
            {
                "country": _text("country, two letters", required=False, longest=16, clears=True),
                "subdivision": _text("state or province", required=False, longest=8, clears=True),
                "extra": Arg(Takes.TEXTS, "other days it is shut, like 2026-12-24", False, max_length=40, most=400),
                "worked": Arg(Takes.TEXTS, "holidays it works on", False, max_length=200, most=200),
            },
            roles=_MANAGERS,
        ),
        Command("undo", "Undo", {"change": _text("the change to undo; the last one when left out", False, 64)}),
        Command(
            "attention.resolve",
            "Resolve what needs attention",
            {
                "attention_id": _text("entry", longest=64),
                "action": _choice("what to do", ("keep_theirs", "set_mine", "edit")),
                "set": Arg(Takes.MAP, "the edited values", required=False),
            },
        ),
        Command(
            "reconcile.tick",
            "Tick off after an outage",
            {
                "entries": Arg(Takes.TEXTS, "entries of the list", max_length=64, most=1_000),
                "done": Arg(Takes.FLAG, "done; false takes the tick back", required=False),
            },
            writes=False,
        ),
        Command("sync.now", "Sync now", {}, writes=False),
        Command("sign_in", "Sign in", {}, writes=False),
        Command("sign_out", "Sign out", {}, writes=False),
        Command("help", "List the commands", {}, writes=False),
        Command("read.board", "The board", {"scope": _choice("whose", ("mine", "store"), False)}, writes=False),
        Command("read.repair_order", "One repair order with its story", _RO, writes=False),
        Command(
            "read.history",
            "What was said to a customer before what this desk keeps",
            {
                "customer_id": _id("customer"),
                "before": _text("the moment, or the place an earlier answer ended at", required=False, longest=110),
            },
            writes=False,
        ),
        Command(
            "read.promises",
            "What is owed next",
            {"scope": _choice("whose", ("mine", "queue", "store"), False)},
            writes=False,
        ),
        Command(
            "read.raises",
            "What a command would promise",
            {"command": _text("command", longest=64), "args": Arg(Takes.MAP, "its arguments", required=False)},
            writes=False,
        ),
        Command("read.drive", "A day's visits", {"day": Arg(Takes.DAY, "day", required=False)}, writes=False),
        Command("read.counter", "Every open part line of the store", {}, writes=False),
        Command("read.customer", "One customer with all their history", _CUSTOMER, writes=False),
        Command(
            "read.report",
            "Figures",
            {
                "figure": _text("figure", required=False, longest=64),
                "since": _moment("from", required=False),
                "until": _moment("to", required=False),
            },
            writes=False,
        ),
        Command("read.attention", "What needs attention", {}, writes=False),
        Command("read.outbox", "What waits to be sent", {}, writes=False),
        Command("read.reconcile", "What became of the work done while the line was down", {}, writes=False),
        Command(
            "read.search", "Search", {"q": _text("words, phone, tag, RO, plate, VIN tail", longest=100)}, writes=False
        ),
        Command("read.link", "The state of the link", {}, writes=False),
    )
}


def check(name: Any, args: Any) -> dict[str, Any]:
    """The command's arguments, checked and tidied; raises UnknownCommand or BadArguments naming each field."""
    if not isinstance(name, str) or name not in COMMANDS:
        raise UnknownCommand(str(name))
    if not isinstance(args, Mapping):
        raise BadArguments({"args": "must be an object"})
    declared = COMMANDS[name].args
    wrong = {str(key)[:60]: "is not an argument of this command" for key in args if key not in declared}
    out: dict[str, Any] = {}
    for key, arg in declared.items():
        value = _tidy(args.get(key))
        if value is None or (value == "" and not arg.clears):
            if arg.required:
                wrong[key] = f"is missing: {arg.words}"
            continue
        if reason := _fault(arg, value):
            wrong[key] = reason
        else:
            out[key] = value
    if wrong:
        raise BadArguments(wrong)
    return out


def _tidy(value: Any) -> Any:
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else value


def _fault(arg: Arg, value: Any) -> str:
    match arg.takes:
        case Takes.ID | Takes.TEXT:
            return _text_fault(arg, value)
        case Takes.CHOICE:
            return "" if value in arg.choices else f"must be one of {', '.join(arg.choices)}"
        case Takes.CHOICES:
            ok = isinstance(value, list) and all(item in arg.choices for item in value)
            return "" if ok else f"must be a list of {', '.join(arg.choices)}"
        case Takes.IDS:
            ok = isinstance(value, list) and len(value) <= 200 and all(_is_id(item) for item in value)
            return "" if ok else "must be a list of ids, 200 at most"
        case Takes.TEXTS:
            return _texts_fault(arg, value)
        case Takes.FLAG:
            return "" if isinstance(value, bool) else "must be true or false"
        case Takes.NUMBER | Takes.AMOUNT | Takes.HOURS:
            return _number_fault(arg, value)
        case Takes.DAY:
            return _day_fault(value)
        case Takes.MAP:
            return unsafe_value(value) if isinstance(value, dict) else "must be an object"
        case Takes.MOMENT:
            try:
                times.from_wire(value)
            except (ValueError, TypeError):
                return "must be a moment with its time zone, like 2026-11-26T17:00:00Z"
            return ""


def _number_fault(arg: Arg, value: Any) -> str:
    """An amount is whole like every number but hours: minor units of the store's money."""
    if arg.takes is Takes.HOURS:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if number and 0 < value < 1_000 else "must be a number above 0"
    if isinstance(value, int) and not isinstance(value, bool) and arg.least <= value <= (arg.most or 9_999_999):
        return ""
    least = f"above {arg.least - 1:,}" if arg.least else "from 0"
    return f"must be a whole number {least}" + (f" up to {arg.most:,}" if arg.most else "")


def _day_fault(value: Any) -> str:
    try:
        times.day_from_wire(value)
    except (ValueError, TypeError):
        return "must be a day, like 2026-11-26"
    return ""


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and not unsafe_text(value)


def _text_fault(arg: Arg, value: Any) -> str:
    if not isinstance(value, str):
        return "must be text"
    if len(value) > arg.max_length:
        return f"is {len(value):,} characters long; {arg.max_length:,} at most"
    return unsafe_text(value)


def _texts_fault(arg: Arg, value: Any) -> str:
    if not isinstance(value, list) or len(value) > arg.most:
        return f"must be a list of texts, {arg.most} at most"
    return next((fault for item in value if (fault := _text_fault(arg, item))), "")


def unsafe_text(value: str) -> str:
    """Why a text may not be kept (control, bidi-override or half characters), or the empty string."""
    for char in value:
        code = ord(char)
        if (code < 32 and char not in "\n\t") or 127 <= code < 160:
            return "holds a control character; remove it"
        if 0xD800 <= code <= 0xDFFF:
            return "holds half a character; type it again"
        if code in _BIDI:
            return "holds a hidden text-direction mark; type it again"
    return ""


def unsafe_value(value: Any) -> str:
    """The first reason why a text anywhere in a JSON value may not be kept, or the empty string."""
    if isinstance(value, str):
        return unsafe_text(value)
    if isinstance(value, dict):
        return next((fault for pair in value.items() for item in pair if (fault := unsafe_value(item))), "")
    if isinstance(value, list):
        return next((fault for item in value if (fault := unsafe_value(item))), "")
    return ""


_BIDI: Final = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C})
