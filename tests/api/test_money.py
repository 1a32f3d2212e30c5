"""Money on the wire and in commands: whole minor units or a refusal, never a fraction that rounds away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.api import strict_json, wire
from advisor_desk.domain.commands import COMMANDS, Takes, check
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.records import KINDS

AMOUNTS = [
    (kind.name, name) for kind in KINDS.values() for name, field in kind.fields.items() if name.endswith("amount")
]
ASKED = [(command.name, name) for command in COMMANDS.values() for name, arg in command.args.items()
         if arg.takes is Takes.AMOUNT]  # fmt: skip
NO_MONEY = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.from_regex(r"\A[!-~]{1,12}\Z"),
    st.decimals().map(str),
)


def test_there_are_amounts_to_test() -> None:
    assert len(AMOUNTS) >= 2 and ASKED


@pytest.mark.parametrize(("kind", "name"), AMOUNTS)
@given(value=NO_MONEY)
def test_what_is_not_whole_minor_units_is_refused_by_its_field(kind: str, name: str, value: Any) -> None:
    assert name in wire.field_faults(kind, {name: value})


@pytest.mark.parametrize(("kind", "name"), AMOUNTS)
@given(value=st.integers(-(2**53), 2**53))
def test_minor_units_come_through_the_wire_as_they_are(kind: str, name: str, value: int) -> None:
    assert wire.field_faults(kind, {name: value}) == {}
    assert strict_json.loads(json.dumps({name: value}))[name] == value


@pytest.mark.parametrize(("command", "name"), ASKED)
@given(value=NO_MONEY)
def test_a_command_takes_no_amount_that_is_not_whole(command: str, name: str, value: Any) -> None:
    with pytest.raises(BadArguments) as refused:
        check(command, dict.fromkeys(COMMANDS[command].args, "x") | {name: value})
    assert name in refused.value.fields


@pytest.mark.parametrize("text", ["1e400", "-1e400", "NaN", "Infinity", "-Infinity"])
def test_a_number_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(strict_json.BadJson):
        strict_json.loads(f'{{"amount": {text}}}')
