"""The outbox under anything: edits, batches whose answers are lost, refusals, decisions, restarts and damaged logs."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from advisor_desk.cache import meta, outbox
from advisor_desk.cache.codec import ServerRow
from tests.cache.shop import Shop, applied, refused

NAMED = (("repair_order", "ro-1"), ("repair_order", "ro-2"), ("customer", "cust-1"), ("customer", "cust-2"))
FIELDS = {"repair_order": ("tag", "spot"), "customer": ("notes", "language")}


class PaperBridge:
    """Answers each edit once and counts each desk's numbers, as the bridge's contract has it."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.last: dict[str, int] = {}
        self.rev = 1

    def take(self, desk: str, sent: dict[str, Any], *, good: bool) -> dict[str, Any] | None:
        """The answer to one edit; None when its number is not the next."""
        if sent["id"] not in self.answers:
            if sent["n"] != self.last.get(desk, 0) + 1:
                return None
            self.rev += 1
            row = ServerRow(sent["kind"], sent["record_id"], self.rev, False, {"seen": sent["id"]})
            self.answers[sent["id"]] = applied(sent["id"], row) if good else refused(sent["id"], row)
        if sent["n"] == self.last.get(desk, 0) + 1:
            self.last[desk] = sent["n"]
        return self.answers[sent["id"]]


class AnyOrder(RuleBasedStateMachine):
    """One desk and a bridge on paper."""

    @initialize()
    def stock(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.shop = Shop(self.folder / "0.db").stock()
        self.bridge = PaperBridge()
        self.made: list[str] = []
        self.values = 0
        self.lives = 0

    def teardown(self) -> None:
        self.shop.cache.close()
        shutil.rmtree(self.folder)

    def _desk(self) -> str:
        with self.shop.cache.read() as conn:
            return meta.get(conn, "desk_id") or ""

    @rule(named=st.sampled_from(NAMED), field=st.integers(0, 1))
    def somebody_edits(self, named: tuple[str, str], field: int) -> None:
        self.values += 1
        self.made.append(self.shop.edit(*named, **{FIELDS[named[0]][field]: f"v{self.values}"}))

    @rule(limit=st.integers(1, 5), lost=st.integers(0, 5), bad=st.integers(0, 8))
    def a_batch_goes_and_some_answers_are_lost(self, limit: int, lost: int, bad: int) -> None:
        batch = self.shop.batch(limit)
        numbers = [sent["n"] for sent in batch]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True, "consecutive"
        answers = []
        for place, sent in enumerate(batch):
            answer = self.bridge.take(self._desk(), sent, good=place != bad)
            if answer is None:
                with self.shop.cache.write() as conn:
                    outbox.renumber(conn, self.shop.new_id())
                return
            answers.append(answer)
        self.shop.settle(*answers[: len(answers) - lost] if lost else answers)

    @rule(action=st.sampled_from(["keep_theirs", "set_mine"]))
    def a_person_decides(self, action: str) -> None:
        for (id,) in self.shop.sql("SELECT id FROM mutation WHERE state = 'refused' ORDER BY row LIMIT 1"):
            self.shop.resolve(id, action)
            self.made += [row[0] for row in self.shop.sql("SELECT id FROM mutation WHERE intent = 'attention.resolve'")]

    @rule()
    def the_service_is_killed(self) -> None:
        self._start_again(log=True)

    @precondition(lambda self: self.values)
    @rule()
    def the_log_is_lost(self) -> None:
        self._start_again(log=False)

    def _start_again(self, *, log: bool) -> None:
        self.lives += 1
        then = self.folder / f"{self.lives}.db"
        for suffix in (".db", ".journal", *((".db-wal",) if log else ())):
            source = self.shop.path.with_suffix(suffix)
            if source.exists():
                shutil.copyfile(source, then.with_suffix(suffix))
        self.shop.cache._engine.dispose()
        self.shop.cache._journal.close()
        self.shop = Shop(then, ids=f"life-{self.lives}")

    @invariant()
    def no_edit_is_ever_lost(self) -> None:
        known = {row[0] for row in self.shop.sql("SELECT id FROM mutation")}
        good = {id for id, answer in self.bridge.answers.items() if answer["outcome"] == "applied"}
        decided = {id for id, answer in self.bridge.answers.items() if answer["outcome"] == "conflict"}
        assert set(self.made) <= known | good | decided

    @invariant()
    def edits_of_one_field_are_sent_in_the_order_they_were_made(self) -> None:
        order = {id: place for place, id in enumerate(dict.fromkeys(self.made))}
        last: dict[tuple[str, str], int] = {}
        for id, record_id, mine in self.shop.sql(
            "SELECT id, record_id, mine FROM mutation WHERE state IN ('waiting', 'sent')"
            " AND intent <> 'attention.resolve' ORDER BY position, row"
        ):
            if id in order:
                key = (record_id, mine.split('"')[1])
                assert last.get(key, -1) < order[id]
                last[key] = order[id]


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
