"""Whatever happens to the cache's files, unsent work is there afterwards, once, and the user is told in words."""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor_desk.cache import board, database, errors, journal, meta, outbox, records, unsent
from advisor_desk.cache.codec import ServerRow
from advisor_desk.cache.database import open_cache
from advisor_desk.domain.changes import UPDATE, Edit
from tests.cache.shop import ADVISOR, KEY, RECORDS, Shop, applied, refused, server_row

RO = ("repair_order", "ro-1")
WARNING = pytest.mark.expected_log(logging.WARNING, "the journal of unsent work is not whole")


class Disk:
    """The files of a shop's cache as they stand at one moment, and a way to start from them."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        folder.mkdir()
        self.path = folder / "cache.db"
        self.log = Path(f"{self.path}-wal")
        self.journal = folder / "cache.journal"
        for suffix in (".db", ".db-wal", ".journal", ".settled"):
            source = shop.path.with_suffix(suffix)
            if source.exists():
                shutil.copyfile(source, self.path.with_suffix(suffix))

    def start(self) -> Shop:
        """Open the cache on these files."""
        return Shop(self.path, KEY, ids="later")


@pytest.fixture
def worked(shop: Shop) -> Shop:
    """A shop with its log emptied in the morning, and seven edits since."""
    with shop.cache.write() as conn:
        meta.put(conn, "server_id", "bridge-1")
        meta.put(conn, "refresh_token", "adr_x")
        meta.put(conn, "cursor", "e.9")
        unsent.note_whose(conn)
    shop.cache.checkpoint()
    for n in range(7):
        shop.edit(*RO, tag=f"X{n}")
    return shop


def _sent(shop: Shop) -> list[object]:
    return [one["set"].get("tag") for one in shop.batch()]


ALL = [f"X{n}" for n in range(7)]


def _flip(path: Path, at: int, bit: int = 3) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(bytes(content))


def _root(shop: Shop, table: str) -> int:
    """Where a table's first page begins in the file."""
    ((page,),) = shop.sql("SELECT rootpage FROM sqlite_master WHERE name = ?", table)
    return (int(page) - 1) * 4096


def _cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def _zero(path: Path, at: int, size: int = 512) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + size] = bytes(size)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.77, 0.93, 0.999])
def test_a_log_cut_short_loses_nothing(worked: Shop, tmp_path: Path, share: float) -> None:
    disk = Disk(worked, tmp_path / "cut")
    _cut(disk.log, share)
    shop = disk.start()
    assert _sent(shop) == ALL and shop.fields(*RO)["tag"] == "X6"
    assert shop.cache.recovered.kept > 0
    shop.cache.close()


