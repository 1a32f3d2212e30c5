"""Power lost at any moment of the real desk service's work: everything it said was saved is there afterwards."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.power_loss.disk import PAGE, POLICIES, SECTOR, Disk
from tests.sync.power_loss.judge import Judge, quiet
from tests.sync.power_loss.record import build_shim, record
from tests.sync.power_loss.replay import Found, replay
from tests.sync.power_loss.trace import Op, Promises, Trace

recorded = pytest.mark.skipif(sys.platform != "linux", reason="the recorder is preloaded, as only Linux does")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def trace(shim: Path, tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """A desk alone: two lives of it."""
    return record(tmp_path_factory.mktemp("alone"), shim, seed=11, commands=10)


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[Judge]:
    with quiet():
        yield Judge(tmp_path / "image", every=8)


def replayed(trace: Trace, images: int, judge: Judge, *, lies: bool = False) -> Found:
    found = Found()
    replay(trace, images, 11, judge, found, lies=lies)
    assert found.images == images and found.acknowledged > images
    return found


@recorded
def test_nothing_that_was_said_to_be_saved_is_lost_with_the_journal_or_without(trace: Trace, judge: Judge) -> None:
    found = replayed(trace, 400, judge)
    assert (found.whole.bad, found.alone.bad) == ([], [])
    assert found.whole.from_journal and judge.started > 30


@recorded
def test_nothing_is_lost_while_a_bridge_takes_and_answers(shim: Path, judge: Judge, tmp_path: Path) -> None:
    trace = record(tmp_path, shim, seed=12, commands=5, bridge=True)
    assert {"a", "t"} <= {op.what for op in trace.ops}, "nothing was taken by the bridge, or no log was emptied"
    found = replayed(trace, 400, judge)
    assert (found.whole.bad, found.alone.bad) == ([], [])


@recorded
def test_a_cache_that_does_not_sync_its_commits_loses_them_and_the_journal_has_them(
    shim: Path, judge: Judge, tmp_path: Path
) -> None:
    found = replayed(record(tmp_path, shim, seed=11, commands=8, weak=True), 200, judge)
    assert found.alone.lost
    assert found.whole.lost == []


@recorded
def test_on_a_disk_that_only_says_it_has_synced_even_the_journal_is_lost(trace: Trace, tmp_path: Path) -> None:
    with quiet():
        found = replayed(trace, 80, Judge(tmp_path / "image", every=1), lies=True)
    assert found.alone.lost and found.whole.lost


OLD, NEW = b"." * 3 * SECTOR, b"x" * 2 * SECTOR
WRITE = Op("w", 7, 0, len(NEW), NEW)


def disk(*ops: Op, lies: bool = False) -> Disk:
    made = Disk(Trace({"a": (7, OLD)}, [], {}), lies=lies)
    for op in ops:
        made.play(op)
    return made


def after(disk: Disk, policy: str, seed: int = 0) -> dict[str, bytes]:
    return {name: bytes(content) for name, content in disk.after(policy, random.Random(seed)).items()}


def any_of(disk: Disk, policy: str, name: str = "a") -> set[bytes | None]:
    return {after(disk, policy, seed).get(name) for seed in range(200)}


def synced(inode: int, number: int = 1) -> tuple[Op, Op]:
    return Op("b", inode, number, 0, b""), Op("f", inode, number, 0, b"")


def test_what_was_not_synced_is_there_or_not_or_torn_at_its_sectors() -> None:
    one = disk(WRITE)
    assert after(one, "none")["a"] == OLD and after(one, "all")["a"] == NEW + OLD[len(NEW) :]
    dot, x = b"." * SECTOR, b"x" * SECTOR
    assert any_of(one, "torn") == {a + b + dot for a in (dot, x) for b in (dot, x)}
    assert any_of(one, "pages") == any_of(one, "files") == {OLD, NEW + dot}


def test_what_was_written_first_is_there_first_where_the_order_is_kept() -> None:
    later = Op("w", 7, 2 * SECTOR, SECTOR, b"y" * SECTOR)
    left = any_of(disk(WRITE, later), "first")
    assert NEW + b"y" * SECTOR in left and OLD in left
    assert not any(content and content.endswith(b"y") and not content.startswith(NEW) for content in left)


def test_a_sync_keeps_what_was_written_before_it_began_and_no_more() -> None:
    begun, done = synced(7)
    one = disk(WRITE, begun, Op("w", 7, 2 * SECTOR, SECTOR, b"y" * SECTOR), done)
    assert after(one, "none")["a"] == NEW + b"." * SECTOR
    assert after(one, "all")["a"] == NEW + b"y" * SECTOR


def test_a_sync_that_has_not_returned_keeps_nothing_nor_does_one_that_lies() -> None:
    assert after(disk(WRITE, synced(7)[0]), "none")["a"] == OLD
    assert after(disk(WRITE, *synced(7), lies=True), "none")["a"] == OLD


def test_a_file_cut_short_is_short_once_that_is_synced() -> None:
    cut = Op("t", 7, 10, 0, b"")
    assert len(after(disk(cut), "none")["a"]) == len(OLD)
    assert len(after(disk(cut, *synced(7)), "none")["a"]) == 10


def test_a_file_that_grew_may_have_its_new_length_and_nothing_in_it_or_the_other_way_round() -> None:
    grew = disk(Op("w", 7, 2 * SECTOR, 2 * SECTOR, NEW))
    assert after(grew, "lengths")["a"] == OLD + bytes(SECTOR)
    assert after(grew, "contents")["a"] == OLD[: 2 * SECTOR] + b"x" * SECTOR


MADE = (Op("o", 9, 0, 0, b"b"), Op("w", 9, 0, 3, b"new"), *synced(9))


def test_a_new_name_holds_once_its_folder_is_synced_and_not_with_the_file() -> None:
    assert after(disk(*MADE), "none") == {"a": OLD}
    assert any_of(disk(*MADE), "torn", "b") == {b"new", None}
    assert after(disk(*MADE, *synced(1, 2)), "none") == {"a": OLD, "b": b"new"}


def test_a_renamed_file_is_the_old_one_or_the_new_one() -> None:
    renamed = (*MADE, *synced(1, 2), Op("r", 0, 0, 0, b"b/a"))
    assert after(disk(*renamed), "none") == {"a": OLD, "b": b"new"}
    assert after(disk(*renamed), "all") == {"a": b"new"}
    assert after(disk(*renamed, *synced(1, 3)), "none") == {"a": b"new"}


def test_a_file_that_was_removed_may_be_back() -> None:
    gone = (Op("u", 0, 0, 0, b"a"),)
    assert any_of(disk(*gone), "torn") == {OLD, None}
    assert after(disk(*gone, *synced(1)), "none") == {}


def test_what_is_kept_whole_and_in_order_is_the_same_image_as_if_it_had_been_synced() -> None:
    luck = random.Random(1)
    kept, safe = disk(WRITE), disk(WRITE, *synced(7))
    assert kept.after("all", luck)["a"].key == safe.after("none", luck)["a"].key != kept.after("none", luck)["a"].key


def test_images_with_one_key_have_one_content() -> None:
    wide = Op("w", 7, 0, 3 * PAGE, b"w" * 3 * PAGE)
    one = disk(WRITE, wide, Op("t", 7, SECTOR, 0, b""), WRITE)
    seen: dict[object, bytes] = {}
    for seed in range(600):
        for content in one.after(POLICIES[seed % len(POLICIES)], random.Random(seed)).values():
            assert seen.setdefault(content.key, bytes(content)) == bytes(content)
    assert len(seen) > 20


def test_a_promise_holds_from_the_moment_its_whole_line_was_said() -> None:
    promises = Promises({"c1": frozenset({"e1", "e2"})})
    line = b'{"id":1,"ok":{"change":"c1","changed":{}}}\n'
    promises.hear(Op("s", 0, 0, 20, line[:20]))
    assert promises.edits == set()
    promises.hear(Op("s", 0, 0, 0, line[20:]))
    assert (promises.edits, promises.changes) == ({"e1", "e2"}, 1)
