"""Who may make an edit, whether it makes sense, and what it does to the record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.api import wire
from advisor_desk.domain.records import KINDS, Role
from tests.bridge.rooftop import MONDAY, Desk, Rooftop, wire_time


def problem(answer: dict[str, Any]) -> str:
    """The stable end of an answer's problem type."""
    return str(answer["problem"]["type"]).removeprefix(wire.PROBLEM)


def sample(kind: str, name: str, at: Rooftop) -> Any:
    """A value a field takes."""
    field = KINDS[kind].fields[name]
    if field.policy.ref:
        return {
            "employee": at.people["advisor"],
            "customer": at.customer,
            "vehicle": at.vehicle,
            "repair_order": at.ro,
            "job": at.job,
        }.get(field.policy.ref, "")
    if field.policy.one_of:
        one = field.policy.one_of[-1]
        return [one] if str(field.type).startswith("list") else str(one)
    words = str(field.type)
    simple: dict[Any, Any] = {int: 3, float: 1.5, bool: True, str: "x"}
    simple |= {datetime: "2026-11-24T15:00:00Z", date: "2026-11-24"}
    if field.type in simple:
        return simple[field.type]
    if "Subject" in words:
        return {"kind": "repair_order", "id": at.ro}
    if words.startswith("list"):
        return ["x"] if "str" in words else [{}]
    return {}


WHOLE: dict[str, dict[str, Any]] = {"promise": {"state": "cancelled", "reason": "x"}}
"""What a record needs besides, to stand at all."""


@pytest.mark.parametrize("kind", [name for name in KINDS if name != "store"])
def test_a_field_is_written_by_its_declared_roles_and_by_nobody_else(rooftop: Rooftop, kind: str) -> None:
    """The whole permission matrix: every field of every kind, every role."""
    fields = KINDS[kind].fields
    for role in Role:
        desk = rooftop.desk(role.value)
        whole = WHOLE.get(kind, {})
        edits = [
            desk.edit(kind, f"{role}-{name}", whole | {name: sample(kind, name, rooftop)}, op="create")
            for name in fields
        ]
        for name, answer in zip(fields, desk.send(*edits), strict=True):
            if role in fields[name].policy.writers:
                assert answer["outcome"] == "applied", (role, name, answer)
            else:
                assert (answer["outcome"], problem(answer)) == ("rejected", "forbidden"), (role, name)
                assert set(answer["problem"]["fields"]) == {name}
                assert answer["record"] is None


def test_an_edit_is_refused_when_its_author_is_not_the_caller(rooftop: Rooftop) -> None:
    answer = rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-7"}, actor=rooftop.people["manager"])
    assert (answer["outcome"], problem(answer)) == ("rejected", "not_yours")
    assert rooftop.fields("repair_order", rooftop.ro)["tag"] == "T-101"


@pytest.mark.parametrize("op", ["delete", "restore"])
def test_a_record_is_deleted_or_brought_back_only_by_who_may_write_all_it_holds(rooftop: Rooftop, op: str) -> None:
    if op == "restore":
        rooftop.desk("manager").does("customer", rooftop.customer, op="delete")
    refused = rooftop.desk("porter").does("customer", rooftop.customer, op=op)
    assert (refused["outcome"], problem(refused)) == ("rejected", "forbidden")
    assert rooftop.desk("bdc").does("customer", rooftop.customer, op=op)["outcome"] == "applied"


def test_a_field_of_a_newer_desk_is_carried_for_who_may_write_the_record(rooftop: Rooftop) -> None:
    newer = {"ev_range": {"miles": 212, "as_of": "2026-11-23"}}
    assert rooftop.desk("advisor").does("vehicle", rooftop.vehicle, newer)["outcome"] == "applied"
    assert rooftop.fields("vehicle", rooftop.vehicle)["ev_range"] == newer["ev_range"]
    refused = rooftop.desk("cashier").does("job", rooftop.job, {"ev_range": 1})
    assert problem(refused) == "forbidden"


def test_an_unknown_kind_is_refused_and_names_the_way_out(rooftop: Rooftop) -> None:
    answer = rooftop.desk().does("loyalty_card", "c1", {"points": 3}, op="create", base_rev=0)
    assert (answer["outcome"], problem(answer)) == ("rejected", "unknown_kind")


