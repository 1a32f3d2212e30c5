"""Every command's arguments are checked, tidied and refused field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.domain import commands
from advisor_desk.domain.commands import COMMANDS, Arg, Takes
from advisor_desk.domain.errors import BadArguments, UnknownCommand
from advisor_desk.domain.records import KINDS, Role

MOMENT = "2026-11-26T17:00:00Z"


def refused(name: Any, args: Any) -> dict[str, str]:
    """What is said of each field."""
    with pytest.raises(BadArguments) as caught:
        commands.check(name, args)
    return caught.value.fields


@pytest.mark.parametrize("name", ["", "ro.explode", "RO.SET_TAG", None, 5, ["undo"], {"do": "undo"}, "x" * 10_000])
def test_an_unknown_command_says_how_to_list_the_known_ones(name: Any) -> None:
    with pytest.raises(UnknownCommand, match='Send "help"') as caught:
        commands.check(name, {})
    assert len(caught.value.message) < 120


@pytest.mark.parametrize("args", [None, [], "tag", 5])
def test_arguments_are_an_object(args: Any) -> None:
    assert refused("ro.set_tag", args) == {"args": "must be an object"}


def test_every_missing_field_is_named_in_the_trades_words() -> None:
    assert refused("job.authorise", {}) == {
        "job_id": "is missing: job",
        "by": "is missing: who approved",
        "how": "is missing: how they approved",
    }


def test_the_sentence_names_the_first_fault_as_a_person_would() -> None:
    with pytest.raises(BadArguments) as caught:
        commands.check("ro.repromise", {"repair_order_id": "r1"})
    assert caught.value.message == "Promised at is missing: new promised time."
    assert caught.value.code == "bad_arguments"


@pytest.mark.parametrize(
    ("name", "args", "field", "why"),
    [
        ("ro.set_tag", {"repair_order_id": "r1", "tag": 5}, "tag", "must be text"),
        ("ro.set_tag", {"repair_order_id": "r1", "tag": "x" * 17}, "tag", "is 17 characters long; 16 at most"),
        ("ro.set_tag", {"repair_order_id": "", "tag": "T1"}, "repair_order_id", "is missing: repair order"),
        ("ro.set_tag", {"repair_order_id": "r1", "tag": "T1", "spot": "B"}, "spot", "is not an argument"),
        ("ro.move_stage", {"repair_order_id": "r1", "stage": "lunch"}, "stage", "must be one of write_up, dispatch"),
        ("ro.move_stage", {"repair_order_id": "r1", "stage": ["repair"]}, "stage", "must be one of"),
        ("ro.repromise", {"repair_order_id": "r1", "promised_at": "tomorrow"}, "promised_at", "must be a moment with"),
        ("ro.repromise", {"repair_order_id": "r1", "promised_at": "2026-11-26T17:00:00"}, "promised_at", "time zone"),
        ("ro.repromise", {"repair_order_id": "r1", "promised_at": 1_795_000_000}, "promised_at", "must be a moment"),
        ("ro.repromise", {"repair_order_id": "r1", "promised_at": "0001-01-01T00:00:00Z"}, "promised_at", "must be"),
        ("ro.hold", {"repair_order_id": "r1", "reasons": "parts"}, "reasons", "must be a list of parts, customer"),
        ("ro.hold", {"repair_order_id": "r1", "reasons": ["parts", "lunch"]}, "reasons", "must be a list of"),
        ("job.decline", {"job_id": "j1", "reason": "  "}, "reason", "is missing: why they declined"),
        ("part.receive", {"part_line_id": "p1", "qty": 0}, "qty", "must be a whole number above 0"),
        ("part.receive", {"part_line_id": "p1", "qty": True}, "qty", "must be a whole number above 0"),
        ("part.receive", {"part_line_id": "p1", "qty": 1.5}, "qty", "must be a whole number above 0"),
        ("part.receive", {"part_line_id": "p1", "qty": "2"}, "qty", "must be a whole number above 0"),
        ("part.order", {"part_line_id": "p1", "order_no": "", "supplier": "NAPA"}, "order_no", "is missing: order"),
        ("contact.log", {"customer_id": "c1", "channel": "fax"}, "channel", "must be one of call, text"),
        ("contact.log", {"customer_id": "c1", "channel": "call", "tells": "p1"}, "tells", "must be a list of ids"),
        ("contact.log", {"customer_id": "c1", "channel": "call", "tells": [""]}, "tells", "must be a list of ids"),
        ("contact.log", {"customer_id": "c1", "channel": "call", "tells": ["p"] * 201}, "tells", "200 at most"),
        ("attention.resolve", {"attention_id": "a1", "action": "edit", "set": []}, "set", "must be an object"),
        ("ro.open", {"customer_id": "c1", "complaints": "Brakes"}, "complaints", "must be a list of texts, 26 at most"),
        ("ro.open", {"customer_id": "c1", "complaints": ["x"] * 27}, "complaints", "must be a list of texts"),
        ("ro.open", {"customer_id": "c1", "complaints": ["Oil", 5]}, "complaints", "must be text"),
        ("ro.open", {"customer_id": "c1", "complaints": ["x" * 1_001]}, "complaints", "is 1,001 characters long"),
        ("ro.open", {"customer_id": "c1", "complaints": ["Call\0"]}, "complaints", "control character"),
        ("ro.open", {"customer_id": "c1", "again": "yes"}, "again", "must be true or false"),
        ("ro.open", {"customer_id": "c1", "transport": "bus"}, "transport", "must be one of waiter"),
        ("ro.close", {"repair_order_id": "r1", "odometer_out": -5}, "odometer_out", "must be a whole number above 0"),
        ("visit.book", {"customer_id": "c1", "starts_at": MOMENT, "hours": 0}, "hours", "must be a number above 0"),
        ("visit.book", {"customer_id": "c1", "starts_at": MOMENT, "hours": "two"}, "hours", "must be a number above 0"),
        ("visit.book", {"customer_id": "c1", "starts_at": MOMENT, "hours": True}, "hours", "must be a number above 0"),
        ("visit.book", {"customer_id": "c1", "starts_at": "2027-03-14T02:30"}, "starts_at", "time zone"),
        ("visit.cancel", {"appointment_id": "a1"}, "reason", "is missing: why"),
        ("survey.record", {"survey_id": "s1", "score": 101}, "score", "must be a whole number from 0 up to 100"),
        ("vehicle.add", {"customer_id": "c1", "year": 19}, "year", "must be a whole number above 1,899 up to 2,200"),
        ("job.recommend", {"job_id": "j1", "labour_amount": -1}, "labour_amount", "must be a whole number from 0"),
        ("job.recommend", {"job_id": "j1", "labour_amount": 12.5}, "labour_amount", "must be a whole number from 0"),
        ("part.return", {"part_line_id": "p1", "return_by": "soon"}, "return_by", "must be a day, like 2026-11-26"),
        ("part.return", {"part_line_id": "p1", "return_by": 20261126}, "return_by", "must be a day, like 2026-11-26"),
        ("customer.edit", {"customer_id": "c1", "phones": ["5"] * 13}, "phones", "must be a list of texts, 12 at most"),
        ("read.search", {"q": "x" * 101}, "q", "is 101 characters long; 100 at most"),
    ],
)  # fmt: skip
def test_a_bad_argument_is_named_with_its_reason(name: str, args: dict[str, Any], field: str, why: str) -> None:
    faults = refused(name, args)
    assert faults.keys() == {field}
    assert why in faults[field]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Call\0 back", "control character"),
        ("Call\x1b[31m back", "control character"),
        ("Call\x7f back", "control character"),
        ("Call\x85 back", "control character"),
        ("Call\r back", "control character"),
        ("invoice\u202egpj.exe", "text-direction mark"),
        ("\u2066Marchetti\u2069", "text-direction mark"),
        ("half \ud83d of a car", "half a character"),
    ],
)
def test_text_that_hides_something_is_refused(text: str, why: str) -> None:
    said = {"customer_id": "c1", "channel": "note", "body": text}
    assert why in refused("contact.log", said)["body"]
    edited = {"attention_id": "a1", "action": "edit", "set": {"notes": [{"said": text}]}}
    assert why in refused("attention.resolve", edited)["set"]
    assert refused("contact.log", {"customer_id": "c1", "channel": "call", "tells": [text]})["tells"]


@pytest.mark.parametrize(
    "text", ["María José", "王小明", "علي", "עברית", "👩‍👩‍👧 🚗", "Zoë\nline two\ttabbed", "e\u0301", "100 % – “sure”"]
)
def test_every_script_and_emoji_of_a_customers_name_is_kept_as_typed(text: str) -> None:
    args = commands.check("contact.log", {"customer_id": "c1", "channel": "note", "body": text})
    assert args["body"] == text


def test_text_is_tidied_at_its_ends_and_windows_lines_become_lines() -> None:
    args = commands.check("contact.log", {"customer_id": " c1 ", "channel": "note", "body": "  one\r\ntwo \n"})
    assert args == {"customer_id": "c1", "channel": "note", "body": "one\ntwo"}


def test_each_complaint_is_tidied_too() -> None:
    args = commands.check("ro.open", {"customer_id": "c1", "complaints": [" Brakes grind\r\nwhen cold "]})
    assert args["complaints"] == ["Brakes grind\nwhen cold"]


def test_an_empty_tag_or_spot_takes_it_off_and_an_empty_optional_text_is_left_out() -> None:
    assert commands.check("ro.set_tag", {"repair_order_id": "r1", "tag": " "})["tag"] == ""
    assert commands.check("ro.set_spot", {"repair_order_id": "r1", "spot": ""})["spot"] == ""
    assert "reason" not in commands.check(
        "ro.repromise", {"repair_order_id": "r1", "promised_at": MOMENT, "reason": " "}
    )


def test_no_reasons_to_hold_release_the_car() -> None:
    assert commands.check("ro.hold", {"repair_order_id": "r1", "reasons": []})["reasons"] == []


GOOD: dict[Takes, Any] = {
    Takes.ID: "0190", Takes.IDS: ["0190"], Takes.TEXT: "words", Takes.MOMENT: MOMENT,
    Takes.HOURS: 1.5, Takes.AMOUNT: 12_900, Takes.DAY: "2026-11-27", Takes.MAP: {"tag": "T1"},
    Takes.TEXTS: ["Brakes grind", "Oil light"], Takes.FLAG: True,
}  # fmt: skip


def full(name: str) -> dict[str, Any]:
    """Good arguments for a command, every one of them."""
    return {key: good(arg) for key, arg in COMMANDS[name].args.items()}


def good(arg: Arg) -> Any:
    """A value the argument takes."""
    if arg.takes is Takes.CHOICES:
        return list(arg.choices)
    return max(arg.least, 1) if arg.takes is Takes.NUMBER else GOOD.get(arg.takes, (*arg.choices, "")[0])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_all_its_arguments_and_wants_only_the_required(name: str) -> None:
    args = full(name)
    assert commands.check(name, args) == args
    needed = {key: args[key] for key, arg in COMMANDS[name].args.items() if arg.required}
    assert commands.check(name, needed) == needed
    for key in needed:
        assert refused(name, {other: value for other, value in args.items() if other != key}).keys() == {key}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_names_kinds_and_roles_there_are(name: str) -> None:
    command = COMMANDS[name]
    assert command.name == name
    assert {arg.ref for arg in command.args.values() if arg.ref} <= KINDS.keys()
    assert all(arg.ref for arg in command.args.values() if arg.takes in {Takes.ID, Takes.IDS})
    assert command.roles <= {role.value for role in Role}
    for kind, _, field in (need.partition(".") for need in command.needs):
        assert field in {"", *KINDS[kind].fields}


def test_a_command_does_not_fit_a_bridge_that_lacks_its_field_or_its_kind() -> None:
    assert not COMMANDS["ro.set_spot"].fits(frozenset({"repair_order.spot"}))
    assert not COMMANDS["ro.set_spot"].fits(frozenset({"repair_order"}))
    assert COMMANDS["ro.set_spot"].fits(frozenset({"repair_order.tag", "loaner", "job.pay=warranty"}))
    assert COMMANDS["undo"].fits(frozenset(KINDS))
    assert not COMMANDS["visit.book"].fits(frozenset({"appointment"}))
    fits = {name for name, command in COMMANDS.items() if command.writes and command.fits(frozenset(KINDS))}
    assert fits == {"undo", "attention.resolve"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8) | st.just(MOMENT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted(name for name in COMMANDS if COMMANDS[name].args)


@settings(max_examples=40)
@given(st.data())
def test_any_arguments_are_taken_or_refused_by_field(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    keys = sorted(COMMANDS[name].args)
    args = full(name) | data.draw(st.dictionaries(st.sampled_from(keys) | st.text(max_size=4), JSON, max_size=3))
    try:
        checked = commands.check(name, args)
    except BadArguments as bad:
        assert bad.fields
        assert bad.message.endswith(".")
        return
    assert checked.keys() <= set(keys)
    assert commands.check(name, checked) == checked
