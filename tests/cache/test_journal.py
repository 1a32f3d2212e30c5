"""The journal: sealed, in order, and whatever is done to its bytes is told from what was written, entry by entry."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.cache import journal
from advisor_desk.cache.journal import Found, Journal, read
from tests.cache.shop import KEY

Entries = dict[int, list[dict[str, object]]]
WRITTEN: Entries = {n: [{"edit": f"Marchetti {n}"}, {"done": {}}][: 1 + n % 2] for n in range(1, 6)}


def _written(path: Path) -> Journal:
    made = Journal(path, KEY)
    made.open()
    assert made.rewrite(WRITTEN[1]) == 1
    made.keep()
    for number in range(2, 6):
        assert made.append(WRITTEN[number], durable=number != 3) == number
        made.keep()
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal of five entries is."""
    _written(tmp_path / "cache.journal").close()
    return tmp_path / "cache.journal"


def _places(content: bytes) -> list[tuple[int, int]]:
    """Where each entry begins and ends."""
    begins, at = [], 0
    while (at := content.find(b"\xadJE\n", at)) >= 0:
        begins.append(at)
        at += 1
    ends = [*begins[1:], read(content, KEY).end]  # not the last byte that is no zero: a seal may end in one
    return list(zip(begins, ends, strict=True))


def test_what_was_written_is_read_in_its_order(path: Path) -> None:
    found = read(path.read_bytes(), KEY)
    assert found == Found(entries=WRITTEN)
    assert found.notes[:2] == [*WRITTEN[1]] and found.last == 5


def test_an_entry_that_ends_in_zeros_is_not_written_over_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = journal._sealed

    def ending_in_zeros(*args: Any) -> bytes:
        """A seal's last byte is zero once in 256 times; after it come seven more where the length asks for them."""
        return next(entry for entry in iter(lambda: sealed(*args), b"") if entry.endswith(bytes(8)))

    made = Journal(tmp_path / "cache.journal", KEY)
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_sealed", ending_in_zeros)
        made.rewrite([{"edit": "Marchetti, Sofia"}])
        made.keep()
    made.close()
    made.open()
    made.append([{"edit": "next"}], durable=True)
    made.keep()
    made.close()
    assert read(made.path.read_bytes(), KEY).notes == [{"edit": "Marchetti, Sofia"}, {"edit": "next"}]


def test_it_is_closed_to_others_and_holds_no_plain_word(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Marchetti" not in path.read_bytes() and b"edit" not in path.read_bytes()


def test_another_key_opens_nothing_and_says_so(path: Path) -> None:
    found = read(path.read_bytes(), bytes(32))
    assert found.entries == {} and found.faults == ["no entry is of this key"]


def test_a_file_of_something_else_is_no_journal(path: Path) -> None:
    for content in (b"", b"Dear sirs", bytes(1_000)):
        found = read(content, KEY)
        assert found.entries == {} and found.faults


def test_a_flipped_bit_anywhere_costs_only_the_entry_it_is_in(path: Path) -> None:
    content = path.read_bytes()
    places = _places(content)
    for number, (begin, end) in enumerate(places, 1):
        for at in range(begin, end):
            flipped = bytearray(content)
            flipped[at] ^= 1 << (at % 8)
            found = read(bytes(flipped), KEY)
            if found.entries == WRITTEN:
                assert content[at] == 0 and not found.faults, "only the zeros between entries say nothing"
                continue
            assert found.entries == {n: notes for n, notes in WRITTEN.items() if n != number}
            assert found.faults or found.torn or number == 5


def test_a_flip_in_the_files_own_head_opens_nothing(path: Path) -> None:
    content = path.read_bytes()
    for at in range(_places(content)[0][0]):
        flipped = bytearray(content)
        flipped[at] ^= 0x10
        found = read(bytes(flipped), KEY)
        assert found.entries == {} and found.faults


def test_cut_short_anywhere_the_whole_entries_before_the_cut_are_read(path: Path) -> None:
    content = path.read_bytes()
    places = _places(content)
    for cut in range(places[0][1], places[-1][1]):
        found = read(content[:cut], KEY)
        whole = [n for n, (_, end) in enumerate(places, 1) if end <= cut]
        assert list(found.entries)[: len(whole)] == whole and len(found.entries) <= len(whole) + 1
        assert all(found.entries[n] == WRITTEN[n] for n in found.entries)


def test_zeroed_blocks_cost_only_what_they_cover(path: Path) -> None:
    content = path.read_bytes()
    places = _places(content)
    begin, end = places[2]
    found = read(content[:begin] + bytes(end - begin) + content[end:], KEY)
    assert list(found.entries) == [1, 2, 4, 5] and found.faults == ["number 3 before number 4 is missing"]


def _pieces(path: Path) -> tuple[bytes, list[bytes]]:
    content = path.read_bytes()
    places = _places(content)
    return content[: places[0][0]], [content[begin:end] for begin, end in places]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("swapped", [0, 2, 1, 3, 4]),
        ("repeated", [0, 1, 2, 1, 3, 4]),
        ("left out", [0, 1, 3, 4]),
        ("the first left out", [1, 2, 3, 4]),
        ("turned round", [4, 3, 2, 1, 0]),
    ],
)
def test_entries_that_were(path: Path, name: str, order: list[int]) -> None:
    head, pieces = _pieces(path)
    found = read(head + b"".join(pieces[place] for place in order), KEY)
    assert found.faults, f"{name}: must not pass for whole"
    assert found.entries == {place + 1: WRITTEN[place + 1] for place in order}
    assert len(found.notes) == sum(len(WRITTEN[place + 1]) for place in set(order)), "each once"