def test_a_store_is_neither_made_nor_deleted_from_a_desk(rooftop: Rooftop) -> None:
    desk = rooftop.desk("manager")
    assert problem(desk.does("store", "another", {"name": "Another"}, op="create")) == "forbidden"
    assert problem(desk.does("store", rooftop.store_id, op="delete")) == "forbidden"
    assert desk.does("store", rooftop.store_id, {"name": "Harbor Cars"})["outcome"] == "applied"


BAD = [
    ("repair_order", {"stage": "lunch"}, "stage"),
    ("repair_order", {"promised_at": "tomorrow"}, "promised_at"),
    ("repair_order", {"promised_at": "2026-11-24T15:00:00"}, "promised_at"),
    ("repair_order", {"promised_at": 1764000000}, "promised_at"),
    ("repair_order", {"tag": "T" * 17}, "tag"),
    ("repair_order", {"tag": 7}, "tag"),
    ("repair_order", {"odometer_in": "61200"}, "odometer_in"),
    ("repair_order", {"odometer_in": 2**60}, "odometer_in"),
    ("repair_order", {"odometer_in": True}, "odometer_in"),
    ("repair_order", {"hold_reasons": ["weather"]}, "hold_reasons"),
    ("repair_order", {"tag": "T\x07"}, "tag"),
    ("repair_order", {"tag": "\u202e101-T"}, "tag"),
    ("job", {"hours": float(2**40)}, "hours"),
    ("customer", {"phones": "212-555-0101"}, "phones"),
    ("customer", {"notes": "x" * 4_001}, "notes"),
    ("customer", {"emails": ["a@example.com"] * 1_001}, "emails"),
    ("customer", {"loyalty": "x" * 70_000}, "loyalty"),
]


@pytest.mark.parametrize(("kind", "set_", "name"), BAD)
def test_a_value_that_is_not_right_is_refused_by_name(
    rooftop: Rooftop, kind: str, set_: dict[str, Any], name: str
) -> None:
    ids = {"repair_order": rooftop.ro, "job": rooftop.job, "customer": rooftop.customer}
    answer = rooftop.desk().does(kind, ids[kind], set_)
    assert (answer["outcome"], problem(answer)) == ("rejected", "bad_fields")
    assert set(answer["problem"]["fields"]) == {name}


def test_a_record_that_grows_without_end_is_refused(rooftop: Rooftop) -> None:
    desk = rooftop.desk()
    outcomes = [
        desk.does("customer", rooftop.customer, {f"extra_{place}": "x" * 60_000})["outcome"] for place in range(6)
    ]
    assert outcomes == ["applied"] * 4 + ["rejected"] * 2
    many = desk.does("vehicle", rooftop.vehicle, {f"extra_{place}": 1 for place in range(250)})
    assert problem(many) == "too_large"


def test_a_reference_to_what_is_not_in_the_store_is_refused(rooftop: Rooftop) -> None:
    answer = rooftop.desk().does("repair_order", rooftop.ro, {"customer_id": "nobody"})
    assert (answer["outcome"], problem(answer)) == ("rejected", "missing_reference")
    assert answer["problem"]["fields"] == {"customer_id": "is not in this store"}


def test_a_contact_with_a_customer_who_was_deleted_goes_back_to_its_author_with_its_text(rooftop: Rooftop) -> None:
    rooftop.desk("manager").does("customer", rooftop.customer, op="delete")
    said = {"customer_id": rooftop.customer, "channel": "call", "body": "Called about the brakes."}
    answer = rooftop.desk().does("contact_event", "call-1", said, op="create")
    assert (answer["outcome"], problem(answer)) == ("rejected", "missing_reference")
    assert answer["problem"]["fields"] == {"customer_id": "was deleted"}
    assert rooftop.record("contact_event", "call-1") is None


