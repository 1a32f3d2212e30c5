"""Every kind of record, declared once: tables, wire, merge, search, permissions and redaction derive from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from typing_extensions import TypedDict  # pydantic reads these and takes only this one before Python 3.12

from advisor_desk.domain import contact, deal, job, lead, parts, promise, repair_order, times, visit


class Owner(StrEnum):
    """Who has the say over a field: the dealer's system of record when a connector supplies it, or the store."""

    DMS = "dms"
    STORE = "store"


class Merge(StrEnum):
    """How two edits of one field made apart come together (the table in the protocol's section on merge)."""

    APPEND = "append"
    SET = "set"
    MACHINE = "machine"
    NEWEST = "newest"
    KEEPER = "keeper"
    ASK = "ask"


class Role(StrEnum):
    """What someone at the store does; it decides what they may write."""

    ADVISOR = "advisor"
    PARTS = "parts"
    MANAGER = "manager"
    BDC = "bdc"
    SALES = "sales"
    FINANCE = "finance"
    TECHNICIAN = "technician"
    PORTER = "porter"
    CASHIER = "cashier"
    ADMIN = "admin"


class Search(StrEnum):
    """How a field is found: by its words, by the tail of a phone or VIN, or by its whole code."""

    WORDS = "words"
    PHONE = "phone"
    VIN = "vin"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Policy:
    """All that a field says of itself besides its name and type."""

    owner: Owner
    merge: Merge
    personal: bool
    writers: frozenset[Role]
    keeper: Role | Owner | None = None
    """Whose value stands when edits clash; only with ``Merge.KEEPER``."""
    search: Search | None = None
    ref: str | None = None
    """The kind this field's id points at; a reference is always a key."""
    key: bool = False
    """True when tables keep the field as an indexed column beside the record's body."""
    one_of: tuple[str, ...] = ()
    """The known values; an unknown one is carried and shown as it is, never refused on the way in."""
    moves: Mapping[str, frozenset[str]] | None = None
    """What may follow what; only with ``Merge.MACHINE``."""
    max_length: int = 4_000
    """Longest text accepted from a person, in characters."""

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself, before any table or merge is derived from it."""
        if not self.writers:
            raise TypeError("nobody may write the field")
        if (self.keeper is not None) is not (self.merge is Merge.KEEPER):
            raise TypeError("a keeper goes with Merge.KEEPER and with nothing else")
        if (self.moves is not None) is not (self.merge is Merge.MACHINE):
            raise TypeError("moves go with Merge.MACHINE and with nothing else")
        if self.moves is not None and set(self.moves) != set(self.one_of):
            raise TypeError("every known state says what may follow it")
        if self.ref is not None and not self.key:
            raise TypeError("a reference is always a key")


PERSONAL: Final = True
PLAIN: Final = False

_R = Role
_MANAGERS: Final = frozenset({_R.MANAGER, _R.ADMIN})
_FRONT: Final = frozenset({_R.ADVISOR, _R.BDC}) | _MANAGERS
_ADVISORS: Final = frozenset({_R.ADVISOR}) | _MANAGERS
_PARTS: Final = frozenset({_R.PARTS}) | _MANAGERS
_PARTS_DESK: Final = frozenset({_R.PARTS, _R.ADVISOR}) | _MANAGERS
_SHOP: Final = frozenset({_R.ADVISOR, _R.TECHNICIAN, _R.PARTS}) | _MANAGERS
_DRIVE: Final = frozenset({_R.ADVISOR, _R.BDC, _R.TECHNICIAN, _R.PARTS, _R.PORTER, _R.CASHIER}) | _MANAGERS
_SALES: Final = frozenset({_R.SALES, _R.FINANCE}) | _MANAGERS
_EVERYONE: Final = frozenset(Role)


def _dms(merge: Merge, personal: bool, writers: frozenset[Role], **more: Any) -> Policy:
    return Policy(Owner.DMS, merge, personal, writers, **more)


def _store(merge: Merge, personal: bool, writers: frozenset[Role], **more: Any) -> Policy:
    return Policy(Owner.STORE, merge, personal, writers, **more)


def _ref(kind: str, merge: Merge, writers: frozenset[Role], owner: Owner = Owner.STORE) -> Policy:
    return Policy(owner, merge, PLAIN, writers, ref=kind, key=True, max_length=64)


APPEND, SET, MACHINE, NEWEST, KEEPER, ASK = (
    Merge.APPEND,
    Merge.SET,
    Merge.MACHINE,
    Merge.NEWEST,
    Merge.KEEPER,
    Merge.ASK,
)


class Phone(TypedDict, total=False):
    """A phone number as it was given and, where it could be read, as E.164."""

    raw: str
    e164: str
    ext: str
    use: str


class ConsentMark(TypedDict, total=False):
    """Whether a customer may be reached on a channel, since when and by what."""

    state: str
    category: str
    at: str
    source: str


class Contract(TypedDict, total=False):
    """A service contract on a car; the deductible in minor units."""

    provider: str
    plan: str
    ends_on: str
    ends_odometer: int
    deductible: int


class Authorisation(TypedDict, total=False):
    """Who approved the work, when, how, and from which number or address (16 CCR 3356 asks for all four)."""

    by: str
    at: str
    how: str
    number: str


class EtaTold(TypedDict, total=False):
    """The arrival time the customer was last told, when, and by whom."""

    eta: str
    at: str
    by: str


class Subject(TypedDict):
    """The record a promise is about."""

    kind: str
    id: str


class Move(TypedDict, total=False):
    """One change of a due time, kept for ever."""

    at: str
    by: str
    was: str
    to: str
    reason: str


# Written so because ``from`` is a word of the language.
Handoff = TypedDict(
    "Handoff",
    {
        "from": str,
        "from_role": str,
        "to": str,
        "to_role": str,
        "offered_at": str,
        "answer_by": str,
        "note": str,
        "answer": str,
        "at": str,
        "by": str,
        "reason": str,
    },
    total=False,
)
"""A promise offered by one to another; who of a role answered it, how, and why it came back."""


class Escalated(TypedDict, total=False):
    """When an unkept promise was passed on, to which role, and which due time it had missed."""

    at: str
    to: str
    due: str


class Document(TypedDict, total=False):
    """A paper of a deal, and whether it is done."""

    name: str
    done: bool


class Totals(TypedDict, total=False):
    """What the DMS says the RO comes to, in minor units."""

    labour: int
    parts: int
    other: int
    tax: int
    total: int


class DayHours(TypedDict, total=False):
    """Opening and closing time of a weekday, local, ``HH:MM``; both empty when closed."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has; ``extra`` carries fields a newer bridge sent, untouched."""

    id: str
    store_id: str = ""
    rev: int = 0
    deleted: bool = False
    extra: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(Record):
    """One rooftop: its hours, holidays, capacity, and the settings its rules run by."""

    name: Annotated[str, _store(NEWEST, PLAIN, _MANAGERS)] = ""
    phone: Annotated[str, _store(NEWEST, PLAIN, _MANAGERS, max_length=40)] = ""
    """What a customer calls, as it is printed."""
    timezone: Annotated[str, _store(NEWEST, PLAIN, _MANAGERS)] = "America/New_York"
    hours: Annotated[list[DayHours] | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    holidays: Annotated[dict[str, Any] | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    capacity: Annotated[dict[str, float] | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    cadence: Annotated[dict[str, int] | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    margins: Annotated[dict[str, int] | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    rules: Annotated[dict[str, Any] | None, _store(NEWEST, PLAIN, _MANAGERS)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee(Record):
    """Someone who works at the store."""

    name: Annotated[str, _store(NEWEST, PLAIN, _MANAGERS, search=Search.WORDS)] = ""
    roles: Annotated[list[str] | None, _store(SET, PLAIN, _MANAGERS)] = None
    active: Annotated[bool, _store(NEWEST, PLAIN, _MANAGERS, key=True)] = True
    left_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    away_until: Annotated[datetime | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    extension: Annotated[str, _store(NEWEST, PLAIN, _MANAGERS, max_length=16)] = ""
    colour: Annotated[str, _store(NEWEST, PLAIN, _MANAGERS, max_length=16)] = ""
    dms_codes: Annotated[list[str] | None, _store(SET, PLAIN, _MANAGERS)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Record):
    """A person or company whose car is looked after."""

    name: Annotated[str, _dms(ASK, PERSONAL, _FRONT, search=Search.WORDS, key=True, max_length=200)] = ""
    is_company: Annotated[bool, _store(NEWEST, PLAIN, _FRONT)] = False
    phones: Annotated[list[Phone] | None, _dms(SET, PERSONAL, _FRONT, search=Search.PHONE)] = None
    emails: Annotated[list[str] | None, _dms(SET, PERSONAL, _FRONT, search=Search.CODE)] = None
    address: Annotated[str, _dms(ASK, PERSONAL, _FRONT, max_length=500)] = ""
    preferred_channel: Annotated[str, _store(NEWEST, PLAIN, _FRONT, one_of=contact.CHANNELS)] = ""
    language: Annotated[str, _store(NEWEST, PLAIN, _FRONT, max_length=16)] = ""
    consent: Annotated[dict[str, ConsentMark] | None, _store(SET, PLAIN, _FRONT)] = None
    advisor_id: Annotated[str, _ref("employee", NEWEST, _FRONT)] = ""
    salesperson_id: Annotated[str, _ref("employee", NEWEST, _FRONT | _SALES)] = ""
    notes: Annotated[str, _store(ASK, PERSONAL, _FRONT | _SALES)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Record):
    """A car; odometers in the store's unit of length."""

    vin: Annotated[str, _dms(ASK, PERSONAL, _FRONT, search=Search.VIN, max_length=17)] = ""
    year: Annotated[int | None, _dms(ASK, PLAIN, _FRONT)] = None
    make: Annotated[str, _dms(ASK, PLAIN, _FRONT, max_length=80)] = ""
    model: Annotated[str, _dms(ASK, PLAIN, _FRONT, max_length=80)] = ""
    trim: Annotated[str, _store(NEWEST, PLAIN, _FRONT, max_length=80)] = ""
    colour: Annotated[str, _store(NEWEST, PLAIN, _FRONT, max_length=40)] = ""
    plate: Annotated[str, _store(NEWEST, PERSONAL, _DRIVE, search=Search.CODE, max_length=16)] = ""
    odometer: Annotated[int | None, _store(NEWEST, PLAIN, _DRIVE)] = None
    odometer_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _DRIVE)] = None
    customer_ids: Annotated[list[str] | None, _store(SET, PLAIN, _FRONT)] = None
    delivered_on: Annotated[date | None, _store(NEWEST, PLAIN, _SALES)] = None
    sold_here: Annotated[bool, _store(NEWEST, PLAIN, _SALES)] = False
    contracts: Annotated[list[Contract] | None, _store(SET, PLAIN, _FRONT | _SALES)] = None
    stock_no: Annotated[str, _store(NEWEST, PLAIN, _SALES, search=Search.CODE, max_length=32)] = ""
    campaigns: Annotated[list[str] | None, _store(SET, PLAIN, _FRONT)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment(Record):
    """A visit: when, with whom, for what, and whether it was kept; hours are booked labour hours."""

    customer_id: Annotated[str, _ref("customer", NEWEST, _FRONT)] = ""
    vehicle_id: Annotated[str, _ref("vehicle", NEWEST, _FRONT)] = ""
    starts_at: Annotated[datetime | None, _store(ASK, PLAIN, _FRONT, key=True)] = None
    advisor_id: Annotated[str, _ref("employee", NEWEST, _FRONT)] = ""
    transport: Annotated[str, _store(NEWEST, PLAIN, _FRONT, one_of=repair_order.TRANSPORT)] = ""
    concerns: Annotated[str, _store(ASK, PERSONAL, _FRONT)] = ""
    hours: Annotated[float | None, _store(NEWEST, PLAIN, _FRONT)] = None
    skill: Annotated[str, _store(NEWEST, PLAIN, _FRONT, max_length=40)] = ""
    source: Annotated[str, _store(NEWEST, PLAIN, _FRONT, one_of=visit.SOURCES)] = ""
    status: Annotated[
        str, _store(MACHINE, PLAIN, _FRONT, one_of=visit.STATUSES, moves=visit.STATUS_MOVES, key=True)
    ] = "booked"
    booked_at: Annotated[datetime | None, _store(APPEND, PLAIN, _FRONT)] = None
    booked_by: Annotated[str, _store(APPEND, PLAIN, _FRONT, max_length=64)] = ""
    confirmed_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _FRONT)] = None
    arrived_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _FRONT)] = None
    no_show_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _FRONT)] = None
    cancelled_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _FRONT)] = None
    moves: Annotated[list[Move] | None, _store(APPEND, PERSONAL, _FRONT)] = None
    reason: Annotated[str, _store(NEWEST, PERSONAL, _FRONT, max_length=300)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOrder(Record):
    """A repair order: what the store promised to do to a car, and how far it is."""

    number: Annotated[str, _dms(ASK, PLAIN, _ADVISORS, search=Search.CODE, key=True, max_length=32)] = ""
    tag: Annotated[str, _store(NEWEST, PLAIN, _DRIVE, search=Search.CODE, max_length=16)] = ""
    customer_id: Annotated[str, _ref("customer", ASK, _FRONT)] = ""
    vehicle_id: Annotated[str, _ref("vehicle", ASK, _FRONT)] = ""
    advisor_id: Annotated[str, _ref("employee", NEWEST, _FRONT)] = ""
    appointment_id: Annotated[str, _ref("appointment", NEWEST, _FRONT)] = ""
    opened: Annotated[datetime | None, _dms(NEWEST, PLAIN, _ADVISORS, key=True)] = None
    promised_at: Annotated[datetime | None, _dms(ASK, PLAIN, _ADVISORS)] = None
    first_promised_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _ADVISORS)] = None
    promise_moves: Annotated[list[Move] | None, _store(APPEND, PERSONAL, _ADVISORS)] = None
    odometer_in: Annotated[int | None, _store(NEWEST, PLAIN, _DRIVE)] = None
    odometer_out: Annotated[int | None, _store(NEWEST, PLAIN, _DRIVE)] = None
    transport: Annotated[str, _store(NEWEST, PLAIN, _FRONT, one_of=repair_order.TRANSPORT)] = ""
    dms_status: Annotated[str, _dms(NEWEST, PLAIN, _MANAGERS, one_of=repair_order.DMS_STATUS)] = "open"
    stage: Annotated[
        str, _store(MACHINE, PLAIN, _SHOP, one_of=repair_order.STAGES, moves=repair_order.STAGE_MOVES, key=True)
    ] = "write_up"
    stage_since: Annotated[datetime | None, _store(NEWEST, PLAIN, _SHOP)] = None
    hold_reasons: Annotated[list[str] | None, _store(SET, PLAIN, _SHOP, one_of=repair_order.HOLD_REASONS)] = None
    spot: Annotated[str, _store(NEWEST, PLAIN, _DRIVE, max_length=32)] = ""
    is_recon: Annotated[bool, _store(NEWEST, PLAIN, _ADVISORS)] = False
    closed: Annotated[datetime | None, _dms(NEWEST, PLAIN, _ADVISORS)] = None
    close_reason: Annotated[str, _store(NEWEST, PERSONAL, _ADVISORS, max_length=300)] = ""
    totals: Annotated[Totals | None, _dms(KEEPER, PLAIN, _MANAGERS, keeper=Owner.DMS)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Record):
    """A line of work on an RO; hours are labour hours, amounts minor units."""

    repair_order_id: Annotated[str, _ref("repair_order", NEWEST, _ADVISORS)] = ""
    letter: Annotated[str, _store(NEWEST, PLAIN, _ADVISORS, max_length=2)] = ""
    op_code: Annotated[str, _dms(NEWEST, PLAIN, _ADVISORS, max_length=32)] = ""
    complaint: Annotated[str, _store(ASK, PERSONAL, _ADVISORS)] = ""
    cause: Annotated[str, _store(ASK, PERSONAL, _SHOP)] = ""
    correction: Annotated[str, _store(ASK, PERSONAL, _SHOP)] = ""
    pay: Annotated[str, _store(NEWEST, PLAIN, _ADVISORS, one_of=job.PAY)] = "customer"
    technician_id: Annotated[str, _ref("employee", NEWEST, _SHOP)] = ""
    hours: Annotated[float | None, _dms(NEWEST, PLAIN, _SHOP)] = None
    labour_amount: Annotated[int | None, _dms(KEEPER, PLAIN, _ADVISORS, keeper=Owner.DMS)] = None
    parts_amount: Annotated[int | None, _dms(KEEPER, PLAIN, _PARTS_DESK, keeper=Owner.DMS)] = None
    state: Annotated[str, _store(MACHINE, PLAIN, _SHOP, one_of=job.STATES, moves=job.STATE_MOVES)] = "recommended"
    sent_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _ADVISORS)] = None
    severity: Annotated[str, _store(NEWEST, PLAIN, _SHOP, one_of=job.SEVERITY)] = "none"
    decline_reason: Annotated[str, _store(NEWEST, PERSONAL, _ADVISORS, max_length=500)] = ""
    authorised: Annotated[Authorisation | None, _store(KEEPER, PERSONAL, _ADVISORS, keeper=_R.ADVISOR)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine(Record):
    """A part an RO needs: where it comes from, when, and whether the customer knows; amount in minor units."""

    repair_order_id: Annotated[str, _ref("repair_order", NEWEST, _PARTS_DESK)] = ""
    job_id: Annotated[str, _ref("job", NEWEST, _PARTS_DESK)] = ""
    number: Annotated[str, _store(NEWEST, PLAIN, _PARTS_DESK, search=Search.CODE, key=True, max_length=64)] = ""
    description: Annotated[str, _store(NEWEST, PLAIN, _PARTS_DESK, max_length=200)] = ""
    qty: Annotated[int, _store(NEWEST, PLAIN, _PARTS_DESK)] = 1
    qty_filled: Annotated[int, _store(KEEPER, PLAIN, _PARTS, keeper=_R.PARTS)] = 0
    bin: Annotated[str, _store(NEWEST, PLAIN, _PARTS, max_length=32)] = ""
    source: Annotated[str, _store(NEWEST, PLAIN, _PARTS, one_of=parts.SOURCES)] = ""
    state: Annotated[
        str, _store(MACHINE, PLAIN, _PARTS_DESK, one_of=parts.STATES, moves=parts.STATE_MOVES, key=True)
    ] = "requested"
    requested_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _PARTS_DESK)] = None
    supplier: Annotated[str, _store(KEEPER, PLAIN, _PARTS, keeper=_R.PARTS, max_length=120)] = ""
    order_no: Annotated[
        str, _store(KEEPER, PLAIN, _PARTS, keeper=_R.PARTS, search=Search.CODE, key=True, max_length=64)
    ] = ""
    ordered_at: Annotated[datetime | None, _store(KEEPER, PLAIN, _PARTS, keeper=_R.PARTS)] = None
    eta: Annotated[datetime | None, _store(KEEPER, PLAIN, _PARTS_DESK, keeper=_R.PARTS)] = None
    eta_source: Annotated[str, _store(NEWEST, PLAIN, _PARTS_DESK, one_of=parts.ETA_SOURCES)] = ""
    eta_set_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _PARTS_DESK)] = None
    first_eta: Annotated[datetime | None, _store(NEWEST, PLAIN, _PARTS_DESK)] = None
    eta_told: Annotated[EtaTold | None, _store(NEWEST, PLAIN, _PARTS_DESK)] = None
    quoted_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _PARTS)] = None
    received_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _PARTS)] = None
    arrival_told_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _PARTS_DESK)] = None
    return_by: Annotated[date | None, _store(NEWEST, PLAIN, _PARTS)] = None
    amount: Annotated[int | None, _dms(KEEPER, PLAIN, _PARTS, keeper=Owner.DMS)] = None
    claimed_by: Annotated[str, _ref("employee", NEWEST, _PARTS)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEvent(Record):
    """One thing said to or by a customer; appended, never edited."""

    customer_id: Annotated[str, _ref("customer", APPEND, _EVERYONE)] = ""
    vehicle_id: Annotated[str, _ref("vehicle", APPEND, _EVERYONE)] = ""
    repair_order_id: Annotated[str, _ref("repair_order", APPEND, _EVERYONE)] = ""
    appointment_id: Annotated[str, _ref("appointment", APPEND, _EVERYONE)] = ""
    channel: Annotated[str, _store(APPEND, PLAIN, _EVERYONE, one_of=contact.CHANNELS)] = "note"
    direction: Annotated[str, _store(APPEND, PLAIN, _EVERYONE, one_of=contact.DIRECTIONS)] = "out"
    outcome: Annotated[str, _store(APPEND, PLAIN, _EVERYONE, one_of=contact.OUTCOMES)] = ""
    body: Annotated[str, _store(APPEND, PERSONAL, _EVERYONE)] = ""
    employee_id: Annotated[str, _ref("employee", APPEND, _EVERYONE)] = ""
    at: Annotated[datetime | None, _store(APPEND, PLAIN, _EVERYONE, key=True)] = None
    keeps: Annotated[list[str] | None, _store(APPEND, PLAIN, _EVERYONE)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Record):
    """A handoff with an owner, a due time and evidence; the first due time is never overwritten."""

    rule: Annotated[str, _store(APPEND, PLAIN, _EVERYONE, max_length=64)] = ""
    subject: Annotated[Subject | None, _store(APPEND, PLAIN, _EVERYONE)] = None
    customer_id: Annotated[str, _ref("customer", NEWEST, _EVERYONE)] = ""
    repair_order_id: Annotated[str, _ref("repair_order", NEWEST, _EVERYONE)] = ""
    title: Annotated[str, _store(NEWEST, PERSONAL, _EVERYONE, max_length=300)] = ""
    owner_id: Annotated[str, _ref("employee", ASK, _EVERYONE)] = ""
    owner_role: Annotated[str, _store(ASK, PLAIN, _EVERYONE, one_of=tuple(Role))] = ""
    due_at: Annotated[datetime | None, _store(ASK, PLAIN, _EVERYONE, key=True)] = None
    first_due_at: Annotated[datetime | None, _store(APPEND, PLAIN, _EVERYONE)] = None
    moves: Annotated[list[Move] | None, _store(APPEND, PERSONAL, _EVERYONE)] = None
    state: Annotated[
        str, _store(MACHINE, PLAIN, _EVERYONE, one_of=promise.STATES, moves=promise.STATE_MOVES, key=True)
    ] = "open"
    evidence: Annotated[Subject | None, _store(NEWEST, PLAIN, _EVERYONE)] = None
    reason: Annotated[str, _store(NEWEST, PERSONAL, _EVERYONE, max_length=500)] = ""
    handoff: Annotated[Handoff | None, _store(ASK, PERSONAL, _EVERYONE)] = None
    handoffs: Annotated[list[Handoff] | None, _store(APPEND, PERSONAL, _EVERYONE)] = None
    escalated: Annotated[Escalated | None, _store(NEWEST, PLAIN, _EVERYONE)] = None
    occurrence: Annotated[str, _store(APPEND, PLAIN, _EVERYONE, max_length=200)] = ""
    raised_at: Annotated[datetime | None, _store(APPEND, PLAIN, _EVERYONE)] = None
    raised_by: Annotated[str, _ref("employee", APPEND, _EVERYONE)] = ""
    ended_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _EVERYONE)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Record):
    """A car sold and on its way to its buyer."""

    customer_id: Annotated[str, _ref("customer", NEWEST, _SALES)] = ""
    vehicle_id: Annotated[str, _ref("vehicle", NEWEST, _SALES)] = ""
    sold_on: Annotated[date | None, _dms(NEWEST, PLAIN, _SALES)] = None
    delivered_at: Annotated[datetime | None, _dms(NEWEST, PLAIN, _SALES)] = None
    in_finance_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _SALES)] = None
    documents_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _SALES)] = None
    salesperson_id: Annotated[str, _ref("employee", NEWEST, _SALES)] = ""
    documents: Annotated[list[Document] | None, _store(SET, PLAIN, _SALES)] = None
    stage: Annotated[str, _store(NEWEST, PLAIN, _SALES, one_of=deal.STAGES, key=True)] = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeOwe(Record):
    """What sales promised the buyer and service will do (a due bill)."""

    deal_id: Annotated[str, _ref("deal", NEWEST, _SALES | _ADVISORS)] = ""
    customer_id: Annotated[str, _ref("customer", NEWEST, _SALES | _ADVISORS)] = ""
    vehicle_id: Annotated[str, _ref("vehicle", NEWEST, _SALES | _ADVISORS)] = ""
    description: Annotated[str, _store(ASK, PERSONAL, _SALES | _ADVISORS)] = ""
    part_number: Annotated[str, _store(NEWEST, PLAIN, _SALES | _PARTS_DESK, max_length=64)] = ""
    promised_on: Annotated[date | None, _store(ASK, PLAIN, _SALES | _ADVISORS)] = None
    repair_order_id: Annotated[str, _ref("repair_order", NEWEST, _SALES | _ADVISORS)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Record):
    """Somebody who asked for something and waits for an answer."""

    customer_id: Annotated[str, _ref("customer", NEWEST, _FRONT | _SALES)] = ""
    wants: Annotated[str, _store(NEWEST, PLAIN, _FRONT | _SALES, one_of=lead.WANTS)] = ""
    received_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _FRONT | _SALES, key=True)] = None
    source: Annotated[str, _store(NEWEST, PLAIN, _FRONT | _SALES, max_length=80)] = ""
    text: Annotated[str, _store(ASK, PERSONAL, _FRONT | _SALES)] = ""
    first_answered_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _FRONT | _SALES)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Record):
    """What the customer said afterwards; the score in points of 100."""

    repair_order_id: Annotated[str, _ref("repair_order", NEWEST, _MANAGERS)] = ""
    customer_id: Annotated[str, _ref("customer", NEWEST, _MANAGERS)] = ""
    sent_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    answered_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    score: Annotated[int | None, _store(NEWEST, PLAIN, _MANAGERS)] = None
    comment: Annotated[str, _store(ASK, PERSONAL, _MANAGERS)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaner(Record):
    """A car lent for the time of the repair."""

    unit: Annotated[str, _store(NEWEST, PLAIN, _DRIVE, search=Search.CODE, max_length=32)] = ""
    customer_id: Annotated[str, _ref("customer", NEWEST, _DRIVE)] = ""
    repair_order_id: Annotated[str, _ref("repair_order", NEWEST, _DRIVE)] = ""
    out_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _DRIVE)] = None
    due_at: Annotated[datetime | None, _store(ASK, PLAIN, _DRIVE)] = None
    back_at: Annotated[datetime | None, _store(NEWEST, PLAIN, _DRIVE)] = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: its name, the Python type it holds when present, and its policy."""

    name: str
    type: Any
    policy: Policy
    default: Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: the name the wire uses, its class, and its fields in declared order."""

    name: str
    record: type[Record]
    fields: Mapping[str, Field]
    once: bool = False
    """True when an id says what the record is: whoever makes it first has made it for all."""
    fault: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda fields: {}
    """Why a record may not stand as it is, by field, where its fields depend on each other."""

    @property
    def keys(self) -> tuple[Field, ...]:
        """The fields tables keep as indexed columns."""
        return tuple(field for field in self.fields.values() if field.policy.key)

    @property
    def personal(self) -> frozenset[str]:
        """The names of the fields that hold personal data."""
        return frozenset(name for name, field in self.fields.items() if field.policy.personal)

    def read(
        self, id: str, fields: Mapping[str, Any], *, store_id: str = "", rev: int = 0, deleted: bool = False
    ) -> Any:
        """The record of wire fields; unknown ones go to ``extra``; raises ValueError for a bad moment or day."""
        known: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, value in fields.items():
            field = self.fields.get(name)
            if field is None:
                extra[name] = value
            elif value is not None:
                known[name] = _FROM_WIRE[field.type](value) if field.type in _FROM_WIRE else value
        return self.record(id=id, store_id=store_id, rev=rev, deleted=deleted, extra=extra or None, **known)

    def write(self, record: Record) -> dict[str, Any]:
        """The record's wire fields: declared ones that differ from their default, and what a newer bridge added."""
        out: dict[str, Any] = dict(record.extra or {})
        for name, field in self.fields.items():
            value = getattr(record, name)
            if value != field.default:
                out[name] = to_wire(value)
        return out


