"""A copy of the books is encrypted, whole while they are in use, and put back with a new epoch."""

from __future__ import annotations

import shutil
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.bridge import backups, feed, folder
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.problems import Problem
from advisor_desk.domain.errors import Refused
from tests.bridge.conftest import ONLY_SQLITE
from tests.bridge.rooftop import Rooftop


@pytest.fixture
def copy(data: Path, rooftop: Rooftop, tmp_path: Path) -> Path:
    """A backup in which the tag is T-1; the books have moved on to T-2 since."""
    rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-1"})
    to = tmp_path / "monday.backup"
    backups.backup(data, to)
    rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-2"})
    return to


def reopened(data: Path, shelf: Books) -> Rooftop:
    shelf.close()
    return Rooftop(folder.open_books(data))


def test_a_backup_is_ciphertext_for_its_owner_only(copy: Path) -> None:
    raw = copy.read_bytes()
    assert b"Kowalski" not in raw
    assert b"SQLite format 3" not in raw
    assert b"repair_order" not in raw
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_putting_it_back_brings_the_records_of_then(data: Path, shelf: Books, rooftop: Rooftop, copy: Path) -> None:
    shelf.close()
    backups.restore(data, copy)
    after = reopened(data, shelf)
    assert after.fields("repair_order", after.ro)["tag"] == "T-1"
    after.shelf.close()


def test_every_desk_learns_of_it_by_a_new_epoch_and_no_old_number_is_given_again(
    data: Path, shelf: Books, rooftop: Rooftop, copy: Path
) -> None:
    before = rooftop.shelf.head(rooftop.store_id)
    shelf.close()
    backups.restore(data, copy)
    after = reopened(data, shelf)
    head = after.shelf.head(after.store_id)
    assert head.epoch != before.epoch
    assert after.shelf.server_id == rooftop.shelf.server_id
    assert head.seq > before.seq + 1_000_000
    with pytest.raises(Problem) as gone, after.shelf.read(after.store_id) as conn:
        feed.changes(conn, after.store_id, feed.cursor(before.epoch, before.seq), 10)
    assert gone.value.status == 410
    with after.shelf.read(after.store_id) as conn:
        assert feed.changes(conn, after.store_id, feed.cursor(head.epoch, head.seq), 10)["changes"] == []
    assert after.desk().does("repair_order", after.ro, {"tag": "T-3"})["seq"] == head.seq + 1
    after.shelf.close()


def test_what_was_there_before_is_kept_and_can_be_put_back_too(
    data: Path, shelf: Books, rooftop: Rooftop, copy: Path
) -> None:
    shelf.close()
    kept = backups.restore(data, copy)
    backups.restore(data, Path(shutil.copy(kept, data.parent / "kept")))
    again = reopened(data, shelf)
    assert again.fields("repair_order", again.ro)["tag"] == "T-2"
    again.shelf.close()


def test_a_file_that_is_no_backup_of_this_bridge_changes_nothing(
    data: Path, shelf: Books, rooftop: Rooftop, copy: Path, tmp_path: Path
) -> None:
    whole = copy.read_bytes()
    bad = {
        "another key": None,
        "junk": b"not a database" * 1_000,
        "nothing": b"",
        "cut": whole[: len(whole) * 2 // 3],
        "flipped": whole[:-3_000] + bytes([whole[-3_000] ^ 1]) + whole[-2_999:],
    }
    for name, content in bad.items():
        path = tmp_path / name
        path.write_bytes(whole if content is None else content)
        key = (data / "bridge.key").read_text()
        if content is None:
            (data / "bridge.key").write_text("00" * 32)
            shelf.close()
        with pytest.raises(Refused) as refused:
            backups.restore(data, path)
        (data / "bridge.key").write_text(key)
        assert refused.value.code == "not_a_backup", name
    with pytest.raises(Refused):
        backups.restore(data, tmp_path / "nowhere")
    after = reopened(data, shelf)
    assert after.fields("repair_order", after.ro)["tag"] == "T-2"
    assert sorted(path.name for path in data.iterdir() if "restor" in path.name) == []
    after.shelf.close()


@ONLY_SQLITE
def test_a_file_that_is_being_served_is_not_replaced(data: Path, copy: Path) -> None:
    with folder.alone(data), pytest.raises(Refused) as refused:
        backups.restore(data, copy)
    assert refused.value.code == "in_use"


def test_a_backup_never_overwrites_a_file_and_never_leaves_half_of_one(data: Path, copy: Path, tmp_path: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(Refused) as refused:
        backups.backup(data, copy)
    assert refused.value.code == "exists"
    assert copy.read_bytes() == before
    with pytest.raises(Refused):
        backups.backup(data, tmp_path / "no" / "such" / "folder")


def test_a_backup_made_while_desks_write_is_of_one_moment(data: Path, rooftop: Rooftop, tmp_path: Path) -> None:
    """Each push sets two fields to the same word: no copy may hold one without the other."""
    stop = threading.Event()
    desk = rooftop.desk()

    def work() -> None:
        count = 0
        while not stop.is_set():
            count += 1
            desk.does("repair_order", rooftop.ro, {"tag": f"T-{count}", "spot": f"T-{count}"})

    writer = threading.Thread(target=work)
    writer.start()
    copies = [tmp_path / f"{number}.backup" for number in range(4)]
    for to in copies:
        backups.backup(data, to)
    stop.set()
    writer.join()
    for to in copies:
        rooftop.shelf.close()
        backups.restore(data, to)
        found = Rooftop(folder.open_books(data))
        fields: dict[str, Any] = found.fields("repair_order", found.ro)
        assert fields.get("spot") is None or fields["spot"] == fields["tag"]
        found.shelf.close()


def test_books_put_back_by_other_means_are_marked_by_hand(data: Path, shelf: Books, rooftop: Rooftop) -> None:
    before = rooftop.shelf.head(rooftop.store_id)
    backups.restored(data)
    after = rooftop.shelf.head(rooftop.store_id)
    assert after.epoch != before.epoch
    assert after.seq == after.oldest > before.seq
