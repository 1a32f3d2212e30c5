"""The messages desk and bridge exchange, as both ends check them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from advisor_desk.domain import times
from advisor_desk.domain.changes import OPS
from advisor_desk.domain.commands import unsafe_text
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.records import Field as RecordField

API_VERSION: Final = 1
MIN_CLIENT: Final = 1
API_HEADER: Final = "Advisor-Desk-Api"
SERVER_HEADER: Final = "Advisor-Desk-Server"
PROBLEM: Final = "urn:advisor-desk:"

MAX_BODY: Final = 1024 * 1024
MAX_MUTATIONS: Final = 100
MAX_TEXT: Final = 64 * 1024
MAX_LIST: Final = 1_000
MAX_FIELDS: Final = 200
MAX_ID: Final = 64

Id = Annotated[str, Field(min_length=1, max_length=MAX_ID, pattern=r"^[A-Za-z0-9_.:-]+$")]
Whole = Annotated[int, Field(ge=0, le=2**53)]


class Message(BaseModel):
    """What every message shares: a field nobody declared is let through, so that an older end survives a newer one."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Mutation(Message):
    """One edit of one record, as a desk asks for it."""

    id: Id
    n: Annotated[int, Field(ge=1, le=2**53)]
    kind: Annotated[str, Field(max_length=MAX_ID)]
    record_id: Id
    op: Literal["create", "update", "delete", "restore"]
    base_rev: Whole = 0
    set: dict[str, Any] = Field(default_factory=dict)
    was: dict[str, Any] = Field(default_factory=dict)
    intent: Annotated[str, Field(max_length=MAX_ID)] = ""
    made_at: Annotated[str, Field(max_length=40)]
    actor: Annotated[str, Field(max_length=MAX_ID)]
    again: Whole = 0
    """Its place in an earlier life of the books, when it is offered again to ones put back from a backup."""
    gave_way: Annotated[list[Annotated[str, Field(max_length=MAX_ID)]], Field(max_length=MAX_FIELDS)] = []
    """The fields in which it gave way there."""


class Push(Message):
    """A desk's edits, in the order it made them."""

    desk: Id
    epoch: Annotated[str, Field(max_length=100)] = ""
    """The life of the bridge the desk knows; under another the bridge takes nothing, until it has seen that."""
    mutations: Annotated[list[Mutation], Field(min_length=1, max_length=MAX_MUTATIONS)]


class LeaseAsk(Message):
    """A desk that wants RO numbers of its own."""

    desk: Id


class Lease(Message):
    """A block of RO numbers nobody else has, both ends included."""

    first: Annotated[int, Field(alias="from")]
    last: Annotated[int, Field(alias="to")]


class Overruled(Message):
    """An accepted value that a keeper's took the place of without having seen it: whose, and from which place."""

    author: str
    seq: int
    yours: Any = None
    by: str = ""
    at: str = ""


class RecordOut(Message):
    """A record as it stands at the bridge; ``overruled``, by field, is for the authors of what gave way."""

    kind: str
    id: str
    rev: int
    deleted: bool = False
    fields: dict[str, Any]
    overruled: dict[str, Overruled] = Field(default_factory=dict)


class Problem(Message):
    """Why a request or an edit was refused (RFC 9457)."""

    type: str
    title: str
    status: int | None = None
    detail: str = ""
    fields: dict[str, Any] = Field(default_factory=dict)


class Result(Message):
    """What became of one edit."""

    id: str
    outcome: Literal["applied", "merged", "duplicate", "conflict", "rejected"]
    seq: int
    record: RecordOut | None = None
    problem: Problem | None = None
    gave_way: list[str] = []
    """The fields in which another's value stands, and nobody has to decide: the later hand's, say."""


class Results(Message):
    """The answers to a push, in its order."""

    results: list[Result]


class Change(RecordOut):
    """A record that changed, at the place of its newest change."""

    seq: int


class Changes(Message):
    """A page of the feed; ``after`` is the cursor it was asked for with, so that one gone astray is told."""

    epoch: str
    after: str | None = None
    changes: list[Change]
    next: str
    more: bool
    count: int


class SnapshotEnd(Message):
    """The last line of a snapshot page; ``sha256`` is over every byte before it.

    ``after`` is the place it was asked for with, so that a page gone astray is told.
    """

    after: str | None = None
    count: int
    sha256: str
    cursor: str
    more: bool
    total: int
    done: int
    part: Literal["open", "history"]