def to_wire(value: Any) -> Any:
    """A field's value as JSON holds it."""
    if isinstance(value, datetime):
        return times.to_wire(value)
    if isinstance(value, date):
        return times.day_to_wire(value)
    return value


_FROM_WIRE: Final[Mapping[Any, Any]] = {datetime: times.from_wire, date: times.day_from_wire}


def declare(name: str, record: type[Record], **rules: Any) -> Kind:
    """The kind of a record class; raises TypeError for a field that declares no policy."""
    hints = get_type_hints(record, include_extras=True)
    base = {field.name for field in fields(Record)}
    out: dict[str, Field] = {}
    for field in fields(record):
        if field.name in base:
            continue
        hint, *notes = get_args(hints[field.name]) if get_origin(hints[field.name]) is Annotated else (None,)
        policy = next((note for note in notes if isinstance(note, Policy)), None)
        if policy is None:
            raise TypeError(f"{name}.{field.name} declares no policy")
        if get_origin(hint) in (Union, UnionType):
            (hint,) = (arm for arm in get_args(hint) if arm is not type(None))
        out[field.name] = Field(field.name, hint, policy, field.default)
    return Kind(name, record, out, **rules)


_RULES: Final[Mapping[str, Mapping[str, Any]]] = {"promise": {"once": True, "fault": promise.fault}}
KINDS: Final[Mapping[str, Kind]] = {
    name: declare(name, record, **_RULES.get(name, {}))
    for name, record in (
        ("store", Store),
        ("employee", Employee),
        ("customer", Customer),
        ("vehicle", Vehicle),
        ("appointment", Appointment),
        ("repair_order", RepairOrder),
        ("job", Job),
        ("part_line", PartLine),
        ("contact_event", ContactEvent),
        ("promise", Promise),
        ("deal", Deal),
        ("we_owe", WeOwe),
        ("lead", Lead),
        ("survey", Survey),
        ("loaner", Loaner),
    )
}


def personal_fields() -> frozenset[str]:
    """Names of every field that holds personal data in any kind: what logs must never print."""
    return frozenset().union(*(kind.personal for kind in KINDS.values()))
