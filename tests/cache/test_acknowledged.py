"""What the bridge has acknowledged outlives the cache's file too: a bridge put back later is healed all the same."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from advisor_desk.cache import meta, outbox, overruled, unsent
from advisor_desk.cache.codec import ServerRow
from tests.cache.shop import ADVISOR, KEY, NOON, PARTS, Shop, applied, server_row

RO = ("repair_order", "ro-1")
FILES = ("cache.db", "cache.db-wal", "cache.journal", "cache.settled")


@pytest.fixture
def worked(shop: Shop) -> Shop:
    """A shop whose first three edits the bridge has, in its first life, and the fourth not yet."""
    with shop.cache.write() as conn:
        meta.put(conn, "server_id", "bridge-1")
        meta.put(conn, "epoch", "first")
        unsent.note_whose(conn)
    for n in range(3):
        shop.edit(*RO, tag=f"X{n}")
    shop.settle(*(applied(one["id"], server_row(*RO, 5 + n)) for n, one in enumerate(shop.batch())))
    shop.edit(*RO, tag="X3")
    return shop


def _moved(shop: Shop, folder: Path) -> Path:
    """The shop's files as they stand, elsewhere."""
    folder.mkdir()
    for name in FILES:
        if (source := shop.path.with_name(name)).exists():
            shutil.copyfile(source, folder / name)
    return folder / "cache.db"


def _start(path: Path) -> Shop:
    return Shop(path, KEY, ids="later")


def _put_back(shop: Shop) -> list[object]:
    """The bridge turns out to be in another life: what the desk offers it."""
    with shop.cache.write() as conn:
        assert meta.get(conn, "epoch") == "first", "or nobody would know that it is another"
        outbox.reoffer(conn, "desk-2")
    return [(one["set"]["tag"], one.get("again")) for one in shop.batch()]


HEALS = [("X0", 5), ("X1", 6), ("X2", 7), ("X3", None)]


def test_a_cache_that_is_gone_still_heals_a_bridge_put_back(worked: Shop, tmp_path: Path) -> None:
    path = _moved(worked, tmp_path / "gone")
    path.unlink()
    path.with_name("cache.db-wal").unlink()
    shop = _start(path)
    assert shop.cache.recovered.words.endswith("1 unsent change was kept."), "the others are not unsent"
    assert [one["set"]["tag"] for one in shop.batch()] == ["X3"], "nor are they sent to a bridge that has them"
    assert _put_back(shop) == HEALS
    shop.cache.close()


def test_also_when_the_journal_of_unsent_work_has_let_go_of_them(worked: Shop, tmp_path: Path) -> None:
    worked.reopen()
    worked.cache.checkpoint()
    path = _moved(worked, tmp_path / "gone")
    assert path.with_name("cache.settled").exists()
    path.unlink()
    shop = _start(path)
    assert _put_back(shop) == HEALS
    shop.cache.close()


def test_a_log_that_is_gone_costs_no_acknowledged_edit(shop: Shop, tmp_path: Path) -> None:
    with shop.cache.write() as conn:
        meta.put(conn, "epoch", "first")
        unsent.note_whose(conn)
    shop.cache.checkpoint()
    shop.edit(*RO, tag="X0")
    shop.settle(applied(shop.batch()[0]["id"], server_row(*RO, 5)))
    path = _moved(shop, tmp_path / "gone")
    path.with_name("cache.db-wal").unlink()
    later = _start(path)
    assert later.waiting() == 0 and _put_back(later) == [("X0", 5)]
    later.cache.close()


def test_a_damaged_file_costs_none_of_them_and_no_start_reads_them_otherwise(worked: Shop, tmp_path: Path) -> None:
    worked.reopen()
    worked.cache.checkpoint()
    path = _moved(worked, tmp_path / "damaged")
    path.write_bytes(b"\x55" * path.stat().st_size)
    shop = _start(path)
    assert "rebuilt; 1 unsent change was kept" in shop.cache.recovered.words
    assert _put_back(shop) == HEALS
    shop.cache.close()

    whole = _moved(worked, tmp_path / "whole")
    whole.with_name("cache.settled").write_bytes(b"not read")
    shop = _start(whole)
    assert _put_back(shop) == HEALS
    shop.cache.close()


def test_a_second_journal_that_is_damaged_costs_no_unsent_work(worked: Shop, tmp_path: Path) -> None:
    worked.reopen()
    worked.cache.checkpoint()
    path = _moved(worked, tmp_path / "both")
    path.unlink()
    content = bytearray(path.with_name("cache.settled").read_bytes())
    content[len(content) // 2] ^= 4
    path.with_name("cache.settled").write_bytes(content)
    shop = _start(path)
    assert [one["set"]["tag"] for one in shop.batch()] == ["X3"]
    shop.cache.close()


def test_offered_again_and_lost_again_they_wait_to_be_sent(worked: Shop, tmp_path: Path) -> None:
    worked.reopen()
    worked.cache.checkpoint()
    with worked.cache.write() as conn:
        outbox.reoffer(conn, "desk-2")
    path = _moved(worked, tmp_path / "gone")
    path.unlink()
    shop = _start(path)
    assert [one["set"]["tag"] for one in shop.batch()] == ["X0", "X1", "X2", "X3"]
    shop.cache.close()


def test_an_edit_that_gave_way_is_to_be_decided_and_so_comes_back_to_be_answered_again(
    worked: Shop, tmp_path: Path
) -> None:
    said = {"seq": 7, "author": ADVISOR, "yours": "X2", "by": PARTS, "at": "2026-11-23T12:00:00Z"}
    with worked.cache.write() as conn:
        overruled.note(conn, [ServerRow(*RO, 9, False, {"tag": "T1"}, {"tag": said})], NOON)
    path = _moved(worked, tmp_path / "gone")
    path.unlink()
    path.with_name("cache.db-wal").unlink()
    shop = _start(path)
    assert [one["set"]["tag"] for one in shop.batch()] == ["X2", "X3"]
    shop.cache.close()


def test_what_is_forgotten_after_fourteen_days_stays_forgotten(worked: Shop) -> None:
    worked.later(timedelta(days=15))
    worked.settle()
    for _ in range(2):
        worked.reopen()
        assert worked.sql("SELECT count(*) FROM mutation WHERE state = 'acked'") == [(0,)]
    assert [one["set"]["tag"] for one in worked.batch()] == ["X3"]
