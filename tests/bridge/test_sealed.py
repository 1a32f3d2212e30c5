"""A sealed file opens whole with its key, and with anything else not at all."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor_desk.bridge import sealed

KEY, OTHER = b"k" * 32, b"o" * 32
PIECE = 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17])
def test_what_was_sealed_comes_back_whole(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    pieces = (content[start : start + 100_000] for start in range(0, size, 100_000))
    sealed.seal(pieces, tmp_path / "file", KEY)
    assert b"".join(sealed.opened(tmp_path / "file", KEY)) == content
    assert sealed.is_sealed(tmp_path / "file")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_nothing_of_it_lies_on_disk_in_the_clear(tmp_path: Path) -> None:
    sealed.seal([b"Kowalski, Jan " * 10_000], tmp_path / "file", KEY)
    assert b"Kowalski" not in (tmp_path / "file").read_bytes()


def test_the_same_content_is_never_sealed_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        sealed.seal([b"x" * 100], tmp_path / name, KEY)
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A sealed file of three pieces."""
    path = tmp_path_factory.mktemp("sealed") / "file"
    sealed.seal([b"a" * (2 * PIECE + 5)], path, KEY)
    return path.read_bytes()


def refused(path: Path, content: bytes, key: bytes = KEY) -> None:
    path.write_bytes(content)
    with pytest.raises(sealed.NotSealed):
        list(sealed.opened(path, key))


def test_another_key_opens_nothing(tmp_path: Path, whole: bytes) -> None:
    refused(tmp_path / "file", whole, OTHER)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_cut_or_changed_anywhere_is_refused(tmp_path: Path, whole: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans(), "cut"):
        refused(tmp_path / "file", whole[:place])
    else:
        bit = 1 << data.draw(st.integers(0, 7))
        refused(tmp_path / "file", whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])


def test_pieces_cannot_be_dropped_swapped_or_added(tmp_path: Path, whole: bytes) -> None:
    head = len(whole) - 2 * (PIECE + 16) - (5 + 16)
    first, second = whole[head : head + PIECE + 16], whole[head + PIECE + 16 : head + 2 * (PIECE + 16)]
    last = whole[head + 2 * (PIECE + 16) :]
    for pieces in (
        (second, first, last),
        (first, last),
        (first, second),
        (first, first, last),
        (first, second, last, last),
    ):
        refused(tmp_path / "file", whole[:head] + b"".join(pieces))


def test_a_source_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x" * 2 * PIECE
        raise RuntimeError("the tool failed")

    with pytest.raises(RuntimeError):
        sealed.seal(pieces(), tmp_path / "file", KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(FileExistsError):
        sealed.seal([b"x"], tmp_path / "file", KEY)
    assert (tmp_path / "file").read_text() == "precious"