def test_an_illegal_move_is_a_conflict_that_names_both_states(rooftop: Rooftop) -> None:
    rooftop.desk("parts").does("part_line", rooftop.line, {"state": "cancelled"})
    answer = rooftop.desk("parts", "second").does("part_line", rooftop.line, {"state": "installed"})
    assert answer["outcome"] == "conflict"
    assert answer["problem"]["fields"]["state"]["yours"] == "installed"
    assert answer["problem"]["fields"]["state"]["theirs"] == "cancelled"
    assert "cancelled cannot become installed" in answer["problem"]["fields"]["state"]["why"]


def test_an_edit_of_a_record_deleted_elsewhere_is_a_conflict_with_the_deleted_record_shown(rooftop: Rooftop) -> None:
    """Probe A: deleted on one desk, edited offline on another."""
    desk = rooftop.desk()
    edit = desk.edit("job", rooftop.job, {"complaint": "Brakes grind, worse when wet"})
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    (answer,) = desk.send(edit)
    assert (answer["outcome"], problem(answer)) == ("conflict", "deleted")
    assert answer["record"]["deleted"] is True
    assert answer["record"]["fields"]["complaint"] == "Brakes grind"
    assert answer["problem"]["fields"]["*"]["by"] == rooftop.people["manager"]


def test_a_deleted_record_comes_back_with_the_edit_that_wanted_it(rooftop: Rooftop) -> None:
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    answer = rooftop.desk("manager", "second").does("job", rooftop.job, {"cause": "Pads worn"}, op="restore")
    assert answer["outcome"] == "applied"
    record = rooftop.record("job", rooftop.job)
    assert (record.deleted, record.fields["cause"], record.fields["complaint"]) == (False, "Pads worn", "Brakes grind")


def test_bringing_back_what_is_there_is_an_edit_like_any_other(rooftop: Rooftop) -> None:
    stale = rooftop.desk("manager", "stale")
    edit = stale.edit("repair_order", rooftop.ro, {"promised_at": "2026-11-24T16:00:00Z"}, op="restore")
    rooftop.desk("advisor").does("repair_order", rooftop.ro, {"promised_at": "2026-11-23T23:00:00Z"})
    assert stale.send(edit)[0]["outcome"] == "conflict"


def test_a_delete_of_a_record_edited_since_is_a_conflict(rooftop: Rooftop) -> None:
    desk = rooftop.desk("manager")
    delete = desk.edit("job", rooftop.job, {}, op="delete")
    rooftop.desk().does("job", rooftop.job, {"cause": "Pads worn"})
    (answer,) = desk.send(delete)
    assert (answer["outcome"], problem(answer)) == ("conflict", "edited")
    assert rooftop.record("job", rooftop.job).deleted is False


def test_deleting_what_is_deleted_changes_nothing(rooftop: Rooftop) -> None:
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    seq = rooftop.seq
    assert rooftop.desk("manager", "second").does("job", rooftop.job, op="delete")["outcome"] == "duplicate"
    assert rooftop.seq == seq


def test_a_call_logged_and_taken_back_while_offline_leaves_no_conflict_behind(rooftop: Rooftop) -> None:
    desk = rooftop.desk()
    said = {"customer_id": rooftop.customer, "channel": "call", "body": "Wrong customer."}
    made = desk.edit("contact_event", "call-1", said, op="create")
    taken_back = desk.edit("contact_event", "call-1", {}, op="delete", base_rev=0, was=said)
    assert [answer["outcome"] for answer in desk.send(made, taken_back)] == ["applied", "applied"]
    assert rooftop.record("contact_event", "call-1").deleted is True


def test_two_promises_made_one_after_the_other_offline_are_no_conflict_with_oneself(rooftop: Rooftop) -> None:
    desk = rooftop.desk()
    first = desk.edit("repair_order", rooftop.ro, {"promised_at": "2026-11-23T23:00:00Z"})
    second = first | {
        "id": "second",
        "n": 2,
        "set": {"promised_at": "2026-11-24T15:00:00Z"},
        "was": {"promised_at": "2026-11-23T23:00:00Z"},
    }
    assert [answer["outcome"] for answer in desk.send(first, second)] == ["applied", "applied"]
    assert rooftop.fields("repair_order", rooftop.ro)["promised_at"] == "2026-11-24T15:00:00Z"


