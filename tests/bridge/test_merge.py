"""Two edits of one field made apart: what stands, by every policy, as a table and as properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.bridge.merge import Asked, Merged, Version, keeps, merge, union
from advisor_desk.domain.records import KINDS, Merge, Owner, Role

ADVISOR, PARTS, MANAGER = frozenset({"advisor"}), frozenset({"parts"}), frozenset({"manager"})
NOON, LATER = "2026-11-23T12:00:00.000Z", "2026-11-23T12:30:00.000Z"
FRIDAY, MONDAY, TUESDAY = "2026-11-27T12:00:00Z", "2026-11-30T12:00:00Z", "2026-12-01T12:00:00Z"


class Case(NamedTuple):
    """A field, what it was, what somebody else made of it since, what this edit makes of it, and what stands."""

    why: str
    field: str
    was: Any
    theirs: Any
    mine: Any
    stands: Any
    roles: frozenset[str] = ADVISOR
    keeper_was_first: bool = False
    made_at: str = LATER
    clash: bool = False


CASES = [
    Case("newest: the later hand wins", "repair_order.spot", "A1", "B2", "C3", "C3"),
    Case("newest: the earlier hand gives way", "repair_order.spot", "A1", "B2", "C3", "B2", made_at=NOON[:-5] + "00Z"),
    Case("newest: taking the tag off later wins too", "repair_order.tag", "T-1", "T-2", None, None),
    Case("set: both added", "customer.emails", ["a@x"], ["a@x", "b@x"], ["a@x", "c@x"], ["a@x", "b@x", "c@x"]),
    Case("set: one added, one removed", "repair_order.hold_reasons", ["parts"], ["parts", "sublet"], None, ["sublet"]),
    Case("set: both removed all", "repair_order.hold_reasons", ["parts"], None, None, None),
    Case("set: marks of two channels", "customer.consent", {}, {"text": 1}, {"call": 2}, {"text": 1, "call": 2}),
    Case("set: a mark taken back stays so", "customer.consent", {"text": 1}, {}, {"text": 1, "call": 2}, {"call": 2}),
    Case("machine: legal from where it is now", "part_line.state", "ordered", "received", "pulled", "pulled", PARTS),
    Case(
        "machine: not legal from where it is now",
        "part_line.state", "ordered", "cancelled", "received", "cancelled", PARTS, clash=True,
    ),
    Case("machine: a closed RO is not moved", "repair_order.stage", "ready", "closed", "repair", "closed", clash=True),
    Case("keeper: parts overrule the advisor's ETA", "part_line.eta", FRIDAY, MONDAY, TUESDAY, TUESDAY, PARTS),
    Case(
        "keeper: the advisor does not overrule parts",
        "part_line.eta", FRIDAY, MONDAY, TUESDAY, MONDAY, ADVISOR, keeper_was_first=True, clash=True,
    ),
    Case("keeper: of two advisors the first stands", "part_line.eta", FRIDAY, MONDAY, TUESDAY, MONDAY, clash=True),
    Case(
        "keeper: of two at the parts counter the first stands",
        "part_line.eta", FRIDAY, MONDAY, TUESDAY, MONDAY, PARTS, keeper_was_first=True, clash=True,
    ),
    Case("keeper: cost is the dealer system's", "job.labour_amount", 100, 200, 300, 200, MANAGER, clash=True),
    Case("ask: a promise is a person's", "repair_order.promised_at", FRIDAY, MONDAY, TUESDAY, MONDAY, clash=True),
    Case("ask: long notes", "customer.notes", "old", "theirs", "mine", "theirs", clash=True),
    Case(
        "append: both moves stay",
        "repair_order.promise_moves", [{"to": "1"}], [{"to": "1"}, {"to": "2"}], [{"to": "1"}, {"to": "3"}],
        [{"to": "1"}, {"to": "2"}, {"to": "3"}],
    ),
    Case("append: what was said is never unsaid", "contact_event.body", "a", "a", "b", "a", clash=True),
    Case("append: a list is never shortened", "contact_event.keeps", ["p1"], ["p1", "p2"], None, ["p1", "p2"]),
]  # fmt: skip


def decide(case: Case) -> tuple[Merged, Any]:
    """What the merge says, and the field's value after it."""
    kind, name = case.field.split(".")
    current = {name: case.theirs} if case.theirs is not None else {}
    version = Version(20, "2026-11-23T12:15:00.000Z", case.keeper_was_first)
    asked = Asked({name: case.mine}, {name: case.was}, 10, case.made_at, case.roles)
    decided = merge(kind, current, {name: version}, asked)
    return decided, {**current, **decided.fields}.get(name)