def test_an_entry_of_another_journal_of_the_same_key_is_not_taken(path: Path, tmp_path: Path) -> None:
    _written(tmp_path / "other.journal").close()
    head, pieces = _pieces(path)
    _, others = _pieces(tmp_path / "other.journal")
    found = read(head + b"".join([*pieces[:2], others[2], *pieces[3:]]), KEY)
    assert list(found.entries) == [1, 2, 4, 5] and found.faults


def test_it_goes_on_where_it_was_when_it_is_opened_again(path: Path) -> None:
    made = Journal(path, KEY)
    assert made.open().last == 5
    assert made.append([{"edit": "six"}], durable=True) == 6
    made.keep()
    made.close()
    assert read(path.read_bytes(), KEY) == Found(entries={**WRITTEN, 6: [{"edit": "six"}]})


def test_a_missing_file_is_empty_and_made_by_the_first_rewrite(tmp_path: Path) -> None:
    made = Journal(tmp_path / "cache.journal", KEY)
    assert made.open() == Found() and not made.is_open
    made.rewrite([{"edit": "one"}], least=40)
    made.keep()
    made.close()
    assert read(made.path.read_bytes(), KEY) == Found(entries={41: [{"edit": "one"}]})


def test_numbers_go_on_in_a_new_file(path: Path) -> None:
    made = Journal(path, KEY)
    made.open()
    assert made.rewrite([{"edit": "kept"}]) == 6
    made.keep()
    made.close()
    assert read(path.read_bytes(), KEY) == Found(entries={6: [{"edit": "kept"}]})


def test_what_was_taken_back_is_gone_and_its_number_is_never_used_again(path: Path) -> None:
    made = Journal(path, KEY)
    made.open()
    for text in ("a long entry that is taken back " * 20, "short"):
        made.append([{"edit": text}], durable=True)
        made.take_back()
    made.append([{"edit": "eight"}], durable=True)
    made.keep()
    made.take_back()
    made.close()
    found = read(path.read_bytes(), KEY)
    assert list(found.entries) == [1, 2, 3, 4, 5, 8] and not found.faults


def test_what_was_taken_back_cannot_be_put_in_again(path: Path) -> None:
    made = Journal(path, KEY)
    made.open()
    made.append([{"edit": "refused"}], durable=True)
    made.keep()  # its bytes as a thief of the disk would have copied them
    stolen = _pieces(path)[1][5]
    made.close()
    head, pieces = _pieces(path)
    path.write_bytes(head + b"".join(pieces[:5]) + bytes(1_000))
    made = Journal(path, KEY)
    made.open()
    made._number = 6
    made.append([{"edit": "seven"}], durable=True)
    made.keep()
    made.close()
    head, pieces = _pieces(path)
    found = read(head + b"".join([*pieces[:5], stolen, pieces[5]]), KEY)
    assert found.faults


def test_a_torn_end_is_an_entry_nobody_was_told_of(path: Path) -> None:
    content = path.read_bytes()
    begin, end = _places(content)[-1]
    found = read(content[: begin + 40] + bytes(end - begin - 40), KEY)
    assert list(found.entries) == [1, 2, 3, 4] and found.torn and not found.faults


@settings(max_examples=30)
@given(sizes=st.lists(st.integers(min_value=0, max_value=90_000), min_size=1, max_size=6))
def test_entries_of_any_size_are_read_as_written(sizes: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("sizes") / "cache.journal"
    made = Journal(path, KEY)
    made.open()
    made.rewrite([])
    made.keep()
    for size in sizes:
        made.append([{"edit": "é" * size}], durable=True)
        made.keep()
    made.close()
    found = read(path.read_bytes(), KEY)
    assert [note["edit"] for note in found.notes] == ["é" * size for size in sizes] and not found.faults


def _failing(error: OSError) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_an_entry_that_does_not_reach_the_disk_is_said_by_keep(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Journal(path, KEY)
    made.open()
    monkeypatch.setattr(journal, "_sync", _failing(OSError(5, "Input/output error")))
    made.append([{"edit": "six"}], durable=True)
    with pytest.raises(OSError, match="Input/output"):
        made.keep()
    made.close()


def test_a_rewrite_that_fails_leaves_the_old_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()
    made = Journal(path, KEY)
    made.open()
    monkeypatch.setattr(os, "fsync", _failing(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        made.rewrite([{"edit": "new"}])
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert made.append([{"edit": "six"}], durable=True) == 6
    made.keep()
    made.close()