def test_a_record_made_twice_alike_is_one_and_made_differently_is_a_conflict(rooftop: Rooftop) -> None:
    said = {"customer_id": rooftop.customer, "channel": "call", "body": "Called."}
    assert rooftop.desk().does("contact_event", "call-1", said, op="create")["outcome"] == "applied"
    again = rooftop.desk("manager").does("contact_event", "call-1", said, op="create")
    assert again["outcome"] == "duplicate"
    other = rooftop.desk("bdc").does("contact_event", "call-1", said | {"body": "Else."}, op="create")
    assert (other["outcome"], problem(other)) == ("conflict", "exists")


def test_an_edit_of_what_never_was_is_refused_so_that_its_author_can_make_it_anew(rooftop: Rooftop) -> None:
    answer = rooftop.desk().does("job", "gone", {"cause": "Pads worn"}, base_rev=0, was={})
    assert (answer["outcome"], problem(answer)) == ("rejected", "missing")


def test_an_edit_that_says_no_time_is_refused_alone(rooftop: Rooftop) -> None:
    desk = rooftop.desk()
    timeless = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"}, made_at="around noon")
    timed = desk.edit("repair_order", rooftop.ro, {"spot": "B7"})
    assert [answer["outcome"] for answer in desk.send(timeless, timed)] == ["rejected", "applied"]


def test_a_desk_with_a_clock_years_ahead_does_not_win_for_years(rooftop: Rooftop) -> None:
    ahead = rooftop.desk("porter")
    edit = ahead.edit("repair_order", rooftop.ro, {"spot": "Z9"}, made_at=wire_time(MONDAY + timedelta(days=900)))
    rooftop.desk().does("repair_order", rooftop.ro, {"spot": "B7"})
    assert ahead.send(edit)[0]["outcome"] == "merged"
    right: Desk = rooftop.desk("advisor", "right").later(minutes=5)
    stale = right.edit("repair_order", rooftop.ro, {"spot": "C1"}, base_rev=1, was={"spot": None})
    assert right.send(stale)[0]["outcome"] == "merged"
    assert rooftop.fields("repair_order", rooftop.ro)["spot"] == "C1"


def test_clearing_a_field_takes_it_out_of_the_record(rooftop: Rooftop) -> None:
    assert rooftop.desk().does("repair_order", rooftop.ro, {"tag": None})["outcome"] == "applied"
    assert "tag" not in rooftop.fields("repair_order", rooftop.ro)


def test_an_edit_that_changes_nothing_moves_nothing(rooftop: Rooftop) -> None:
    seq = rooftop.seq
    assert rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-101"})["outcome"] == "applied"
    assert rooftop.seq == seq


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"owner_id": "", "owner_role": ""}, "owner_id"),
        ({"owner_role": "bdc"}, "owner_id"),
        ({"due_at": None}, "due_at"),
        ({"state": "cancelled"}, "reason"),
        ({"state": "kept"}, "reason"),
    ],
)
def test_a_promise_without_exactly_one_owner_a_time_or_a_reason_is_refused(
    rooftop: Rooftop, said: dict[str, Any], field: str
) -> None:
    advisor = rooftop.people["advisor"]
    whole = {"title": "Call", "owner_id": advisor, "due_at": "2026-11-24T15:00:00Z", "state": "open"}
    answer = rooftop.desk().does(
        "promise", "p-1", {k: v for k, v in (whole | said).items() if v is not None}, op="create"
    )
    assert answer["outcome"] == "rejected" and set(answer["problem"]["fields"]) == {field}


def test_a_promise_that_two_desks_raise_stands_as_the_first_has_made_it(rooftop: Rooftop) -> None:
    advisor = rooftop.people["advisor"]
    said = {"title": "Call", "owner_id": advisor, "due_at": "2026-11-24T15:00:00Z", "state": "open"}
    assert rooftop.desk().does("promise", "p-1", said, op="create")["outcome"] == "applied"
    later = said | {"title": "Call again", "due_at": "2026-11-25T15:00:00Z"}
    answer = rooftop.desk("manager").does("promise", "p-1", later, op="create")
    assert answer["outcome"] == "duplicate" and answer["record"]["fields"] == said
