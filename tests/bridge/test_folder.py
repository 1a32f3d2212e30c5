"""The bridge's folder: made once, opened with its key, held by one server."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from advisor_desk.bridge import folder
from advisor_desk.bridge.books import Books, store_ids
from advisor_desk.domain.errors import Refused
from tests.bridge.conftest import ONLY_SQLITE
from tests.bridge.rooftop import Rooftop


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    folder.create(tmp_path / "bridge").close()
    assert stat.S_IMODE((tmp_path / "bridge").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "bridge" / "bridge.key").stat().st_mode) == 0o600


@ONLY_SQLITE
def test_the_books_are_unreadable_without_the_key(data: Path, shelf: Books, rooftop: Rooftop) -> None:
    rooftop.desk().does("customer", rooftop.customer, {"name": "Zwierzchowska"})
    for path in data.iterdir():
        raw = path.read_bytes()
        assert b"Zwierzchowska" not in raw, path.name
        assert b"SQLite format 3" not in raw, path.name


def test_a_folder_that_holds_a_bridge_is_left_alone(data: Path) -> None:
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    with pytest.raises(Refused) as refused:
        folder.create(data)
    assert refused.value.code == "already_there"
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_a_folder_without_a_bridge_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        folder.open_books(tmp_path)
    assert refused.value.code == "no_bridge"
    assert "init" in refused.value.message


@ONLY_SQLITE
@pytest.mark.parametrize("key", [None, "", "zz", "00" * 31])
def test_a_missing_or_damaged_key_is_never_made_anew(data: Path, key: str | None) -> None:
    path = data / "bridge.key"
    path.unlink() if key is None else path.write_text(key)
    with pytest.raises(Refused) as refused:
        folder.open_books(data)
    assert refused.value.code == "no_key"
    assert (path.read_text() if path.exists() else None) == key


def test_two_new_bridges_are_two(tmp_path: Path) -> None:
    one, two = folder.create(tmp_path / "one"), folder.create(tmp_path / "two")
    assert one.server_id != two.server_id
    one.close()
    two.close()


@ONLY_SQLITE
def test_one_holds_the_folder_at_a_time(data: Path) -> None:
    with folder.alone(data):
        with pytest.raises(Refused) as refused, folder.alone(data):
            pass
        assert refused.value.code == "in_use"
    with folder.alone(data):
        pass


def test_a_store_that_is_open_takes_no_second_import(rooftop: Rooftop, owner: Books) -> None:
    with pytest.raises(Refused) as refused:
        owner.import_records(rooftop.store_id, [("customer", "c9", {"name": "Late"})])
    assert refused.value.code == "store_open"
    assert rooftop.record("customer", "c9") is None


def test_an_import_that_breaks_off_leaves_nothing(rooftop: Rooftop, owner: Books) -> None:
    def rows() -> object:
        yield "store", "new", {"name": "New"}
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError):
        owner.import_records("new", rows())  # type: ignore[arg-type]
    with owner.read() as conn:
        assert store_ids(conn) == [rooftop.store_id]


def test_what_is_imported_is_there_at_revision_one(rooftop: Rooftop) -> None:
    for kind, id, fields in rooftop.rows():
        record = rooftop.record(kind, id)
        assert (record.rev, record.created_rev, record.deleted, record.fields) == (1, 1, False, fields)
