"""The board's table and the search index, kept edit by edit, always equal what a rebuild from the records makes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from advisor_desk.cache import board, records, search
from advisor_desk.cache.codec import ServerRow
from tests.cache.shop import ADVISOR, PARTS, RECORDS, Shop, applied, refused, server_row

# What an edit may set; None takes the field away. Ids point at records that exist, never existed or were deleted.
FIELDS: dict[str, dict[str, list[Any]]] = {
    "repair_order": {
        "tag": ["T1", "T-22", None],
        "stage": ["parts", "ready", "closed", "void"],
        "customer_id": ["cust-1", "cust-2", "cust-none", None],
        "vehicle_id": ["car-1", "car-2", None],
        "promised_at": ["2026-11-24T15:00:00Z", None],
        "number": ["104500"],
    },
    "customer": {
        "name": ["Özil, Ana", "Marchetti, Sofia", None],
        "phones": [[{"raw": "555 010 1234"}], [{"e164": "+15550101234"}, {"raw": "x"}], None],
    },
    "vehicle": {"plate": ["AB 12-CD", None], "vin": ["1HGCM82633A004352", None], "model": ["Civic", None]},
    "part_line": {
        "state": ["received", "installed", "cancelled", "requested"],
        "repair_order_id": ["ro-1", "ro-2", None],
        "number": ["45022", None],
        "eta": ["2026-11-25T15:00:00Z", None],
    },
    "job": {"state": ["declined", "approved"], "technician_id": [PARTS, None], "repair_order_id": ["ro-2", "ro-1"]},
    "contact_event": {"outcome": ["reached", "no_answer"], "repair_order_id": ["ro-2", None]},
    "employee": {"name": ["Luis P.", None]},
    "loaner": {"unit": ["L9", None], "back_at": ["2026-11-24T15:00:00Z", None]},
}
NAMED = [(kind, id) for kind, id, _ in RECORDS if kind in FIELDS] + [("job", "job-new"), ("part_line", "line-new")]


@st.composite
def _edits(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    kind, id = draw(st.sampled_from(NAMED))
    names = draw(st.lists(st.sampled_from(sorted(FIELDS[kind])), min_size=1, max_size=2, unique=True))
    return kind, id, {name: draw(st.sampled_from(FIELDS[kind][name])) for name in names}


class KeptEqualsRebuilt(RuleBasedStateMachine):
    """Edits, pulls, answers, deletions and fresh copies in any order."""

    @initialize()
    def stock(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.shop = Shop(Path(self.folder.name) / "cache.db").stock()
        self.rev = 1

    def teardown(self) -> None:
        self.shop.cache.close()
        self.folder.cleanup()

    def _next(self) -> int:
        self.rev += 1
        return self.rev

    def _server_fields(self, kind: str, id: str, to: dict[str, Any]) -> dict[str, Any]:
        stored = self.shop.seen(kind, id)
        fields = {**(stored.fields if stored else {}), **to}
        return {name: value for name, value in fields.items() if value is not None}

    @rule(edit=_edits())
    def somebody_here_edits(self, edit: tuple[str, str, dict[str, Any]]) -> None:
        kind, id, to = edit
        stored = self.shop.seen(kind, id)
        if stored is None:
            self.shop.create(kind, id, **{name: value for name, value in to.items() if value is not None})
        elif not stored.deleted and any(stored.fields.get(name) != value for name, value in to.items()):
            self.shop.edit(kind, id, **to)

    @rule(edit=_edits())
    def somebody_elsewhere_edits(self, edit: tuple[str, str, dict[str, Any]]) -> None:
        kind, id, to = edit
        self.shop.take(ServerRow(kind, id, self._next(), False, self._server_fields(kind, id, to)))

    @rule(edits=st.lists(_edits(), min_size=1, max_size=4))
    def a_page_of_a_first_sync_comes(self, edits: list[tuple[str, str, dict[str, Any]]]) -> None:
        rows = [ServerRow(k, id, self._next(), False, self._server_fields(k, id, to)) for k, id, to in edits]
        with self.shop.cache.write() as conn:
            records.load_page(conn, rows)
            board.rebuild(conn)

    @rule(named=st.sampled_from(NAMED))
    def somebody_elsewhere_deletes(self, named: tuple[str, str]) -> None:
        self.shop.take(ServerRow(*named, self._next(), True, {}))

    @rule(named=st.sampled_from(NAMED))
    def somebody_here_deletes(self, named: tuple[str, str]) -> None:
        if (stored := self.shop.seen(*named)) and not stored.deleted:
            self.shop.delete(*named)

    @rule(good=st.booleans(), known=st.booleans())
    def the_bridge_answers_the_first_that_waits(self, good: bool, known: bool) -> None:
        for sent in self.shop.batch(1)[:1]:
            fields = self._server_fields(sent["kind"], sent["record_id"], {})
            row = ServerRow(sent["kind"], sent["record_id"], self._next(), sent["op"] == "delete", fields)
            answer = applied(sent["id"], row) if good else refused(sent["id"], row if known else None)
            self.shop.settle(answer)

    @rule(action=st.sampled_from(["keep_theirs", "set_mine"]))
    def a_person_decides(self, action: str) -> None:
        for (id,) in self.shop.sql("SELECT id FROM mutation WHERE state = 'refused' LIMIT 1"):
            self.shop.resolve(id, action)

    @rule()
    def the_bridge_forgets_and_the_copy_holds_only_some(self) -> None:
        with self.shop.cache.write() as conn:
            records.distrust(conn)
            records.load_page(conn, [server_row("employee", ADVISOR, 1), server_row("repair_order", "ro-1", 1)])
            records.drop_unconfirmed(conn)
            board.rebuild(conn)

    @invariant()
    def the_board_equals_a_rebuild(self) -> None:
        kept = self.shop.sql("SELECT * FROM board ORDER BY repair_order_id")
        with self.shop.cache.write() as conn:
            board.rebuild(conn)
        assert kept == self.shop.sql("SELECT * FROM board ORDER BY repair_order_id")

    @invariant()
    def the_index_equals_a_rebuild(self) -> None:
        kept = _index(self.shop)
        with self.shop.cache.write() as conn:
            search.rebuild(conn)
        assert kept == _index(self.shop)


def _index(shop: Shop) -> list[tuple[Any, ...]]:
    """Every word of the index with the entry and the place it stands at."""
    with shop.cache.write() as conn:
        conn.exec_driver_sql("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search', 'instance')")
        try:
            return [
                tuple(row) for row in conn.exec_driver_sql("SELECT term, doc, offset FROM temp.words ORDER BY 1,2,3")
            ]
        finally:
            conn.exec_driver_sql("DROP TABLE temp.words")


TestKeptEqualsRebuilt = KeptEqualsRebuilt.TestCase
TestKeptEqualsRebuilt.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
