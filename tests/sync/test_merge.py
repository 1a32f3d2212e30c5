"""What a desk shows while its edits wait, and what the bridge makes of them, come to the same thing."""

from __future__ import annotations

import copy
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from advisor_desk.bridge.merge import Asked, Version, merge
from advisor_desk.cache import replay
from advisor_desk.cache.replay import Step
from advisor_desk.domain.changes import UPDATE
from advisor_desk.domain.records import KINDS, Merge

# One field of each policy, and values that can clash.
FIELDS: Final[dict[str, dict[str, list[Any]]]] = {
    "repair_order": {
        "tag": ["T1", "T2", None],
        "promised_at": ["2026-11-24T15:00:00Z", "2026-11-25T15:00:00Z"],
        "hold_reasons": [["parts"], ["parts", "customer"], ["labour"], None],
        "stage": ["parts", "repair", "ready"],
        "from_a_newer_bridge": [1, 2],
    },
    "part_line": {
        "eta": ["2026-11-24T15:00:00Z", "2026-11-25T15:00:00Z", None],
        "state": ["ordered", "received", "cancelled"],
        "bin": ["A", "B"],
    },
    "customer": {
        "phones": [[{"raw": "1"}], [{"raw": "1"}, {"raw": "2"}], [{"raw": "3"}], None],
        "consent": [{"text": {"state": "yes"}}, {"call": {"state": "no"}}, {}, None],
        "notes": ["one", "two"],
        "name": ["Ada", "Sofia"],
    },
}
PARTS: Final = frozenset({"parts"})
ADVISOR: Final = frozenset({"advisor"})


@st.composite
def _sets(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(FIELDS[kind])), min_size=1, max_size=2, unique=True))
    return {name: draw(st.sampled_from(FIELDS[kind][name])) for name in names}


@st.composite
def _story(draw: st.DrawFn) -> tuple[str, dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """A kind, its fields at first, what this desk sets one after the other, and what others set meanwhile."""
    kind = draw(st.sampled_from(sorted(FIELDS)))
    first = {name: value for name, value in draw(_sets(kind)).items() if value is not None}
    mine = draw(st.lists(_sets(kind), min_size=1, max_size=4))
    theirs = draw(st.lists(_sets(kind), max_size=3))
    return kind, first, mine, theirs


def _put(fields: dict[str, Any], set_: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**fields, **set_}.items() if value is not None}


class Server:
    """A record at the bridge, by the bridge's own rules for one field after the other."""

    def __init__(self, kind: str, fields: dict[str, Any]) -> None:
        self.kind = kind
        self.fields = dict(fields)
        self.versions: dict[str, Version] = {}
        self.rev = 1

    def ask(self, step: Step, base_rev: int, made_at: str, roles: frozenset[str]) -> dict[str, str]:
        """Judge an edit; why it clashes, by field, when it does."""
        asked = Asked(step.set, step.was, base_rev, made_at, roles)
        decided = merge(self.kind, self.fields, self.versions, asked)
        if not decided.clashes:
            self._store(decided.fields, made_at, by_keeper=roles == PARTS)
        return dict(decided.clashes)

    def _store(self, fields: dict[str, Any], made_at: str, *, by_keeper: bool) -> None:
        after = _put(self.fields, fields)
        changed = [n for n in after.keys() | self.fields.keys() if after.get(n) != self.fields.get(n)]
        if changed:
            self.rev += 1
            self.versions.update({name: Version(self.rev, made_at, by_keeper) for name in changed})
        self.fields = after


def _steps(kind: str, first: dict[str, Any], sets: list[dict[str, Any]]) -> list[Step]:
    """Edits made one after the other by somebody who sees each of them at once; those that change nothing are none."""
    seen, out = dict(first), []
    for set_ in sets:
        changed = {name: value for name, value in set_.items() if seen.get(name) != value}
        if changed:
            out.append(Step(UPDATE, changed, {name: copy.deepcopy(seen.get(name)) for name in changed}))
            seen = replay.apply_fields(kind, seen, changed, out[-1].was)
    return out


def _shown(kind: str, server: dict[str, Any], steps: list[Step]) -> dict[str, Any]:
    return replay.replay(kind, replay.Version(False, dict(server)), steps).fields or {}


@given(_story())
def test_alone_the_bridge_makes_of_edits_what_the_desk_shows(story: Any) -> None:
    kind, first, mine, _ = story
    server, steps = Server(kind, first), _steps(kind, first, mine)
    shown = _shown(kind, first, steps)
    for number, step in enumerate(steps):
        clashes = server.ask(step, 1, f"2026-11-23T12:00:0{number}.000Z", ADVISOR)
        assert all("cannot become" in why for why in clashes.values()), "nobody clashes with themselves"
        if clashes:
            return
    assert server.fields == shown


