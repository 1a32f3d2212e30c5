"""Migrations: they end at the declared tables, run whole or not at all, and keep unsent work and a copy meanwhile."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event
from sqlalchemy.schema import CreateIndex, CreateTable

from advisor_desk.cache import attention, migrate, reads_counter, schema
from advisor_desk.cache.database import open_cache
from tests.cache.old_caches.make import KEY as OLD_KEY
from tests.cache.shop import KEY, Shop, applied, server_row

VERSIONS = migrate.SCRIPTS / "versions"
NEWEST = schema.VERSION
_SQLCIPHER = 80
"""Bytes of a page that SQLCipher keeps: a vector of 16 and an HMAC-SHA512 of 64."""
_CELL = 35 + 6
"""Of the others, what SQLite asks for beside a row's bytes before it spills, and the row's own header."""

# A migration yet to be written: what each test of one to come begins from.
NEXT = """
from alembic import op

revision = "9001"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE repair_order ADD COLUMN bay TEXT")
    {more}
"""


def _tidy(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").replace('"', "").strip()


def _declared() -> set[str]:
    out = {_tidy(schema.SEARCH_TABLE)}
    for table in schema.metadata.sorted_tables:
        out.add(_tidy(str(CreateTable(table))))
        for index in table.indexes:
            out.add(_tidy(str(CreateIndex(index).compile(dialect=_dialect()))))
    return out


def _dialect() -> object:
    from sqlalchemy.dialects import sqlite

    return sqlite.dialect()  # type: ignore[no-untyped-call]


def _in_file(shop: Shop) -> set[str]:
    own = shop.sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search_%'")
    return {_tidy(sql) for (sql,) in own if "alembic_version" not in sql}


def test_the_newest_migration_ends_at_the_declared_tables(empty: Shop) -> None:
    declared, there = _declared(), _in_file(empty)
    assert there - declared == set(), "the migrations make what schema.py does not declare"
    assert declared - there == set(), "schema.py declares what no migration makes"


def test_the_declared_version_is_the_newest_in_the_folder() -> None:
    assert migrate.known_versions()[-1] == schema.VERSION
    names = sorted(path.stem for path in VERSIONS.glob("v*.py"))
    assert [name[1:5] for name in names] == migrate.known_versions()


def test_each_migration_has_a_test_of_its_own() -> None:
    tests = Path(__file__).read_text(encoding="utf-8")
    without = [version for version in migrate.known_versions() if f"def test_{version}_" not in tests]
    assert without == [], "write test_<version>_... for each of these"


def test_0001_makes_a_cache_with_search_that_forgets_what_it_is_told_to(empty: Shop) -> None:
    assert ("secure-delete", 1) in empty.sql("SELECT k, v FROM search_config")
    assert {row[0] for row in empty.sql("SELECT DISTINCT type FROM sqlite_master")} == {"table", "index"}


def test_0002_lists_what_was_done_in_an_outage_and_leaves_unsent_work_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    raw = _raw(path, OLD_KEY)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    asked = raw.execute("SELECT * FROM mutation ORDER BY row")
    columns, before = ", ".join(column[0] for column in asked.description), asked.fetchall()
    raw.close()
    shop = Shop(path, OLD_KEY, ids="new")
    assert shop.sql("SELECT version_num FROM alembic_version") == [(NEWEST,)]
    assert shop.sql(f"SELECT {columns} FROM mutation ORDER BY row") == before
    assert shop.sql("SELECT count(*) FROM reconcile") == [(0,)]
    shop.cache.close()


def test_0003_has_room_for_what_only_a_newer_bridge_knows(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    shop = Shop(path, OLD_KEY, ids="new")
    assert shop.sql("SELECT count(*) FROM other") == [(0,)]
    shop.cache.close()


def test_0004_finds_what_a_customer_is_owed_without_reading_everything(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    shop = Shop(path, OLD_KEY, ids="new")
    for sql, index in (
        ("SELECT id FROM promise WHERE state = 'open' AND customer_id = 'c'", "promise_customer_id_some"),
        ("SELECT id FROM appointment WHERE customer_id = 'c'", "appointment_customer_id"),
        (f"SELECT id FROM part_line WHERE {schema.AWAITED}", "part_line_state_some"),
        (f"SELECT id FROM vehicle WHERE {schema.FIRST_OWNER} = 'c'", "vehicle_first_owner"),
    ):
        assert index in str(shop.sql(f"EXPLAIN QUERY PLAN {sql}")), sql
    shop.cache.close()


def test_0005_lets_no_leaf_of_the_search_index_spill_over_its_page(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    shop = Shop(path, OLD_KEY, ids="new")
    with shop.cache.write() as conn:
        for number in range(2_000):
            conn.exec_driver_sql("INSERT INTO search (rowid, words) VALUES (?, ?)", (10**6 + number, f"word{number} x"))
    whole = int(shop.sql("PRAGMA page_size")[0][0]) - _SQLCIPHER - _CELL
    longest = max(row[0] for row in shop.sql("SELECT length(block) FROM search_data"))
    assert whole * 9 // 10 < longest <= whole
    shop.cache.close()


def test_0006_has_room_for_how_suppliers_dates_held(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    shop = Shop(path, OLD_KEY, ids="new")
    assert shop.sql("SELECT count(*) FROM supplier_record") == [(0,)]
    shop.cache.close()


def test_0007_finds_what_is_left_at_the_counter_without_reading_every_part_ever_fitted(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    shop = Shop(path, OLD_KEY, ids="new")
    for sql in reads_counter.ALL:
        plan = str(shop.sql(f"EXPLAIN QUERY PLAN {sql}"))
        assert "SCAN p" not in plan and "SCAN o" not in plan.replace("SCAN o USING INDEX", ""), plan
    shop.cache.close()


def test_0008_finds_an_edits_place_and_what_to_let_go_of_beside_those_kept_for_fourteen_days(shop: Shop) -> None:
    asked: list[str] = []

    def note(conn: Any, *rest: object) -> None:
        conn.set_trace_callback(asked.append)

    event.listen(shop.cache._engine, "checkout", note)
    edit = shop.edit("repair_order", "ro-1", tag="T55")
    shop.batch()
    shop.settle(applied(edit, server_row("repair_order", "ro-1", 5)))
    with shop.cache.read() as conn:
        assert attention.count(conn) == 0
    of_edits = {sql for sql in asked if re.search(r"\b(FROM|JOIN) (mutation|change)\b", sql)}
    steps = {f"{row[3]}: {sql}" for sql in of_edits for row in shop.sql(f"EXPLAIN QUERY PLAN {sql}")}
    assert any("mutation_position" in step for step in steps)
    walks = {step for step in steps if step.startswith(("SCAN mutation", "SCAN change"))}
    few = re.compile(r"SCAN mutation USING INDEX mutation_(live|record)\b|.* ORDER BY row DESC LIMIT 1$")
    assert [step for step in walks if not few.match(step)] == [], "what waits may be walked, and the last; no more"


def test_0009_says_in_which_fields_an_edit_gave_way(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(Path(__file__).parent / "old_caches" / "0.1.0.db", path)
    shop = Shop(path, OLD_KEY, ids="new")
    assert shop.sql("SELECT count(*) FROM mutation WHERE gave_way IS NOT NULL") == [(0,)]
    shop.cache.close()


@pytest.fixture
def to_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations with one more, which the program believes to be its own; answers its file."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    script = folder / "versions" / "v9001_bay.py"
    script.write_text(NEXT.format(before=schema.VERSION, more=""))
    monkeypatch.setattr(migrate, "SCRIPTS", folder)
    monkeypatch.setattr(schema, "VERSION", "9001")
    return script


def _old(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "cache.db").stock()
    shop.edit("repair_order", "ro-1", tag="T55")
    shop.edit("repair_order", "ro-2", spot="B4")
    return shop


def test_a_migration_keeps_unsent_work_and_what_is_seen(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    shop = _old(tmp_path)
    before = shop.sql("SELECT * FROM mutation ORDER BY row"), shop.sql("SELECT * FROM base ORDER BY record_id")
    shop.cache.close()
    request.getfixturevalue("to_come")
    shop.cache = open_cache(shop.path, KEY)
    assert shop.sql("SELECT version_num FROM alembic_version") == [("9001",)]
    assert shop.sql("SELECT bay FROM repair_order WHERE id = 'ro-1'") == [(None,)]
    assert (
        shop.sql("SELECT * FROM mutation ORDER BY row"),
        shop.sql("SELECT * FROM base ORDER BY record_id"),
    ) == before
    assert shop.fields("repair_order", "ro-1")["tag"] == "T55"
    assert [mutation["set"] for mutation in shop.batch()] == [{"tag": "T55"}, {"spot": "B4"}]
    shop.cache.close()


def test_the_copy_is_gone_once_the_migration_has_committed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    shop = _old(tmp_path)
    shop.cache.close()
    request.getfixturevalue("to_come")
    open_cache(shop.path, KEY).close()
    assert list(tmp_path.glob("cache.db.before-*")) == []


def test_a_migration_that_fails_changes_nothing_and_leaves_the_copy(
    tmp_path: Path, to_come: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "SCRIPTS", Path(migrate.__file__).parent / "migrations")
        patch.setattr(schema, "VERSION", NEWEST)
        shop = _old(tmp_path)
        shop.cache.close()
    to_come.write_text(NEXT.format(before=NEWEST, more="raise ZeroDivisionError"))
    with pytest.raises(ZeroDivisionError):
        open_cache(shop.path, KEY)
    copy = tmp_path / f"cache.db.before-{NEWEST}"
    assert copy.stat().st_mode & 0o777 == 0o600
    for path in (shop.path, copy):
        assert _columns(path, "repair_order").isdisjoint({"bay"})
        assert _count(path, "mutation") == 2


def _raw(path: Path, key: bytes = KEY) -> sqlcipher.Connection:
    raw = sqlcipher.connect(str(path))
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return raw


def _columns(path: Path, table: str) -> set[str]:
    return {row[1] for row in _raw(path).execute(f"PRAGMA table_info({table})")}


def _count(path: Path, table: str) -> int:
    return int(_raw(path).execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_the_copy_holds_what_stood_in_the_log_too(
    tmp_path: Path, to_come: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "SCRIPTS", Path(migrate.__file__).parent / "migrations")
        patch.setattr(schema, "VERSION", NEWEST)
        shop = _old(tmp_path)
    # The service was killed: its last edits stand in the write-ahead log only.
    killed = tmp_path / "killed.db"
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{shop.path}{suffix}", f"{killed}{suffix}")
    shop.cache.close()
    to_come.write_text(NEXT.format(before=NEWEST, more="raise ZeroDivisionError"))
    with pytest.raises(ZeroDivisionError):
        open_cache(killed, KEY)
    assert _count(tmp_path / f"killed.db.before-{NEWEST}", "mutation") == 2