@pytest.mark.parametrize("case", CASES, ids=[case.why for case in CASES])
def test_two_edits_of_one_field(case: Case) -> None:
    decided, stands = decide(case)
    assert stands == case.stands
    assert bool(decided.clashes) is case.clash
    if not case.clash:
        assert decided.merged


def test_every_policy_has_a_case() -> None:
    assert {policy_of(case.field) for case in CASES} == set(Merge)


def policy_of(field: str) -> Merge:
    kind, name = field.split(".")
    return KINDS[kind].fields[name].policy.merge


# A machine's state and what is appended are judged by what is there, whoever put it there.
FREE = [case for case in CASES if policy_of(case.field) not in (Merge.MACHINE, Merge.APPEND)]


@pytest.mark.parametrize("case", FREE, ids=[case.why for case in FREE])
def test_an_edit_of_a_field_nobody_else_touched_is_applied_as_it_is(case: Case) -> None:
    kind, name = case.field.split(".")
    asked = Asked({name: case.mine}, {}, 10, NOON, case.roles)
    decided = merge(kind, {name: case.was}, {name: Version(10, LATER, True)}, asked)
    assert (decided.clashes, decided.merged) == ({}, False)
    assert {name: case.was, **decided.fields}[name] == case.mine


def test_two_different_fields_of_one_record_both_stand() -> None:
    """Probe B: two people edit different fields of one record offline."""
    asked = Asked({"spot": "C3"}, {"spot": "A1"}, 10, NOON, ADVISOR)
    decided = merge("repair_order", {"spot": "A1", "tag": "T-9"}, {"tag": Version(20, LATER, False)}, asked)
    assert (decided.fields, decided.merged, decided.clashes) == ({"spot": "C3"}, False, {})


def test_one_clash_holds_back_the_whole_edit() -> None:
    asked = Asked({"promised_at": TUESDAY, "spot": "C3"}, {"promised_at": FRIDAY}, 10, LATER, ADVISOR)
    decided = merge("repair_order", {"promised_at": MONDAY}, {"promised_at": Version(20, NOON, False)}, asked)
    assert decided.fields == {}
    assert set(decided.clashes) == {"promised_at"}


def test_who_knew_the_value_that_is_there_has_not_been_overtaken() -> None:
    """The second of two edits made offline, after the first has got here."""
    asked = Asked({"promised_at": TUESDAY}, {"promised_at": MONDAY}, 10, LATER, ADVISOR)
    decided = merge("repair_order", {"promised_at": MONDAY}, {"promised_at": Version(20, NOON, False)}, asked)
    assert (decided.fields, decided.clashes, decided.merged) == ({"promised_at": TUESDAY}, {}, False)


def test_a_field_nobody_declared_goes_to_the_later_hand() -> None:
    asked = Asked({"ev_range": 200}, {"ev_range": None}, 10, LATER, ADVISOR)
    assert merge("vehicle", {"ev_range": 100}, {"ev_range": Version(20, NOON, False)}, asked).fields == {
        "ev_range": 200
    }


@pytest.mark.parametrize(
    ("keeper", "roles", "kept"),
    [(Role.PARTS, PARTS, True), (Role.PARTS, ADVISOR, False), (Owner.DMS, MANAGER, False), (None, PARTS, False)],
)
def test_a_keeper_is_a_role_and_never_the_dealer_system(
    keeper: Role | Owner | None, roles: frozenset[str], kept: bool
) -> None:
    assert keeps(keeper, roles) is kept


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

ITEMS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)
MAPS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), max_size=5)


def as_set(value: Any) -> Any:
    return frozenset(value or ())


@given(ITEMS, ITEMS, ITEMS)
def test_adds_and_removes_of_both_hold(was: list[str], theirs: list[str], mine: list[str]) -> None:
    merged = as_set(union(theirs, mine, was))
    assert merged >= as_set(mine) - as_set(was), "what I added"
    assert merged >= as_set(theirs) - as_set(was), "what they added"
    assert not merged & (as_set(was) - as_set(mine)) - (as_set(theirs) - as_set(was)), "what I removed"
    assert not merged & (as_set(was) - as_set(theirs)) - (as_set(mine) - as_set(was)), "what they removed"
    assert merged <= as_set(was) | as_set(mine) | as_set(theirs)


