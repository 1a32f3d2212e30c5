"""The messages as both ends check them, and what may be set in a record's fields."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from advisor_desk.api import wire
from advisor_desk.domain.records import KINDS, Field, Kind

FIELDS = [(kind, field) for kind in KINDS.values() for field in kind.fields.values()]
GOOD: dict[Any, Any] = {
    str: "x", int: 3, float: 1.5, bool: True, date: "2026-11-26", datetime: "2026-11-26T17:00:00Z",
}  # fmt: skip
BAD: dict[Any, list[Any]] = {
    str: [5, True, ["words"], {}],
    int: ["3", 1.5, True, 2**60, []],
    float: ["1.5", True, 1e12, []],
    bool: ["true", 1, 0, []],
    date: ["2026-11-31", "today", 20261126, "2026-11-26T00:00:00Z"],
    datetime: ["2026-11-26", "2026-11-26T17:00:00", "soon", 5, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
}


def good(field: Field) -> Any:
    """A value a person may set."""
    if field.policy.one_of:
        return [field.policy.one_of[0]] if get_origin(field.type) is list else field.policy.one_of[0]
    if field.type in GOOD:
        return GOOD[field.type]
    return [] if get_origin(field.type) is list else {"kind": "job", "id": "j1"} if "Subject" in str(field.type) else {}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_takes_a_good_value_and_nothing_and_refuses_the_wrong_kind(kind: Kind) -> None:
    for name, field in kind.fields.items():
        assert wire.field_faults(kind.name, {name: good(field)}) == {}, name
        assert wire.field_faults(kind.name, {name: None}) == {}, name
        for value in BAD.get(field.type, ["words", 5, True]):
            assert wire.field_faults(kind.name, {name: value}).keys() == {name}, f"{name} took {value!r}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_text_may_be_as_long_as_declared_and_no_longer(kind: Kind) -> None:
    for name, field in kind.fields.items():
        if field.type is str and not field.policy.one_of:
            assert wire.field_faults(kind.name, {name: "x" * field.policy.max_length}) == {}, name
            assert wire.field_faults(kind.name, {name: "x" * (field.policy.max_length + 1)}).keys() == {name}, name


def test_a_value_not_among_the_known_is_refused_from_a_person_and_an_empty_one_is_not() -> None:
    faults = wire.field_faults("repair_order", {"stage": "lunch", "transport": "", "hold_reasons": ["parts", "lunch"]})
    assert faults.keys() == {"stage", "hold_reasons"}
    assert faults["stage"].startswith("must be one of write_up, dispatch")


def test_every_fault_of_an_edit_is_named_at_once() -> None:
    edit = {"qty": "2", "amount": 2**60, "eta": "fri", "state": "lost", "bin": "B-14", "description": "x" * 201}
    faults = wire.field_faults("part_line", edit)
    assert faults.pop("state").startswith("must be one of requested, quoted")
    assert faults == {
        "qty": "must be a whole number",
        "amount": "must be 9,007,199,254,740,992 or less",
        "eta": "is not a moment with its time zone",
        "description": "is too long; 200 characters at most",
    }


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("a\0b", "control character"),
        ("a\u202eb", "text-direction mark"),
        (["fine", "a\x1bb"], "control character"),
        ({"said": [{"by": "a\u2066b"}]}, "text-direction mark"),
        ({"a\0b": 1}, "control character"),
        ("x" * (wire.MAX_TEXT + 1), "too long"),
        (["x"] * (wire.MAX_LIST + 1), "more than 1,000 entries"),
    ],
)
def test_a_field_a_newer_bridge_declares_is_carried_within_the_limits_of_text(value: Any, why: str) -> None:
    assert wire.field_faults("job", {"torque_spec": "90 Nm", "photos": [{"id": "x"}]}) == {}
    assert why in wire.field_faults("job", {"torque_spec": value})["torque_spec"]


def test_a_phone_keeps_what_a_newer_desk_adds_and_refuses_what_is_no_phone() -> None:
    phone = {"raw": "518 555 0123", "e164": "+15185550123", "verified": 1}
    assert wire.field_faults("customer", {"phones": [phone]}) == {}
    assert wire.field_faults("customer", {"phones": [{"raw": 5185550123}]}).keys() == {"phones"}
    assert wire.field_faults("customer", {"phones": [5185550123]}).keys() == {"phones"}
    assert wire.field_faults("job", {"authorised": {"by": ["Sofia"]}}).keys() == {"authorised"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([*GOOD.values()]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(FIELDS), JSON)
def test_any_value_is_taken_or_refused_and_what_is_taken_can_be_read(pair: tuple[Kind, Field], value: Any) -> None:
    kind, field = pair
    faults = wire.field_faults(kind.name, {field.name: value})
    if not faults:
        kind.read("x1", {field.name: value})
    assert all(reason and "\n" not in reason for reason in faults.values())


EDIT = {
    "id": "0190", "n": 1, "kind": "job", "record_id": "j1", "op": "update", "base_rev": 3, "set": {"pay": "warranty"},
    "was": {}, "intent": "job.edit", "made_at": "2026-11-23T15:08:00Z", "actor": "e1",
}  # fmt: skip


def test_an_edit_is_read_and_what_it_does_not_know_is_let_through() -> None:
    read = wire.Push.model_validate({"desk": "d1", "mutations": [EDIT | {"mood": "fine"}], "version": 9})
    assert read.mutations[0].set == {"pay": "warranty"}


@pytest.mark.parametrize(
    "change",
    [
        {"n": 0}, {"n": "1"}, {"n": True}, {"n": 2**60}, {"id": ""}, {"id": "x" * 65}, {"id": "a b"}, {"id": "a\n"},
        {"op": "drop"}, {"set": []}, {"set": None}, {"base_rev": -1}, {"made_at": 5}, {"record_id": "../x"},
        {"kind": "x" * 65},
    ],
)  # fmt: skip
def test_a_malformed_edit_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        wire.Mutation.model_validate(EDIT | change)


@pytest.mark.parametrize("missing", ["id", "n", "kind", "record_id", "op", "made_at", "actor"])
def test_an_edit_without_one_of_its_parts_is_refused(missing: str) -> None:
    with pytest.raises(ValidationError):
        wire.Mutation.model_validate({name: value for name, value in EDIT.items() if name != missing})


def test_a_push_holds_one_to_a_hundred_edits() -> None:
    wire.Push.model_validate({"desk": "d1", "mutations": [EDIT] * wire.MAX_MUTATIONS})
    for mutations in ([], [EDIT] * (wire.MAX_MUTATIONS + 1)):
        with pytest.raises(ValidationError):
            wire.Push.model_validate({"desk": "d1", "mutations": mutations})


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_names_every_field_of_a_kind(kind: str) -> None:
    schema = wire.fields_model(kind).model_json_schema()
    assert schema["properties"].keys() == KINDS[kind].fields.keys()
    assert schema["additionalProperties"] is True
