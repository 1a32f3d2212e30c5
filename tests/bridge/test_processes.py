"""Several bridge processes on one PostgreSQL: one server to the desks, whichever of them answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.bridge import backups, folder
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.head import Head
from advisor_desk.bridge.listen import Listener
from tests.bridge.conftest import ONLY_POSTGRESQL
from tests.bridge.rooftop import Rooftop
from tests.bridge.test_server import edit, listening, with_maria
from tests.support.bridge import BridgeProcess
from tests.support.postgres import Cluster
from tests.support.waiting import PATIENCE, until

pytestmark = ONLY_POSTGRESQL


@pytest.fixture
def pair(data: Path) -> Iterator[tuple[BridgeProcess, BridgeProcess]]:
    """Two processes that serve one folder's database."""
    folder_ = with_maria(data)
    with BridgeProcess(folder_) as one, BridgeProcess(folder_) as two:
        yield one, two


def test_both_are_the_same_bridge_to_a_desk(pair: tuple[BridgeProcess, BridgeProcess]) -> None:
    one, two = (process.get("/v1/capabilities", "maria") for process in pair)
    assert (one["server_id"], one["epoch"]) == (two["server_id"], two["epoch"])


def test_a_push_to_one_nudges_the_desks_of_the_other(pair: tuple[BridgeProcess, BridgeProcess]) -> None:
    one, two = pair
    heard, thread = listening(two)
    until(lambda: bool(heard), what="the head at once")
    start = heard[-1].seq
    one.push("d1", [edit(one, 1, "T-7")], "maria")
    until(lambda: heard[-1].seq > start, what="word from the other process")
    assert two.get("/v1/records/repair_order/harbor-ro", "maria")["fields"]["tag"] == "T-7"
    two.stop()
    thread.join(PATIENCE)


def test_a_desk_whose_process_dies_goes_on_with_the_other(pair: tuple[BridgeProcess, BridgeProcess]) -> None:
    one, two = pair
    sent = edit(one, 1, "T-7")
    one.push("d1", [sent], "maria")
    one.kill()
    assert two.push("d1", [sent], "maria")[0]["outcome"] == "duplicate"
    assert two.push("d1", [edit(two, 2, "T-8")], "maria")[0]["outcome"] in {"applied", "merged"}


def test_a_backup_put_back_under_running_bridges_reaches_their_desks(
    data: Path, owner: Books, pair: tuple[BridgeProcess, BridgeProcess], tmp_path: Path
) -> None:
    one, two = pair
    one.push("d1", [edit(one, 1, "T-then")], "maria")
    backups.backup(data, tmp_path / "copy")
    one.push("d1", [edit(one, 2, "T-lost")], "maria")
    before = two.get("/v1/capabilities", "maria")
    owner.close()
    backups.restore(data, tmp_path / "copy")
    for process in pair:
        after = until(lambda at=process: answer(at, "/v1/capabilities"), what="the bridge to answer again")
        assert after["server_id"] == before["server_id"]
        assert after["epoch"] != before["epoch"]
        assert process.get("/v1/records/repair_order/harbor-ro", "maria")["fields"]["tag"] == "T-then"


def answer(process: BridgeProcess, path: str) -> Any:
    """What it answers, or nothing while its connections are made anew."""
    try:
        return process.get(path, "maria")
    except AssertionError:
        return None


class Word:
    """What a process was told of its stores."""

    def __init__(self) -> None:
        self.heads: list[tuple[str, Head]] = []

    def heard(self, store_id: str, head: Head) -> None:
        """Note it."""
        self.heads.append((store_id, head))


@pytest.fixture
def listener(shelf: Books, rooftop: Rooftop) -> Iterator[tuple[Word, Listener]]:
    """A process that follows Harbor Motors."""
    word = Word()
    shelf.listen(word.heard)
    with shelf.follow(lambda: [rooftop.store_id]) as following:
        assert isinstance(following, Listener)
        assert following.listening.wait(PATIENCE)
        until(lambda: bool(word.heads), what="the head to be looked up at the start")
        word.heads.clear()
        yield word, following


def other(data: Path) -> Rooftop:
    """The same store as another process has it."""
    return Rooftop(folder.open_books(data))


def test_word_comes_of_a_commit_and_not_of_what_was_undone(
    data: Path, rooftop: Rooftop, listener: tuple[Word, Listener]
) -> None:
    from advisor_desk.bridge import head

    word, _ = listener
    elsewhere = other(data)
    with pytest.raises(RuntimeError), elsewhere.shelf.write(elsewhere.store_id) as conn:
        head.take(conn, elsewhere.store_id, "job", elsewhere.job)
        raise RuntimeError("the power goes")
    elsewhere.desk().does("repair_order", elsewhere.ro, {"tag": "T-7"})
    until(lambda: bool(word.heads), what="word of the commit")
    assert {head.seq for _, head in word.heads} == {2}
    elsewhere.shelf.close()


def test_a_line_that_is_cut_is_made_anew_and_what_was_missed_is_looked_up(
    data: Path, postgres: Cluster, rooftop: Rooftop, listener: tuple[Word, Listener]
) -> None:
    word, following = listener
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'advisor-desk listener'"
    )
    assert postgres.run(cut) == [(1,)]
    elsewhere = other(data)
    elsewhere.desk().does("repair_order", elsewhere.ro, {"tag": "T-7"})
    until(lambda: any(head.seq == 2 for _, head in word.heads), what="what was missed")
    assert following.listening.wait(PATIENCE)
    elsewhere.desk().does("repair_order", elsewhere.ro, {"tag": "T-8"})
    until(lambda: any(head.seq == 3 for _, head in word.heads), what="word after the cut")
    elsewhere.shelf.close()


def test_another_stores_word_is_not_passed_on(
    owner: Books, shelf: Books, data: Path, rooftop: Rooftop, listener: tuple[Word, Listener]
) -> None:
    word, _ = listener
    lake = Rooftop(shelf, "lake").opened(owner)
    lake.desk().does("repair_order", lake.ro, {"tag": "T-7"})
    elsewhere = other(data)
    elsewhere.desk().does("repair_order", elsewhere.ro, {"tag": "T-7"})
    until(lambda: bool(word.heads), what="word of the store that is followed")
    assert {store_id for store_id, _ in word.heads} == {rooftop.store_id}
    elsewhere.shelf.close()