@given(ITEMS, ITEMS, ITEMS)
def test_the_order_in_which_two_edits_arrive_does_not_change_what_is_in_a_list(
    was: list[str], one: list[str], two: list[str]
) -> None:
    assert as_set(union(one, two, was)) == as_set(union(two, one, was))


@given(MAPS, MAPS, MAPS)
def test_a_map_takes_both_hands_changes_of_different_entries(
    was: dict[str, int], theirs: dict[str, int], mine: dict[str, int]
) -> None:
    merged = union(theirs, mine, was) or {}
    for key in was.keys() | theirs.keys() | mine.keys():
        i_changed = mine.get(key) != was.get(key)
        they_changed = theirs.get(key) != was.get(key)
        if i_changed and not they_changed:
            assert merged.get(key) == mine.get(key)
        if they_changed and not i_changed:
            assert merged.get(key) == theirs.get(key)


@given(ITEMS, ITEMS)
def test_merging_the_same_edit_again_changes_nothing(was: list[str], mine: list[str]) -> None:
    once = union(was, mine, was)
    assert as_set(union(once, mine, was)) == as_set(once) == as_set(mine)


FIELDS = {
    "repair_order": ("spot", "tag", "stage", "promised_at", "hold_reasons", "promise_moves"),
    "part_line": ("eta", "state", "bin", "supplier"),
    "customer": ("notes", "emails", "consent"),
}
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "stage": st.sampled_from(("repair", "ready", "closed", "void")),
    "state": st.sampled_from(("ordered", "received", "cancelled", "installed")),
    "hold_reasons": ITEMS,
    "emails": ITEMS,
    "promise_moves": ITEMS,
    "consent": MAPS,
}


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Version], Asked]:
    """A record somebody else has changed in places, and an edit made without knowing that."""
    kind = draw(st.sampled_from(sorted(FIELDS)))
    names = FIELDS[kind]

    def some() -> dict[str, Any]:
        chosen = draw(st.sets(st.sampled_from(names)))
        return {name: draw(VALUES.get(name, st.sampled_from(("x", "y", "z")))) for name in sorted(chosen)}

    current, was = some(), some()
    versions = {
        name: Version(draw(st.integers(1, 20)), draw(st.sampled_from((NOON, LATER))), draw(st.booleans()))
        for name in sorted(draw(st.sets(st.sampled_from(names))))
    }
    mine = {**some(), **dict.fromkeys(draw(st.sets(st.sampled_from(names), max_size=2)), None)}
    roles = draw(st.sampled_from((ADVISOR, PARTS, MANAGER)))
    return kind, current, versions, Asked(mine, was, 10, draw(st.sampled_from((NOON, LATER))), roles)


@given(situations())
def test_a_merge_never_touches_a_field_the_edit_did_not_name(
    situation: tuple[str, dict[str, Any], dict[str, Version], Asked],
) -> None:
    kind, current, versions, asked = situation
    decided = merge(kind, current, versions, asked)
    assert decided.fields.keys() <= asked.set.keys()
    assert decided.clashes.keys() <= asked.set.keys()
    assert not (decided.fields and decided.clashes)


@given(situations())
def test_a_merge_asks_a_person_only_where_the_policy_says_so(
    situation: tuple[str, dict[str, Any], dict[str, Version], Asked],
) -> None:
    kind, current, versions, asked = situation
    for name in merge(kind, current, versions, asked).clashes:
        policy = KINDS[kind].fields[name].policy
        assert policy.merge in {Merge.MACHINE, Merge.KEEPER, Merge.ASK}, name
        assert asked.set[name] != current.get(name), "two who want the same do not clash"


@given(situations())
def test_an_edit_answered_once_is_answered_again_without_further_effect(
    situation: tuple[str, dict[str, Any], dict[str, Version], Asked],
) -> None:
    kind, current, versions, asked = situation
    first = merge(kind, current, versions, asked)
    if first.clashes:
        return
    after = {name: value for name, value in {**current, **first.fields}.items() if value is not None}
    moved = dict.fromkeys(first.fields, Version(21, asked.made_at, False))
    second = merge(kind, after, {**versions, **moved}, asked)
    again = {name: value for name, value in {**after, **second.fields}.items() if value is not None}
    lists = {name for name in asked.set if KINDS[kind].fields[name].policy.merge in {Merge.SET, Merge.APPEND}}
    for name in asked.set.keys() - lists - second.clashes.keys():
        assert again.get(name) == after.get(name)