class Named(Message):
    """An id with its name."""

    id: str
    name: str


class Capabilities(Message):
    """Who the bridge is and what it can do."""

    server_id: str
    epoch: str
    api_version: int
    min_client: int
    store: Named | None = None
    limits: dict[str, int] = Field(default_factory=dict)
    connectors: list[dict[str, Any]] = Field(default_factory=list)
    knows: dict[str, dict[str, list[str]]] | None = None
    """The kinds of records it knows, their fields, and the known values of a field that has a list of them."""


class Person(Named):
    """An employee and what they do."""

    roles: list[str]


class Me(Message):
    """Who the token speaks for."""

    employee: Person
    store: Named


class History(Message):
    """A page of a customer's contacts, newest first."""

    events: list[RecordOut]
    before: str | None = None


class Found(Message):
    """What a search of the bridge found."""

    records: list[RecordOut]


class Head(Message):
    """The nudge of the live stream."""

    epoch: str
    seq: int


class Tokens(Message):
    """What the token endpoint answers (RFC 6749 section 5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str | None = None


def _adapter(field: RecordField) -> TypeAdapter[Any]:
    hint = {datetime: str, date: str}.get(field.type, field.type)
    if hint is str:
        hint = Annotated[str, Field(max_length=field.policy.max_length)]
    elif get_origin(hint) is list:
        hint = Annotated[hint, Field(max_length=MAX_LIST)]
    elif hint is int:
        hint = Annotated[int, Field(ge=-(2**53), le=2**53)]
    elif hint is float:
        hint = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
    return TypeAdapter(hint)


@cache
def _adapters(kind: str) -> Mapping[str, TypeAdapter[Any]]:
    return {field.name: _adapter(field) for field in KINDS[kind].fields.values()}


def field_faults(kind: str, set_: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with each value a person set, by field; an undeclared field is carried, within the text limits."""
    faults: dict[str, str] = {}
    for name, value in set_.items():
        reason = _text_fault(value) or (_fault(kind, name, value) if value is not None else "")
        if reason:
            faults[name[:MAX_ID]] = reason
    return faults


_WORDS: Final = {
    "string_type": "must be text",
    "string_too_long": "is too long; {max_length:,} characters at most",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "too_long": "is too long; {max_length:,} entries at most",
    "less_than_equal": "must be {le:,.0f} or less",
    "greater_than_equal": "must be {ge:,.0f} or more",
}
"""The validator's findings, as the field's own reason reads after its name."""


def _fault(kind: str, name: str, value: Any) -> str:
    field = KINDS[kind].fields.get(name)
    if field is None:
        return ""
    try:
        _adapters(kind)[name].validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return _WORDS.get(first["type"], "is not what this field holds").format(**first.get("ctx", {}))
    if field.type in (datetime, date):
        read = times.from_wire if field.type is datetime else times.day_from_wire
        try:
            read(value)
        except ValueError:
            return "is not a moment with its time zone" if field.type is datetime else "is not a day"
    allowed = field.policy.one_of
    given = value if isinstance(value, list) else [value]
    if allowed and any(item not in allowed for item in given if item != ""):
        return f"must be one of {', '.join(allowed)}"
    return ""


def _text_fault(value: Any) -> str:
    if isinstance(value, str):
        return "is too long" if len(value) > MAX_TEXT else unsafe_text(value)
    if isinstance(value, dict):
        return next((fault for pair in value.items() for item in pair if (fault := _text_fault(item))), "")
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            return f"has more than {MAX_LIST:,} entries"
        return next((fault for item in value if (fault := _text_fault(item))), "")
    return ""


def fields_model(kind: str) -> type[BaseModel]:
    """The OpenAPI schema of a kind's fields, derived from its declaration."""
    declared: dict[str, Any] = {}
    for field in KINDS[kind].fields.values():
        hint = {datetime: datetime, date: date}.get(field.type, field.type)
        declared[field.name] = (hint | None, None) if not get_args(hint) else (hint, None)
    name = "".join(part.title() for part in kind.split("_"))
    return create_model(f"{name}Fields", __config__=ConfigDict(extra="allow"), **declared)


assert set(OPS) == set(get_args(Mutation.model_fields["op"].annotation))