@given(_story())
def test_fields_that_others_did_not_touch_end_as_the_desk_shows_them(story: Any) -> None:
    kind, first, mine, theirs = story
    server = Server(kind, first)
    for number, step in enumerate(_steps(kind, first, theirs)):
        server.ask(step, 1, f"2026-11-23T11:00:0{number}.000Z", ADVISOR)
    steps = _steps(kind, first, mine)
    touched = {name for set_ in theirs for name in set_}
    shown = _shown(kind, server.fields, steps)
    clashed = False
    for number, step in enumerate(steps):
        clashed = bool(server.ask(step, 1, f"2026-11-23T12:00:0{number}.000Z", ADVISOR)) or clashed
    if not clashed:
        for name in {name for step in steps for name in step.set} - touched:
            assert server.fields.get(name) == shown.get(name)


def _members(value: Any) -> Any:
    return sorted(map(repr, value)) if isinstance(value, list) else value or None


@given(_story())
def test_added_and_removed_members_end_the_same_on_both(story: Any) -> None:
    kind, first, mine, theirs = story
    unions = {n for n in FIELDS[kind] if n in KINDS[kind].fields and KINDS[kind].fields[n].policy.merge is Merge.SET}
    mine = [kept for set_ in mine if (kept := {n: v for n, v in set_.items() if n in unions})]
    theirs = [kept for set_ in theirs if (kept := {n: v for n, v in set_.items() if n in unions})]
    server = Server(kind, first)
    for number, step in enumerate(_steps(kind, first, theirs)):
        assert server.ask(step, 1, f"2026-11-23T12:00:0{number}.500Z", ADVISOR) == {}
    steps = _steps(kind, first, mine)
    shown = _shown(kind, server.fields, steps)
    for number, step in enumerate(steps):
        assert server.ask(step, 1, f"2026-11-23T12:00:0{number}.000Z", ADVISOR) == {}
    for name in unions:
        assert _members(server.fields.get(name)) == _members(shown.get(name))


class DesksAndBridge(RuleBasedStateMachine):
    """Two desks edit one part line, push and pull when they please; at rest all is the same and nothing was silent."""

    KIND = "part_line"

    def __init__(self) -> None:
        super().__init__()
        self.server = Server(self.KIND, {"state": "requested"})
        self.base = [(1, dict(self.server.fields)) for _ in range(2)]
        self.pending: list[list[tuple[Step, int, str]]] = [[], []]
        self.tray: list[list[Step]] = [[], []]
        self.made = 0
        self.told: list[dict[str, Any]] = []

    def _seen(self, desk: int) -> dict[str, Any]:
        return _shown(self.KIND, self.base[desk][1], [step for step, _, _ in self.pending[desk]])

    @rule(desk=st.integers(0, 1), set_=_sets("part_line"))
    def somebody_edits(self, desk: int, set_: dict[str, Any]) -> None:
        seen = self._seen(desk)
        changed = {name: value for name, value in set_.items() if seen.get(name) != value}
        if not changed:
            return
        self.made += 1
        step = Step(UPDATE, changed, {name: seen.get(name) for name in changed})
        self.pending[desk].append(
            (step, self.base[desk][0], f"2026-11-23T12:{self.made // 60:02}:{self.made % 60:02}.000Z")
        )
        self.told.append(changed)
        assert all(self._seen(desk).get(name) == value for name, value in changed.items()), "seen at once"

    @rule(desk=st.integers(0, 1))
    def its_first_edit_arrives(self, desk: int) -> None:
        if not self.pending[desk]:
            return
        step, base_rev, made_at = self.pending[desk].pop(0)
        before = dict(self.server.fields)
        clashes = self.server.ask(step, base_rev, made_at, (ADVISOR, PARTS)[desk])
        if clashes:
            assert self.server.fields == before, "nothing of a clashing edit is stored"
            self.tray[desk].append(step)
        self.base[desk] = (self.server.rev, dict(self.server.fields))

    @rule(desk=st.integers(0, 1))
    def it_pulls(self, desk: int) -> None:
        self.base[desk] = (self.server.rev, dict(self.server.fields))

    @invariant()
    def without_anything_pending_a_desk_shows_the_bridges_version(self) -> None:
        for desk in range(2):
            if not self.pending[desk]:
                assert self._seen(desk) == self.base[desk][1]

    def teardown(self) -> None:
        for desk in range(2):
            while self.pending[desk]:
                self.its_first_edit_arrives(desk)
        for desk in range(2):
            self.it_pulls(desk)
            assert self._seen(desk) == self.server.fields
        # A value that stands was set by somebody; one by the keeper is not covered by another's unseen.
        for name, value in self.server.fields.items():
            assert value == "requested" or any(set_.get(name) == value for set_ in self.told)


TestDesksAndBridge = DesksAndBridge.TestCase
TestDesksAndBridge.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
