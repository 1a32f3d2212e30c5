"""A full disk: what cannot be saved is refused in words, what was saved stays, and work goes on once there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import board
from tests.support.desk import DeskProcess, Refusal
from tests.support.shop import Shop
from tests.support.waiting import until

MEGABYTES = 64
ROOT = sys.platform == "linux" and os.geteuid() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    where = tmp_path / "small"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(where)]
    if not ROOT or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)


def fill(where: Path) -> Path:
    """Take all the room that is left."""
    filler = where / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"\x55" * size)
            except OSError:
                continue
    return filler


def test_a_full_disk_is_told_what_was_saved_stays_and_work_goes_on_with_room(shop: Shop, small_disk: Path) -> None:
    helen = DeskProcess(small_disk / "helen", shop.bridge.url, shop.bridge.folder.token("helen"))
    with helen:
        helen.wait_live()
        rows = board.cards(helen)
        saved = save_until_full(helen, small_disk, [row["id"] for row in rows])

        # What others do meanwhile cannot be written down: the link says so, and the board stays readable.
        shop.desks["maria"].ask("ro.set_tag", repair_order_id=rows[0]["id"], tag="FULL-1")
        link = helen.wait_state("disk_full")
        assert link["words"].startswith("Disk full")
        assert "Free some space" in link["trouble"]
        assert {id: board.card(helen, id)["spot"] for id in saved} == saved

        # Closed and opened on the full disk, nothing is lost either.
        helen.close()
        try:
            helen.start()
        except Refusal as refusal:
            assert refusal.code == "disk_full"
            assert "Free some space" in refusal.message
        (small_disk / "filler").unlink()
        helen.restart()
        assert {id: board.card(helen, id)["spot"] for id in saved} == saved
        helen.ask("ro.set_spot", repair_order_id=rows[0]["id"], spot="Room again")
        helen.ask("sync.now")
        helen.wait_live()
        until(lambda: board.card(helen, rows[0]["id"])["tag"] == "FULL-1", what="the change made meanwhile")
        there = {id: shop.bridge.get(f"/v1/records/repair_order/{id}", "helen")["fields"]["spot"] for id in saved}
        assert there == saved | {rows[0]["id"]: "Room again"}


def save_until_full(desk: DeskProcess, where: Path, ids: list[str]) -> dict[str, str]:
    """Fill the disk and set spots until one is refused; what was answered as saved, by repair order."""
    saved: dict[str, str] = {}
    fill(where)
    for number in range(2_000):
        id, spot = ids[number % len(ids)], f"D{number}"
        try:
            desk.ask("ro.set_spot", repair_order_id=id, spot=spot)
        except Refusal as refusal:
            assert refusal.code == "disk_full", refusal.error
            assert refusal.message == "Not saved: the disk is full. Free some space and try again."
            assert board.card(desk, id).get("spot") != spot
            return saved
        saved[id] = spot
        fill(where)
    raise AssertionError("two thousand edits went onto a full disk")


def test_a_file_that_may_not_grow_is_told_and_what_was_saved_stays(shop: Shop, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limit on the size of files")
    profile = tmp_path / "limited"
    desk = DeskProcess(profile, shop.bridge.url, shop.bridge.folder.token("maria"))
    with desk:
        desk.wait_live()
    desk.bridge = "http://127.0.0.1:9"
    limit = 60_000
    desk.before = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    saved: dict[str, str] = {}
    with desk:
        rows = board.cards(desk)
        with pytest.raises(Refusal) as refused:
            for number in range(500):
                id, spot = rows[number % len(rows)]["id"], f"L{number}"
                desk.ask("ro.set_spot", repair_order_id=id, spot=spot)
                saved[id] = spot
        assert refused.value.code in {"disk_full", "disk_failed"}
        assert refused.value.message.startswith("Not saved: the disk")
        assert {id: board.card(desk, id)["spot"] for id in saved} == saved
        desk.kill()
    desk.before = None
    with desk:
        assert {id: board.card(desk, id)["spot"] for id in saved} == saved


def test_a_profile_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    if ROOT:
        pytest.skip("an administrator may write everywhere")
    profile = tmp_path / "profile"
    with DeskProcess(profile) as desk:
        key = desk.key
    (profile / "cache.db").chmod(0o400)
    profile.chmod(0o500)
    with pytest.raises(Refusal) as refused:
        DeskProcess(profile, key=key).start()
    profile.chmod(0o700)
    assert refused.value.code == "read_only"
    assert "permissions" in refused.value.message
