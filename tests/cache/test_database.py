"""Opening the cache, and every way it cannot be opened or written: one sentence each, nothing lost."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.cache import database, errors
from advisor_desk.cache.database import open_cache
from advisor_desk.cache.errors import CacheError
from tests.cache.shop import KEY, Shop

OTHER_KEY = bytes(range(1, 33))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("synchronous", 2), ("journal_mode", "wal"), ("secure_delete", 1), ("temp_store", 2), ("foreign_keys", 0)],
)
def test_every_connection_is_durable_and_leaves_no_deleted_bytes(shop: Shop, pragma: str, value: object) -> None:
    for borrow in (shop.cache.write, shop.cache.read):
        with borrow() as conn:
            assert conn.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_the_file_is_encrypted_from_its_first_byte(shop: Shop) -> None:
    assert shop.cache.checkpoint()
    content = shop.path.read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"Marchetti" not in content and b"repair_order" not in content
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(shop.path).execute("SELECT count(*) FROM sqlite_master")


def test_sqlite_is_one_without_the_wal_reset_bug() -> None:
    assert sqlcipher.sqlite_version_info >= (3, 51, 3) and sqlcipher.sqlite_version_info != (3, 52, 0)


def test_what_was_written_is_there_when_it_is_opened_again(shop: Shop) -> None:
    shop.edit("repair_order", "ro-1", tag="T55")
    shop.reopen()
    assert shop.fields("repair_order", "ro-1")["tag"] == "T55"
    assert shop.waiting() == 1


def test_a_write_that_raises_leaves_nothing_behind(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.cache.write() as conn:
        conn.exec_driver_sql("DELETE FROM repair_order")
        raise ZeroDivisionError
    assert shop.fields("repair_order", "ro-1")["tag"] == "T21"


def test_a_read_sees_one_moment_while_a_writer_goes_on(shop: Shop) -> None:
    with shop.cache.read() as conn:
        before = conn.exec_driver_sql("SELECT count(*) FROM mutation").scalar()
        shop.edit("repair_order", "ro-1", tag="T55")
        assert conn.exec_driver_sql("SELECT count(*) FROM mutation").scalar() == before
    assert shop.waiting() == 1


def test_a_checkpoint_empties_the_log_and_says_when_a_reader_was_in_the_way(shop: Shop) -> None:
    log = Path(f"{shop.path}-wal")
    shop.edit("repair_order", "ro-1", tag="T55")
    with shop.cache.read() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM mutation").scalar()
        shop.edit("repair_order", "ro-1", tag="T56")
        busy = not _checkpoint_at_once(shop)
    assert busy and log.stat().st_size > 0
    assert shop.cache.checkpoint() and log.stat().st_size == 0


def _checkpoint_at_once(shop: Shop) -> bool:
    raw = sqlcipher.connect(str(shop.path), isolation_level=None)
    try:
        raw.execute(f"PRAGMA key = \"x'{shop.key.hex()}'\"")
        raw.execute("PRAGMA busy_timeout = 0")
        return not raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        raw.close()


def test_closing_empties_the_log(empty: Shop) -> None:
    empty.stock()
    empty.cache.close()
    log = Path(f"{empty.path}-wal")
    assert not log.exists() or log.stat().st_size == 0


def _refusal(call: Callable[[], object]) -> CacheError:
    with pytest.raises(CacheError) as caught:
        call()
    said = caught.value
    assert said.message == type(said).sentence and said.message.endswith(".")
    return said


def _reopened(shop: Shop, key: bytes | None = KEY) -> CacheError:
    return _refusal(lambda: open_cache(shop.path, key))


def test_another_key_does_not_open_it_and_harms_nothing(shop: Shop) -> None:
    shop.cache.close()
    assert isinstance(_reopened(shop, OTHER_KEY), errors.WrongKey)
    assert isinstance(_reopened(shop, b"short"), errors.WrongKey)
    shop.cache = open_cache(shop.path, KEY)
    assert shop.fields("repair_order", "ro-1")["tag"] == "T21"


def test_a_cache_without_its_key_is_never_made_anew(shop: Shop) -> None:
    shop.cache.close()
    before = shop.path.read_bytes()
    assert isinstance(_reopened(shop, None), errors.KeyMissing)
    assert shop.path.read_bytes() == before


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(5_000), b"Dear sirs,\n", b"\x01"])
def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache.db"
    path.write_bytes(content)
    assert isinstance(_refusal(lambda: open_cache(path, KEY)), errors.NotACache)
    assert path.read_bytes() == content


def test_a_file_whose_making_a_power_loss_cut_short_is_made_again(tmp_path: Path) -> None:
    """SQLite had noted that there was nothing, and written half of the first page."""
    path = tmp_path / "cache.db"
    path.write_bytes(os.urandom(3_072))
    nothing = struct.pack(">8sIIIII", bytes.fromhex("d9d505f920a163d7"), 0, 1, 0, 512, 4_096)
    Path(f"{path}-journal").write_bytes(nothing.ljust(512, b"\0"))
    cache = open_cache(path, KEY)
    assert cache.recovered.words == ""
    cache.close()
    open_cache(path, KEY).close()


def test_an_encrypted_database_with_other_tables_is_not_taken_for_a_cache(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    raw = sqlcipher.connect(str(path))
    raw.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    raw.execute("CREATE TABLE somebody_elses (a)")
    raw.commit()
    raw.close()
    assert isinstance(_refusal(lambda: open_cache(path, KEY)), errors.NotACache)


def test_a_cache_of_a_newer_version_is_declined_untouched(shop: Shop) -> None:
    with shop.cache.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    shop.cache.close()
    before = shop.path.read_bytes()
    assert isinstance(_reopened(shop), errors.CacheTooNew)
    assert shop.path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        folder = tmp_path / "gone" / "away"  # nobody forbids root anything, but a folder that is not there does
    else:
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
    assert isinstance(_refusal(lambda: open_cache(folder / "cache.db", KEY)), errors.ReadOnly)


def test_a_read_only_database_refuses_writes_in_words(shop: Shop) -> None:
    def write() -> None:
        with shop.cache.write() as conn:
            conn.exec_driver_sql("PRAGMA query_only = ON")
            try:
                conn.exec_driver_sql("DELETE FROM meta")
            finally:
                conn.exec_driver_sql("PRAGMA query_only = OFF")

    assert isinstance(_refusal(write), errors.ReadOnly)


def test_a_full_disk_refuses_the_write_keeps_the_rest_and_lets_the_next_one_through(shop: Shop) -> None:
    with shop.cache.read() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()

    def write() -> None:
        with shop.cache.write() as conn:
            conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            try:
                conn.exec_driver_sql("INSERT INTO meta VALUES ('big', ?)", ("x" * 4_000_000,))
            finally:
                conn.exec_driver_sql("PRAGMA max_page_count = 1073741823")

    assert isinstance(_refusal(write), errors.DiskFull)
    assert shop.edit("repair_order", "ro-1", tag="T55")
    assert shop.fields("repair_order", "ro-1")["tag"] == "T55"


def test_another_program_that_holds_the_file_is_waited_for_and_then_named(shop: Shop) -> None:
    other = sqlcipher.connect(str(shop.path), isolation_level=None)
    other.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    other.execute("BEGIN IMMEDIATE")

    def write() -> None:
        with shop.cache._engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA busy_timeout = 10")
        shop.edit("repair_order", "ro-1", tag="T55")

    assert isinstance(_refusal(write), errors.Busy)
    other.close()
    shop.edit("repair_order", "ro-1", tag="T56")
    assert shop.fields("repair_order", "ro-1")["tag"] == "T56"


def test_no_error_of_the_database_shows_what_was_being_written(shop: Shop) -> None:
    with pytest.raises(Exception, match="meta") as caught, shop.cache.write() as conn:
        conn.exec_driver_sql("INSERT INTO meta VALUES (?, NULL)", ("Marchetti, Sofia",))
    assert "Marchetti" not in str(caught.value) and "Marchetti" not in repr(caught.value)


def test_the_key_is_in_no_text_of_the_cache(shop: Shop) -> None:
    said = f"{shop.cache!r} {shop.cache._engine!r} {shop.cache._engine.url!r} {vars(shop.cache)}"
    assert KEY.hex() not in said


def test_exists_says_whether_a_key_must_be_found(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    assert not database.exists(path)
    path.touch()
    assert not database.exists(path)
    path.write_bytes(b"x")
    assert database.exists(path)


def test_two_processes_write_in_turn_and_lose_nothing(shop: Shop) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from advisor_desk.cache.database import open_cache\n"
        "cache = open_cache(Path(sys.argv[1]), bytes(range(32)))\n"
        "for _ in range(50):\n"
        "    with cache.write() as conn:\n"
        "        conn.exec_driver_sql(\"UPDATE board SET stage = stage || 'x' WHERE repair_order_id = 'ro-1'\")\n"
        "cache.close()\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(shop.path)])
    for _ in range(50):
        with shop.cache.write() as conn:
            conn.exec_driver_sql("UPDATE board SET stage = stage || 'y' WHERE repair_order_id = 'ro-1'")
    assert other.wait(timeout=60) == 0
    ((stage,),) = shop.sql("SELECT stage FROM board WHERE repair_order_id = 'ro-1'")
    assert stage.count("x") == 50 and stage.count("y") == 50


def test_the_cache_and_its_log_are_the_owners_alone(tmp_path: Path) -> None:
    cache = open_cache(tmp_path / "cache.db", KEY)
    with cache.write() as conn:
        conn.exec_driver_sql("UPDATE board SET stage = stage")
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("cache.db*")}
    cache.close()
    assert set(modes.values()) == {0o600}, modes