@pytest.mark.parametrize("seed", range(12))
def test_a_log_with_flipped_bits_or_zeroed_blocks_loses_nothing(worked: Shop, tmp_path: Path, seed: int) -> None:
    disk = Disk(worked, tmp_path / "flipped")
    chance = random.Random(seed)
    at = chance.randrange(disk.log.stat().st_size)
    _flip(disk.log, at) if seed % 2 else _zero(disk.log, at // 512 * 512)
    shop = disk.start()
    assert _sent(shop) == ALL and shop.fields(*RO)["tag"] == "X6"
    shop.cache.close()


def test_a_log_that_is_gone_loses_nothing_and_the_user_is_told(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "gone")
    disk.log.unlink()
    shop = disk.start()
    assert _sent(shop) == ALL
    assert shop.cache.recovered.words == (
        "The local cache had lost its newest changes; 7 unsent changes were brought back."
    )
    assert shop.cache.recovered.aside is None
    shop.cache.close()


def test_what_came_back_comes_back_once(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "gone")
    disk.log.unlink()
    shop = disk.start()
    for _ in range(3):
        shop.reopen()
        assert shop.cache.recovered.kept == 0 and shop.cache.recovered.words == ""
    assert _sent(shop) == ALL
    shop.cache.close()


def test_the_command_under_way_when_the_power_went_is_no_news(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "before")
    worked.edit(*RO, tag="X7")
    shutil.copyfile(worked.path.with_suffix(".journal"), disk.journal)  # sealed, and the commit did not come
    shop = disk.start()
    assert _sent(shop) == [*ALL, "X7"]
    assert shop.cache.recovered.words == "" and shop.cache.recovered.kept == 1
    shop.cache.close()


@pytest.mark.parametrize("page", ["first", "middle", "last"])
def test_a_damaged_page_is_found_and_the_cache_rebuilt_with_its_unsent_work(
    worked: Shop, tmp_path: Path, page: str
) -> None:
    worked.cache.checkpoint()
    disk = Disk(worked, tmp_path / "page")
    for number in range(disk.path.stat().st_size // 4096):
        if page == "first" and number == 0:
            _flip(disk.path, 100)
        elif page == "middle" and number > 0:
            _flip(disk.path, number * 4096 + 100)
        elif page == "last" and number == disk.path.stat().st_size // 4096 - 1:
            _flip(disk.path, number * 4096 + 4000)
    shop = disk.start()
    assert _sent(shop) == ALL
    if page != "last":  # the last page may be one that only a search touches
        assert shop.cache.recovered.words == (
            "The local cache was damaged and has been rebuilt; 7 unsent changes were kept."
        )
        aside = shop.cache.recovered.aside
        assert aside is not None and aside.read_bytes() != b"" and aside.name == "cache.db.damaged-1"
        assert shop.sql("SELECT count(*) FROM customer") == [(0,)], "fetched again by the next first sync"
        with shop.cache.read() as conn:
            assert meta.get(conn, "cursor") is None and meta.get(conn, "server_id") == "bridge-1"
    shop.cache.close()


def test_a_file_cut_short_is_rebuilt(worked: Shop, tmp_path: Path) -> None:
    worked.cache.checkpoint()
    for number, share in enumerate((0.001, 0.3, 0.9)):
        disk = Disk(worked, tmp_path / f"cut-{number}")
        _cut(disk.path, share)
        shop = disk.start()
        assert _sent(shop) == ALL and "rebuilt" in shop.cache.recovered.words
        shop.cache.close()


def test_a_file_that_is_gone_is_made_anew_with_its_unsent_work(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert _sent(shop) == ALL
    assert (
        shop.cache.recovered.words == "The local cache was missing and has been made anew; 7 unsent changes were kept."
    )
    with shop.cache.read() as conn:
        assert meta.get(conn, "server_id") == "bridge-1", "and it is never sent to another bridge"
    shop.cache.close()


def test_a_rebuilt_cache_shows_the_edits_and_takes_the_records_under_them(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert shop.fields(*RO) == {"tag": "X6"}
    with shop.cache.write() as conn:
        records.load_page(conn, [ServerRow(kind, id, 1, False, dict(body)) for kind, id, body in RECORDS])
        board.rebuild(conn)
    assert shop.fields(*RO)["tag"] == "X6" and shop.fields(*RO)["number"] == "104417"
    assert [sent["base_rev"] for sent in shop.batch()] == [1] * 7, "made on what was seen then"
    shop.cache.close()


def test_an_older_file_under_todays_log_is_never_read_as_a_mixture(worked: Shop, tmp_path: Path) -> None:
    yesterday = Disk(worked, tmp_path / "yesterday")
    worked.cache.checkpoint()
    worked.edit("customer", "cust-1", notes="Said today")
    disk = Disk(worked, tmp_path / "mixed")
    shutil.copyfile(yesterday.path, disk.path)
    shop = disk.start()
    assert "rebuilt; 8 unsent changes were kept" in shop.cache.recovered.words
    assert _sent(shop)[:7] == ALL
    shop.cache.close()


def test_an_older_log_over_todays_file_is_never_read_as_a_mixture(worked: Shop, tmp_path: Path) -> None:
    yesterday = Disk(worked, tmp_path / "yesterday")
    worked.cache.checkpoint()
    worked.edit("customer", "cust-1", notes="Said today")
    worked.cache.checkpoint()
    disk = Disk(worked, tmp_path / "mixed")
    shutil.copyfile(yesterday.log, disk.log)
    shop = disk.start()
    assert "rebuilt; 8 unsent changes were kept" in shop.cache.recovered.words
    shop.cache.close()


def test_file_and_log_of_yesterday_beside_todays_journal_are_rebuilt(worked: Shop, tmp_path: Path) -> None:
    yesterday = Disk(worked, tmp_path / "yesterday")
    worked.cache.checkpoint()
    worked.edit(*RO, tag="X7")
    worked.cache.checkpoint()
    shutil.copyfile(worked.path.with_suffix(".journal"), yesterday.journal)
    shop = yesterday.start()
    assert _sent(shop) == [*ALL, "X7"] and "rebuilt" in shop.cache.recovered.words
    shop.cache.close()


def test_all_three_files_of_yesterday_are_yesterdays_desk(worked: Shop, tmp_path: Path) -> None:
    yesterday = Disk(worked, tmp_path / "yesterday")
    worked.edit(*RO, tag="X7")
    shop = yesterday.start()
    assert _sent(shop) == ALL and shop.cache.recovered.words == ""
    shop.cache.close()


@WARNING
def test_a_journal_that_is_gone_is_made_anew_from_the_cache(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "gone")
    disk.journal.unlink()
    disk.journal.write_bytes(b"")
    shop = disk.start()
    assert _sent(shop) == ALL and shop.cache.recovered.words == ""
    shop.cache.close()
    disk.path.unlink()
    shop = disk.start()
    assert _sent(shop) == ALL, "the new journal holds them too"
    shop.cache.close()


@WARNING
@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_journal_over_a_good_cache_loses_nothing(worked: Shop, tmp_path: Path, seed: int) -> None:
    disk = Disk(worked, tmp_path / "flipped")
    used = len(disk.journal.read_bytes().rstrip(b"\0"))
    _flip(disk.journal, random.Random(seed).randrange(60, used))
    shop = disk.start()
    assert _sent(shop) == ALL and shop.cache.recovered.words == ""
    shop.reopen()
    assert _sent(shop) == ALL
    assert len(journal.read(disk.journal.read_bytes(), KEY).faults) == 0
    shop.cache.close()


@WARNING
def test_with_both_damaged_what_either_knows_is_kept_and_the_user_is_told_to_look(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "both")
    content = disk.journal.read_bytes()
    marks = [at for at in range(len(content)) if content.startswith(b"\xadJE\n", at)]
    _flip(disk.journal, marks[-3] + 30)
    disk.path.unlink()
    disk.log.unlink()
    disk.path.write_bytes(b"\x55" * 8192)
    shop = disk.start()
    kept = _sent(shop)
    assert len(kept) == 6 and set(kept) < set(ALL)
    assert shop.cache.recovered.words.endswith("Some may be missing: look at the last ones you made.")
    shop.cache.close()


def test_another_key_beside_a_journal_is_still_only_another_key(worked: Shop, tmp_path: Path) -> None:
    worked.cache.checkpoint()
    disk = Disk(worked, tmp_path / "key")
    before = {path.name: path.read_bytes() for path in disk.path.parent.iterdir() if path != disk.log}
    with pytest.raises(errors.WrongKey):
        open_cache(disk.path, bytes(32))
    with pytest.raises(errors.KeyMissing):
        open_cache(disk.path, None)
    assert {path.name: path.read_bytes() for path in disk.path.parent.iterdir() if path.name in before} == before


def test_a_damaged_cache_without_a_journal_is_only_said(worked: Shop, tmp_path: Path) -> None:
    worked.cache.checkpoint()
    disk = Disk(worked, tmp_path / "old")
    disk.journal.unlink()
    _flip(disk.path, _root(worked, "mutation") + 100)
    before = disk.path.read_bytes()
    with pytest.raises(errors.Damaged):
        open_cache(disk.path, KEY)
    assert disk.path.read_bytes() == before


def test_what_was_settled_or_decided_does_not_come_back(worked: Shop, tmp_path: Path) -> None:
    sent = worked.batch()
    row = server_row(*RO, 5)
    worked.settle(*(applied(one["id"], row) for one in sent[:3]), refused(sent[3]["id"], row))
    worked.resolve(sent[3]["id"], "keep_theirs")
    worked.edit("repair_order", "ro-2", spot="C9")
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert _sent(shop) == ["X4", "X5", "X6", None]
    shop.cache.close()


def test_what_was_refused_and_not_decided_comes_back_to_be_refused_again(worked: Shop, tmp_path: Path) -> None:
    sent = worked.batch()
    worked.settle(*(refused(one["id"], server_row(*RO, 5)) for one in sent))
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert [one["id"] for one in shop.batch()] == [one["id"] for one in sent]
    shop.cache.close()


def test_a_damaged_cache_whose_edits_can_still_be_read_keeps_how_they_stood(worked: Shop, tmp_path: Path) -> None:
    sent = worked.batch()
    row = server_row(*RO, 5)
    worked.settle(applied(sent[0]["id"], row), refused(sent[1]["id"], row))
    worked.cache.checkpoint()
    disk = Disk(worked, tmp_path / "page")
    _flip(disk.path, _root(worked, "board") + 100)
    shop = disk.start()
    assert shop.state_of(sent[0]["id"]) == "acked" and shop.state_of(sent[1]["id"]) == "refused"
    assert [one["n"] for one in shop.batch()] == [3, 4, 5, 6, 7], "still the same desk"
    with shop.cache.read() as conn:
        assert meta.get(conn, "refresh_token") == "adr_x" and meta.get(conn, "employee_id") == ADVISOR
        assert meta.get(conn, "cursor") is None
    shop.cache.close()


def test_what_was_offered_again_is_unsent_again(worked: Shop, tmp_path: Path) -> None:
    sent = worked.batch()
    worked.settle(*(applied(one["id"], server_row(*RO, 5)) for one in sent))
    with worked.cache.write() as conn:
        outbox.reoffer(conn, "desk-2")
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert _sent(shop) == ALL
    shop.cache.close()


def test_a_command_sent_again_after_it_came_back_does_nothing(worked: Shop, tmp_path: Path) -> None:
    ((change,),) = worked.sql("SELECT change_id FROM mutation ORDER BY row DESC LIMIT 1")
    disk = Disk(worked, tmp_path / "gone")
    disk.log.unlink()
    shop = disk.start()
    with shop.cache.read() as conn:
        known = outbox.answered(conn, change)
    assert known is not None and [edit.set for edit in known.edits] == [{"tag": "X6"}]
    shop.cache.close()


def test_damage_met_while_in_use_is_put_right_at_the_next_start(worked: Shop, tmp_path: Path) -> None:
    worked.cache.checkpoint()
    disk = Disk(worked, tmp_path / "page")
    _flip(disk.path, _root(worked, "customer") + 100)
    shop = disk.start()
    assert shop.cache.recovered.words == "", "nothing has read that page yet"
    with pytest.raises(errors.Damaged):
        shop.seen("customer", "cust-1")
    shop.cache._engine.dispose()
    shop = disk.start()
    assert "rebuilt; 7 unsent changes were kept" in shop.cache.recovered.words
    shop.reopen()
    assert shop.cache.recovered.words == "" and _sent(shop) == ALL
    shop.cache.close()


def test_a_false_alarm_changes_nothing(worked: Shop, tmp_path: Path) -> None:
    disk = Disk(worked, tmp_path / "fine")
    (disk.path.parent / "cache.db.damaged").touch()
    shop = disk.start()
    assert shop.cache.recovered.words == "" and shop.fields(*RO)["tag"] == "X6"
    assert not (disk.path.parent / "cache.db.damaged").exists()
    shop.cache.close()


def _failing(error: OSError) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.expected_log(logging.WARNING, "cannot be written; it is begun anew")
def test_without_room_for_the_journal_the_command_is_refused_and_nothing_of_it_stays(
    worked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_write", _failing(OSError(28, "No space left on device")))
        with pytest.raises(errors.DiskFull):
            worked.edit(*RO, tag="LOST")
    assert worked.fields(*RO)["tag"] == "X6"
    worked.edit(*RO, tag="X7")
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert _sent(shop) == [*ALL, "X7"]
    shop.cache.close()


def test_a_commit_that_fails_takes_its_entry_back(
    worked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ZeroDivisionError), worked.cache.write() as conn:
        outbox.add(conn, [_edit("LOST")], worked.origin(), worked.new_id)
        with monkeypatch.context() as patch:
            patch.setattr(meta, "put_stamp", _failing(ZeroDivisionError()))  # type: ignore[arg-type]
            worked.cache._enter(conn, [{"edit": ["x"] * 12}])
    worked.edit(*RO, tag="X7")
    found = journal.read(worked.path.with_suffix(".journal").read_bytes(), KEY)
    assert "x" not in [note["edit"][0] for note in found.notes if "edit" in note] and not found.faults


def _edit(tag: str) -> Edit:
    return Edit("repair_order", "ro-1", UPDATE, {"tag": tag}, {})


@pytest.mark.expected_log(logging.WARNING, "did not reach the disk")
def test_a_disk_that_fails_the_journal_alone_does_not_unsay_what_the_cache_has_kept(
    worked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_sync", _failing(OSError(5, "Input/output error")))
        worked.edit(*RO, tag="X7")
    worked.edit(*RO, tag="X8")
    disk = Disk(worked, tmp_path / "gone")
    disk.path.unlink()
    shop = disk.start()
    assert _sent(shop) == [*ALL, "X7", "X8"], "begun anew by the next write, with all that waits"
    shop.cache.close()


def test_the_journal_is_kept_short_when_there_is_time(worked: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LONG", 20_000)
    path = worked.path.with_suffix(".journal")
    for n in range(60):
        worked.edit(*RO, tag=f"Y{n}")
    worked.settle(*(applied(one["id"], server_row(*RO, 5 + n)) for n, one in enumerate(worked.batch())))
    assert len(path.read_bytes().rstrip(b"\0")) > 20_000
    worked.cache.checkpoint()
    assert len(path.read_bytes().rstrip(b"\0")) < 1_000
    worked.edit(*RO, tag="Z")
    worked.reopen()
    assert _sent(worked) == ["Z"]
