"""The reader: what it does when a page of the cache is damaged, and when another file takes the cache's place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advisor_desk.cache import errors, reads
from tests.ui.conftest import DeskFolder
from tests.ui.support.damage import damage
from ui.link.cache import Reader


@pytest.fixture
def desk(demo_desk: DeskFolder, tmp_path: Path) -> DeskFolder:
    """A copy of Maria's desk."""
    return demo_desk.copied(tmp_path / "desk")


def test_a_damaged_page_is_noted_for_the_service_and_reads_as_nothing(desk: DeskFolder) -> None:
    path = desk.profile / "cache.db"
    damage(path, desk.key, "contact_event")
    reader = Reader(path, desk.key)
    told: list[bool] = []
    reader.on_damage = lambda: told.append(True)
    order = str(reader.board()[0]["id"])
    assert not errors.damage_marker(path).exists()
    assert reader.repair_order(order) is None
    assert errors.damage_marker(path).exists() and told == [True]
    assert reader.repair_order(order) is None and reader.board() == [] and told == [True]
    reader.close()


def test_once_the_service_has_made_another_file_that_one_is_read(desk: DeskFolder) -> None:
    path = desk.profile / "cache.db"
    whole = shutil.copyfile(path, desk.profile / "whole.db")
    damage(path, desk.key, "contact_event")
    reader = Reader(path, desk.key)
    order = str(reader.board()[0]["id"])
    assert reader.repair_order(order) is None
    path.unlink()
    whole.rename(path)
    reader.renew()
    found = reader.repair_order(order)
    assert found is not None and found["story"]
    reader.close()


def test_a_file_that_was_put_in_its_place_is_noticed_without_any_damage(desk: DeskFolder) -> None:
    path = desk.profile / "cache.db"
    reader = Reader(path, desk.key)
    assert reader.board()
    path.rename(desk.profile / "cache.db.damaged-1")
    reader.renew()
    assert reader.board(), "nothing is there yet: what is known stays on the screen"
    (desk.profile / "cache.db.damaged-1").rename(path)
    reader.renew()
    shutil.copyfile(path, desk.profile / "other.db")
    (desk.profile / "other.db").replace(path)
    before = reader._file
    reader.renew()
    assert reader._file != before and reader.board()
    reader.close()


def test_a_fault_of_ours_is_not_taken_for_damage(desk: DeskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(conn: object) -> list[object]:
        raise reads.DatabaseError("no such column")

    reader = Reader(desk.profile / "cache.db", desk.key)
    monkeypatch.setattr(reads, "board", faulty)
    with pytest.raises(reads.DatabaseError):
        reader.board()
    assert not errors.damage_marker(desk.profile / "cache.db").exists()
    reader.close()
